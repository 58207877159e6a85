"""How fast one of Olhar's networks is on this machine: how many pictures a second it learns from, and its file answers."""

from typing import NamedTuple

import numpy as np

from olhar.base.signature import Signature
from olhar.bundle.predictor import Predictor
from olhar.bundle.writer import with_signature
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import build
from olhar.training.engine import choose
from olhar.training.speed import learning_speed, typical_seconds

_SECONDS = 1.0
_BATCH = 32


class Speed(NamedTuple):
    """Pictures a second: ``training`` at 64 a step, ``predicting`` by the exported file, 32 at once."""

    training: float
    predicting: float


def measure_speed(name: str, size: int) -> Speed:
    """The speeds of a network for ten classes of RGB pictures of ``size`` x ``size``; takes about five seconds.

    Raises:
        RecipeError: no such network, or pictures below 8 pixels.
    """
    network = build(name, 3, 10, (size, size))
    training = learning_speed(network, 3, (size, size), choose("auto", "auto"), _SECONDS)
    classes = tuple(map(str, range(10)))
    signature = Signature(classes, classes, size, size)
    predictor = Predictor.from_bytes(with_signature(to_onnx(network, signature), signature), name)
    pixels = np.zeros((_BATCH, size, size, 3), np.uint8)
    predicting = _BATCH / typical_seconds(lambda: predictor.probabilities(pixels), _SECONDS)
    return Speed(round(training, 1), round(predicting, 1))
