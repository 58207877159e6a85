"""One of our networks, or a person's own: built, exported and asked. Needs torch."""

import math
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence
from olhar.bundle.writer import with_signature
from olhar.graph.from_torch import from_torch
from olhar.graph.graph import Graph
from olhar.models.layers import layers
from olhar.models.own_module import OwnNetwork
from olhar.models.to_onnx import contract, to_onnx
from olhar.models.zoo import build
from olhar.networks.maker import network_line
from olhar.training.batches import Batches
from olhar.training.recipe import Recipe

_LOOKED_AT, _FEWEST_LOOKED_AT, _LOOKED_AT_VALUES = 2000, 50, 2000 * 48 * 48 * 3
"""Pictures of which a network takes its first filters; fewer where they are large, as they are held in memory as floats."""


@dataclass(frozen=True)
class OursMaker:
    """One of our networks, or a person's own."""

    recipe: Recipe
    signature: Signature
    own: "OwnNetwork | None"
    train: Batches

    def build(self) -> nn.Module:
        """New weights; a network of ours looks at its training pictures where it wants to."""
        signature, classes = self.signature, len(self.signature.classes)
        size = (signature.height, signature.width)
        if self.own is not None:
            return self.own.build(signature.channels, classes, size)
        network = build(self.recipe.model, signature.channels, classes, size, self.recipe.shape)
        if network.is_data_initialised:
            network.initialise(self._some())
        return network

    def _some(self) -> torch.Tensor:
        """Some training pictures, scaled, float32 (N, C, H, W)."""
        most = max(_FEWEST_LOOKED_AT, min(_LOOKED_AT, _LOOKED_AT_VALUES // math.prod(self.signature.shape)))
        rows = self.train.rows[np.unique(np.linspace(0, len(self.train.rows) - 1, most).astype(np.int64))]
        mean, std = (torch.tensor(numbers).view(1, -1, 1, 1) for numbers in (self.signature.mean, self.signature.std))
        return (torch.from_numpy(self.train.pixels[rows]).permute(0, 3, 1, 2).float() / 255 - mean) / std

    def bundle(self, network: nn.Module) -> bytes:
        """By torch's exporter."""
        return with_signature(to_onnx(network, self.signature), self.signature)

    def graph(self, network: nn.Module) -> Graph:
        """With scaling before and softmax behind it."""
        return from_torch(network.eval(), self.signature.shape, self.signature.mean, self.signature.std)

    @torch.no_grad()
    def answers(self, network: nn.Module, pixels: Pixels) -> NDArray[np.float32]:
        """As the contract computes them."""
        return contract(network, self.signature)(torch.from_numpy(pixels))[0].numpy()

    def layers(self, network: nn.Module) -> tuple[Layer, ...]:
        """As a picture goes through."""
        height, width, channels = self.signature.shape
        return layers(network, (channels, height, width))

    def told(self, network: nn.Module) -> list[Sentence]:
        """Its size."""
        return [network_line(self.recipe.model, network, self.signature)]
