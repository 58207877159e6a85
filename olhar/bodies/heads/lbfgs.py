"""What L-BFGS remembers: the last steps and how the gradient changed along each (Nocedal and Wright 2006, section 7.2).

Many problems at once, each with its own numbers; all inner products are those of a space, so every vector comes with its image.
"""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

REMEMBERED = 8
_TINY = 1e-300


@dataclass(frozen=True)
class Vector:
    """A vector of unknowns, or a gradient, of P problems: itself and its image, each (P, K, U + 1)."""

    own: Array
    image: Array

    def plus(self, other: "Vector", by: Array) -> "Vector":
        """This and ``by`` (P,) times another."""
        times = by[:, None, None]
        return Vector(self.own + times * other.own, self.image + times * other.image)

    def times(self, by: Array) -> "Vector":
        """``by`` (P,) times this."""
        return Vector(by[:, None, None] * self.own, by[:, None, None] * self.image)

    def dot(self, other: "Vector") -> Array:
        """The inner product, problem by problem: (P,)."""
        return np.einsum("pku,pku->p", self.own, other.image)


Newton = Callable[[Vector], Vector]
"""A gradient -> what some guess of the inverse Hessian makes of it."""


@dataclass
class Memory:
    """The last steps, how the gradient changed along each, and one through their product.

    Attributes:
        newton: the guess with which each step begins; None: the length that the last step suggests.
        pairs: what is remembered.
    """

    newton: Newton | None
    pairs: deque[tuple[Vector, Vector, Array]] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def add(self, step: Vector, change: Vector) -> None:
        """Remember a step; a problem that made none is passed over by a factor of 0."""
        product = step.dot(change)
        self.pairs.append((step, change, np.where(product > _TINY, 1 / np.maximum(product, _TINY), 0.0)))

    def direction(self, gradient: Vector) -> Vector:
        """Where to go: minus the approximate inverse Hessian times the gradient (algorithm 7.4)."""
        ahead, shares = gradient, list[Array]()
        for step, change, inverse in reversed(self.pairs):
            shares.append(inverse * step.dot(ahead))
            ahead = ahead.plus(change, -shares[-1])
        ahead = self.newton(ahead) if self.newton else ahead.times(self._length())
        for (step, change, inverse), share in zip(self.pairs, reversed(shares), strict=True):
            ahead = ahead.plus(step, share - inverse * change.dot(ahead))
        return ahead.times(np.full(1, -1.0))

    def _length(self) -> Array:
        if not self.pairs:
            return np.ones(1)
        step, change, _ = self.pairs[-1]
        squared = change.dot(change)
        return np.where(squared > _TINY, step.dot(change) / np.maximum(squared, _TINY), 1.0)
