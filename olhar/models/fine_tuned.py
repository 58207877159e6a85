"""A Keras classifier that learns on: scaled pictures as our own networks take them, logits as our own give them. Needs torch."""

from dataclasses import replace

import torch
from torch import Tensor, nn

from olhar.graph import graph as g
from olhar.graph.graph import Floats, Graph, Node
from olhar.graph.to_torch import KerasModule
from olhar.models.frozen_part import FrozenPart


class FineTuned(nn.Module):
    """A Keras classifier of which some layers learn; the others stay as they are, batch normalisation and dropout included.

    What nothing that learns has an influence on is computed by ``frozen`` where a processor computes; with None by torch.
    ``forward`` takes float32 (N, C, H, W) in RGB, scaled, and gives logits float32 (N, K); of a model that ends in one unit
    the logits are (0, unit), so that their softmax is its sigmoid.
    """

    def __init__(self, graph: Graph, learning: tuple[str, ...], *, bgr: bool, channels_first: bool) -> None:
        """A module with weights of its own.

        Args:
            graph: it ends in logits, see ``heads.to_logits``.
            learning: paths of the layers that learn.
            bgr: the model takes blue first.
            channels_first: it takes (N, C, H, W).
        """
        super().__init__()
        self.keras = KerasModule(graph)
        self.learning = frozenset(learning)
        self.bgr, self.channels_first = bgr, channels_first
        self.sides = tuple(side or -1 for side in graph.shapes[graph.inputs[0]][1:])
        for leaf in self.keras.leaves:
            leaf.requires_grad_(leaf.path in self.learning)
        self.frozen: FrozenPart | None = FrozenPart(self.keras.graph, self.learning)

    def train(self, mode: bool = True) -> "FineTuned":
        """Learn or answer; layers that do not learn always answer."""
        super().train(mode)
        for leaf in self.keras.leaves:
            leaf.train(mode and leaf.path in self.learning)
        return self

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (N, K) of scaled pictures (N, C, H, W)."""
        turned = pictures.flip(1) if self.bgr else pictures
        laid_out = turned if self.channels_first else turned.permute(0, 2, 3, 1)
        if len(self.sides) != 3:
            laid_out = laid_out.reshape(len(laid_out), *self.sides)
        if self.frozen is not None and self.frozen.pays and laid_out.device.type == "cpu":
            logits = self.keras.compute(self.frozen(laid_out.detach()), self.frozen.nodes)
        else:
            logits = self.keras(laid_out)
        assert isinstance(logits, Tensor)
        return torch.cat([torch.zeros_like(logits), logits], 1) if logits.shape[1] == 1 else logits


def with_learnt_weights(graph: Graph, module: KerasModule) -> Graph:
    """``graph`` with the weights of a module that was made of it, or of a part of it, as they stand now."""
    learnt = module.weights_by_node()
    return replace(graph, nodes=tuple(_with_weights(node, learnt.get(node.output, {})) for node in graph.nodes))


def _with_weights(node: Node, values: dict[str, Floats]) -> Node:
    weights = g.weights_of(node.op)
    replaced = {name: replace(weights[name], value=value.reshape(weights[name].value.shape)) for name, value in values.items()}
    return replace(node, op=replace(node.op, **replaced)) if replaced else node
