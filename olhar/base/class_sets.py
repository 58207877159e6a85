"""Which classes are in the set that stands beside an answer."""

import numpy as np
from numpy.typing import NDArray


def in_sets(probabilities: NDArray[np.float32], least: float) -> NDArray[np.bool_]:
    """bool (N, K): which classes are in the set of each picture: the likeliest, and those from ``least`` on."""
    inside = probabilities >= np.float32(least)
    inside[np.arange(len(inside)), probabilities.argmax(axis=1)] = True
    return inside
