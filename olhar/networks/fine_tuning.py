"""A Keras file that learns on: built, exported and asked. Needs torch."""

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn

from olhar.base.images import Pixels
from olhar.base.layer import Layer
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, sentence
from olhar.bundle.contract import to_bundle as float_contract
from olhar.foreign.classifier import scaled
from olhar.graph import heads
from olhar.graph.graph import Graph
from olhar.graph.to_onnx import to_onnx as graph_to_onnx
from olhar.models.fine_tuned import FineTuned, with_learnt_weights
from olhar.networks.base_model import BaseModel
from olhar.networks.maker import network_line
from olhar.training.recipe import Recipe

_BATCH = 32


@dataclass(frozen=True)
class FineTuningMaker:
    """A Keras file that learns on."""

    recipe: Recipe
    signature: Signature
    base: BaseModel
    own: None = None

    @cached_property
    def learning(self) -> tuple[str, ...]:
        """Paths of the layers that learn."""
        return self.base.learning(self.recipe.learn)

    def build(self) -> nn.Module:
        """The weights of the file, and zeros for a new head."""
        shape = self.base.classifier.picture_shape
        return FineTuned(self.base.logits, self.learning, bgr=self.signature.bgr, channels_first=shape.channels_first)

    def bundle(self, network: nn.Module) -> bytes:
        """Through the graph of the file, with the weights as they are now."""
        graph = graph_to_onnx(self.graph(network))
        return float_contract(graph, self.signature, self.base.ending, self.base.classifier.picture_shape.channels_first)

    def graph(self, network: nn.Module) -> Graph:
        """The file's own, which takes and gives what the file does."""
        return with_learnt_weights(self.base.graph, cast(FineTuned, network).keras)

    @torch.no_grad()
    def answers(self, network: nn.Module, pixels: Pixels) -> NDArray[np.float32]:
        """By torch alone, from the first layer on; a few at a time, as these networks are large."""
        cast(FineTuned, network).frozen = None
        plain = scaled(pixels, self.signature, in_network_order=False).transpose(0, 3, 1, 2)
        network.eval()
        parts = [network(torch.from_numpy(plain[i : i + _BATCH].copy())).softmax(1) for i in range(0, len(plain), _BATCH)]
        return torch.cat(parts).numpy()

    def layers(self, network: nn.Module) -> tuple[Layer, ...]:
        """Keras's own; statistics of batch normalisation are no parameters here, where Keras counts them in."""
        leaves = cast(FineTuned, network).keras.leaves
        sizes = [sum(parameter.numel() for parameter in leaf.parameters()) for leaf in leaves]
        rows = zip(self.base.graph.layers, sizes, strict=True)
        return tuple(Layer(row.path, row.class_name, row.shape[1:] if row.shape else None, size) for row, size in rows)

    def told(self, network: nn.Module) -> list[Sentence]:
        """Its size, and what of it learns."""
        numbers = sum(p.numel() for p in network.parameters() if p.requires_grad)
        all_layers = len(self.base.graph.layers)
        lines = [*self.base.told, network_line(Path(self.recipe.model).name, network, self.signature)]
        if self.base.covers_all(self.recipe.learn):
            lines.append(sentence("train.covers_all", found=self.recipe.learn, n=all_layers))
        if set(self.learning) == set(heads.learning_layers(self.base.graph, tuple(row.path for row in self.base.graph.layers))):
            return [*lines, sentence("train.learns_all", n=len(self.learning), numbers=numbers)]
        shown = ", ".join(path.rpartition("/")[2] for path in self.learning[:4]) + (" ..." if len(self.learning) > 4 else "")
        return [*lines, sentence("train.learns", n=len(self.learning), all=all_layers, numbers=numbers, layers=shown)]
