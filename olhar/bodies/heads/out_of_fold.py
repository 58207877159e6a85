"""Out of fold: the problems of a judgement, each with one fold held back; and how candidates are pooled by what came of them."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.pool import log_losses, pool_weights
from olhar.bodies.heads.spaces import Array, Space

STRENGTH = 30.0
"""What a picture counts against the penalty, rows having a mean squared length of 1: the temperature is then near 1."""

POOLED = 5000
"""The weights of the candidates are chosen by so many pictures at most, evenly taken: they are a handful of numbers."""


@dataclass(frozen=True)
class Task:
    """Labels (N,), K, what each picture counts (N,), and its fold (N,)."""

    labels: NDArray[np.int64]
    classes: int
    counts: Array
    fold: NDArray[np.int64]

    @property
    def targets(self) -> Array:
        """One-hot, (K, N)."""
        return np.eye(self.classes)[:, self.labels]

    @property
    def problems(self) -> Array:
        """What each picture counts in the problem of each fold, and last in that of all: (folds + 1, N).

        What is held back hands its count to the others of its class: else a fold would have seen fewer of the very classes that
        it is asked about, and would look worse than it is.
        """
        kept = np.where(np.arange(self.fold.max() + 2)[:, None] == self.fold, 0.0, self.counts)
        whole, left = self.targets @ self.counts, kept @ self.targets.T
        return kept * np.divide(whole, left, out=np.ones_like(left), where=left > 0)[:, self.labels]

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Whether a picture's class has one in another fold: (N,)."""
        seen = self.problems @ self.targets.T > 0
        return seen[self.fold, self.labels]


def unseen_of(space: Space, unknowns: Array, task: Task) -> Array:
    """Logits (K, N) of each picture, by the problem of its fold."""
    return np.moveaxis(space.judged(unknowns[:-1]), 1, 2)[task.fold, np.arange(len(task.fold))].T


def counts_of(labels: NDArray[np.int64], weights: Array | None) -> Array:
    """STRENGTH a picture in the mean."""
    return np.full(len(labels), STRENGTH) if weights is None else weights * (STRENGTH / weights.mean())


def pooling(logits: Array, task: Task, prior: Array, of: NDArray[np.bool_]) -> Array:
    """What each candidate counts, by the pictures that ``of`` names."""
    rows = np.flatnonzero(of)
    rows = rows[:: -(-len(rows) // POOLED)] if len(rows) else rows
    return pool_weights(logits[:, :, rows], task.labels[rows], task.counts[rows] / STRENGTH, prior) if len(rows) else prior


def cross_fitted(logits: Array, task: Task, prior: Array) -> Array:
    """The pooled logits (K, N), those of each fold by weights that the other folds chose."""
    pooled, judged = np.empty(logits.shape[1:]), task.judged
    for number in range(task.fold.max() + 1):
        own = task.fold == number
        pooled[:, own] = np.tensordot(pooling(logits, task, prior, judged & ~own), logits[:, :, own], axes=1)
    return pooled


def own_loss(logits: Array, task: Task) -> float:
    """A candidate's own mean log-loss over what could be judged, at its own temperature."""
    judged = task.judged
    if not judged.any():
        return float("nan")
    scale = pooling(logits[None], task, np.ones(1), judged)
    losses = log_losses(scale[0] * logits[:, judged], task.labels[judged])
    return float(np.average(losses, weights=task.counts[judged]))
