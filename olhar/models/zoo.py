"""The networks by name: a plain table, with the nearest name on a typo."""

from collections.abc import Callable
from difflib import get_close_matches

import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from olhar.base.errors import RecipeError
from olhar.models.classifier import Classifier
from olhar.models.cnn import cnn
from olhar.models.resnet import resnet

Builder = Callable[[int, int, tuple[int, int], int, float], Classifier]

MODELS: dict[str, Builder] = {"cnn": cnn, "resnet": resnet}
SMALLEST_SIDE = 8


def builder(name: str) -> Builder:
    """What builds the network of a name.

    Raises:
        RecipeError: no model of that name; the nearest is named.
    """
    if name not in MODELS:
        near = get_close_matches(name, MODELS, 1)
        raise RecipeError("recipe.model", found=name, known=", ".join(MODELS), near=near[0] if near else "resnet")
    return MODELS[name]


def build(name: str, channels: int, classes: int, size: tuple[int, int], width: int = 0, dropout: float = 0.0) -> Classifier:
    """A new network with random weights, drawn from torch's global generator.

    Args:
        name: a key of ``MODELS``.
        channels: 1 or 3.
        classes: outputs.
        size: height and width of the pictures.
        width: channels of the first stage; 0 takes the model's own.
        dropout: a share of 1.

    Raises:
        RecipeError: no model of that name, or pictures below 8 pixels.
    """
    if min(size) < SMALLEST_SIDE:
        raise RecipeError("recipe.size", found=min(size))
    return builder(name)(channels, classes, size, width, dropout)


@torch.no_grad()
def multiply_adds(network: nn.Module, shape: tuple[int, int, int, int]) -> int:
    """Multiply-adds of one forward pass over float pictures of ``shape`` (N, C, H, W), in convolutions and dense layers."""
    with FlopCounterMode(display=False) as counter:
        network.eval()(torch.zeros(shape))
    return counter.get_total_flops() // 2
