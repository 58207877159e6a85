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
