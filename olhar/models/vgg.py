"""vgg: four stages of two convolutions with batch normalisation, two dense layers (after Simonyan and Zisserman 2014)."""

from olhar.models.classifier import Classifier
from olhar.models.cnn import stacked
from olhar.models.network_shape import NetworkShape

STAGES = (32, 64, 128, 256)
DENSE = (256, 256)


def vgg(channels: int, classes: int, size: tuple[int, int], shape: NetworkShape) -> Classifier:
    """Four stages of 32 to 256 channels, two convolutions each, then two dense layers of 256."""
    return stacked(channels, classes, size, shape, own_stages=STAGES, own_dense=DENSE, depth=2)
