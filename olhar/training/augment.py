"""Augmentation of whole batches, on uint8, drawn from a generator that is given: nothing else decides what comes out."""

from dataclasses import dataclass

import torch
from torch import Tensor


@dataclass(frozen=True)
class Augmentation:
    """What is done to training pictures.

    Attributes:
        flip: mirror half of them.
        shift: move each by up to this share of its side, the border repeated by reflection.
    """

    flip: bool
    shift: float

    def __call__(self, pictures: Tensor, generator: torch.Generator) -> Tensor:
        """Other pictures of the same shape and dtype, (N, C, H, W)."""
        if self.flip:
            pictures = flipped(pictures, torch.rand(len(pictures), generator=generator) < 0.5)
        reach = [round(self.shift * side) for side in pictures.shape[2:]]
        if any(reach):
            down, right = (torch.randint(-r, r + 1, (len(pictures),), generator=generator) for r in reach)
            pictures = shifted(pictures, down, right)
        return pictures


def flipped(pictures: Tensor, chosen: Tensor) -> Tensor:
    """Pictures (N, C, H, W), those where ``chosen`` (N,) is true mirrored left to right."""
    return torch.where(chosen.view(-1, 1, 1, 1).to(pictures.device), pictures.flip(3), pictures)


def shifted(pictures: Tensor, down: Tensor, right: Tensor) -> Tensor:
    """Pictures (N, C, H, W), each moved by whole pixels ``down`` (N,) and ``right`` (N,); borders are filled by reflection."""
    n, _, height, width = pictures.shape
    rows = _reflected(torch.arange(height) - down[:, None], height).to(pictures.device)
    columns = _reflected(torch.arange(width) - right[:, None], width).to(pictures.device)
    picture = torch.arange(n, device=pictures.device)[:, None, None]
    moved = pictures.permute(0, 2, 3, 1)[picture, rows[:, :, None], columns[:, None, :]]
    return moved.permute(0, 3, 1, 2)


def _reflected(positions: Tensor, side: int) -> Tensor:
    """Positions outside 0..side-1 mirrored back inside, the edge pixel not repeated."""
    period = max(1, 2 * (side - 1))
    folded = positions.remainder(period)
    return torch.where(folded < side, folded, period - folded)
