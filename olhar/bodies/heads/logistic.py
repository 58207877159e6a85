"""Multinomial logistic regression with an L2 penalty: many problems on the same pictures at once, by L-BFGS.

The problem of scikit-learn's ``LogisticRegression``: the sum of counts times cross-entropy, and half the squared weights; the
bias is free. (With two classes scikit-learn has one column of weights; its ``C`` is twice the count here.) The folds of a
judgement differ in their counts alone, so one product with the rows serves all. The optimiser counts in float64 and goes on until
the gradient has all but vanished, so that two machines come to the same.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.lbfgs import Array, Memory, Newton, Vector
from olhar.bodies.heads.spaces import Space

TOLERANCE = 3e-4
"""Of the gradient's length, as a share of what it was at the start."""

ROUNDING = 1e-12
"""A gradient below this share of all counts is rounding: there was nothing to learn."""

MOST_STEPS = 200

LINE_STEPS = 2

SURE = 0.1
"""Most answers are surer than at the start, and their second derivative is smaller; steps are fewest near this share."""

SAVED = 40
"""The inverse of a matrix saves about so many steps, and is made where it costs less than they do."""

AT_ONCE = 1_000_000
"""Logits of several problems up to this number are held at once; beyond, problem after problem: memory, and nothing is gained."""

UNSEEN = -10.0
"""The bias of a class of which a problem has no picture: all but impossible."""


def solve(space: Space, targets: Array, counts: Array, tolerance: float = TOLERANCE) -> Array:
    """The unknowns of P problems.

    Args:
        space: the pictures' rows.
        targets: float64 (K, N), one-hot.
        counts: float64 (P, N): how much a picture counts in each problem; 0: it does not teach there.
        tolerance: when the gradient is small enough.

    Returns:
        float64 (P, K, U + 1), the bias last; UNSEEN for a class without a picture in its problem.
    """
    newton = space.newton(_curvature(targets, counts)) if space.unknowns**2 < SAVED * counts.size * len(targets) else None
    at_once = max(1, AT_ONCE // targets.size)
    return np.concatenate(
        [_solved(_Problem(space, targets, counts[i : i + at_once]), newton, tolerance) for i in range(0, len(counts), at_once)]
    )


def _curvature(targets: Array, counts: Array) -> float:
    """A picture's second derivative in its logits: what it is where all classes are as likely, times SURE."""
    return SURE * float(counts.sum(axis=1).mean() / targets.shape[1] * (1 - 1 / len(targets)) / len(targets))


def _solved(problem: "_Problem", newton: Newton | None, tolerance: float) -> Array:
    start = np.zeros((len(problem.counts), len(problem.targets), problem.space.unknowns + 1))
    found = _descend(problem, newton, Vector(start, start), tolerance).own
    found[..., -1] = np.where(problem.seen, found[..., -1], UNSEEN)
    return found


class _Problem:
    """What is made small, as the optimiser asks of it; logits (P, K, N), those of a class that a problem never saw shut out."""

    def __init__(self, space: Space, targets: Array, counts: Array) -> None:
        self.space, self.targets, self.counts = space, targets, counts[:, None]
        self.seen = counts @ targets.T > 0
        self.closed = np.where(self.seen | ~self.seen.any(axis=1, keepdims=True), 0.0, -np.inf)[..., None]

    def shares(self, logits: Array) -> Array:
        """Probabilities of the classes that a problem has seen."""
        logits = logits + self.closed
        logits -= logits.max(axis=1, keepdims=True)
        shares = np.exp(logits, out=logits)
        shares /= shares.sum(axis=1, keepdims=True)
        return shares

    def gradient(self, at: Vector, logits: Array) -> Vector:
        """That of the loss and the penalty, in the inner product of the space."""
        residuals = self.counts * (self.shares(logits) - self.targets)
        pulled = self.space.pull(residuals) + at.own[..., :-1]
        own = np.concatenate([pulled, residuals.sum(axis=2, keepdims=True)], axis=2)
        return Vector(own, self.space.image(own))

    def slopes(self, logits: Array, along: Array) -> tuple[Array, Array]:
        """First and second derivative of the loss alone where logits move along a line: each (P,)."""
        shares = self.shares(logits)
        moved = shares * along
        means = moved.sum(axis=1)
        first = means - (self.targets * along).sum(axis=1)
        second = (moved * along).sum(axis=1) - means**2
        return (self.counts[:, 0] * first).sum(axis=1), (self.counts[:, 0] * second).sum(axis=1)


def _descend(problem: _Problem, newton: Newton | None, at: Vector, tolerance: float) -> Vector:
    memory, logits = Memory(newton), problem.space.logits(at.own, at.image)
    gradient = problem.gradient(at, logits)
    enough = np.maximum(tolerance**2 * gradient.dot(gradient), (ROUNDING * problem.counts.sum(axis=(1, 2))) ** 2)
    for _ in range(MOST_STEPS):
        unfinished = gradient.dot(gradient) > enough
        if not unfinished.any():
            break
        direction = memory.direction(gradient)
        along = problem.space.logits(direction.own, direction.image)
        length = np.where(unfinished, _length(problem, at, direction, logits, along), 0.0)
        step = direction.times(length)
        at, logits = at.plus(direction, length), logits + length[:, None, None] * along
        following = problem.gradient(at, logits)
        memory.add(step, following.plus(gradient, np.full(1, -1.0)))
        gradient = following
    return at


def _length(problem: _Problem, at: Vector, direction: Vector, logits: Array, along: Array) -> NDArray[np.float64]:
    """How far to go, (P,): Newton's steps on the line, where the loss is convex and no product with the rows is needed."""
    ahead, squared = (np.einsum("pku,pku->p", one.own[..., :-1], direction.image[..., :-1]) for one in (at, direction))
    length = np.ones_like(ahead)
    for _ in range(LINE_STEPS):
        first, second = problem.slopes(logits + length[:, None, None] * along, along)
        newton = length - (first + ahead + length * squared) / np.maximum(second + squared, 1e-300)
        length = np.clip(newton, 0.05 * length, 20 * length)
    return length
