"""When to say "I don't know": the confidence from which on answers are right as often as was asked, beyond chance."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, Share
from olhar.evaluation.intervals import Interval, share_of
from olhar.evaluation.predictions import Predictions

UNSURE = 0.05
"""In so many of all choices the answers may be right less often than was asked."""
_FIRST, _STEP = 3, 20
"""The strictest threshold that is tried answers a third of the pictures; each that follows a twentieth of them more."""


@dataclass(frozen=True)
class Threshold:
    """A confidence from which on a model answers.

    Attributes:
        asked: so often its answers are to be right.
        confidence: the least that an answer needs.
        chosen_on: pictures that it was chosen on.
        answered, right: of those, how many it answered, and how many of these rightly.
    """

    asked: Share
    confidence: Share
    chosen_on: Count
    answered: Count
    right: Count


@dataclass(frozen=True)
class SelectiveAccuracy:
    """What a threshold came to on pictures that did not choose it, where there were such.

    Attributes:
        threshold: it.
        coverage: the share of pictures that get an answer.
        accuracy: how often that is right; None where none gets one.
    """

    threshold: Threshold
    coverage: Interval
    accuracy: Interval | None

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "SelectiveAccuracy":
        """What ``dataclasses.asdict`` gave.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        accuracy = Interval(**stored["accuracy"]) if stored["accuracy"] is not None else None
        return cls(Threshold(**stored["threshold"]), Interval(**stored["coverage"]), accuracy)


def needed(asked: float, design: float = 1.0) -> int:
    """The fewest pictures, all answered rightly, that show such a share beyond chance: 299 for 99%, 59 for 95%."""
    return math.ceil(design * math.log(UNSURE) / math.log(asked) - 1e-9)


def choose_threshold(
    confidence: NDArray[np.floating], right: NDArray[np.bool_], asked: float, design: float = 1.0
) -> Threshold | None:
    """The threshold that answers most of those that surely keep what was asked; None where none does.

    A threshold taken by its own share of right answers keeps it half of the time only. Here thresholds are tested one after
    another, strict ones first, each by the exact binomial test, and the first that fails ends it: so all tests together err in
    5% (fixed sequence testing; Angelopoulos et al. 2021).

    Args:
        confidence: float (N,), of pictures that neither taught nor judge.
        right: bool (N,).
        asked: 0.5 to 1, not 1 itself.
        design: so many answers say as much as one (``measure``).
    """
    order = np.argsort(-confidence, kind="stable")
    sorted_confidence, hits = confidence[order], np.cumsum(right[order])
    chosen: Threshold | None = None
    for n in _steps(len(order), needed(asked, design)):
        least = float(sorted_confidence[n - 1])
        answered = int((confidence >= least).sum())
        if not _surely(int(hits[answered - 1]), answered, asked, design):
            break
        chosen = Threshold(asked, least, len(order), answered, int(hits[answered - 1]))
    return chosen


def answered_by(
    predictions: Predictions, threshold: Threshold, groups: NDArray[np.int64] | None = None, design: float = 1.0
) -> SelectiveAccuracy:
    """What a threshold comes to on N pictures whose truth is known; ``groups`` and ``design`` as ``measure`` takes them."""
    known = predictions.labels >= 0
    answers = (predictions.confidence >= np.float32(threshold.confidence)) & ~predictions.unlike & known
    coverage = share_of(answers, known, groups, design)
    assert coverage is not None
    return SelectiveAccuracy(threshold, coverage, share_of(predictions.predicted == predictions.labels, answers, groups, design))


def _steps(n: int, fewest: int) -> list[int]:
    """How many pictures each threshold answers, the strictest first; none where there are too few."""
    first, step = max(fewest, n // _FIRST), max(1, n // _STEP)
    return sorted({*range(first, n + 1, step), n}) if n >= first else []


def _surely(right: int, n: int, asked: float, design: float) -> bool:
    """Whether so many right answers of n are more than chance gives a model that is right less often than was asked."""
    from scipy.special import betainc

    return float(betainc(right / design, (n - right) / design + 1, asked)) <= UNSURE if right else False
