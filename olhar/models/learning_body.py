"""A published body and its head of which some layers learn: batch normalisation answers throughout. Needs torch."""

from collections.abc import Collection, Sequence
from typing import Self

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

from olhar.bodies.heads.head import Head
from olhar.graph.graph import Graph
from olhar.graph.to_torch import KerasModule
from olhar.models.fine_tuned import with_learnt_weights
from olhar.models.frozen_part import FrozenPart

Border = dict[str, Tensor]
"""The tensors, float32 (N, ...), by which what learns is told of N pictures: name -> tensor."""


class LearningBody(nn.Module):
    """A body from its pictures to the logits of a head.

    Nothing is drawn and no statistics move: it answers while it learns, so that what a picture is told does not hang on those
    beside it.
    """

    scale: Tensor
    offset: Tensor

    def __init__(self, graph: Graph, names: Sequence[str], learning: Collection[str]) -> None:
        """A body as it was published.

        Args:
            graph: scaled pictures, float32 (N, H, W, C), to pooled outputs.
            names: of these outputs, as a head calls them.
            learning: paths of the layers that learn.
        """
        super().__init__()
        self.graph, self.names, self.learning = graph, list(names), frozenset(learning)
        self.body = KerasModule(graph).eval()
        for leaf in self.body.leaves:
            leaf.requires_grad_(leaf.path in self.learning)
        self.frozen = FrozenPart(self.body.graph, self.learning)
        self._published = {name: value.detach().clone() for name, value in self.body.state_dict().items()}
        self._blocks: tuple[str, ...] = ()

    def train(self, mode: bool = True) -> Self:
        """Nothing in the body tells learning from answering."""
        super().train(mode)
        self.body.eval()
        return self

    @property
    def numbers(self) -> int:
        """How many numbers of the body learn."""
        return sum(value.numel() for value in self.body.parameters() if value.requires_grad)

    @property
    def live(self) -> bool:
        """Whether nothing can be computed beforehand: the first layers learn too."""
        return not self.frozen.pays

    def begin(self, head: Head) -> None:
        """Take the published weights, and a head; its kernel and bias learn, its scale and offset stay."""
        self.body.load_state_dict(self._published)
        self._blocks = head.blocks
        self.register_buffer("scale", torch.from_numpy(head.scale.copy()))
        self.register_buffer("offset", torch.from_numpy(head.offset.copy()))
        self.kernel = nn.Parameter(torch.from_numpy(head.kernel.copy()))
        self.bias = nn.Parameter(torch.from_numpy(head.bias.copy()))

    def border(self, scaled: Tensor) -> Border:
        """What is computed before the first layer that learns, of scaled pictures, float32 (N, H, W, C)."""
        return {self.body.graph.inputs[0]: scaled} if self.live else self.frozen(scaled)

    def forward(self, border: Border) -> Tensor:
        """Logits, float32 (N, K)."""
        return self._answer(self.body.compute(dict(border), () if self.live else self.frozen.nodes))

    @torch.no_grad()
    def whole(self, scaled: Tensor) -> Tensor:
        """Logits of scaled pictures, float32 (N, H, W, C), by torch alone, from the first layer on."""
        return self._answer(self.body(scaled))

    def _answer(self, outputs: Tensor | Sequence[Tensor]) -> Tensor:
        columns = torch.cat([outputs[self.names.index(block)] for block in self._blocks], 1)
        return F.softsign(columns * self.scale + self.offset) @ self.kernel + self.bias

    def learnt_graph(self) -> Graph:
        """The body with the weights as they stand."""
        return with_learnt_weights(self.graph, self.body)

    def learnt_head(self) -> Head:
        """The head with the weights as they stand."""
        scale, offset, kernel, bias = (
            np.array(value.detach().numpy(), np.float32) for value in (self.scale, self.offset, self.kernel, self.bias)
        )
        return Head(self._blocks, scale, offset, kernel, bias)
