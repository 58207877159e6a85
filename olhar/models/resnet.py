"""resnet: a small residual network (He et al. 2015), its depth fitted to the size of the pictures."""

from torch import nn

from olhar.models.classifier import Classifier, Residual, convolution, halved, stack_classifier
from olhar.models.network_shape import NetworkShape

STAGES = (64, 128, 256)
_WORKING_SIDE = 48
_LAST_SIDE = 4


def resnet(channels: int, classes: int, size: tuple[int, int], shape: NetworkShape) -> Classifier:
    """A stem, then stages that halve the maps by a strided convolution, down to about 4x4, each with a residual block.

    Pictures above 48 pixels are halved by the stem until they are below, so that a photograph costs what an icon costs.
    What remains of each map is its largest value.

    Args:
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures, 8 pixels or more.
        shape: what was chosen; its own are stages of 64, 128 and 256 channels with one block each.
    """
    stages = shape.channels(STAGES)
    side, maps = min(size), max(1, stages[0] // 2)
    layers: list[nn.Module] = [convolution(channels, maps)]
    while side > _WORKING_SIDE:
        layers.append(convolution(maps, maps, stride=2))
        side = halved(side)
    for outputs in stages:
        stride = 2 if side > _LAST_SIDE else 1
        layers += [convolution(maps, outputs, stride), *(_block(outputs) for _ in range(shape.depth or 1))]
        side, maps = -(-side // stride), outputs
    return stack_classifier([*layers, nn.AdaptiveMaxPool2d(1)], maps, shape.dense or (), classes, shape.dropout)


def _block(channels: int) -> Residual:
    return Residual(nn.Sequential(convolution(channels, channels), convolution(channels, channels)))
