"""Folds over pictures for judging a head: about the same share of each class in each, groups whole, no chance but the seed."""

import numpy as np
from numpy.typing import NDArray

from olhar.data.split import folds

FOLDS = 5


def deal(labels: NDArray[np.int64], groups: NDArray[np.int64], seed: int, most: int = FOLDS) -> NDArray[np.int64]:
    """The fold of each picture.

    Args:
        labels: int64 (N,).
        groups: int64 (N,), pictures of one number stay together: copies, pictures of one patient.
        seed: other seeds deal otherwise.
        most: how many folds; fewer where there are fewer groups.

    Returns:
        int64 (N,), 0 to the number of folds - 1.
    """
    names = [number.to_bytes(16, "big", signed=True) for number in groups.tolist()]
    return folds(labels, names, groups, min(most, len(set(names))), seed)


def groups_a_class(labels: NDArray[np.int64], groups: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """int64 (K,): how many groups have a picture of each class."""
    pairs = np.unique(np.stack([labels, groups]), axis=1)
    return np.bincount(pairs[0], minlength=classes)
