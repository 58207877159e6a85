"""Optimisers by name; weight decay and L2 act on matrices and kernels, never on biases and normalisation."""

import inspect
from collections.abc import Iterable
from typing import Any

import torch
from torch import nn

from olhar.training.muon import Muon, inner_kernels
from olhar.training.recipe import AUTO, Recipe

_PEAK = {"adamw": 3e-3, "adam": 1e-3, "sgd": 0.1, "muon": 0.12}
_DECAY = {"adamw": 0.05, "adam": 0.0, "sgd": 5e-4, "muon": 0.01}
_MOMENTUM = {"sgd": 0.9, "muon": 0.6}
_BATCH_OF_PEAK = 256
_INSTEAD = "__dynamo_disable"
_GENTLE = 0.1
"""Weights that know something already are moved with a tenth of the rate of new ones."""
_BESIDE_MUON = 0.15
"""AdamW's share of Muon's rate: 0.018 beside 0.12."""


def peak_rate(recipe: Recipe) -> float:
    """The recipe's learning rate, or the optimiser's own, which grows with the batch: for Adam with its root (Malladi 2022)."""
    return recipe.learning_rate or own_rate(recipe)


def usual_rate(recipe: Recipe) -> float:
    """The optimiser's rate for batches of the size that most rates are written down for, which documents give for any batch."""
    return _PEAK[recipe.optimizer]


def own_rate(recipe: Recipe) -> float:
    """The optimiser's own rate for the recipe's batch."""
    share = recipe.batch / _BATCH_OF_PEAK
    gentle = 1.0 if recipe.learn in (AUTO, "head") else _GENTLE
    return gentle * _PEAK[recipe.optimizer] * (share if recipe.optimizer == "sgd" else share**0.5)


def decay(recipe: Recipe) -> float:
    """The recipe's weight decay, or the optimiser's own."""
    return recipe.weight_decay if recipe.weight_decay >= 0 else _DECAY[recipe.optimizer]


def momentum(recipe: Recipe) -> float:
    """The recipe's momentum, or the optimiser's own; nothing for those that have none."""
    own = _MOMENTUM.get(recipe.optimizer, 0.0)
    return recipe.momentum if own and recipe.momentum >= 0 else own


@torch.no_grad()
def take_step(optimizer: torch.optim.Optimizer) -> None:
    """One step of an optimiser. Its own ``step`` (torch 2.13) first imports torch's compiler, a second of every start, only to
    tell it to look away; what that wraps is called here."""
    inspect.unwrap(type(optimizer).step)(optimizer)


def _unknown_to_the_compiler() -> None:
    """The same for an optimiser's housekeeping, which knows what to call once it is told: itself."""
    for name in ("add_param_group", "zero_grad", "state_dict", "load_state_dict"):
        plain = getattr(getattr(torch.optim.Optimizer, name), "__wrapped__", None)
        if plain is not None and not hasattr(plain, _INSTEAD):
            setattr(plain, _INSTEAD, plain)


def optimizer(network: nn.Module, recipe: Recipe) -> torch.optim.Optimizer:
    """The recipe's optimiser over the parameters of ``network`` that learn."""
    _unknown_to_the_compiler()
    learning = [p for p in network.parameters() if p.requires_grad]
    if recipe.optimizer == "muon":
        kernels, rest = inner_kernels(learning)
        groups = [{"params": kernels, "weight_decay": decay(recipe), "momentum": momentum(recipe), "orthogonal": True}]
        return Muon([*groups, *_decayed(rest, decay(recipe), share=_BESIDE_MUON)], lr=peak_rate(recipe))
    groups = _decayed(learning, decay(recipe))
    if recipe.optimizer == "sgd":
        pushed = momentum(recipe)
        return torch.optim.SGD(groups, lr=peak_rate(recipe), momentum=pushed, nesterov=pushed > 0, fused=True)
    return torch.optim.AdamW(groups, lr=peak_rate(recipe), amsgrad=recipe.amsgrad, fused=True)


def _decayed(parameters: Iterable[nn.Parameter], strength: float, **settings: Any) -> list[dict[str, Any]]:
    every = list(parameters)
    return [
        {"params": [p for p in every if p.ndim > 1], "weight_decay": strength, **settings},
        {"params": [p for p in every if p.ndim <= 1], "weight_decay": 0.0, **settings},
    ]


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    """Give each group its share of the rate."""
    for group in optimizer.param_groups:
        group["lr"] = rate * group.get("share", 1.0)


@torch.no_grad()
def add_l2(optimizer: torch.optim.Optimizer, strength: float) -> None:
    """Add to the gradients what ``strength`` times the sum of the squares of matrices and kernels would add to the loss."""
    if strength:
        for p in (p for group in optimizer.param_groups for p in group["params"]):
            if p.ndim > 1 and p.grad is not None:
                p.grad.add_(p, alpha=2 * strength)
