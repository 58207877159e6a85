"""Batches: packed pictures of one part, in an order drawn from the seed and the epoch alone. Torch comes with the first batch."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.training.balance import balanced_order

if TYPE_CHECKING:
    from torch import Tensor

_MOST_AT_ONCE = 512


@dataclass(frozen=True)
class Batches:
    """The pictures of one part.

    Attributes:
        pixels: uint8 (M, H, W, C), the whole store; read row by row, so that it may be larger than memory.
        rows: int64 (N,), the rows of this part.
        labels: int64 (N,), their classes.
        size: pictures a batch.
        balanced: whether an epoch shows all classes alike, in place of every picture once.
    """

    pixels: Pixels
    rows: NDArray[np.int64]
    labels: NDArray[np.int64]
    size: int
    balanced: bool = False

    def __deepcopy__(self, _memory: object) -> "Batches":
        """Nothing writes into the pictures: a copy of a training shares them, though they be larger than memory."""
        return self

    def __len__(self) -> int:
        """Batches an epoch. A single picture that would be left over goes into the last: of one there is no deviation."""
        whole, left = divmod(len(self.rows), self.size)
        return whole + (left > 1 or not whole)

    def order(self, seed: int, epoch: int) -> NDArray[np.int64]:
        """The order of pictures in an epoch: the same for the same seed and epoch, whatever was drawn before."""
        generator = np.random.Generator(np.random.Philox(key=[seed, epoch]))
        return balanced_order(self.labels, generator) if self.balanced else generator.permutation(len(self.rows))

    def shuffled(self, seed: int, epoch: int, start: int = 0) -> "Iterator[tuple[Tensor, Tensor]]":
        """Pictures uint8 (B, C, H, W) in channels-last memory, and labels int64 (B,), from batch ``start`` on."""
        order = self.order(seed, epoch)
        for step in range(start, len(self)):
            end = (step + 1) * self.size if step + 1 < len(self) else len(order)
            yield self._take(order[step * self.size : end])

    def in_order(self) -> "Iterator[tuple[Tensor, Tensor]]":
        """All pictures once, as they stand; answering takes less memory than learning, so four batches come at a time."""
        size = min(_MOST_AT_ONCE, 4 * self.size)
        for start in range(0, len(self.rows), size):
            yield self._take(np.arange(start, min(start + size, len(self.rows))))

    def _take(self, chosen: NDArray[np.int64]) -> "tuple[Tensor, Tensor]":
        import torch

        pictures = torch.from_numpy(self.pixels[self.rows[chosen]])
        return pictures.permute(0, 3, 1, 2), torch.from_numpy(self.labels[chosen])


def channel_statistics(pixels: Pixels, rows: NDArray[np.int64], limit: int = 5000) -> tuple[tuple[float, ...], tuple[float, ...]]:
    """Mean and standard deviation of each channel over at most ``limit`` pictures spread evenly, on pictures scaled to 0..1.

    A channel that never changes gets a deviation of 1.
    """
    chosen = rows[np.linspace(0, len(rows) - 1, min(limit, len(rows))).astype(np.int64)]
    counts = [np.bincount(pixels[chosen, :, :, c].ravel(), minlength=256) for c in range(pixels.shape[3])]
    levels = np.arange(256) / 255
    means = [float((count * levels).sum() / count.sum()) for count in counts]
    deviations = [
        float(np.sqrt((count * (levels - mean) ** 2).sum() / count.sum())) for count, mean in zip(counts, means, strict=True)
    ]
    return tuple(round(mean, 6) for mean in means), tuple(round(d, 6) if d > 1e-4 else 1.0 for d in deviations)
