"""Pooled outputs of labelled pictures -> the head that they teach, and what heads that had not seen each picture say of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.one_thread import one_blas_thread
from olhar.bodies.heads.candidates import BlockSet, candidates
from olhar.bodies.heads.deal import deal, folds_for, groups_a_class
from olhar.bodies.heads.ground import Ground, LearntSet
from olhar.bodies.heads.head import Features, Head, softmax
from olhar.bodies.heads.logistic import solve
from olhar.bodies.heads.nearest_mean import nearest_mean
from olhar.bodies.heads.out_of_fold import Task, counts_of, cross_fitted, own_loss, pooling, unseen_of
from olhar.bodies.heads.spaces import Array, Space

_Labels = NDArray[np.int64]


@dataclass(frozen=True)
class Tried:
    """One candidate and what came of it.

    Attributes:
        name: ``last``, ``all``, ``early`` or ``layout``.
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


@one_blas_thread()
def learn_head(
    features: Features | Ground,
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
        features: float16 or float32 (views, N, width) by name: the outputs of the body that ``wanted`` names, in their order. The
            mean of the views teaches, the first one is judged. Or their Ground, where others use it too.
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
    ground = features if isinstance(features, Ground) else Ground.of(features, tuple(features))
    tried = candidates(tuple(ground.rows))
    counts = counts_of(labels, weights)
    if groups_a_class(labels, groups, classes).max() < 2:
        return _by_nearest_mean(ground, tried, labels, classes, counts)
    fold = deal(labels, groups, seed, folds_for(labels, groups, classes)) if fold is None else fold
    return _by_regression(ground, tried, Task(labels, classes, counts, fold), advance)


@one_blas_thread()
def fit_head(
    features: Features, labels: _Labels, classes: int, pool: Mapping[str, float], *, weights: Array | None = None
) -> Head:
    """A head of given weights of the candidates, with no judgement: for learning curves and other repeated fits.

    Arguments as of ``learn_head``; ``pool`` as ``LearntHead.pool`` gives it.
    """
    tried = [one for one in candidates(tuple(features)) if pool.get(one.name)]
    names = [name for name in features if any(name in one.blocks for one in tried)]
    ground, counts = Ground.of(features, names), counts_of(labels, weights)
    targets = np.eye(classes)[:, labels]
    learnt = [_learnt(one, space := ground.space(one), solve(space, targets, counts[None])[0]) for one in tried]
    return ground.head(learnt, [pool[one.name] for one in tried])


def _learnt(candidate: BlockSet, space: Space, unknowns: Array) -> LearntSet:
    return LearntSet(candidate, space.kernel(unknowns), unknowns[:, -1])


def _by_nearest_mean(ground: Ground, tried: Sequence[BlockSet], labels: _Labels, classes: int, counts: Array) -> LearntHead:
    learnt = [_learnt(one, space := ground.space(one), nearest_mean(space, labels, classes, counts)) for one in tried]
    n, weights = len(labels), [one.prior for one in tried]
    told = tuple(Tried(one.name, one.blocks, one.prior, float("nan")) for one in tried)
    nothing = np.full((n, classes), 1 / classes, dtype=np.float32)
    return LearntHead(
        ground.head(learnt, weights), "nearest mean", told, nothing, np.zeros(n, dtype=bool), np.full(n, -1, dtype=np.int64), 1.0
    )


def _by_regression(ground: Ground, tried: Sequence[BlockSet], task: Task, advance: Callable[[int], object]) -> LearntHead:
    learnt, unseen = list[LearntSet](), list[Array]()
    for candidate in tried:
        space = ground.space(candidate)
        unknowns = solve(space, task.targets, task.problems)
        learnt.append(_learnt(candidate, space, unknowns[-1]))
        unseen.append(unseen_of(space, unknowns, task))
        advance(1)
    logits, prior = np.stack(unseen), np.array([one.prior for one in tried])
    weights = pooling(logits, task, prior, task.judged)
    told = tuple(
        Tried(one.name, one.blocks, float(weight), own_loss(own, task))
        for one, weight, own in zip(tried, weights, logits, strict=True)
    )
    out_of_fold = softmax(cross_fitted(logits, task, prior).T).astype(np.float32)
    head = ground.head(learnt, weights.tolist())
    return LearntHead(head, "logistic regression", told, out_of_fold, task.judged, task.fold, float(1 / weights.sum()))
