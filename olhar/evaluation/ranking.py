"""What probabilities are worth as an order: the truth among the first k, and one class against the rest at every threshold."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count
from olhar.evaluation.intervals import Interval, share_of

FIRST = (1, 5)
MANY_CLASSES = 10
"""From so many classes on it is told how often the truth is among the first."""


@dataclass(frozen=True)
class TopK:
    """How often the truth is among the ``k`` likeliest classes."""

    k: Count
    accuracy: Interval


@dataclass(frozen=True)
class Curve:
    """One class against the rest, at every threshold that changes something, from the strictest.

    Attributes:
        found: float64 (T,), the share of the class found (recall, true positive rate).
        false: float64 (T,), the share of the rest taken for it (false positive rate).
        precision: float64 (T,), the share of what is taken for it that is of it.
    """

    found: NDArray[np.float64]
    false: NDArray[np.float64]
    precision: NDArray[np.float64]

    @property
    def auc(self) -> float:
        """Area under ROC: how often one of the class has a higher probability than one of the rest."""
        return float(np.trapezoid(np.r_[0, self.found], np.r_[0, self.false]))

    @property
    def average_precision(self) -> float:
        """Mean precision over what is found, as steps (scikit-learn's)."""
        return float((np.diff(np.r_[0, self.found]) * self.precision).sum())


def one_against_rest(probabilities: NDArray[np.float32], true: NDArray[np.bool_]) -> Curve | None:
    """Of the probabilities (N,) of one class, and whether each picture is of it; None where all are, or none."""
    positives, negatives = int(true.sum()), int((~true).sum())
    if not positives or not negatives:
        return None
    probabilities = np.ascontiguousarray(probabilities)
    order = np.argsort(probabilities)[::-1]
    ends = np.r_[np.flatnonzero(np.diff(probabilities[order])), len(order) - 1]
    found = np.cumsum(true[order])[ends]
    return Curve(found / positives, (ends + 1 - found) / negatives, found / (ends + 1))


def top_k(
    probabilities: NDArray[np.float32],
    labels: NDArray[np.int64],
    groups: NDArray[np.int64] | None = None,
    design: float = 1.0,
) -> tuple[TopK, ...]:
    """How often the truth is among the first k of probabilities (N, K), for each of ``FIRST``; nothing where classes are few."""
    if probabilities.shape[1] < MANY_CLASSES:
        return ()
    order = np.argsort(-probabilities, axis=1, kind="stable")[:, : max(FIRST)]
    all_of_them = np.ones(len(labels), bool)
    told = [(k, share_of((order[:, :k] == labels[:, None]).any(axis=1), all_of_them, groups, design)) for k in FIRST]
    return tuple(TopK(k, accuracy) for k, accuracy in told if accuracy is not None)
