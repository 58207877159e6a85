"""The colours of augmented pictures: brightness, contrast, saturation and hue as one sum over the channels, in one pass."""

from dataclasses import dataclass

import torch
from torch import Tensor

HUE_AND_SATURATION = ("saturation", "hue")
_LUMA = (0.299, 0.587, 0.114)


@dataclass(frozen=True)
class Colours:
    """What becomes of each picture's colours.

    Attributes:
        brightness, contrast, saturation: factors (N,); 1 leaves as it is.
        hue: radians (N,) about the gray axis.
        mixes: whether channels mix, that is, saturation or hue change.
    """

    brightness: Tensor
    contrast: Tensor
    saturation: Tensor | None = None
    hue: Tensor | None = None
    mixes: bool = False


def recoloured(pictures: Tensor, colours: Colours) -> Tensor:
    """Pictures uint8 (N, C, H, W) with other colours: hue(saturation(contrast(brightness))), cut to 0..255 once, at the end.

    All four are linear and leave gray gray, so that they are one matrix a picture and one number to add.
    """
    device = pictures.device
    channels = pictures.float()
    scale = (colours.brightness * colours.contrast).view(-1, 1, 1, 1).to(device)
    middle = ((1 - colours.contrast) * colours.brightness).view(-1, 1, 1, 1).to(device)
    add = middle * _mean(channels) if (colours.contrast != 1).any() else 0.0
    if colours.mixes:
        channels = torch.einsum("nij,njhw->nihw", _mixing(colours).to(device), channels)
    return channels.mul_(scale).add_(add).round_().clamp_(0, 255).to(torch.uint8)


def _mean(pictures: Tensor) -> Tensor:
    """The mean brightness of each picture, (N, 1, 1, 1)."""
    means = pictures.mean((2, 3), keepdim=True)
    weights = torch.tensor(_LUMA if pictures.shape[1] == 3 else (1.0,), device=pictures.device)
    return (means * weights.view(1, -1, 1, 1)).sum(1, keepdim=True)


def _mixing(colours: Colours) -> Tensor:
    """Matrices (N, 3, 3) of saturation, then of a turn about the gray axis."""
    n = len(colours.brightness)
    same, gray = torch.eye(3).expand(n, 3, 3), torch.tensor(_LUMA).expand(3, 3)
    mixing = same
    if colours.saturation is not None:
        factor = colours.saturation.view(-1, 1, 1)
        mixing = factor * same + (1 - factor) * gray
    if colours.hue is not None:
        cosine, sine = colours.hue.cos().view(-1, 1, 1), colours.hue.sin().view(-1, 1, 1)
        across = torch.tensor([[0.0, -1.0, 1.0], [1.0, 0.0, -1.0], [-1.0, 1.0, 0.0]]) / 3**0.5
        mixing = (cosine * same + (1 - cosine) / 3 + sine * across) @ mixing
    return mixing
