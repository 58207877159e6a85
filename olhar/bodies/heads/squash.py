"""Squash: pooled outputs -> columns of like size without far outliers, block by block: standardised, halved, softsign.

Standardised by a column's own deviation, drawn towards the block's where pictures are few: five pictures more of the block's mean
variance. In the mean 0.1 points below the signed square root, over four sets of blocks and twelve cells of three sets of pictures
(0.4 below on the features alone, 0.4 above on earlier blocks); but every export has it, and Keras has no layer for a root.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import DTypeLike, NDArray

from olhar.bodies.heads.head import softsign

DRAWN = 5.0
"""So many pictures of the block's mean variance are added to those that a column's variance is of."""

SHARE = 0.5
"""One deviation becomes this before softsign."""

_TINY = 1e-12

_STRIP = 64
"""Columns at once: all of 20,000 pictures in float64 would be half a gigabyte, and more than once. No column knows another."""

_Of = TypeVar("_Of")


@dataclass(frozen=True)
class Squash:
    """How one block's columns become rows for a linear model.

    Attributes:
        scale, offset: float64 (D,): ``z = softsign(x * scale + offset)``.
        centre: float64 (D,), the mean of z.
        size: the root of the mean squared length of a row of z about its centre: rows are divided by it.
    """

    scale: NDArray[np.float64]
    offset: NDArray[np.float64]
    centre: NDArray[np.float64]
    size: float

    @classmethod
    def of(cls, x: NDArray[np.floating]) -> "Squash":
        """That of pictures' outputs (N, D). A constant column, and a single picture, give zeros."""
        moments = _strips(x.shape[1], lambda strip: _moments(x[:, strip]))
        mean, variance = (np.concatenate(each) for each in zip(*moments, strict=True))
        drawn = (len(x) * variance + DRAWN * variance.mean()) / (len(x) + DRAWN)
        scale = SHARE / np.sqrt(np.maximum(drawn, _TINY))
        offset = -mean * scale
        moments = _strips(x.shape[1], lambda strip: _moments(softsign(x[:, strip] * scale[strip] + offset[strip])))
        centre, variance = (np.concatenate(each) for each in zip(*moments, strict=True))
        return cls(scale, offset, centre, float(np.sqrt(max(variance.sum(), _TINY))))

    def rows(self, x: NDArray[np.floating], kind: DTypeLike = np.float64) -> NDArray[np.floating]:
        """(N, D) of that kind: rows whose squared length is 1 in the mean over the pictures that it is of."""
        rows = np.empty(x.shape, kind)

        def fill(strip: slice) -> None:
            squashed = softsign(x[:, strip] * self.scale[strip] + self.offset[strip])
            rows[:, strip] = (squashed - self.centre[strip]) / self.size

        _strips(x.shape[1], fill)
        return rows


def _moments(x: NDArray[np.floating]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Mean and variance of each column."""
    return x.mean(axis=0, dtype=np.float64), x.var(axis=0, dtype=np.float64)


def _strips(width: int, each: Callable[[slice], _Of]) -> list[_Of]:
    """What is made of each strip of columns, on all processors."""
    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        return list(pool.map(each, [slice(start, start + _STRIP) for start in range(0, width, _STRIP)]))
