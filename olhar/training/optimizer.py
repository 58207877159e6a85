"""Optimisers by name; weight decay acts on matrices and kernels, never on biases and normalisation."""

import torch
from torch import nn

from olhar.training.recipe import AUTO, Recipe

_PEAK = {"adamw": 3e-3, "sgd": 0.1}
_DECAY = {"adamw": 0.05, "sgd": 5e-4}
_BATCH_OF_PEAK = 256
_GENTLE = 0.1
"""Weights that know something already are moved with a tenth of the rate of new ones."""


def peak_rate(recipe: Recipe) -> float:
    """The recipe's learning rate, or the optimiser's own, which grows with the batch: for Adam with its root (Malladi 2022)."""
    if recipe.learning_rate:
        return recipe.learning_rate
    share = recipe.batch / _BATCH_OF_PEAK
    gentle = 1.0 if recipe.learn in (AUTO, "head") else _GENTLE
    return gentle * _PEAK[recipe.optimizer] * (share**0.5 if recipe.optimizer == "adamw" else share)


def decay(recipe: Recipe) -> float:
    """The recipe's weight decay, or the optimiser's own."""
    return recipe.weight_decay if recipe.weight_decay >= 0 else _DECAY[recipe.optimizer]


def optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimiser over the parameters of ``network`` that learn."""
    learning = [p for p in network.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in learning if p.ndim > 1], "weight_decay": decay(recipe)},
        {"params": [p for p in learning if p.ndim <= 1], "weight_decay": 0.0},
    ]
    if recipe.optimizer == "sgd":
        return torch.optim.SGD(groups, lr=peak_rate(recipe), momentum=0.9, nesterov=True, fused=True)
    return torch.optim.AdamW(groups, lr=peak_rate(recipe), fused=True)
