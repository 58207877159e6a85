"""Drift: what differs between the pictures that a model learnt from and others, beyond what chance does."""

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.drift.distribution import MEASURES, Distribution, Quantiles
from olhar.evaluation.drift.two_samples import distance, distance_p, energy_p, mix_distance, mix_p, needed_distance, strangers
from olhar.evaluation.multiple_tests import holm

Verdict = Literal["drifted", "little", "alike", "untold"]
"""Other beyond chance; other beyond chance, and little so; not other; with so few pictures nobody could tell."""

LEVEL = 0.05
"""So often chance alone finds anything at all in pictures that are the same."""
LITTLE, TOLD = 0.1, 0.25
"""A difference below the first is little; with too few pictures to see one of the second, nothing is said to be alike."""
USUAL = 0.95
_FEWEST = 5


@dataclass(frozen=True)
class Shift:
    """How one measure differs.

    Attributes:
        measure: one of ``MEASURES``, ``features``, ``mix`` (classes as labelled) or ``answers`` (classes as answered).
        verdict: what is to be said of it.
        effect: how far apart both are, 0 to 1: the largest difference between the shares of pictures below any value; of a mix
            the share of pictures that would have to be of another class; of features the share of pictures that lie further
            from the training's than 95% of the training's from each other.
        p: how often chance alone does as much, corrected for the number of measures (Holm 1979).
        n, of: independent pictures here and there.
        here, there: the values below which 5%, 25%, 50%, 75% and 95% of the pictures lie; empty of features and mixes.
        shares: class -> its shares here and there; of mixes alone.
    """

    measure: str
    verdict: Verdict
    effect: float
    p: float
    n: int
    of: int
    here: tuple[float, ...] = ()
    there: tuple[float, ...] = ()
    shares: Mapping[str, tuple[float, float]] | None = None

    @property
    def more(self) -> bool:
        """Whether the middle is higher here."""
        return bool(self.here) and self.here[2] > self.there[2]

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        found = {name: getattr(self, name) for name in ("measure", "verdict", "effect", "p", "n", "of")}
        if self.here:
            found |= {"here": list(self.here), "there": list(self.there)}
        return found | ({"shares": {key: list(pair) for key, pair in self.shares.items()}} if self.shares else {})


@dataclass(frozen=True)
class Drift:
    """What differs between pictures and those that a model learnt from.

    Attributes:
        pictures, groups: here: how many, and how many of them are independent.
        learnt_from: there: how many are independent.
        shifts: measure by measure.
    """

    pictures: int
    groups: int
    learnt_from: int
    shifts: tuple[Shift, ...]

    @property
    def drifted(self) -> tuple[Shift, ...]:
        """What differs beyond chance, and not a little."""
        return self._of("drifted")

    @property
    def untold(self) -> tuple[Shift, ...]:
        """What cannot be told with so few pictures."""
        return self._of("untold")

    @property
    def missing(self) -> int:
        """So many independent pictures more would tell; 0 where they do, or where those that taught are too few by themselves."""
        if not self.untold:
            return 0
        reach = (TOLD / needed_distance(LEVEL / len(self.shifts), 2, 2)) ** 2  # of two and two, it stands alone
        most = max(self.untold, key=lambda one: one.of)
        left = reach - 1 / most.of
        return max(1, math.ceil(1 / left) - most.n) if left > 0 else 0

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        numbers = {name: getattr(self, name) for name in ("pictures", "groups", "learnt_from")}
        return numbers | {"shifts": [one.to_dict() for one in self.shifts]}

    def _of(self, verdict: Verdict) -> tuple[Shift, ...]:
        return tuple(one for one in self.shifts if one.verdict == verdict)


@dataclass(frozen=True)
class _Raw:
    """A measure before it is known how many there are."""

    measure: str
    effect: float
    p: float
    n: int
    of: int
    found: dict[str, Any]


def drift(there: Distribution, here: Distribution, answers: tuple[Mapping[str, int], Mapping[str, int]] | None = None) -> Drift:
    """What differs between two sets of pictures.

    Args:
        there: those that a model learnt from.
        here: the others. Where both have a mix of classes, that is compared.
        answers: class -> how often a model answered it, of pictures that it had not learnt from, and here; where no mix is known.
    """
    raw = [*_values(there, here), *_features(there, here), *_mixes(there, here, answers)]
    corrected = holm([one.p for one in raw])
    shifts = [_judged(one, p, len(raw)) for one, p in zip(raw, corrected, strict=True)]
    return Drift(here.pictures, here.groups, there.groups, tuple(shifts))


def _values(there: Distribution, here: Distribution) -> Iterator[_Raw]:
    for name in MEASURES:
        ours, theirs = here.measures.get(name), there.measures.get(name)
        if ours is not None and theirs is not None and min(ours.n, theirs.n) >= _FEWEST:
            found = distance(theirs.array, theirs.resolution + ours.resolution, ours.array)
            yield _Raw(
                name, found, distance_p(found, theirs.n, ours.n), ours.n, theirs.n, {"here": _five(ours), "there": _five(theirs)}
            )


def _five(values: Quantiles) -> tuple[float, ...]:
    return tuple(values.at(share) for share in (0.05, 0.25, 0.5, 0.75, 0.95))


def _features(there: Distribution, here: Distribution) -> Iterator[_Raw]:
    ours, theirs = here.features, there.features
    if min(len(ours), len(theirs)) >= _FEWEST and ours.shape[1] == theirs.shape[1]:
        far = max(0.0, strangers(theirs, ours, USUAL))
        yield _Raw("features", far, energy_p(theirs, ours), len(ours), len(theirs), {})


def _mixes(
    there: Distribution, here: Distribution, answers: tuple[Mapping[str, int], Mapping[str, int]] | None
) -> Iterator[_Raw]:
    labelled = bool(here.mix) and bool(there.mix)
    pair = (there.mix, here.mix) if labelled else answers
    if pair is None:
        return
    classes = sorted({*pair[0], *pair[1]})
    theirs, ours = (np.array([mix.get(key, 0) for key in classes], np.int64) for mix in pair)
    if min(theirs.sum(), ours.sum()) < _FEWEST or len(classes) < 2:
        return
    shares = {key: (float(a / ours.sum()), float(b / theirs.sum())) for key, a, b in zip(classes, ours, theirs, strict=True)}
    name = "mix" if labelled else "answers"
    yield _Raw(name, mix_distance(theirs, ours), mix_p(theirs, ours), int(ours.sum()), int(theirs.sum()), {"shares": shares})


def _judged(one: _Raw, p: float, tests: int) -> Shift:
    verdict: Verdict = "drifted"
    if p >= LEVEL:
        verdict = "alike" if needed_distance(LEVEL / tests, one.of, one.n) <= TOLD else "untold"
    elif one.measure != "features" and one.effect < LITTLE:
        verdict = "little"
    return Shift(one.measure, verdict, one.effect, p, one.n, one.of, **one.found)


def one_each(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64: the first row of each group, in order; ``groups`` (N,): pictures of one number belong together."""
    return np.sort(np.unique(groups, return_index=True)[1])
