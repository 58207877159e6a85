"""Parts: heads that some of the pictures taught, asked about pictures that they did not see; of these a learning curve is made.

Where a head is the sum of its candidates, each with a problem of its own, a part has one problem: the blocks' rows mixed as the
pool weighs the candidates. On three sets it was right 0.2 to 1.1 points more often out of fold, and a curve looks at differences.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.candidates import candidates
from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.logistic import solve
from olhar.bodies.heads.out_of_fold import Task
from olhar.bodies.heads.spaces import FAVOUR, Array, BlockRows, ColumnSpace, GramSpace, Rows

TOLERANCE = 1e-2
"""Of the optimiser: a third of its steps, and answers differ where they are even."""

_Labels = NDArray[np.int64]
_Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class Mixture:
    """The rows of N pictures, all blocks side by side, each with a share of the squared length; the shares add up to 1."""

    blocks: Sequence[BlockRows]
    shares: Sequence[float]

    @classmethod
    def of(cls, ground: Ground, pool: Mapping[str, float]) -> "Mixture":
        """That of the candidates' weights by name; a candidate's weight is spread evenly over its blocks."""
        shares = dict.fromkeys(ground.rows, 0.0)
        for candidate in candidates(tuple(ground.rows)):
            for block in candidate.blocks:
                shares[block] += pool[candidate.name] / sum(pool.values()) / len(candidate.blocks)
        used = [block for block, share in shares.items() if share]
        return cls([ground.rows[block] for block in used], [shares[block] for block in used])

    @property
    def few(self) -> bool:
        """Whether the pictures are few enough for inner products of them all."""
        taught = [block.taught for block in self.blocks]
        return len(taught[0]) <= FAVOUR * sum(rows.shape[1] for rows in taught)

    @cached_property
    def gram(self) -> Array:
        """float64 (N, N), of what teaches."""
        return _sum([share * block.gram for share, block in zip(self.shares, self.blocks, strict=True)])

    @cached_property
    def cross(self) -> Array:
        """float64 (N, N), of what is judged (first axis) with what teaches."""
        if all(block.judged is block.taught for block in self.blocks):
            return self.gram
        return _sum([share * block.cross for share, block in zip(self.shares, self.blocks, strict=True)])

    def taught(self, rows: _Labels) -> Rows:
        """(R, D), as pictures teach."""
        return self._columns([block.taught for block in self.blocks], rows)

    def judged(self, rows: _Labels) -> Rows:
        """(R, D), as pictures are judged."""
        return self._columns([block.judged for block in self.blocks], rows)

    def _columns(self, blocks: Sequence[Rows], rows: _Labels) -> Rows:
        scaled = [block[rows] * block.dtype.type(share**0.5) for block, share in zip(blocks, self.shares, strict=True)]
        return np.concatenate(scaled, axis=1)


@dataclass(frozen=True)
class Order:
    """In which order groups of pictures would have come, class by class. A part is what lies below a share; larger ones hold it.

    Attributes:
        place: float64 (N,), 0 to 1.
        label: int64 (N,), the class that the picture's group is counted to.
    """

    place: Array
    label: _Labels

    @classmethod
    def of(cls, labels: _Labels, groups: _Labels, seed: Sequence[int]) -> "Order":
        """A shuffled one; groups are counted to the class of their first picture."""
        _, first, inverse = np.unique(groups, return_index=True, return_inverse=True)
        own, generator = labels[first], np.random.default_rng(seed)
        place = np.empty(len(first))
        for label in np.unique(own).tolist():
            members = np.flatnonzero(own == label)
            place[members] = generator.permutation(len(members)) / len(members)
        return cls(place[inverse], own[inverse])

    def part(self, share: float) -> _Mask:
        """bool (N,): so large a part of every class."""
        return self.place < share

    def without(self, share: float, label: int) -> _Mask:
        """bool (N,): all but what lies beyond the share in one class."""
        return (self.place < share) | (self.label != label)


def margins(mixture: Mixture, task: Task, taught: _Mask) -> Array:
    """How far the truth's logit lies above the highest other, out of fold, where the ``taught`` pictures alone teach.

    Classes keep the share of the counts that they have among all pictures, however many of a class teach. Where pictures are
    many, the first fold alone is judged.

    Returns:
        float64 (J,), of the pictures that are judged: ``judged_rows``.
    """
    logits = _of_few(mixture, task, np.flatnonzero(taught)) if mixture.few else _of_many(mixture, task, taught)
    labels, each = task.labels[judged_rows(mixture, task)], np.arange(logits.shape[1])
    truth = logits[labels, each]
    logits[labels, each] = -np.inf
    return truth - logits.max(axis=0)


def judged_rows(mixture: Mixture, task: Task) -> _Labels:
    """int64 (J,): all pictures, or the first fold's where they are many."""
    return np.arange(len(task.labels)) if mixture.few else np.flatnonzero(task.fold == 0)


def _of_few(mixture: Mixture, task: Task, rows: _Labels) -> Array:
    """Logits (K, N), all folds at once."""
    space = GramSpace((), mixture.gram[np.ix_(rows, rows)], mixture.cross[:, rows])
    kept = np.where(np.arange(task.fold.max() + 1)[:, None] == task.fold[rows], 0.0, task.counts[rows])
    unknowns = solve(space, _one_hot(task, rows), _handed_over(task, rows, kept), TOLERANCE)
    return np.moveaxis(space.judged(unknowns), 1, 2)[task.fold, np.arange(len(task.fold))].T


def _of_many(mixture: Mixture, task: Task, taught: _Mask) -> Array:
    """Logits (K, J)."""
    rows = np.flatnonzero(taught & (task.fold != 0))
    space = ColumnSpace(mixture.taught(rows), mixture.judged(judged_rows(mixture, task)))
    counts = _handed_over(task, rows, task.counts[rows][None])
    return space.judged(solve(space, _one_hot(task, rows), counts, TOLERANCE))[0]


def _one_hot(task: Task, rows: _Labels) -> Array:
    return np.eye(task.classes)[:, task.labels[rows]]


def _handed_over(task: Task, rows: _Labels, kept: Array) -> Array:
    """Counts (P, R) of the rows that teach, scaled class by class: what is left out hands its count to others of its class."""
    whole = np.bincount(task.labels, task.counts, task.classes) * len(rows) / len(task.labels)
    left = kept @ _one_hot(task, rows).T
    return kept * np.divide(whole, left, out=np.ones_like(left), where=left > 0)[:, task.labels[rows]]


def _sum(matrices: Sequence[Array]) -> Array:
    return sum(matrices[1:], start=matrices[0])
