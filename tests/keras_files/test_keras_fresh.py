"""Opening and asking a Keras file needs neither torch nor Keras, and starts quickly: seen in a fresh process."""

import json
import subprocess
import sys

from keras_crafting import small

PROGRAM = """
import json, sys, time
start = time.perf_counter()
import numpy as np
from olhar.keras_files.model import open_keras
model = open_keras(sys.argv[1])
model.predict(np.zeros((1, 6, 5, 3), np.float32))
heavy = {"torch", "keras", "tf_keras", "tensorflow", "jax", "olhar.data"} & set(sys.modules)
print(json.dumps([sorted(heavy), time.perf_counter() - start]))
"""


def test_neither_torch_nor_keras_is_imported(tmp_path):
    path = small(tmp_path / "m.h5")
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    heavy, seconds = json.loads(done.stdout)
    assert heavy == []
    assert seconds < 5
