"""Whether a probability means what it says: expected calibration error, Brier score, and the bins behind them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, Share
from olhar.evaluation.intervals import Interval, wilson

BINS = 15
"""Bins of equal width over the confidence, as Guo et al. (2017) take them."""


@dataclass(frozen=True)
class Bin:
    """Pictures answered with a confidence above ``low``, ``high`` at most: how many, how sure on the mean, how right."""

    low: Share
    high: Share
    n: Count
    confidence: Share
    accuracy: Interval


@dataclass(frozen=True)
class Calibration:
    """Whether confidence is accuracy.

    Attributes:
        ece: expected calibration error (Guo et al. 2017): mean distance of confidence and accuracy over ``BINS`` bins of equal
            width, by their pictures.
        brier: mean squared distance of probabilities and truth (Brier 1950), 0 to 2; of two classes half of it, as scikit-learn
            does.
        bins: those that hold a picture.
    """

    ece: Share
    brier: float
    bins: tuple[Bin, ...]

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "Calibration":
        """What ``dataclasses.asdict`` gave.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        bins = tuple(Bin(**one | {"accuracy": Interval(**one["accuracy"])}) for one in stored["bins"])
        return cls(stored["ece"], stored["brier"], bins)


def calibration(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> Calibration:
    """Of probabilities (N, K) and the truth, int64 (N,)."""
    confidence = probabilities.max(axis=1).astype(np.float64)
    right = probabilities.argmax(axis=1) == labels
    place = np.clip(np.ceil(confidence * BINS).astype(np.int64) - 1, 0, BINS - 1)
    bins = tuple(_bin(int(number), confidence[place == number], right[place == number]) for number in np.unique(place))
    ece = sum(one.n * abs(one.confidence - one.accuracy.value) for one in bins) / len(labels)
    return Calibration(min(1.0, ece), brier(probabilities, labels), bins)


def brier(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """The Brier score of probabilities (N, K), 0 is best."""
    each = np.arange(len(labels))
    squares = (probabilities.astype(np.float64) ** 2).sum(axis=1) - 2 * probabilities[each, labels].astype(np.float64) + 1
    return max(0.0, float(squares.mean())) / (2 if probabilities.shape[1] == 2 else 1)


def _bin(number: int, confidence: NDArray[np.float64], right: NDArray[np.bool_]) -> Bin:
    ends = number / BINS, (number + 1) / BINS
    return Bin(*ends, len(right), min(1.0, float(confidence.mean())), wilson(int(right.sum()), len(right)))
