"""Folds over pictures for judging a head: about the same share of each class in each, groups whole, no chance but the seed."""

import numpy as np
from numpy.typing import NDArray

from olhar.data.split import folds

FOLDS = 5
MORE_FOLDS = 10
FEW = 300
"""Up to so many pictures, MORE_FOLDS: with ten a class, heads of four fifths of them were 2.7 points below the head of all, those
of nine tenths 1.7; with twenty a class 1.3 points and none. But no more folds than the smallest class has pictures."""


def deal(labels: NDArray[np.int64], groups: NDArray[np.int64], seed: int, most: int) -> NDArray[np.int64]:
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


FEWER_FOLDS = 3
MANY = 5000
"""Beyond so many pictures, FEWER_FOLDS: a third less hardly changes a head that so many teach, and time counts."""


def folds_for(labels: NDArray[np.int64], groups: NDArray[np.int64], classes: int) -> int:
    """FOLDS; up to MORE_FOLDS where pictures are few and every class has as many, FEWER_FOLDS where they are many."""
    if len(labels) > MANY:
        return FEWER_FOLDS
    known = groups_a_class(labels, groups, classes)
    smallest = int(known[known > 0].min())
    return min(max(smallest, FOLDS), MORE_FOLDS) if len(labels) <= FEW else FOLDS


def groups_a_class(labels: NDArray[np.int64], groups: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """int64 (K,): how many groups have a picture of each class."""
    pairs = np.unique(np.stack([labels, groups]), axis=1)
    return np.bincount(pairs[0], minlength=classes)
