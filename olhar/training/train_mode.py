"""A network set to learn, its frozen parts held."""

from torch import nn
from torch.nn.modules.batchnorm import _NormBase  # pyright: ignore[reportPrivateUsage]


def train_mode(network: nn.Module) -> None:
    """Set a network to learn. Batch normalisation whose weights are frozen keeps its statistics too: it was frozen to stay."""
    network.train()
    for layer in network.modules():
        own = list(layer.parameters(recurse=False))
        if isinstance(layer, _NormBase) and own and not any(parameter.requires_grad for parameter in own):
            layer.eval()
