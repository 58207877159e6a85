"""Ground: pictures' pooled outputs, squashed block by block, as all candidates use them; and from what was learnt to a Head."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.side_by_side import two_at_a_time
from olhar.bodies.heads.candidates import LAYOUT, BlockSet
from olhar.bodies.heads.head import Features, Head
from olhar.bodies.heads.spaces import Array, BlockRows, Space, space_of
from olhar.bodies.heads.squash import Squash

EXACT = 1000
"""Rows of up to so many pictures are float64; of more, float32: half the time, and the optimiser still counts in float64."""


@dataclass(frozen=True)
class LearntSet:
    """What one candidate came to: weights (D, K) of its blocks' rows side by side, and a bias (K,)."""

    candidate: BlockSet
    kernel: Array
    bias: Array


@dataclass(frozen=True)
class Ground:
    """The blocks of N pictures.

    Attributes:
        squashes: how each block's outputs become rows.
        rows: the rows of each.
    """

    squashes: Mapping[str, Squash]
    rows: Mapping[str, BlockRows]

    @classmethod
    def of(cls, features: Features, names: Sequence[str]) -> "Ground":
        """That of outputs (views, N, width) by name. The mean of a picture's views teaches; the first view is what is judged.

        The layout is taught by the first view alone: the mean of a picture and its mirror image would say nothing of sides.

        Columns are standardised by all N pictures, without their labels; so no picture's label moves another's row.
        """
        views = [features[name][:1] if name == LAYOUT else features[name] for name in names]
        blocks = dict(zip(names, two_at_a_time(_block, views), strict=True))
        return cls({name: squash for name, (squash, _) in blocks.items()}, {name: rows for name, (_, rows) in blocks.items()})

    def space(self, candidate: BlockSet) -> Space:
        """The candidate's rows, as the optimiser sees them."""
        return space_of([self.rows[name] for name in candidate.blocks])

    def head(self, learnt: Sequence[LearntSet], weights: Sequence[float]) -> Head:
        """The weighted sum of what was learnt, as one head; blocks that no weight is on are left out."""
        used = [(one, weight) for one, weight in zip(learnt, weights, strict=True) if weight]
        blocks = [name for name in self.squashes if any(name in one.candidate.blocks for one, _ in used)]
        kernels = {name: sum((weight * self._part(one, name) for one, weight in used), start=np.zeros(1)) for name in blocks}
        bias = sum((weight * one.bias for one, weight in used), start=np.zeros(1))
        for name in blocks:
            bias = bias - self.squashes[name].centre @ kernels[name]
        return Head(
            tuple(blocks),
            np.concatenate([self.squashes[name].scale for name in blocks]).astype(np.float32),
            np.concatenate([self.squashes[name].offset for name in blocks]).astype(np.float32),
            np.concatenate([kernels[name] for name in blocks]).astype(np.float32),
            bias.astype(np.float32),
        )

    def _part(self, learnt: LearntSet, name: str) -> Array:
        """What a candidate adds to a block's kernel, in terms of squashed outputs; zeros where it does not take the block."""
        names, squash = learnt.candidate.blocks, self.squashes[name]
        if name not in names:
            return np.zeros((len(squash.scale), len(learnt.bias)))
        start = sum(len(self.squashes[other].scale) for other in names[: names.index(name)])
        return learnt.kernel[start : start + len(squash.scale)] / (np.sqrt(len(names)) * squash.size)


def _block(views: NDArray[np.floating]) -> tuple[Squash, BlockRows]:
    """How the outputs (views, N, width) of a block become rows, and the rows."""
    taught = views.mean(axis=0, dtype=np.float32)
    squash = Squash.of(taught)
    return squash, _rows(views, taught, squash)


def _rows(views: NDArray[np.floating], taught: NDArray[np.float32], squash: Squash) -> BlockRows:
    kind = np.float64 if len(taught) <= EXACT else np.float32
    rows = squash.rows(taught, kind)
    return BlockRows(rows, rows if len(views) == 1 else squash.rows(views[0].astype(np.float32), kind))
