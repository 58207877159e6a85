"""Pictures with a hole, and pictures mixed with others of their batch, with the share that is left of each."""

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional


def cut_out(pictures: Tensor, share: float, generator: torch.Generator) -> Tensor:
    """Pictures (N, C, H, W), each with a square of ``share`` of its shorter side, anywhere inside, in its mean colour."""
    n, (height, width) = len(pictures), pictures.shape[2:]
    side = min(max(1, round(share * min(height, width))), height, width)
    top, left = (torch.randint(0, room - side + 1, (n,), generator=generator) for room in (height, width))
    hole = _boxes((height, width), top, top + side, left, left + side).to(pictures.device)
    mean = pictures.float().mean((2, 3), keepdim=True).round().to(torch.uint8)
    return torch.where(hole, mean, pictures)


def shares(n: int, strength: float, generator: torch.Generator) -> Tensor:
    """Numbers (N,) from Beta(strength, strength); torch's own draws it from no generator that one can give."""
    seed = int(torch.randint(2**62, (1,), generator=generator))
    return torch.from_numpy(np.random.default_rng(seed).beta(strength, strength, n).astype(np.float32))


def mixup(pictures: Tensor, order: Tensor, own: Tensor) -> tuple[Tensor, Tensor]:
    """``own`` of each picture and the rest of the one that ``order`` (N,) names; and ``own`` (N,)."""
    share = own.view(-1, 1, 1, 1).to(pictures.device)
    others = pictures[order.to(pictures.device)].float()
    return torch.lerp(others, pictures.float(), share).round_().clamp_(0, 255).to(torch.uint8), own


def cutmix(pictures: Tensor, order: Tensor, own: Tensor, generator: torch.Generator) -> tuple[Tensor, Tensor]:
    """Each picture with a box of the one that ``order`` (N,) names; and the share of its pixels that is its own, (N,).

    The box has the picture's proportions and about ``1 - own`` of its area; it lies anywhere, wholly inside.
    """
    n, (height, width) = len(pictures), pictures.shape[2:]
    sides = [((1 - own).sqrt() * room).round().long() for room in (height, width)]
    top, left = (
        (torch.rand(n, generator=generator) * (room - side + 1)).long() for room, side in zip((height, width), sides, strict=True)
    )
    box = _boxes((height, width), top, top + sides[0], left, left + sides[1])
    own_share = 1 - (sides[0] * sides[1]).float() / (height * width)
    device = pictures.device
    return torch.where(box.to(device), pictures[order.to(device)], pictures), own_share


def one_hot(labels: Tensor, classes: int) -> Tensor:
    """float32 (N, classes), 1 at each label."""
    return functional.one_hot(labels, classes).float()


def _boxes(size: tuple[int, int], top: Tensor, bottom: Tensor, left: Tensor, right: Tensor) -> Tensor:
    """Where a box of each picture lies, bool (N, 1, H, W)."""
    rows, columns = (torch.arange(side) for side in size)
    tall = (rows >= top[:, None]) & (rows < bottom[:, None])
    wide = (columns >= left[:, None]) & (columns < right[:, None])
    return (tall[:, :, None] & wide[:, None, :]).unsqueeze(1)
