"""Maker: what a training must be told of its network, whatever it is; no torch until one is built."""

from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, number, sentence
from olhar.graph.graph import Graph

if TYPE_CHECKING:
    from torch import nn

    from olhar.models.own_module import OwnNetwork


class Maker(Protocol):
    """What a training must be told of its network."""

    @property
    def own(self) -> "OwnNetwork | None":
        """The person's own network; None where it is not one."""
        ...

    def build(self) -> "nn.Module":
        """A module that takes scaled pictures (N, C, H, W) and gives logits (N, K); weights drawn from torch's generator."""
        ...

    def bundle(self, network: "nn.Module") -> bytes:
        """The serialised ``model.onnx`` with its contract inside."""
        ...

    def graph(self, network: "nn.Module") -> Graph:
        """What a Keras model is made of, the weights as they are now.

        Raises:
            ModelError: no Keras layer stands for a layer of the network's.
        """
        ...

    def answers(self, network: "nn.Module", pixels: Pixels) -> NDArray[np.float32]:
        """Probabilities (N, K) of uint8 pictures (N, H, W, C), in torch and fp32."""
        ...

    def layers(self, network: "nn.Module") -> tuple[Layer, ...]:
        """The table of layers, as a person draws the network; the parameters are as many as ``network.parameters()`` holds."""
        ...

    def told(self, network: "nn.Module") -> list[Sentence]:
        """What a person should know of it before it learns."""
        ...


def network_line(name: str, network: "nn.Module", signature: Signature) -> Sentence:
    """A network's name, size and parameters, in a line."""
    channels = sentence("train.rgb" if signature.channels == 3 else "train.gray")
    parameters = sum(p.numel() for p in network.parameters())
    size = f"{number(signature.width)} × {number(signature.height)}"
    return sentence("train.network", model=name, n=parameters, size=size, channels=channels)
