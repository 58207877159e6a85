"""The networks by name: a plain table, with the nearest name on a typo."""

from collections.abc import Callable

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from olhar.base.errors import RecipeError
from olhar.models.classifier import Classifier
from olhar.models.cnn import cnn
from olhar.models.network_shape import NETWORKS, SMALLEST_SIDE, NetworkShape, refuse_unusable
from olhar.models.quick import quick
from olhar.models.resnet import resnet
from olhar.models.separable import separable
from olhar.models.vgg import vgg

Builder = Callable[[int, int, tuple[int, int], NetworkShape], Classifier]

MODELS: dict[str, Builder] = dict(zip(NETWORKS, (cnn, vgg, separable, resnet, quick), strict=True))

_PLAIN = NetworkShape()


def builder(name: str, shape: NetworkShape = _PLAIN) -> Builder:
    """What builds the network of a name.

    Raises:
        RecipeError: no model of that name (the nearest is named), or it has no use for something of ``form``.
    """
    refuse_unusable(name, shape)
    return MODELS[name]


def build(name: str, channels: int, classes: int, size: tuple[int, int], shape: NetworkShape = _PLAIN) -> Classifier:
    """A new network with random weights, drawn from torch's global generator.

    Args:
        name: a key of ``MODELS``.
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures.
        shape: what was chosen of its shape.

    Raises:
        RecipeError: no model of that name, pictures below 8 pixels, or a shape that the model has no use for.
    """
    if min(size) < SMALLEST_SIDE:
        raise RecipeError("recipe.size", found=min(size))
    return builder(name, shape)(channels, classes, size, shape)


@torch.no_grad()
def multiply_adds(network: nn.Module, shape: tuple[int, int, int, int]) -> int:
    """Multiply-adds of one forward pass over float pictures of ``shape`` (N, C, H, W), in convolutions and dense layers."""
    with FlopCounterMode(display=False) as counter:
        network.eval()(torch.zeros(shape))
    return counter.get_total_flops() // 2
