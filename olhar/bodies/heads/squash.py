"""Squash: pooled outputs -> columns of like size without far outliers, block by block: standardised, halved, softsign.

Standardised by a column's own deviation, drawn towards the block's where pictures are few: five pictures more of the block's mean
variance. In the mean 0.1 points below the signed square root, over four sets of blocks and twelve cells of three sets of pictures
(0.4 below on the features alone, 0.4 above on earlier blocks); but every export has it, and Keras has no layer for a root.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.head import softsign

DRAWN = 5.0
"""So many pictures of the block's mean variance are added to those that a column's variance is of."""

SHARE = 0.5
"""One deviation becomes this before softsign."""

_TINY = 1e-12


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
        mean, variance = x.mean(axis=0, dtype=np.float64), x.var(axis=0, dtype=np.float64)
        drawn = (len(x) * variance + DRAWN * variance.mean()) / (len(x) + DRAWN)
        scale = SHARE / np.sqrt(np.maximum(drawn, _TINY))
        z = softsign(x * scale - mean * scale)
        size = float(np.sqrt(max(z.var(axis=0).sum(), _TINY)))
        return cls(scale, -mean * scale, z.mean(axis=0), size)

    def rows(self, x: NDArray[np.floating]) -> NDArray[np.float64]:
        """float64 (N, D): rows whose squared length is 1 in the mean over the pictures that it is of."""
        return (softsign(x * self.scale + self.offset) - self.centre) / self.size
