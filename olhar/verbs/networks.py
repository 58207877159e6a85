"""The network of a training, ours or a Keras file that learns on: how it is built, exported and asked."""

import math
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from olhar.base.images import Pixels
from olhar.base.signature import Signature
from olhar.base.texts import number, say
from olhar.bundle.contract import contract as float_contract
from olhar.bundle.writer import with_signature
from olhar.keras_files import heads
from olhar.keras_files.from_torch import from_torch
from olhar.keras_files.graph import Graph
from olhar.keras_files.to_onnx import to_onnx as graph_to_onnx
from olhar.keras_files.tuning import Tuned, learnt
from olhar.models.own import OwnNetwork
from olhar.models.to_onnx import contract, to_onnx
from olhar.models.zoo import build
from olhar.training.batches import Batches
from olhar.training.recipe import Recipe
from olhar.verbs.base_model import BaseModel
from olhar.verbs.keras_models import scaled
from olhar.verbs.prepare import Prepared

_BATCH = 32
_LOOKED_AT, _FEWEST_LOOKED_AT, _LOOKED_AT_VALUES = 2000, 50, 2000 * 48 * 48 * 3
"""Pictures of which a network takes its first filters; fewer where they are large, as they are held in memory as floats."""


class Maker(Protocol):
    """What a training must be told of its network."""

    def build(self) -> nn.Module:
        """A module that takes scaled pictures (N, C, H, W) and gives logits (N, K); weights drawn from torch's generator."""
        ...

    def bundle(self, network: nn.Module) -> bytes:
        """The serialised ``model.onnx`` with its contract inside."""
        ...

    def graph(self, network: nn.Module) -> Graph:
        """What a Keras model is made of, the weights as they are now.

        Raises:
            ModelError: no Keras layer stands for a layer of the network's.
        """
        ...

    def answers(self, network: nn.Module, pixels: Pixels) -> NDArray[np.float32]:
        """Probabilities (N, K) of uint8 pictures (N, H, W, C), in torch and fp32."""
        ...

    def told(self, network: nn.Module) -> list[str]:
        """What a person should know of it before it learns."""
        ...


def maker(prepared: Prepared) -> Maker:
    """What makes the network of some prepared pictures."""
    recipe, signature = prepared.recipe, prepared.signature
    if prepared.base is not None:
        return Tuning(recipe, signature, prepared.base)
    return Own(recipe, signature, prepared.own, prepared.batches("train"))


@dataclass(frozen=True)
class Own:
    """One of our networks, or a person's own."""

    recipe: Recipe
    signature: Signature
    own: OwnNetwork | None
    train: Batches

    def build(self) -> nn.Module:
        """New weights; a network of ours looks at its training pictures where it wants to."""
        signature, classes = self.signature, len(self.signature.classes)
        size = (signature.height, signature.width)
        if self.own is not None:
            return self.own.build(signature.channels, classes, size)
        network = build(self.recipe.model, signature.channels, classes, size, self.recipe.form)
        if network.looks:
            network.begin(self._some())
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

    def told(self, network: nn.Module) -> list[str]:
        """Its size."""
        return [_network(self.recipe.model, network, self.signature)]


@dataclass(frozen=True)
class Tuning:
    """A Keras file that learns on."""

    recipe: Recipe
    signature: Signature
    base: BaseModel

    @cached_property
    def layers(self) -> tuple[str, ...]:
        """Paths of the layers that learn."""
        return self.base.learning(self.recipe.learn)

    def build(self) -> nn.Module:
        """The weights of the file, and zeros for a new head."""
        form = self.base.found.form
        return Tuned(self.base.logits, self.layers, bgr=self.signature.bgr, channels_first=form.channels_first)

    def bundle(self, network: nn.Module) -> bytes:
        """Through the graph of the file, with the weights as they are now."""
        graph = graph_to_onnx(self.graph(network))
        return float_contract(graph, self.signature, self.base.ending, self.base.found.form.channels_first)

    def graph(self, network: nn.Module) -> Graph:
        """The file's own, which takes and gives what the file does."""
        return learnt(self.base.graph, cast(Tuned, network).keras)

    @torch.no_grad()
    def answers(self, network: nn.Module, pixels: Pixels) -> NDArray[np.float32]:
        """By torch alone, from the first layer on; a few at a time, as these networks are large."""
        cast(Tuned, network).frozen = None
        plain = scaled(pixels, self.signature, turned=False).transpose(0, 3, 1, 2)
        network.eval()
        parts = [network(torch.from_numpy(plain[i : i + _BATCH].copy())).softmax(1) for i in range(0, len(plain), _BATCH)]
        return torch.cat(parts).numpy()

    def told(self, network: nn.Module) -> list[str]:
        """Its size, and what of it learns."""
        learning = sum(p.numel() for p in network.parameters() if p.requires_grad)
        all_layers = len(self.base.graph.layers)
        lines = [*self.base.told, _network(Path(self.recipe.model).name, network, self.signature)]
        if self.base.covers_all(self.recipe.learn):
            lines.append(say("train.covers_all", found=self.recipe.learn, n=all_layers))
        if set(self.layers) == set(heads.learning_layers(self.base.graph, tuple(row.path for row in self.base.graph.layers))):
            return [*lines, say("train.learns_all", n=len(self.layers), numbers=learning)]
        shown = ", ".join(path.rpartition("/")[2] for path in self.layers[:4]) + (" ..." if len(self.layers) > 4 else "")
        return [*lines, say("train.learns", n=len(self.layers), all=all_layers, numbers=learning, layers=shown)]


def _network(name: str, network: nn.Module, signature: Signature) -> str:
    channels = say("train.rgb" if signature.channels == 3 else "train.gray")
    parameters = sum(p.numel() for p in network.parameters())
    size = f"{number(signature.height)} x {number(signature.width)}"
    return say("train.network", model=name, n=parameters, size=size, channels=channels)
