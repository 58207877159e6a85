"""Averages of weights: the network that answers may be the mean of what the one that learns has been."""

import copy
from collections.abc import Iterable, Sequence

import torch
from torch import Tensor, nn
from torch.optim.swa_utils import get_ema_multi_avg_fn, get_swa_multi_avg_fn

from olhar.training.recipe import Recipe

Norm = nn.BatchNorm1d | nn.BatchNorm2d | nn.BatchNorm3d


class Average:
    """The running mean of a network's weights, as a network of its own.

    ``ema``: a moving average (Polyak and Juditsky 1992, "Acceleration of stochastic approximation by averaging"), whose memory
    of ``average_span`` of all steps grows from one step on, so that the first weights are soon forgotten; the running
    statistics of batch normalisation are averaged alike. ``tail``: the plain mean over the last ``average_span`` of all steps
    (Izmailov and others 2018, "Averaging weights leads to wider optima and better generalization"); the statistics are then
    measured anew, as those of a mean network are not the mean of the statistics. Those of a Keras file are averaged either way.

    Attributes:
        network: the mean.
        count: steps that it holds; 0: the average has not begun.
    """

    def __init__(self, network: nn.Module, recipe: Recipe) -> None:
        self.kind, self.span = recipe.averaging, recipe.average_span
        self.network = copy.deepcopy(network).requires_grad_(False).eval()
        self.count = 0

    def update(self, network: nn.Module, step: int, total: int) -> None:
        """Take in the weights after ``step`` of ``total`` steps."""
        if self.kind == "tail" and step <= total * (1 - self.span):
            self.count = 0  # under --minutes, what was the end may be the middle by now
            return
        mine, theirs = _floats(self.network), _floats(network)
        if not self.count:
            for weight, newest in zip(mine, theirs, strict=True):
                weight.copy_(newest)
        elif self.kind == "tail":
            get_swa_multi_avg_fn()(mine, theirs, torch.tensor(self.count))
        else:
            decay = min(1 - 1 / max(1.0, self.span * total), (1 + self.count) / (10 + self.count))
            get_ema_multi_avg_fn(decay)(mine, theirs, self.count)
        self.count += 1

    def answering(self, network: nn.Module, batches: Iterable[Tensor]) -> nn.Module:
        """The network that answers: the mean, once it has begun.

        Args:
            network: the one that learns.
            batches: training pictures as the network takes them, of which ``tail`` measures its statistics.
        """
        if not self.count:
            return network
        if self.kind == "tail":
            live = [mine for mine, theirs in zip(_norms(self.network), _norms(network), strict=True) if _learns(theirs)]
            measure_statistics(self.network, live, batches)
        return self.network


@torch.no_grad()
def measure_statistics(network: nn.Module, norms: Sequence[Norm], batches: Iterable[Tensor]) -> None:
    """Measure the running statistics of ``norms`` in ``network`` anew, as plain means over batches of pictures."""
    if not norms:
        return
    usual = [norm.momentum for norm in norms]
    network.eval()
    for norm in norms:
        norm.reset_running_stats()
        norm.momentum = None
        norm.train()
    for pictures in batches:
        network(pictures)
    for norm, momentum in zip(norms, usual, strict=True):
        norm.momentum = momentum
        norm.eval()


def _norms(network: nn.Module) -> list[Norm]:
    return [module for module in network.modules() if isinstance(module, Norm)]


def _learns(norm: Norm) -> bool:
    """Whether it is not frozen."""
    return not norm.affine or norm.weight.requires_grad


def _floats(network: nn.Module) -> list[Tensor]:
    """Weights and running statistics, in one order."""
    every = [*network.parameters(), *network.buffers()]
    return [tensor.detach() for tensor in every if tensor.is_floating_point()]
