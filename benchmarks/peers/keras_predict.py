"""The peer of ``benchmarks/keras_speed.py``: ``model.predict`` of tf_keras, one order a line on standard input.

Runs in an environment of its own, with TensorFlow and tf_keras in it.
"""

import json
import sys
import time

import numpy as np
import tensorflow as tf
import tf_keras


def main() -> None:
    """Open the file, then answer ``BATCH ROUNDS`` with the seconds of each call of ``predict``."""
    model = tf_keras.models.load_model(sys.argv[1], compile=False)
    rng = np.random.default_rng(0)
    print(json.dumps({"tf_keras": tf_keras.__version__, "tensorflow": tf.__version__}), flush=True)
    for line in sys.stdin:
        batch, rounds = map(int, line.split())
        x = rng.uniform(-1, 1, (batch, *model.input_shape[1:])).astype(np.float32)
        model.predict(x, verbose=0)
        times = []
        for _ in range(rounds):
            begun = time.perf_counter()
            model.predict(x, verbose=0)
            times.append(time.perf_counter() - begun)
        print(json.dumps(times), flush=True)


if __name__ == "__main__":
    main()
