"""Which output means which class, and whether one way of asking a model is better than another beyond what chance explains."""

from math import comb

import numpy as np
from numpy.typing import NDArray

CHANCE = 0.05
"""What chance does at least so often is put down to chance; where several ways are compared, their number divides it."""
_SURE = 0.01


def best_order(labels: NDArray[np.int64], shares: NDArray[np.float32], classes: int) -> NDArray[np.int64]:
    """The output of each class, so that as many pictures as possible are answered rightly.

    The assignment problem on the counts of answers (Kuhn 1955); the mean shares decide between equals.

    Args:
        labels: int64 (N,), the class of each picture, 0 to C - 1.
        shares: float32 (N, K), what the model says, K at least C.
        classes: C.

    Returns:
        int64 (C,), each an output, none twice.
    """
    from scipy.optimize import linear_sum_assignment

    tops = np.abs(shares).max(axis=1, keepdims=True)
    soft = counts(labels, shares.argmax(axis=1), classes, shares.shape[1]).astype(np.float64)
    np.add.at(soft, labels, 1e-6 * (shares / np.where(tops > 0, tops, 1)))
    return np.asarray(linear_sum_assignment(-soft)[1], dtype=np.int64)


def counts(labels: NDArray[np.int64], answers: NDArray[np.int64], classes: int, outputs: int) -> NDArray[np.int64]:
    """int64 (C, K): how many pictures of each class each output answers."""
    return np.bincount(labels * outputs + answers, minlength=classes * outputs).reshape(classes, outputs)


def doubtful(table: NDArray[np.int64], order: NDArray[np.int64]) -> list[int]:
    """The classes whose output could as well be another one: changing two outputs loses no more than chance explains.

    Args:
        table: int64 (C, K) of ``counts``.
        order: int64 (C,) of ``best_order``.
    """
    found: set[int] = set()
    free = sorted(set(range(table.shape[1])) - set(order.tolist()))
    for one, mine in enumerate(order.tolist()):
        if any(sign_test(int(table[one, mine]), int(table[one, other])) > _SURE for other in free):
            found.add(one)
        for two in range(one + 1, len(order)):
            other = int(order[two])
            wins, losses = table[one, mine] + table[two, other], table[one, other] + table[two, mine]
            if sign_test(int(wins), int(losses)) > _SURE:
                found |= {one, two}
    return sorted(found)


def sign_test(wins: int, losses: int) -> float:
    """How often chance alone gives at least so unequal a count, both sides; 1 where both are 0."""
    n, fewer = wins + losses, min(wins, losses)
    if n == 0:
        return 1.0
    return min(1.0, 2 * sum(comb(n, k) for k in range(fewer + 1)) / 2**n)


def mcnemar(right: NDArray[np.bool_], other: NDArray[np.bool_]) -> float:
    """Whether two ways differ on the same pictures: the exact test of McNemar (1947) on those that only one gets right."""
    return sign_test(int((right & ~other).sum()), int((other & ~right).sum()))
