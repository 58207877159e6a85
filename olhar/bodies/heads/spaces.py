"""Spaces: the rows of a candidate as the optimiser sees them, in min(number of pictures, width) dimensions.

A linear model with an L2 penalty lies in the span of its pictures (the representer theorem: Schölkopf, Herbrich, Smola 2001).
So where pictures are fewer than columns, the unknowns are one number a picture and the Gram matrix gives their inner products:
exact, and no factorisation. Where they are more, the unknowns are the columns' own.

The last of the unknowns is the bias, which no penalty holds. ``image`` gives M v for the matrix M of the inner product u'Mv;
gradients are those of that inner product, so that both spaces take the same steps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.lbfgs import Array, Newton, Vector

FAVOUR = 1.5
"""The Gram matrix is used up to this many times as many pictures as columns: it is read once where the columns are read twice."""

Rows = NDArray[np.floating]


@dataclass(frozen=True)
class BlockRows:
    """One block's rows (N, D): of the pictures as they teach, and as they are judged; the same array where they have one view."""

    taught: Rows
    judged: Rows

    @cached_property
    def gram(self) -> Array:
        """float64 (N, N): inner products of what teaches."""
        return (self.taught @ self.taught.T).astype(np.float64, copy=False)

    @cached_property
    def cross(self) -> Array:
        """float64 (N, N): inner products of what is judged (first axis) with what teaches."""
        return self.gram if self.judged is self.taught else (self.judged @ self.taught.T).astype(np.float64, copy=False)


class Space(Protocol):
    """Unknowns (P, K, U + 1) of P problems with K classes each, the bias last."""

    @property
    def unknowns(self) -> int:
        """U."""
        ...

    def image(self, v: Array) -> Array:
        """M v, of the same shape."""
        ...

    def pull(self, residuals: Array) -> Array:
        """Residuals (P, K, N) -> the gradient of the loss alone, without the bias: (P, K, U)."""
        ...

    def logits(self, v: Array, image: Array) -> Array:
        """Of the pictures that teach, (P, K, N)."""
        ...

    def judged(self, v: Array) -> Array:
        """Of the pictures as they are judged, by one view: (P, K, N)."""
        ...

    def newton(self, curvature: float) -> Newton:
        """The inverse Hessian of a penalised loss whose second derivative in each logit is ``curvature``."""
        ...

    def kernel(self, v: Array) -> Array:
        """The weights of the columns, (D, K), of one problem's unknowns (K, U + 1)."""
        ...


@dataclass(frozen=True)
class GramSpace:
    """One unknown a picture.

    Attributes:
        blocks: the rows of each block, which stand side by side, each divided by the root of their number.
        gram: float64 (N, N), the inner products of what teaches.
        cross: float64 (N, N), those of what is judged with what teaches.
    """

    blocks: Sequence[BlockRows]
    gram: Array
    cross: Array

    @property
    def unknowns(self) -> int:
        """N."""
        return len(self.gram)

    def image(self, v: Array) -> Array:
        """Of the weights by the Gram matrix; of the bias itself."""
        return np.concatenate([_times(v[..., :-1], self.gram), v[..., -1:]], axis=2)

    def pull(self, residuals: Array) -> Array:
        """A residual is its picture's own unknown."""
        return residuals

    def logits(self, v: Array, image: Array) -> Array:  # noqa: ARG002
        """They stand in the image."""
        return image[..., :-1] + image[..., -1:]

    def judged(self, v: Array) -> Array:
        """By the other Gram matrix."""
        return _times(v[..., :-1], self.cross.T) + v[..., -1:]

    def newton(self, curvature: float) -> Newton:
        """By (1 + c K) to the -1; its image needs no further product, as K times it is (1 - it) / c."""
        inverse = np.linalg.inv(np.eye(self.unknowns) + curvature * self.gram)

        def step(gradient: Vector) -> Vector:
            own = _times(gradient.own[..., :-1], inverse)
            bias = gradient.own[..., -1:] / (curvature * len(self.gram))
            image = (gradient.own[..., :-1] - own) / curvature
            return Vector(np.concatenate([own, bias], axis=2), np.concatenate([image, bias], axis=2))

        return step

    def kernel(self, v: Array) -> Array:
        """Sums of rows."""
        weights = v[:, :-1].T / np.sqrt(len(self.blocks))
        return np.concatenate([block.taught.T @ weights for block in self.blocks])


@dataclass(frozen=True)
class ColumnSpace:
    """One unknown a column.

    Attributes:
        rows: (N, D), what teaches.
        judged_rows: (N, D), the same as it is judged.
    """

    rows: Rows
    judged_rows: Rows

    @property
    def unknowns(self) -> int:
        """D."""
        return self.rows.shape[1]

    def image(self, v: Array) -> Array:
        """The ordinary inner product."""
        return v

    def pull(self, residuals: Array) -> Array:
        """The sum of rows by residuals."""
        return _times(residuals, self.rows)

    def logits(self, v: Array, image: Array) -> Array:  # noqa: ARG002
        """Rows by weights."""
        return _times(v[..., :-1], self.rows.T) + v[..., -1:]

    def judged(self, v: Array) -> Array:
        """The same of the other rows."""
        return _times(v[..., :-1], self.judged_rows.T) + v[..., -1:]

    def newton(self, curvature: float) -> Newton:
        """By (1 + c X'X) to the -1."""
        inverse = np.linalg.inv(np.eye(self.unknowns) + curvature * (self.rows.T @ self.rows).astype(np.float64))

        def step(gradient: Vector) -> Vector:
            bias = gradient.own[..., -1:] / (curvature * len(self.rows))
            own = np.concatenate([_times(gradient.own[..., :-1], inverse), bias], axis=2)
            return Vector(own, own)

        return step

    def kernel(self, v: Array) -> Array:
        """The unknowns are the weights."""
        return v[:, :-1].T


def space_of(blocks: Sequence[BlockRows]) -> Space:
    """The smaller one, of blocks that count alike however wide they are."""
    first, width = blocks[0], sum(block.taught.shape[1] for block in blocks)
    if len(first.taught) <= FAVOUR * width:
        return GramSpace(blocks, _mean([block.gram for block in blocks]), _mean([block.cross for block in blocks]))
    taught = _side_by_side([block.taught for block in blocks])
    return ColumnSpace(taught, taught if first.judged is first.taught else _side_by_side([block.judged for block in blocks]))


def _mean(matrices: Sequence[Array]) -> Array:
    return matrices[0] if len(matrices) == 1 else sum(matrices[1:], start=matrices[0]) / len(matrices)


def _side_by_side(rows: Sequence[Rows]) -> Rows:
    return rows[0] if len(rows) == 1 else np.concatenate(rows, axis=1) * rows[0].dtype.type(1 / np.sqrt(len(rows)))


def _times(v: Array, matrix: Rows) -> Array:
    """Each problem's (P, K, A) by a matrix (A, B), as one product."""
    flat = v.reshape(-1, v.shape[2]).astype(matrix.dtype, copy=False)
    return (flat @ matrix).astype(np.float64, copy=False).reshape(*v.shape[:2], -1)
