"""What LiteRT says of tiny bundles, beside ONNX Runtime."""

import numpy as np

from olhar.bundle.predictor import Predictor
from olhar.exports.tflite.interpreter import answers
from olhar.exports.tflite.network import planned
from olhar.exports.tflite.schema import written
from tests.exports.web.kit import SIDE


def difference(model: bytes, least: float = 0.01) -> float:
    """How far a TFLite file is from ONNX Runtime on three pictures, by phones' kernels and by the plain ones."""
    lows = np.array([5, 60, 120])[:, None, None, None]
    pixels = np.random.default_rng(1).integers(lows, 256 - lows // 2, (3, SIDE, SIDE, 3)).astype(np.uint8)
    expected = Predictor.from_bytes(model, "tiny").probabilities(pixels)
    assert np.ptp(expected) >= least
    file = written(planned(model, "tiny"), {})
    return max(float(np.abs(answers(file, pixels, plain=plain) - expected).max()) for plain in (False, True))


def kinds(model: bytes) -> list[str]:
    """The operators of a file in their order."""
    return [operator.kind for operator in planned(model, "tiny").operators]
