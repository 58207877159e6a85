"""Nearest mean: for one picture a class, when nothing can be held back to judge by.

The cosine between a row and the mean of a class's rows; the row's own length is the same for all classes and left out, so that it
is linear. Measured over three sets, 30 draws each, one picture a class: 49.5 %, logistic regression 49.4 %; two pictures 57.0 and
57.8, three 60.9 and 62.4: so it ends at one.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.logistic import UNSEEN
from olhar.bodies.heads.spaces import Array, Space

SHARPNESS = 4.0
"""Logits a unit of the cosine: near the best log-loss with one picture a class, on three sets."""


def nearest_mean(space: Space, labels: NDArray[np.int64], classes: int, counts: Array) -> Array:
    """The unknowns (K, U + 1) of a linear model whose logits are cosines times SHARPNESS; a class without a picture gets UNSEEN.

    Args:
        space: the pictures' rows.
        labels: int64 (N,).
        classes: K.
        counts: float64 (N,), how much a picture counts for its class's mean.
    """
    members = np.eye(classes)[:, labels] * counts
    sums = np.concatenate([space.pull(members[None]), np.zeros((1, classes, 1))], axis=2)
    lengths = np.sqrt(np.maximum(np.einsum("pku,pku->k", sums, space.image(sums)), 0))
    unknowns = sums[0] * np.where(lengths > 0, SHARPNESS / np.where(lengths > 0, lengths, 1), 0)[:, None]
    unknowns[:, -1] = np.where(members.any(axis=1), 0.0, UNSEEN)
    return unknowns
