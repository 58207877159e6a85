"""A trained network's temperature: by the validation pictures, folded into its last layer, so that every export has it."""

import torch
from torch import Tensor, nn

from olhar.evaluation.temperature import temperature
from olhar.training.loop import Training

_CLOSE = 1e-4
_TRIED_ON = 16


@torch.no_grad()
def calibrate(training: Training) -> float:
    """Divide a network's logits by the temperature with the least loss on the validation pictures.

    Args:
        training: it has ended, and its network holds the weights that are kept.

    Returns:
        The temperature; 1 where there are no validation pictures, or where the last layer does not give the logits alone.
    """
    training.network.eval()
    logits = [training.forward(training.network, pictures).cpu() for pictures, _ in training.validation.in_order()]
    if not logits:
        return 1.0
    found = temperature(torch.cat(logits).numpy(), training.validation.labels)
    some, _ = next(iter(training.validation.in_order()))
    return found if _divide(training.network, training.forward.scaled(some[:_TRIED_ON]), found) else 1.0


def _divide(network: nn.Module, pictures: Tensor, by: float) -> bool:
    """Divide the weights of the last layer, and see whether all logits followed; if not, leave it as it was."""
    last = _last_layer(network)
    before = network(pictures)
    kept = [(tensor, tensor.clone()) for tensor in last.parameters(recurse=False)]
    for tensor, _ in kept:
        tensor.div_(by)
    if torch.allclose(network(pictures) * by, before, rtol=_CLOSE, atol=_CLOSE * float(before.abs().max())):
        return True
    for tensor, value in kept:
        tensor.copy_(value)
    return False


def _last_layer(network: nn.Module) -> nn.Module:
    """The last module that holds weights of its own."""
    return [module for module in network.modules() if any(True for _ in module.parameters(recurse=False))][-1]
