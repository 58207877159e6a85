"""Answers of two or more contenders to the same pictures -> a Comparison: differences, corrected for their number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.texts import Sentence
from olhar.evaluation.compare.comparison import Comparison, JudgedBy
from olhar.evaluation.compare.pair_comparison import ClassDifference, Contender, PairComparison
from olhar.evaluation.compare.paired import LEVEL, Difference, Groups, PairedCounts, paired_difference
from olhar.evaluation.compare.power import Needed, more_for_recipes, more_pictures
from olhar.evaluation.compare.recipe_difference import Spread, recipe_difference
from olhar.evaluation.multiple_tests import holm, holm_levels

Against = Literal["first", "best"]


@dataclass(frozen=True)
class Answered:
    """What one contender said of N pictures.

    Attributes:
        name: as it is shown.
        places: the run or the file of each of its R seeds.
        answers: int64 (R, N), indices of classes.
        confidences: float32 (R, N), the probability of each answer.
    """

    name: str
    places: tuple[str, ...]
    answers: NDArray[np.int64]
    confidences: NDArray[np.float32]


@dataclass(frozen=True)
class Asked:
    """The pictures that all sides answered.

    Attributes:
        pictures: the name of each.
        classes: the keys of all classes that occur, in truth or answers.
        labels: int64 (N,).
        groups: int64 (N,), pictures of one number stay together.
        judged: where the answers come from.
        design: so many answers say as much as one, beside what groups do.
        left_out: why pictures were left out -> how many.
        notes: what else a person should know.
        shown: the names to show in place of the classes' keys; empty: the keys.
    """

    pictures: Sequence[str]
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    groups: Groups
    judged: JudgedBy
    design: float
    left_out: Mapping[str, int]
    notes: tuple[Sentence, ...] = ()
    shown: tuple[str, ...] = ()


def compared(sides: Sequence[Answered], asked: Asked, against: Against = "first") -> Comparison:
    """Compare sides: models where each is one, recipes where each has three seeds or more.

    Each is set beside the first, and Holm's correction counts these pairs; beside the best it counts all pairs, as which is best
    was found on the same pictures.

    Raises:
        ValueError: no pictures, or sides of one and of several seeds.
    """
    work = _Work(asked, [side.answers == asked.labels for side in sides])
    accuracies = [float(rights.mean()) for rights in work.rights]
    reference = int(np.argmax(accuracies)) if against == "best" else 0
    shown = [(reference, other) for other in range(len(sides)) if other != reference]
    tested = list(combinations(range(len(sides)), 2)) if against == "best" else shown
    ps = [work.difference(first, second).p for first, second in tested]
    place = {frozenset(pair): index for index, pair in enumerate(tested)}
    levels, corrected = holm_levels(ps, LEVEL), holm(ps)
    by_class = work.by_class(shown)
    pairs = [
        work.pair(*pair, levels[place[frozenset(pair)]], corrected[place[frozenset(pair)]], classes)
        for pair, classes in zip(shown, by_class, strict=True)
    ]
    answers = np.stack([_commonest(side.answers, len(asked.classes)) for side in sides])
    return Comparison(
        compared="models" if len(sides[0].answers) == 1 else "recipes",
        judged=asked.judged,
        contenders=tuple(
            Contender(side.name, side.places, accuracy, _spread(rights))
            for side, accuracy, rights in zip(sides, accuracies, work.rights, strict=True)
        ),
        pairs=tuple(pairs),
        tests=len(tested),
        classes=asked.classes,
        pictures=asked.pictures,
        labels=asked.labels,
        answers=answers,
        rights=np.stack([rights.mean(axis=0) for rights in work.rights]),
        confidences=np.stack([_confidence(side, own) for side, own in zip(sides, answers, strict=True)]),
        left_out=asked.left_out,
        notes=asked.notes,
        shown=asked.shown,
    )


@dataclass(frozen=True)
class _Work:
    """Answers, right or wrong, bool (R, N) a side, and how they are compared."""

    asked: Asked
    rights: Sequence[NDArray[np.bool_]]

    def difference(
        self, first: int, second: int, level: float = LEVEL, rows: NDArray[np.int64] | slice = slice(None)
    ) -> Difference:
        """The second less the first, of all pictures or of some ``rows``."""
        left, right = self.rights[first][:, rows], self.rights[second][:, rows]
        groups, design = self.asked.groups[rows], self.asked.design
        if len(left) == len(right) == 1:
            return paired_difference(left[0], right[0], groups, level=level, design=design)
        return recipe_difference(left, right, groups, level=level, design=design)

    def pair(self, first: int, second: int, level: float, p: float, classes: tuple[ClassDifference, ...]) -> PairComparison:
        difference = self.difference(first, second, level)
        left, right = (self.rights[side].mean(axis=0) for side in (first, second))
        return PairComparison(
            first=first,
            second=second,
            difference=difference,
            p=p,
            only_first=float((left * (1 - right)).sum()),
            only_second=float((right * (1 - left)).sum()),
            wanted=None if difference.told else self._wanted(first, second, difference, level),
            by_class=classes,
        )

    def _wanted(self, first: int, second: int, difference: Difference, level: float) -> Needed | None:
        left, right, n = self.rights[first], self.rights[second], difference.n
        groups, design = self.asked.groups, self.asked.design
        if len(left) == len(right) == 1:
            return more_pictures(PairedCounts.of(left[0], right[0], groups, design), n, level)
        return more_for_recipes(difference, Spread.of(left, right, groups, design), level)

    def by_class(self, pairs: Sequence[tuple[int, int]]) -> list[tuple[ClassDifference, ...]]:
        """The classes of each pair; the correction counts all of them together."""
        rows = [np.flatnonzero(self.asked.labels == label) for label in range(len(self.asked.classes))]
        known = [label for label in range(len(rows)) if len(rows[label])]
        tests = [(pair, label) for pair in pairs for label in known]
        ps = [self.difference(*pair, rows=rows[label]).p for pair, label in tests]
        told = [
            self._of_class(*pair, label, rows[label], level, p)
            for (pair, label), level, p in zip(tests, holm_levels(ps, LEVEL), holm(ps), strict=True)
        ]
        return [tuple(told[start : start + len(known)]) for start in range(0, len(told), len(known))]

    def _of_class(self, first: int, second: int, label: int, rows: NDArray[np.int64], level: float, p: float) -> ClassDifference:
        left, right = (float(self.rights[side][:, rows].mean()) for side in (first, second))
        difference = self.difference(first, second, level, rows)
        return ClassDifference(self.asked.classes[label], len(rows), left, right, difference, p)


def _spread(rights: NDArray[np.bool_]) -> float:
    return float(rights.mean(axis=1).std(ddof=1)) if len(rights) > 1 else 0.0


def _commonest(answers: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """int64 (N,): the answer that most of the seeds give, of equals the first class; ``answers`` are (R, N)."""
    if len(answers) == 1:
        return answers[0]
    columns = answers.shape[1]
    votes = np.bincount((answers + classes * np.arange(columns)).ravel(), minlength=classes * columns)
    return votes.reshape(columns, classes).argmax(axis=1)


def _confidence(side: Answered, answers: NDArray[np.int64]) -> NDArray[np.float32]:
    """float32 (N,): the mean probability with which those seeds that give it give the commonest answer."""
    agrees = side.answers == answers
    return ((side.confidences * agrees).sum(axis=0) / agrees.sum(axis=0)).astype(np.float32)
