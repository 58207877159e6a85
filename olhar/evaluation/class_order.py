"""Which output of a model means which class, told by its answers on labelled pictures."""

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.significance import sign_test

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
    soft = answer_counts(labels, shares.argmax(axis=1), classes, shares.shape[1]).astype(np.float64)
    np.add.at(soft, labels, 1e-6 * (shares / np.where(tops > 0, tops, 1)))
    return np.asarray(linear_sum_assignment(-soft)[1], dtype=np.int64)


def answer_counts(labels: NDArray[np.int64], answers: NDArray[np.int64], classes: int, outputs: int) -> NDArray[np.int64]:
    """int64 (C, K): how many pictures of each class each output answers."""
    return np.bincount(labels * outputs + answers, minlength=classes * outputs).reshape(classes, outputs)


def doubtful_classes(table: NDArray[np.int64], order: NDArray[np.int64]) -> list[int]:
    """The classes whose output could as well be another one: changing two outputs loses no more than chance explains.

    Args:
        table: int64 (C, K) of ``answer_counts``.
        order: int64 (C,) of ``best_order``.
    """
    doubtful: set[int] = set()
    unused = sorted(set(range(table.shape[1])) - set(order.tolist()))
    for first, own in enumerate(order.tolist()):
        if any(sign_test(int(table[first, own]), int(table[first, output])) > _SURE for output in unused):
            doubtful.add(first)
        for second in range(first + 1, len(order)):
            swapped = int(order[second])
            wins = table[first, own] + table[second, swapped]
            losses = table[first, swapped] + table[second, own]
            if sign_test(int(wins), int(losses)) > _SURE:
                doubtful |= {first, second}
    return sorted(doubtful)
