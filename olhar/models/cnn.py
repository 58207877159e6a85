"""cnn: three stages of convolution and pooling, then a dense layer; what most courses begin with."""

from torch import nn

from olhar.models.classifier import Classifier, convolution

WIDTH = 32
DENSE = 128
_GRID = 4


def cnn(channels: int, classes: int, size: tuple[int, int], width: int, dropout: float) -> Classifier:
    """Stages of ``width``, 2 and 4 times ``width`` channels, each halving the picture; the map is averaged to 4x4 at most.

    Args:
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures, 8 pixels or more.
        width: channels of the first stage; 0 means 32.
        dropout: share of the dense layer's outputs that are dropped in training.
    """
    width = width or WIDTH
    widths = [channels, width, 2 * width, 4 * width]
    stages = [layer for i in range(3) for layer in (convolution(widths[i], widths[i + 1]), nn.MaxPool2d(2))]
    height, wide = (side // 8 for side in size)
    squeeze = nn.AvgPool2d((max(1, height // _GRID), max(1, wide // _GRID)))
    cells = (height // max(1, height // _GRID)) * (wide // max(1, wide // _GRID))
    dense = nn.Sequential(nn.Flatten(), nn.Linear(widths[3] * cells, DENSE), nn.ReLU(inplace=True))
    return Classifier(nn.Sequential(*stages, squeeze, dense), DENSE, classes, dropout)
