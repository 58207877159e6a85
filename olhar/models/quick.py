"""quick: a wide and shallow network for a few minutes of learning (after Jordan 2024, arXiv 2404.00498, and Page 2018).

Dense 3x3 convolutions are what a processor's matrix units do best; its first layer is not learnt but computed from patches of
the training pictures, so that learning begins with whitened numbers.
"""

import torch
from torch import Tensor, nn
from torch.nn import functional

from olhar.models.classifier import Classifier, DataInitialised, Residual, stack_classifier
from olhar.models.network_shape import NetworkShape

STAGES = (64, 256, 256)
_WORKING_SIDE = 48
_MOST_FILTERS = 24
_SCALE = 1 / 9
_NOISE = 5e-4


class Whitening(DataInitialised):
    """A convolution over patches whose filters are the patches' principal directions, each divided by its deviation, and their
    negatives. The filters come from ``initialise`` and are not learnt; the bias is.
    """

    filters: Tensor

    def __init__(self, channels: int, stride: int) -> None:
        super().__init__()
        self.stride = stride
        side = stride * (2 if channels > 1 else 3)
        half = min(channels * side * side, _MOST_FILTERS)
        drawn = nn.init.orthogonal_(torch.empty(half, channels * side * side)).view(half, channels, side, side)
        self.register_buffer("filters", torch.cat((drawn, -drawn)))
        self.bias = nn.Parameter(torch.zeros(2 * half))

    @torch.no_grad()
    def initialise(self, pictures: Tensor) -> None:
        """Take the filters from normalised pictures (N, C, H, W)."""
        side = self.filters.shape[2]
        patches = pictures.double().unfold(2, side, side).unfold(3, side, side).permute(0, 2, 3, 1, 4, 5).flatten(3).flatten(0, 2)
        strengths, directions = torch.linalg.eigh(patches.T @ patches / len(patches))
        half = len(self.filters) // 2
        filters = (directions / (strengths.clamp(min=0) + _NOISE).sqrt()).T.flip(0)[:half].view(self.filters[:half].shape)
        self.filters.copy_(torch.cat((filters, -filters)))

    def forward(self, pictures: Tensor) -> Tensor:
        """Whitened maps of pictures (N, C, H, W)."""
        return functional.conv2d(pictures, self.filters, self.bias, self.stride)


class Scaled(nn.Module):
    """Features divided by nine, so that the first answers are unsure."""

    def forward(self, features: Tensor) -> Tensor:
        """Numbers of any shape."""
        return features * _SCALE


def quick(channels: int, classes: int, size: tuple[int, int], shape: NetworkShape) -> Classifier:
    """A whitening layer, three groups of convolutions that begin as the identity, the largest value of each map.

    Pictures above 48 pixels are brought below by the stride of the whitening layer.

    Args:
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures, 8 pixels or more.
        shape: what was chosen; its own are stages of 64, 256 and 256 channels with two convolutions each.
    """
    stride = -(-min(size) // _WORKING_SIDE)
    first = Whitening(channels, stride)
    side = (min(size) - first.filters.shape[2]) // stride + 1
    layers: list[nn.Module] = [first, nn.GELU()]
    maps = len(first.filters)
    for outputs in shape.channels(STAGES):
        layers += _group(maps, outputs, shape.depth or 2, pools=side >= 4)
        side, maps = side // 2 if side >= 4 else side, outputs
    return stack_classifier([*layers, nn.AdaptiveMaxPool2d(1), Scaled()], maps, shape.dense or (), classes, shape.dropout)


def _group(inputs: int, outputs: int, depth: int, pools: bool) -> list[nn.Module]:
    """Convolutions with batch normalisation, the first of which is pooled; never to one cell, of which there is no deviation.

    From three on, what the first gave goes past the others too: deep and plain groups learn slowly.
    """
    first = [_identity(inputs, outputs), *[nn.MaxPool2d(2)] * pools, nn.BatchNorm2d(outputs), nn.GELU()]
    others: list[nn.Module] = []
    for _ in range(depth - 1):
        others += [_identity(outputs, outputs), nn.BatchNorm2d(outputs), nn.GELU()]
    return [*first, Residual(nn.Sequential(*others[:-1])), nn.GELU()] if depth > 2 else [*first, *others]


def _identity(inputs: int, outputs: int) -> nn.Conv2d:
    """A 3x3 convolution whose first outputs are its inputs, unchanged; the rest is drawn."""
    layer = nn.Conv2d(inputs, outputs, 3, padding=1, bias=False)
    with torch.no_grad():
        nn.init.dirac_(layer.weight[: min(inputs, outputs)])
    return layer
