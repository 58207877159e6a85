"""separable: depthwise-separable convolutions and inverted residual blocks (Howard et al. 2017, Sandler et al. 2018).

Few multiply-adds and a small file; but a processor computes depthwise convolutions slowly, so that it is no quicker to train.
"""

from torch import Tensor, nn

from olhar.models.classifier import Classifier, convolution, halved, stack_classifier
from olhar.models.network_shape import NetworkShape

STAGES = (24, 48, 96, 160)
_EXPANSION = 4
_WORKING_SIDE = 48
_LAST_SIDE = 4


class Inverted(nn.Module):
    """Wide in the middle: a 1x1 convolution up, a depthwise one, a 1x1 convolution down; added to its input where both agree."""

    def __init__(self, inputs: int, outputs: int, stride: int) -> None:
        super().__init__()
        wide = _EXPANSION * inputs
        self.adds = stride == 1 and inputs == outputs
        self.branch = nn.Sequential(*_pointwise(inputs, wide), *_depthwise(wide, stride), *_pointwise(wide, outputs)[:2])

    def forward(self, maps: Tensor) -> Tensor:
        """Maps (N, C, H, W) to (N, C', H', W')."""
        return maps + self.branch(maps) if self.adds else self.branch(maps)


def _pointwise(inputs: int, outputs: int) -> list[nn.Module]:
    return [nn.Conv2d(inputs, outputs, 1, bias=False), nn.BatchNorm2d(outputs), nn.ReLU(inplace=True)]


def _depthwise(maps: int, stride: int) -> list[nn.Module]:
    spread = nn.Conv2d(maps, maps, 3, stride=stride, padding=1, groups=maps, bias=False)
    return [spread, nn.BatchNorm2d(maps), nn.ReLU(inplace=True)]


def separable(channels: int, classes: int, size: tuple[int, int], shape: NetworkShape) -> Classifier:
    """A stem and a depthwise-separable convolution, then stages of inverted residual blocks, then the mean of each map.

    Pictures above 48 pixels are halved by the stem until they are below; the stages after the first halve the maps down to
    about 4x4.

    Args:
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures, 8 pixels or more.
        shape: what was chosen; its own are stages of 24, 48, 96 and 160 channels with two blocks each.
    """
    stages = shape.channels(STAGES)
    side, maps = min(size), stages[0]
    layers: list[nn.Module] = [convolution(channels, maps)]
    while side > _WORKING_SIDE:
        layers.append(convolution(maps, maps, stride=2))
        side = halved(side)
    layers += [*_depthwise(maps, 1), *_pointwise(maps, maps)]
    for number, outputs in enumerate(stages):
        stride = 2 if number and side > _LAST_SIDE else 1
        side = -(-side // stride)
        for block in range(shape.depth or 2):
            layers.append(Inverted(maps, outputs, stride if block == 0 else 1))
            maps = outputs
    features = 4 * maps
    layers += [*_pointwise(maps, features), nn.AdaptiveAvgPool2d(1)]
    return stack_classifier(layers, features, shape.dense or (), classes, shape.dropout)
