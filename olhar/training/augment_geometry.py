"""Where the pixels of an augmented picture are taken from: exact for flips and whole pixels, sampled once for all the rest."""

from typing import Literal

import torch
from torch import Tensor
from torch.nn import functional

Fill = Literal["reflect", "nearest", "black"]
FILLS: tuple[Fill, ...] = ("reflect", "nearest", "black")

_AT_ONCE = 2**16
"""So many pixels are sampled at once on a processor, so that they stay in its cache."""

_PADDING = {"reflect": "reflection", "nearest": "border", "black": "zeros"}


def flipped(pictures: Tensor, chosen: Tensor, axis: int = 3) -> Tensor:
    """Pictures (N, C, H, W), those where ``chosen`` (N,) is true mirrored along an axis: 3 left to right, 2 upside down."""
    return torch.where(chosen.view(-1, 1, 1, 1).to(pictures.device), pictures.flip(axis), pictures)


def shifted(pictures: Tensor, down: Tensor, right: Tensor, fill: Fill = "reflect") -> Tensor:
    """Pictures (N, C, H, W), each moved by whole pixels ``down`` (N,) and ``right`` (N,)."""
    n, _, height, width = pictures.shape
    rows = (torch.arange(height) - down[:, None]).to(pictures.device)
    columns = (torch.arange(width) - right[:, None]).to(pictures.device)
    picture = torch.arange(n, device=pictures.device)[:, None, None]
    inner = (_inside(rows, height, fill)[:, :, None], _inside(columns, width, fill)[:, None, :])
    moved = pictures.permute(0, 2, 3, 1)[picture, *inner].permute(0, 3, 1, 2)
    if fill != "black":
        return moved
    inside = _within(rows, height)[:, None, :, None] & _within(columns, width)[:, None, None, :]
    return moved * inside


def _inside(positions: Tensor, side: int, fill: Fill) -> Tensor:
    """Positions outside 0..side-1 brought inside: mirrored, the edge pixel not repeated, or to the edge."""
    if fill != "reflect":
        return positions.clamp(0, side - 1)
    period = max(1, 2 * (side - 1))
    folded = positions.remainder(period)
    return torch.where(folded < side, folded, period - folded)


def _within(positions: Tensor, side: int) -> Tensor:
    return (positions >= 0) & (positions < side)


def matrices(angles: Tensor, slants: Tensor, scales: Tensor) -> Tensor:
    """Matrices (N, 2, 2) of a rotation by ``angles``, a shear by ``slants`` (both in radians), and a scale, each (N,)."""
    cosine, sine, slant = angles.cos(), angles.sin(), slants.tan()
    rows = (cosine, cosine * slant - sine, sine, sine * slant + cosine)
    return torch.stack(rows, 1).view(-1, 2, 2) * scales.view(-1, 1, 1)


def warped(pictures: Tensor, places: Tensor, offsets: Tensor, fill: Fill = "reflect") -> Tensor:
    """Pictures whose pixel at p is the old one's at ``places @ p + offsets``, bilinear between four, rounded.

    Args:
        pictures: uint8 (N, C, H, W).
        places: float (N, 2, 2), on (x, y) in pixels from the picture's centre.
        offsets: float (N, 2), in pixels.
        fill: what lies outside.
    """
    height, width = pictures.shape[2:]
    chunk_size = max(1, _AT_ONCE // (height * width)) if pictures.device.type == "cpu" else len(pictures)
    sampled = torch.empty_like(pictures)
    for indices in torch.arange(len(pictures)).split(chunk_size):
        rows = slice(int(indices[0]), int(indices[-1]) + 1)
        grid = _grid(places[rows], offsets[rows], height, width).to(pictures.device)
        planes = pictures[rows].float().contiguous()
        chunk = functional.grid_sample(planes, grid, "bilinear", _PADDING[fill], align_corners=True)
        sampled[rows] = chunk.round_().clamp_(0, 255)
    return sampled


def _grid(places: Tensor, offsets: Tensor, height: int, width: int) -> Tensor:
    """The places that pixels come from, (N, H, W, 2), where -1 and 1 are the middles of the outermost pixels."""
    half = torch.tensor([(width - 1) / 2, (height - 1) / 2])
    shares, begin = places / half.clamp(min=0.5)[:, None], offsets / half.clamp(min=0.5)
    along = (torch.arange(width) - half[0]).view(1, 1, -1, 1) * shares[:, None, None, :, 0]
    down = (torch.arange(height) - half[1]).view(1, -1, 1, 1) * shares[:, None, None, :, 1]
    return along + (down + begin[:, None, None, :])
