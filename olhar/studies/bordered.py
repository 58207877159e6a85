"""Pictures of which a network sees the borders alone, where one is taught from nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from olhar.training.batches import Batches

FRAME = 8
"""A border is an eighth of the side wide."""


@dataclass(frozen=True)
class Bordered(Batches):
    """Batches whose pictures have their middle blanked; what is left is a frame of an eighth of each side."""

    def in_order(self) -> Iterator[tuple[Tensor, Tensor]]:
        """All pictures once, as they stand, without their middle."""
        return ((without_middle(pictures), labels) for pictures, labels in super().in_order())

    def shuffled(self, seed: int, epoch: int, start: int = 0) -> Iterator[tuple[Tensor, Tensor]]:
        """Batches in the order of an epoch, without their middle."""
        return ((without_middle(pictures), labels) for pictures, labels in super().shuffled(seed, epoch, start))


def without_middle(pictures: Tensor) -> Tensor:
    """Pictures, uint8 (B, C, H, W), of which only the frame is left; the middle becomes gray."""
    height, width = pictures.shape[2:]
    down, right = max(1, height // FRAME), max(1, width // FRAME)
    pictures[:, :, down : height - down, right : width - right] = 128
    return pictures
