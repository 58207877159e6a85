"""What was taken for what, and precision, recall and F1 by it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Counts:
    """Of each of K classes: right answers, pictures answered with it, pictures that are of it, each float64 (..., K)."""

    hits: _Numbers
    answered: _Numbers
    true: _Numbers

    @classmethod
    def of(cls, confusion: NDArray[np.int64]) -> "Counts":
        """By counts, int64 (K, K), rows the truth, columns the answer."""
        counts = confusion.astype(np.float64)
        return cls(np.diag(counts), counts.sum(axis=0), counts.sum(axis=1))

    def scores(self) -> tuple[_Numbers, _Numbers, _Numbers]:
        """Precision, recall and F1, each (..., K), 0 where there is nothing to divide by (scikit-learn does so)."""
        of = (self.answered, self.true, (self.answered + self.true) / 2)
        precision, recall, f1 = (np.divide(self.hits, n, out=np.zeros_like(self.hits), where=n > 0) for n in of)
        return precision, recall, f1

    def means(self, *, weighted: bool) -> tuple[_Numbers, _Numbers, _Numbers]:
        """Precision, recall and F1, each (...): over the classes that occur, in truth or answers, or by support."""
        counts = self.true if weighted else (self.true + self.answered > 0).astype(np.float64)
        precision, recall, f1 = ((each * counts).sum(axis=-1) / counts.sum(axis=-1) for each in self.scores())
        return precision, recall, f1


def confusion_matrix(labels: NDArray[np.int64], answers: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Counts, int64 (K, K): rows the truth, columns the answer."""
    counts = np.bincount(labels * classes + answers, minlength=classes * classes)
    return counts.astype(np.int64).reshape(classes, classes)


def scores(confusion: NDArray[np.int64]) -> tuple[_Numbers, _Numbers, _Numbers]:
    """Precision, recall and F1 by class, each float64 (K,), 0 where there is nothing to divide by (scikit-learn does so)."""
    return Counts.of(confusion).scores()


def macro(confusion: NDArray[np.int64]) -> tuple[float, float, float]:
    """Plain means of precision, recall and F1 over the classes that occur, in truth or answers (scikit-learn's default)."""
    precision, recall, f1 = (float(mean) for mean in Counts.of(confusion).means(weighted=False))
    return precision, recall, f1
