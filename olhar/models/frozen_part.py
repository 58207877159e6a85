"""The part of a network in front of everything that learns: computed by ONNX Runtime, batch normalisation folded in. Needs torch.

On a plain processor that is a few times quicker than torch, which is slow at depthwise convolutions and folds nothing.
"""

from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from olhar.base import runtime
from olhar.graph import graph as g
from olhar.graph.graph import Graph, Node
from olhar.graph.to_onnx import to_onnx


class FrozenPart:
    """What can be computed before the first layer that learns.

    Attributes:
        nodes: those of the graph that it computes.
        border: names of the tensors that the rest of the graph wants of it.
    """

    def __init__(self, graph: Graph, learning: frozenset[str]) -> None:
        """The part of ``graph`` (``layout.to_channels_first``) on which no layer of ``learning`` has an influence."""
        available = set(graph.inputs)
        nodes: list[Node] = []
        for node in graph.nodes:
            if node.layer not in learning and available.issuperset(node.inputs):
                nodes.append(node)
                available.add(node.output)
        self.nodes = frozenset(node.output for node in nodes)
        inputs = [name for node in graph.nodes if node.output not in self.nodes for name in node.inputs]
        self.border = tuple(dict.fromkeys(name for name in (*inputs, *graph.outputs) if name in self.nodes))
        self._graph = replace(graph, nodes=tuple(nodes), outputs=self.border)
        self._session: Any = None

    @property
    def pays(self) -> bool:
        """Whether there is work in it that is worth another engine."""
        return any(isinstance(node.op, g.Conv) for node in self._graph.nodes)

    def __call__(self, *inputs: Tensor) -> dict[str, Tensor]:
        """The tensors at the border, float32, of (N, ...) float32 tensors, one an input."""
        feeds = {f"input_{i}": tensor.float().contiguous().numpy() for i, tensor in enumerate(inputs)}
        outputs = self._opened().run(None, feeds)
        return {name: torch.from_numpy(value) for name, value in zip(self.border, outputs, strict=True)}

    def __deepcopy__(self, _memo: object) -> "FrozenPart":
        """It never changes: copies of a network share it."""
        return self

    def _opened(self) -> Any:
        """The session, made once; it takes all cores."""
        if self._session is None:
            self._session = runtime.session(to_onnx(self._graph).SerializeToString())
        return self._session
