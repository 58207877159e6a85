"""A body and a head as one graph: pictures of 0..255 in, probabilities out, to be written in Keras's words."""

from collections.abc import Mapping, Sequence

import numpy as np

from olhar.base.errors import naming
from olhar.base.signature import Signature
from olhar.bodies.heads.head import Head
from olhar.graph import graph as g
from olhar.graph.from_pictures import scaling
from olhar.graph.graph import Graph, Node, Op, Shape, Weight
from olhar.graph.shapes import infer_shape


def headed_graph(body: Graph, blocks: Mapping[str, str], head: Head, signature: Signature) -> Graph:
    """One graph of both.

    Args:
        body: scaled pictures, channels last, to pooled outputs.
        blocks: name of a pooled output -> the tensor of ``body`` that it is.
        head: what turns them into classes.
        signature: how pictures are scaled, and how many channels they have; gray ones are repeated.

    Returns:
        A graph that takes pictures of 0..255, float32 (N, H, W, C), and gives probabilities (N, K).
    """
    drawing = _Drawing({**body.shapes, "pictures": (None, *signature.shape)})
    scaled = drawing.add(scaling(signature.mean, signature.std), "pictures")
    if signature.channels == 1 and body.shapes[body.inputs[0]][3] == 3:
        scaled = drawing.add(g.Concat(3), scaled, scaled, scaled)
    renamed = {body.inputs[0]: scaled}
    drawing.nodes += [
        Node(node.op, tuple(renamed.get(name, name) for name in node.inputs), node.output, node.layer) for node in body.nodes
    ]
    taken = [blocks[name] for name in head.blocks]
    last = drawing.add(g.Concat(1), *taken) if len(taken) > 1 else taken[0]
    for op in _head(head):
        last = drawing.add(op, last)
    return _needed(Graph(("pictures",), (last,), tuple(drawing.nodes), drawing.shapes, ()))


def _head(head: Head) -> Sequence[Op]:
    """Batch normalisation is an affine map of each column, and every form of export has it."""
    zeros, ones = np.zeros_like(head.scale), np.ones_like(head.scale)
    scaled = g.BatchNorm(Weight(head.scale), Weight(head.offset), Weight(zeros), Weight(ones), 0.0, 0.99, 1)
    return scaled, g.Activate("softsign"), g.Dense(Weight(head.kernel), Weight(head.bias)), g.Activate("softmax", axis=1)


def _needed(graph: Graph) -> Graph:
    """The graph without what its output does not hang on."""
    wanted, nodes = {*graph.outputs}, list[Node]()
    for node in reversed(graph.nodes):
        if node.output in wanted:
            nodes.append(node)
            wanted.update(node.inputs)
    shapes = {name: shape for name, shape in graph.shapes.items() if name in wanted}
    return Graph(graph.inputs, graph.outputs, tuple(reversed(nodes)), shapes, graph.layers)


class _Drawing:
    """A graph on its way."""

    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self.shapes: dict[str, Shape] = dict(shapes)
        self.nodes: list[Node] = []

    def add(self, op: Op, *inputs: str) -> str:
        """An operation behind some tensors; the name of what it gives."""
        output = f"head_{len(self.nodes)}"
        with naming(output):
            self.shapes[output] = infer_shape(op, [self.shapes[name] for name in inputs], output)
        self.nodes.append(Node(op, inputs, output, output))
        return output
