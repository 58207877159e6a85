"""A classifier's graph parted into body and head: which layers are the head, the graph up to its logits, another head."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Graph, LayerRow, Node, Weight

NEW_HEAD = "olhar_head"

_MIXING = g.Conv | g.ConvTranspose | g.Pool | g.Reduce | g.Reshape | g.Recurrent | g.Resize
"""After the last of these only single numbers are weighed: what follows is the head."""


def head_layers(graph: Graph) -> tuple[str, ...]:
    """Paths of the layers that only weigh features: the dense ones at the end, else the last layer that learns."""
    with_weights = [node for node in graph.nodes if _learns(node)]
    last = max((i for i, node in enumerate(graph.nodes) if isinstance(node.op, _MIXING)), default=-1)
    head = [node for node in graph.nodes[last + 1 :] if _learns(node)]
    return tuple(dict.fromkeys(node.layer for node in head or with_weights[-1:]))


def _learns(node: Node) -> bool:
    return any(weight.learns for weight in g.weights_of(node.op).values())


def last_layers(graph: Graph, count: int) -> tuple[str, ...]:
    """Paths of the last so many leaf layers, those without weights counted too, as ``model.layers[-N:]`` of a flat model does."""
    return tuple(row.path for row in graph.layers[-count:])


def learning_layers(graph: Graph, layers: tuple[str, ...]) -> tuple[str, ...]:
    """Those of the layers that hold something which training changes."""
    learning = {node.layer for node in graph.nodes if _learns(node)}
    return tuple(path for path in layers if path in learning)


def to_logits(graph: Graph) -> Graph | None:
    """The graph without the softmax or sigmoid at its end; None where it ends in an activation that cannot be taken off."""
    producers = {node.output: node for node in graph.nodes}
    last = producers.get(graph.outputs[0])
    while last is not None and isinstance(last.op, g.Drop | g.Reshape | g.Transpose):
        last = producers.get(last.inputs[0])
    if last is None or not isinstance(last.op, g.Activate):
        return graph
    if last.op.kind not in ("softmax", "sigmoid"):
        return None
    return _without(graph, last)


def _without(graph: Graph, removed: Node) -> Graph:
    """The graph without a node of one input, which those that it fed take in its place."""
    replacement = {removed.output: removed.inputs[0]}
    remaining = (node for node in graph.nodes if node is not removed)
    nodes = tuple(replace(node, inputs=tuple(replacement.get(tensor, tensor) for tensor in node.inputs)) for node in remaining)
    return replace(graph, nodes=nodes, outputs=tuple(replacement.get(tensor, tensor) for tensor in graph.outputs))


def with_new_head(
    graph: Graph, classes: int, dropout: float = 0.0, known: Sequence[int] = (), *, last_only: bool = False
) -> Graph:
    """The body with a softmax over other classes: one dense layer, all zeros, on what the old head was given.

    Where the old head was given maps, their mean over height and width comes first.

    Args:
        graph: the whole network.
        classes: K.
        dropout: share of the features that the new head is not shown while it learns.
        known: for each new class the output that meant it until now, -1 where none did. Its weights are kept, where the old
            head was one dense layer with a softmax.
        last_only: it takes the place of the last layer of the old head; else of all of them.
    """
    entry = _entries(graph)[-1 if last_only else 0]
    first = entry.layer
    body = _nodes_behind(graph, entry.inputs[0])
    shape = graph.shapes[entry.inputs[0]]
    channels_first = isinstance(entry.op, g.Conv) and entry.op.channels_first
    width = int(shape[1 if channels_first else -1] or 0)
    dense = _grown(graph, entry, known) or g.Dense(Weight(np.zeros((width, classes), np.float32)), _zeros(classes))
    ops = [*_before_dense(len(shape), channels_first, dropout), dense, g.Activate("softmax")]
    names = [entry.inputs[0], *(f"{NEW_HEAD}_{i}" for i in range(len(ops)))]
    nodes = [Node(op, (names[i],), names[i + 1], NEW_HEAD) for i, op in enumerate(ops)]
    sides = {name: (None, classes if name in names[-2:] else width) for name in names[1:]}
    row = LayerRow(NEW_HEAD, "Dense", (None, classes), (width + 1) * classes, NEW_HEAD)
    head_start = next(i for i, layer in enumerate(graph.layers) if layer.path == first)
    return Graph(graph.inputs, (names[-1],), (*body, *nodes), {**graph.shapes, **sides}, (*graph.layers[:head_start], row))


def head_inputs(graph: Graph) -> Graph:
    """The graph up to what the old head is given: before all of its layers, and before the last of them where it has several.

    Both are rows (N, width); maps become their mean over height and width.
    """
    nodes, shapes, outputs = list(graph.nodes), dict(graph.shapes), list[str]()
    for entry in dict.fromkeys((_entries(graph)[0], _entries(graph)[-1])):
        output = entry.inputs[0]
        if len(graph.shapes[output]) == 4:
            first = isinstance(entry.op, g.Conv) and entry.op.channels_first
            mean, output = g.Reduce("mean", (2, 3) if first else (1, 2), keepdims=False), f"{NEW_HEAD}_{output}"
            shapes[output] = (None, graph.shapes[entry.inputs[0]][1 if first else -1])
            nodes.append(Node(mean, (entry.inputs[0],), output, entry.layer))
        outputs.append(output)
    wanted = Graph(graph.inputs, tuple(outputs), tuple(nodes), shapes, graph.layers)
    behind = {node.output for output in outputs for node in _nodes_behind(wanted, output)}
    return replace(wanted, nodes=tuple(node for node in nodes if node.output in behind))


def _entries(graph: Graph) -> list[Node]:
    """The operations with weights of the old head, one a layer, in their order."""
    layers = head_layers(graph)
    return [next(node for node in graph.nodes if node.layer == layer and _learns(node)) for layer in layers]


def _before_dense(rank: int, channels_first: bool, dropout: float) -> Iterator[g.Op]:
    if rank == 4:
        yield g.Reduce("mean", (2, 3) if channels_first else (1, 2), keepdims=False)
    if dropout:
        yield g.Drop(dropout, spatial=False, channels_first=False)


def _grown(graph: Graph, entry: Node, known: Sequence[int]) -> g.Dense | None:
    """The old dense layer with a column for each new class, zeros where it is new; None where that is not all of the old head."""
    logits = to_logits(graph)
    alone = logits is not None and logits is not graph and logits.outputs[0] == entry.output
    if not alone or not isinstance(entry.op, g.Dense) or max(known, default=-1) < 0:
        return None
    kernel, bias = entry.op.kernel.value, entry.op.bias.value if entry.op.bias else np.zeros(entry.op.kernel.value.shape[1])
    if kernel.shape[1] < 2:  # one sigmoid for two classes
        return None
    columns = np.array(known)
    there = columns >= 0
    grown = np.where(there, kernel[:, columns], 0).astype(np.float32)
    return g.Dense(Weight(grown), Weight(np.where(there, bias[columns], 0).astype(np.float32)))


def _zeros(n: int) -> Weight:
    return Weight(np.zeros(n, np.float32))


def _nodes_behind(graph: Graph, name: str) -> tuple[Node, ...]:
    """The nodes that a tensor is computed from, in their order."""
    tensors = {name}
    for node in reversed(graph.nodes):
        if node.output in tensors:
            tensors.update(node.inputs)
    return tuple(node for node in graph.nodes if node.output in tensors)
