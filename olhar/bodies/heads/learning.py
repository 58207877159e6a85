"""Pooled outputs of labelled pictures -> the head that they teach, and what heads that had not seen each picture say of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.candidates import Candidate, candidates, wanted
from olhar.bodies.heads.deal import deal, groups_a_class
from olhar.bodies.heads.ground import Ground, Learnt
from olhar.bodies.heads.head import Features, Head, softmax
from olhar.bodies.heads.logistic import solve
from olhar.bodies.heads.nearest_mean import nearest_mean
from olhar.bodies.heads.pool import log_losses, pool_weights
from olhar.bodies.heads.spaces import Array, Space

STRENGTH = 30.0
"""What a picture counts against the penalty, rows having a mean squared length of 1: the temperature is then near 1."""

POOLED = 5000
"""The weights of the candidates are chosen by so many pictures at most, evenly taken: they are a handful of numbers."""

AT_ONCE = 300_000
"""Numbers of logits up to which all folds are learnt at once; above, one after the other: memory, and nothing is gained."""

_Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Tried:
    """One candidate and what came of it.

    Attributes:
        name: ``last``, ``all`` or ``early``.
        blocks: the pooled outputs from which it learns.
        weight: what its logits count in the head.
        loss: its own mean log-loss out of fold; NaN where nothing could be held back.
    """

    name: str
    blocks: tuple[str, ...]
    weight: float
    loss: float


@dataclass(frozen=True)
class LearntHead:
    """A head, and what is known of it.

    Attributes:
        head: what answers; the temperature is folded in.
        kind: ``logistic regression``, or ``nearest mean`` where no class has two pictures (groups, where there are such).
        tried: the candidates, in their order.
        out_of_fold: float32 (N, K), probabilities: of each picture by heads that saw neither it nor one of its group; the
            weights of candidates and the temperature are chosen by the other folds. Nearest mean: 1/K.
        judged: bool (N,): whether the head that judged had seen the picture's class; where not, it cannot be right.
        fold: int64 (N,), -1 for nearest mean.
        temperature: what the logits of the mean candidate were divided by.
    """

    head: Head
    kind: str
    tried: tuple[Tried, ...]
    out_of_fold: NDArray[np.float32]
    judged: NDArray[np.bool_]
    fold: _Labels
    temperature: float

    @property
    def pool(self) -> dict[str, float]:
        """What each candidate counts, by name."""
        return {one.name: one.weight for one in self.tried}


def learn_head(
    features: Features,
    labels: _Labels,
    groups: _Labels,
    classes: int,
    *,
    seed: int = 0,
    weights: Array | None = None,
    fold: _Labels | None = None,
    advance: Callable[[int], object] = lambda _: None,
) -> LearntHead:
    """The head for these pictures.

    Args:
        features: float16 or float32 (views, N, width) by name, in the order in which a picture goes through the body; the last are
            its features. The mean of the views teaches, the first one is judged.
        labels: int64 (N,), 0 to ``classes`` - 1; a class may have no picture.
        groups: int64 (N,): pictures of one number stay together.
        classes: K.
        seed: of the folds.
        weights: float64 (N,), how much each picture counts; None: all alike.
        fold: int64 (N,), folds that were dealt elsewhere; None: dealt here.
        advance: told 1 for each candidate that is done.

    Raises:
        ValueError: no pictures.
    """
    if not len(labels):
        raise ValueError("no pictures to learn from")
    tried = candidates(tuple(features))
    ground = Ground.of(features, wanted(tuple(features)))
    counts = _counts(labels, weights)
    if groups_a_class(labels, groups, classes).max() < 2:
        return _by_nearest_mean(ground, tried, labels, classes, counts)
    fold = deal(labels, groups, seed) if fold is None else fold
    return _by_regression(ground, tried, _Task(labels, classes, counts, fold), advance)


def fit_head(
    features: Features, labels: _Labels, classes: int, pool: Mapping[str, float], *, weights: Array | None = None
) -> Head:
    """A head of given weights of the candidates, with no judgement: for learning curves and other repeated fits.

    Arguments as of ``learn_head``; ``pool`` as ``LearntHead.pool`` gives it.
    """
    tried = [one for one in candidates(tuple(features)) if pool.get(one.name)]
    names = [name for name in features if any(name in one.blocks for one in tried)]
    ground, counts = Ground.of(features, names), _counts(labels, weights)
    targets = np.eye(classes)[:, labels]
    learnt = [_learnt(one, space := ground.space(one), solve(space, targets, counts[None])[0]) for one in tried]
    return ground.head(learnt, [pool[one.name] for one in tried])


@dataclass(frozen=True)
class _Task:
    """Labels (N,), K, what each picture counts (N,), and its fold (N,)."""

    labels: _Labels
    classes: int
    counts: Array
    fold: _Labels

    @property
    def targets(self) -> Array:
        """One-hot, (K, N)."""
        return np.eye(self.classes)[:, self.labels]

    @property
    def problems(self) -> Array:
        """What each picture counts in the problem of each fold, and last in that of all: (folds + 1, N)."""
        held = np.arange(self.fold.max() + 2)[:, None] == self.fold
        return np.where(held, 0.0, self.counts)

    @property
    def judged(self) -> NDArray[np.bool_]:
        """Whether a picture's class has one in another fold: (N,)."""
        seen = self.problems @ self.targets.T > 0
        return seen[self.fold, self.labels]


def _counts(labels: _Labels, weights: Array | None) -> Array:
    """STRENGTH a picture in the mean."""
    return np.full(len(labels), STRENGTH) if weights is None else weights * (STRENGTH / weights.mean())


def _learnt(candidate: Candidate, space: Space, unknowns: Array) -> Learnt:
    return Learnt(candidate, space.kernel(unknowns), unknowns[:, -1])


def _by_nearest_mean(ground: Ground, tried: Sequence[Candidate], labels: _Labels, classes: int, counts: Array) -> LearntHead:
    learnt = [_learnt(one, space := ground.space(one), nearest_mean(space, labels, classes, counts)) for one in tried]
    n, weights = len(labels), [one.prior for one in tried]
    told = tuple(Tried(one.name, one.blocks, one.prior, float("nan")) for one in tried)
    nothing = np.full((n, classes), 1 / classes, dtype=np.float32)
    return LearntHead(
        ground.head(learnt, weights), "nearest mean", told, nothing, np.zeros(n, dtype=bool), np.full(n, -1, dtype=np.int64), 1.0
    )


def _by_regression(ground: Ground, tried: Sequence[Candidate], task: _Task, advance: Callable[[int], object]) -> LearntHead:
    learnt, unseen = list[Learnt](), list[Array]()
    for candidate in tried:
        space = ground.space(candidate)
        unknowns = _unknowns(space, task)
        learnt.append(_learnt(candidate, space, unknowns[-1]))
        unseen.append(np.moveaxis(space.judged(unknowns[:-1]), 1, 2)[task.fold, np.arange(len(task.fold))].T)
        advance(1)
    logits, prior = np.stack(unseen), np.array([one.prior for one in tried])
    weights = _weights(logits, task, prior, task.judged)
    told = tuple(
        Tried(one.name, one.blocks, float(weight), _loss(own, task))
        for one, weight, own in zip(tried, weights, logits, strict=True)
    )
    out_of_fold = softmax(_cross_fitted(logits, task, prior).T).astype(np.float32)
    head = ground.head(learnt, weights.tolist())
    return LearntHead(head, "logistic regression", told, out_of_fold, task.judged, task.fold, float(1 / weights.sum()))


def _unknowns(space: Space, task: _Task) -> Array:
    """Of all problems, (folds + 1, K, U + 1)."""
    problems, targets = task.problems, task.targets
    if problems.size * task.classes <= AT_ONCE:
        return solve(space, targets, problems)
    return np.concatenate([solve(space, targets, problems[i : i + 1]) for i in range(len(problems))])


def _weights(logits: Array, task: _Task, prior: Array, of: NDArray[np.bool_]) -> Array:
    """What each candidate counts, by the pictures that ``of`` names."""
    rows = np.flatnonzero(of)
    rows = rows[:: -(-len(rows) // POOLED)] if len(rows) else rows
    return pool_weights(logits[:, :, rows], task.labels[rows], task.counts[rows] / STRENGTH, prior) if len(rows) else prior


def _cross_fitted(logits: Array, task: _Task, prior: Array) -> Array:
    """The pooled logits (K, N), those of each fold by weights that the other folds chose."""
    pooled, judged = np.empty(logits.shape[1:]), task.judged
    for number in range(task.fold.max() + 1):
        own = task.fold == number
        pooled[:, own] = np.tensordot(_weights(logits, task, prior, judged & ~own), logits[:, :, own], axes=1)
    return pooled


def _loss(logits: Array, task: _Task) -> float:
    """A candidate's own mean log-loss over what could be judged, at its own temperature."""
    judged = task.judged
    if not judged.any():
        return float("nan")
    scale = _weights(logits[None], task, np.ones(1), judged)
    losses = log_losses(scale[0] * logits[:, judged], task.labels[judged])
    return float(np.average(losses, weights=task.counts[judged]))
