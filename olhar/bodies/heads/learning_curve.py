"""The learning curve of a head: how right heads are that parts of its pictures taught, and what more pictures would bring."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from olhar.base.one_thread import one_blas_thread
from olhar.bodies.heads.deal import groups_a_class
from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.interval import expected_accuracy
from olhar.bodies.heads.learning import LearntHead
from olhar.bodies.heads.out_of_fold import Task, counts_of
from olhar.bodies.heads.parts import Mixture, Order, judged_rows, margins
from olhar.bodies.heads.promises import Halved, promise, round_number
from olhar.bodies.heads.spaces import Array
from olhar.evaluation.learning_curve import CurvePoint, LearningCurve, Promise

PARTS = (0.125, 0.25, 0.5)
A_CLASS = 2
"""So many groups a class, on the mean, a part has at least."""

DRAWS = 3
"""Of each part, where pictures are few: which pictures are in it moves it more than anything else."""

LEAST = 20
"""With fewer groups nothing is promised."""

SCARCE = 0.5
"""One class alone is promised something where it has at most this share of the largest one's pictures. More pictures of one as
large as the others bring nothing as a rule: what it gains in right answers, it takes from the others (twice as many pictures
of one class brought 0.1, -0.7 and 0.2 points on three sets)."""

CLASSES = 2
"""So many classes alone are told at most, those with the most errors."""

WORTH = 0.003
"""A class alone is told from such a gain on."""

MORE = 0.5
"""How many pictures more are asked about: about so many times those that there are, as a round number."""

_Labels = NDArray[np.int64]


@one_blas_thread()
def learning_curve(
    ground: Ground,
    labels: _Labels,
    groups: _Labels,
    classes: Sequence[str],
    learnt: LearntHead,
    *,
    weights: Array | None = None,
    seed: int = 0,
) -> LearningCurve | None:
    """The curve of a head, by the folds that judged it.

    Args:
        ground: of the pictures' outputs, as the head learnt from it.
        labels, groups: int64 (N,), as of ``learn_head``.
        classes: their keys.
        learnt: what ``learn_head`` gave.
        weights: float64 (N,), how much each picture counts; None: all alike, so that classes count by their size.
        seed: of which pictures come first.

    Returns:
        The accuracies of heads of an eighth, a quarter, half of what a fold leaves, and of all that; and at most three promises.
        None where a class had too few pictures for folds.
    """
    if learnt.kind == "nearest mean":
        return None
    task = Task(labels, len(classes), counts_of(labels, weights), learnt.fold)
    curve = _Curve(Mixture.of(ground, learnt.pool), task, groups, learnt, seed, weights is not None)
    return LearningCurve(curve.points(), curve.promises(classes))


@dataclass(frozen=True)
class _Curve:
    mixture: Mixture
    task: Task
    groups: _Labels
    learnt: LearntHead
    seed: int
    balanced: bool

    def points(self) -> tuple[CurvePoint, ...]:
        """Fewest pictures first."""
        right = self.learnt.out_of_fold.argmax(axis=1) == self.task.labels
        own = right[judged_rows(self.mixture, self.task)].sum()
        points = [self._point(share, float(own - (self.whole > 0).sum())) for share in self.shares]
        all_pictures = self._taught(np.ones(len(right), dtype=bool))
        return (*points, CurvePoint(all_pictures, expected_accuracy(int(right.sum()), len(right))))

    def _point(self, share: float, apart: float) -> CurvePoint:
        """``apart``: so many more answers of the head itself are right than of the one that stands for it in parts."""
        right = np.mean([(own > 0).sum() for own in self.of_parts[share]]) + apart
        taught = self._taught(self._orders[0].part(share))
        return CurvePoint(taught, expected_accuracy(int(np.clip(round(right), 0, len(self.whole))), len(self.whole)))

    def _taught(self, part: NDArray[np.bool_]) -> int:
        """How many pictures taught a head, on the mean over the folds."""
        folds = int(self.task.fold.max()) + 1
        return round(int(part.sum()) * (folds - 1) / folds)

    @property
    def shares(self) -> list[float]:
        """The parts that are large enough."""
        present = len(np.unique(self.task.labels))
        return [share for share in PARTS if share * len(np.unique(self.groups)) >= A_CLASS * present]

    @cached_property
    def _orders(self) -> list[Order]:
        draws = DRAWS if self.mixture.few else 1
        return [Order.of(self.task.labels, self.groups, (self.seed, draw)) for draw in range(draws)]

    @cached_property
    def whole(self) -> Array:
        """Margins of heads that all pictures of the other folds taught."""
        return margins(self.mixture, self.task, np.ones(len(self.task.labels), dtype=bool))

    @cached_property
    def of_parts(self) -> dict[float, list[Array]]:
        """Margins of each part, one a draw."""
        return {share: [margins(self.mixture, self.task, order.part(share)) for order in self._orders] for share in self.shares}

    def promises(self, classes: Sequence[str]) -> tuple[Promise, ...]:
        """The one that brings most first."""
        if PARTS[-1] not in self.shares or len(np.unique(self.groups)) < LEAST:
            return ()
        every = self._halved("", np.ones(len(self.task.labels), dtype=bool), self.of_parts[PARTS[-1]])
        alone = [self._of_class(classes[label], label) for label in self._scarce()]
        promised = [promise(every, round_number(MORE * every.pictures))]
        promised += [one for one in alone if one.gain >= WORTH]
        return tuple(sorted(promised, key=lambda one: -one.gain))

    def _scarce(self) -> list[int]:
        """Classes that may be promised something alone, the one with the most errors first."""
        known = groups_a_class(self.task.labels, self.groups, self.task.classes)
        errors = np.bincount(self.task.labels[self._wrong()], minlength=self.task.classes)
        scarce = np.flatnonzero((known >= 2 * A_CLASS) & (known <= SCARCE * known.max())) if self.mixture.few else []
        return sorted((int(label) for label in scarce), key=lambda label: (-errors[label], label))[:CLASSES]

    def _of_class(self, key: str, label: int) -> Promise:
        thinned = [margins(self.mixture, self.task, order.without(PARTS[-1], label)) for order in self._orders]
        halved = self._halved(key, self.task.labels == label, thinned)
        return promise(halved, round_number(MORE * halved.pictures))

    def _halved(self, key: str, of: NDArray[np.bool_], thinned: Sequence[Array]) -> Halved:
        cost = float(_sure(self.whole).mean() - np.mean([_sure(own).mean() for own in thinned]))
        judged, wrong = judged_rows(self.mixture, self.task), self._wrong()
        groups = len(np.unique(self.groups[judged]))
        errors, own = (round(mask[judged].mean() * groups) for mask in (wrong, wrong & of))
        return Halved(key, int(of.sum()), len(of), cost, errors, own, groups, self.balanced)

    def _wrong(self) -> NDArray[np.bool_]:
        return self.learnt.out_of_fold.argmax(axis=1) != self.task.labels


def _sure(margin: Array) -> Array:
    """Right or wrong without a leap: one half where truth and another class are even. The same pictures then say more: on trash,
    the difference of two such means foretold a gain within 2.6 points, that of right answers within 3.1 (root mean square).
    """
    return 1 / (1 + np.exp(-np.clip(2 * margin, -50, 50)))
