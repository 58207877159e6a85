"""Prediction sets: instead of one class, those that hold the true one as often as was asked, beyond chance."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.class_sets import in_sets
from olhar.base.parsing import Count, Share
from olhar.evaluation.abstention import UNSURE
from olhar.evaluation.intervals import FEWEST_GROUPS, Interval, share_of
from olhar.evaluation.predictions import Predictions


@dataclass(frozen=True)
class SetThreshold:
    """A probability from which on a class is in the set of a picture; the likeliest always is.

    Attributes:
        asked: so often the set is to hold the true class.
        probability: the least of a class in it.
        chosen_on: pictures that it was chosen on.
        held: of those, how many sets hold the true class.
    """

    asked: Share
    probability: Share
    chosen_on: Count
    held: Count


@dataclass(frozen=True)
class MeanSize:
    """How many classes a set has on the mean, its 95% interval, and the number of pictures."""

    value: float
    low: float
    high: float
    n: Count


@dataclass(frozen=True)
class SetCoverage:
    """What prediction sets came to on pictures that did not choose them, where there were such.

    Attributes:
        threshold: by which a class is in a set.
        coverage: the share of pictures whose set holds the true class.
        size: classes in a set.
    """

    threshold: SetThreshold
    coverage: Interval
    size: MeanSize

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "SetCoverage":
        """What ``dataclasses.asdict`` gave.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        return cls(SetThreshold(**stored["threshold"]), Interval(**stored["coverage"]), MeanSize(**stored["size"]))


def choose_set_threshold(predictions: Predictions, asked: float, design: float = 1.0) -> SetThreshold | None:
    """The highest threshold whose sets surely hold the true class as often as was asked; None where pictures are too few.

    A class is in the set by its probability (LAC; Sadinle, Lei and Wasserman 2019): no other way has smaller sets on the mean.
    What a threshold taken from N pictures holds of all others is Beta-distributed (Vovk 2012; Angelopoulos and Bates 2021,
    section 3.2). The usual one holds what was asked on the mean over draws, so in about half of them; here it does in 95% of
    them, as ``choose_threshold`` does, and ``needed`` says how many pictures that takes.

    Args:
        predictions: of N pictures that neither taught nor judge, all of known class.
        asked: 0.5 to 1, not 1 itself.
        design: so many answers say as much as one (``measure``).
    """
    from scipy.special import betainc

    n = len(predictions)
    of_truth = np.sort(predictions.probabilities[np.arange(n), predictions.labels])
    below = np.arange(n)
    chance = betainc((n - below) / design, below / design + 1, asked)
    kept = np.flatnonzero(chance <= UNSURE)
    if not len(kept):
        return None
    least = float(of_truth[kept[-1]])
    return SetThreshold(asked, least, n, int(_holds(predictions, least).sum()))


def covered_by(
    predictions: Predictions, threshold: SetThreshold, groups: NDArray[np.int64] | None = None, design: float = 1.0
) -> SetCoverage:
    """What sets come to on N pictures, some of known class; ``groups`` and ``design`` as ``measure`` takes them."""
    known = predictions.labels >= 0
    coverage = share_of(_holds(predictions, threshold.probability), known, groups, design)
    assert coverage is not None
    sizes = in_sets(predictions.probabilities, threshold.probability).sum(axis=1)[known]
    size = _mean_size(sizes, len(predictions.classes), groups[known] if groups is not None else None, design)
    return SetCoverage(threshold, coverage, size)


def _holds(predictions: Predictions, least: float) -> NDArray[np.bool_]:
    return in_sets(predictions.probabilities, least)[np.arange(len(predictions)), predictions.labels]


def _mean_size(sizes: NDArray[np.int64], classes: int, groups: NDArray[np.int64] | None, design: float) -> MeanSize:
    """The mean with Student's interval on groups; two pictures more, of one and of two classes, say that sizes may vary."""
    from scipy.special import stdtrit

    n, mean = len(sizes), float(sizes.mean())
    _, group = np.unique(np.arange(n) if groups is None else groups, return_inverse=True)
    apart = np.bincount(group, sizes - mean)
    if len(apart) < FEWEST_GROUPS:
        return MeanSize(mean, 1.0, float(classes), n)
    squares = float((apart**2).sum()) + (1 - mean) ** 2 + (2 - mean) ** 2
    half = float(stdtrit(len(apart) - 1, 0.975)) * float(np.sqrt(design * squares * len(apart) / (len(apart) - 1))) / n
    return MeanSize(mean, max(1.0, mean - half), min(float(classes), mean + half), n)
