"""A Keras file, opened: with neither torch nor Keras, and every real file against what Keras answered, through both emitters."""

import json
import subprocess
import sys

import numpy as np
import pytest

from olhar.base.errors import ModelError
from olhar.keras_files.model import open_keras
from tests.keras_files.golden import ANSWERED, ENTRIES, ROOT, needed, paths
from tests.keras_files.keras_crafting import small

FAILED = {
    "CyberPatrick__traffic-sign-recognition-neural/model.weights.h5": ("keras.weights_only", "layers/conv2d/vars/0 3x3x3x48"),
    "Bahad201__Face-Mask-Detection/mask_detector.model": ("keras.lfs", "git lfs pull"),
    "jenswilly__ml-keras/cats_and_dogs_small_1.h5": ("keras.lfs", "git lfs pull"),
    "DERdeepanshu__Emotion-Recognition/fer.h5 + fer2.json": ("keras.layer_count", "13 layers"),
    "2015131141143821__CarND-Behavioral-Cloning-Project/model.h5": ("keras.lambda", "lambda_1"),
    "NTU-DL-APP__dnn-inference-mark220620/model__fashion_mnist.h5": ("keras.weights_only", "dense_1/kernel:0 784x128"),
}

PROGRAM = """
import json, sys, time
start = time.process_time()
import numpy as np
from olhar.keras_files.model import open_keras
model = open_keras(sys.argv[1])
model.predict(np.zeros((1, 6, 5, 3), np.float32))
heavy = {"torch", "keras", "tf_keras", "tensorflow", "jax", "olhar.data"} & set(sys.modules)
print(json.dumps([sorted(heavy), time.process_time() - start]))
"""


def test_neither_torch_nor_keras_is_imported(tmp_path):
    path = small(tmp_path / "m.h5")
    done = subprocess.run([sys.executable, "-c", PROGRAM, str(path)], capture_output=True, text=True, check=True)
    heavy, seconds = json.loads(done.stdout)
    assert heavy == []
    assert seconds < 5


@pytest.mark.parametrize(("folder", "name", "entry"), ANSWERED, ids=[f"{f[:20]}-{n[-30:]}" for f, n, _ in ANSWERED])
@needed
def test_both_emitters_answer_as_keras_did(folder, name, entry):
    import torch

    model = open_keras(*paths(folder, name))
    x = (np.random.RandomState(7).randint(0, 256, entry["input_shape"]) / 127.5 - 1).astype(np.float32)
    expected = np.asarray(entry["output"])
    limit = 1e-5 * max(1.0, np.abs(expected).max())
    assert np.abs(model.predict(x) - expected).max() <= limit
    with torch.no_grad():
        assert np.abs(model.module.eval()(torch.from_numpy(x)).numpy() - expected).max() <= limit


@pytest.mark.parametrize("file", FAILED, ids=lambda name: name[-30:])
@needed
def test_a_file_that_cannot_be_opened_says_what_it_is(file):
    key, words = FAILED[file]
    folder, _, name = file.partition("/")
    if not (ROOT / folder).is_dir():
        pytest.skip("another set of files")
    with pytest.raises(ModelError) as caught:
        open_keras(*paths(folder, name))
    assert caught.value.key == key
    assert words in str(caught.value)


@needed
def test_no_golden_entry_is_forgotten():
    known = {f"{folder}/{name}" for folder, name, entry in ENTRIES if "output" not in entry}
    assert known <= set(FAILED) or not (ROOT / "jenswilly__ml-keras").is_dir()


@needed
def test_weights_find_their_architecture_beside_them():
    folder = ROOT / "DERdeepanshu__Emotion-Recognition"
    if not folder.is_dir():
        pytest.skip("another set of files")
    assert "fer.json" in str(open_keras(folder / "fer.h5").notices[0])


@needed
def test_every_lambda_needs_its_formula():
    folder = ROOT / "2015131141143821__CarND-Behavioral-Cloning-Project"
    if not folder.is_dir():
        pytest.skip("another set of files")
    with pytest.raises(ModelError, match="lambda_2"):
        open_keras(folder / "model.h5", lambdas={"lambda_1": "x/127.5-1"})
