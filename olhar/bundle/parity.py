"""The proof of an export: it answers as the trained weights do; and three pictures by which other programs check themselves."""

import base64
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import ModelError
from olhar.base.images import Pixels
from olhar.bundle.predictor import Predictor

TOLERANCE = 1e-4


def agreement(trained: NDArray[np.float32], predictor: Predictor, pixels: Pixels) -> float:
    """The largest difference of a probability between the trained fp32 weights and the exported file.

    Args:
        trained: float32 (N, K), what the trained weights say of the pictures.
        predictor: the exported file.
        pixels: uint8 (N, H, W, C), real pictures.

    Raises:
        ModelError: it is more than 1e-4, or a class differs where the two likeliest are further apart than twice that.
    """
    return compared(trained, predictor.probabilities(pixels), predictor.name)


def compared(expected: NDArray[np.float32], received: NDArray[np.float32], where: str) -> float:
    """The largest difference between two answers, float32 (N, K), to the same pictures; ``where`` names what gave ``received``.

    Raises:
        ModelError: it is more than 1e-4, or a class differs where the two likeliest are further apart than twice that.
    """
    difference = float(np.abs(expected - received).max())
    best = np.sort(expected, axis=1)[:, -2:]
    clear = best[:, -1] - best[:, 0] > 2 * TOLERANCE
    if not difference <= TOLERANCE or (expected.argmax(1) != received.argmax(1))[clear].any():
        raise ModelError("bundle.disagrees", where=where, difference=difference)
    return difference


def golden(predictor: Predictor, pixels: Pixels) -> dict[str, Any]:
    """Pictures (uint8, base64 of their bytes in H, W, C order) and the probabilities that the file gives for them."""
    return golden_of(predictor.classes, pixels, predictor.probabilities(pixels))


def golden_of(classes: Sequence[str], pixels: Pixels, answers: NDArray[np.float32]) -> dict[str, Any]:
    """The same of what has answered already, float32 (N, K)."""
    return {
        "input": "pictures",
        "shape": list(pixels.shape[1:]),
        "pictures": [base64.b64encode(picture.tobytes()).decode("ascii") for picture in pixels],
        "classes": list(classes),
        "probabilities": [[float(share) for share in row] for row in answers],
        "tolerance": TOLERANCE,
    }
