"""cnn: stages of convolution and pooling, then dense layers; what most courses begin with."""

from torch import nn

from olhar.models.classifier import Classifier, convolution, stack_classifier
from olhar.models.network_shape import NetworkShape

STAGES = (32, 64, 128)
DENSE = (128,)
_GRID = 4


def cnn(channels: int, classes: int, size: tuple[int, int], shape: NetworkShape) -> Classifier:
    """Three stages of 32, 64 and 128 channels, one convolution each, then a dense layer of 128."""
    return stacked(channels, classes, size, shape, own_stages=STAGES, own_dense=DENSE, depth=1)


def stacked(
    channels: int,
    classes: int,
    size: tuple[int, int],
    shape: NetworkShape,
    *,
    own_stages: tuple[int, ...],
    own_dense: tuple[int, ...],
    depth: int,
) -> Classifier:
    """Stages of convolutions, each of which halves the picture while there is something to halve; then dense layers.

    What is left of the maps is averaged to about 4x4, where that divides their sides; to 7x7 at most.

    Args:
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures, 8 pixels or more.
        shape: what was chosen.
        own_stages, own_dense: channels of the stages and units of the dense layers where nothing was chosen.
        depth: convolutions a stage where nothing was chosen.
    """
    layers: list[nn.Module] = []
    maps, (height, wide) = channels, size
    for outputs in shape.channels(own_stages):
        for _ in range(shape.depth or depth):
            layers.append(convolution(maps, outputs, norm=shape.norm in ("auto", "convolution")))
            maps = outputs
        if min(height, wide) >= (4 if shape.norm == "stage" else 2):
            layers.append(nn.MaxPool2d(2))
            height, wide = height // 2, wide // 2
        layers += [nn.BatchNorm2d(maps)] * (shape.norm == "stage")
        layers += [nn.Dropout(shape.stage_dropout)] * (shape.stage_dropout > 0)
    window = max(1, height // _GRID), max(1, wide // _GRID)
    cells = (height // window[0]) * (wide // window[1])
    layers += [nn.AvgPool2d(window)]
    dense = own_dense if shape.dense is None else shape.dense
    return stack_classifier(layers, maps * cells, dense, classes, shape.dropout)
