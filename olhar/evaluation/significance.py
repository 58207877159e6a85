"""Whether one way is better than another beyond what chance explains: exact tests on counts of pictures."""

from math import comb

import numpy as np
from numpy.typing import NDArray

CHANCE = 0.05
"""What chance does at least so often is put down to chance; where several ways are compared, their number divides it."""


def sign_test(wins: int, losses: int) -> float:
    """How often chance alone gives at least so unequal a count, both sides; 1 where both are 0."""
    n, fewer = wins + losses, min(wins, losses)
    if n == 0:
        return 1.0
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def mcnemar(right: NDArray[np.bool_], other_right: NDArray[np.bool_]) -> float:
    """Whether two ways differ on the same pictures: the exact test of McNemar (1947) on those that only one gets right."""
    return sign_test(int((right & ~other_right).sum()), int((other_right & ~right).sum()))


def sign_flips(differences: NDArray[np.float64], draws: int = 9_999) -> float:
    """How often chance alone gives a mean at least so far from 0, both sides, were each difference as likely the other way round.

    Fisher's randomisation test (1935), of so many patterns of signs, always the same, and the one that is there; 1 of nothing.
    """
    if not len(differences) or not differences.any():
        return 1.0
    generator, seen, found = np.random.default_rng(0), abs(differences.sum()), 0
    for start in range(0, draws, 500):
        signs = generator.integers(0, 2, (min(500, draws - start), len(differences)), np.int8) * 2 - 1
        found += int((np.abs(signs @ differences) >= seen * (1 - 1e-12)).sum())
    return (1 + found) / (1 + draws)
