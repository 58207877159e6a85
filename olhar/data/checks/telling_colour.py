"""Check of colour that gives the class away: one class in colour, tinted, or saved in colour, and the others not.

Only what is true of a whole picture counts, not which colours its subject has: oranges may be orange. What colours stand where is
asked by ``CHK053``.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.texts import Sentence
from olhar.data.checks.check import Check, Evidence, NotApplicable, Observation
from olhar.data.checks.files import COLOURLESS
from olhar.evaluation.intervals import wilson

STRAYED = 2.0
"""Below, a picture has one tint over all: JPEG alone makes channels stray by up to 1.5 and more. Of the photographs of seven sets
hardly any lie below but for glass on a white board, an eighth of its class."""

APART, SURELY = 0.5, 0.4
"""How far the shares of a class and of all others lie apart from which on colour gives the class away, and the least of that
difference's 95% interval."""

FEWEST = 10
_CASES = 24

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class _Told:
    """A class, and a mark that is common in it and rare in all others, or the other way round."""

    label: int
    kind: str
    marked: Marks
    apart: float


def telling_colour(evidence: Evidence) -> Observation | NotApplicable | None:
    """A class that can be told by whether a picture is in colour, tinted, or saved in colour."""
    if len(np.unique(evidence.labels[evidence.labels >= 0])) < 2:
        return NotApplicable("check.no_labels")
    told = [found for kind, marked in _marks(evidence).items() for found in _classes_told(evidence.labels, kind, marked)]
    return _observation(evidence, max(told, key=lambda one: one.apart)) if told else None


def _marks(evidence: Evidence) -> dict[str, Marks]:
    """What may be true of a whole picture, by name; what a network would see comes first, and wins where all say the same."""
    facts = evidence.survey.facts
    coloured = facts["chroma"] >= COLOURLESS
    return {"in_colour": coloured, "tinted": coloured & (facts["stray"] < STRAYED), "saved_in_colour": ~facts["stored_gray"]}


def _classes_told(labels: NDArray[np.int64], kind: str, marked: Marks) -> list[_Told]:
    """The classes that a mark gives away."""
    found: list[_Told] = []
    for label in np.unique(labels[labels >= 0]).tolist():
        own, rest = marked[labels == label], marked[(labels >= 0) & (labels != label)]
        if min(len(own), len(rest)) < FEWEST:
            continue
        apart, least = difference(int(own.sum()), len(own), int(rest.sum()), len(rest))
        if apart >= APART and least >= SURELY:
            found.append(_Told(label, kind, marked, apart))
    return found


def difference(own: int, n: int, others: int, rest: int) -> tuple[float, float]:
    """How far two shares, ``own`` of ``n`` and ``others`` of ``rest``, lie apart, and the least of it at 95% (Newcombe 1998)."""
    high, low = wilson(own, n), wilson(others, rest)
    if high.value < low.value:
        high, low = low, high
    apart = high.value - low.value
    return apart, apart - math.hypot(high.value - high.low, low.high - low.value)


def _observation(evidence: Evidence, told: _Told) -> Observation:
    inside = evidence.labels == told.label
    own, rest = told.marked[inside], told.marked[(evidence.labels >= 0) & ~inside]
    common = own.mean() > rest.mean()
    numbers = {"here": int(own.sum()), "of": len(own), "there": int(rest.sum()), "others": len(rest)}
    name = evidence.dataset.shown[told.label]
    rows = np.flatnonzero(inside & (told.marked if common else ~told.marked))[:_CASES]
    return Observation({"name": name, "kind": Sentence(f"check.{told.kind}")} | numbers, evidence.single_cases(rows))


CHECKS = (Check("CHK034", "issue", telling_colour),)
