"""Operations that can be done together are: padding and batch normalisation go into the convolution beside them."""

from collections import Counter
from dataclasses import replace

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Conv, Dense, Floats, Graph, Node, Op, Weight


def folded(graph: Graph) -> Graph:
    """A graph of ``layout.planar`` with fewer nodes and the same answers; for predicting, as nothing learns in it."""
    uses = Counter(name for node in graph.nodes for name in node.inputs)
    uses.update(graph.outputs)
    makers: dict[str, int] = {}
    nodes: list[Node | None] = []
    renamed: dict[str, str] = {}
    for node in graph.nodes:
        inputs = tuple(renamed.get(name, name) for name in node.inputs)
        before = nodes[makers[inputs[0]]] if len(inputs) == 1 and inputs[0] in makers else None
        alone = before is not None and uses[inputs[0]] == 1 and not _deep_dense(before, graph)
        joined = _joined(before, node.op) if before is not None and alone else None
        if isinstance(node.op, g.Drop):
            renamed[node.output] = inputs[0]
            uses[inputs[0]] = uses[inputs[0]] - 1 + uses[node.output]
        elif before is not None and joined is not None:
            nodes[makers[inputs[0]]] = None
            makers[node.output] = len(nodes)
            nodes.append(Node(joined, before.inputs, node.output, before.layer))
        else:
            makers[node.output] = len(nodes)
            nodes.append(replace(node, inputs=inputs))
    outputs = tuple(renamed.get(name, name) for name in graph.outputs)
    return replace(graph, nodes=tuple(node for node in nodes if node is not None), outputs=outputs)


def _deep_dense(node: Node, graph: Graph) -> bool:
    """Whether the channels of what a Dense gives may be on another axis than a normalisation's."""
    return isinstance(node.op, Dense) and len(graph.shapes[node.output]) != 2


def _joined(before: Node, op: Op) -> Op | None:
    """``before`` and ``op`` as one operation, None where that would not be the same."""
    first = before.op
    if isinstance(first, g.Pad) and isinstance(op, Conv):
        return _padded(first, op)
    if isinstance(op, g.BatchNorm) and isinstance(first, Conv | Dense):
        with np.errstate(all="ignore"):
            return _normalised(first, op)
    return None


def _padded(pad: g.Pad, conv: Conv) -> Conv | None:
    if conv.padding == "same" or pad.mode != "constant" or pad.value or any(sum(pair) for pair in pad.pairs[:2]):
        return None
    inner = ((0, 0),) * len(conv.strides) if conv.padding == "valid" else conv.padding
    pairs = tuple((a + c, b + d) for (a, b), (c, d) in zip(pad.pairs[2:], inner, strict=True))
    return replace(conv, padding=pairs)


def _normalised(first: Conv | Dense, norm: g.BatchNorm) -> Op | None:
    scale = norm.gamma.value.astype(np.float64) / np.sqrt(norm.variance.value.astype(np.float64) + norm.epsilon)
    kernel = first.kernel.value.astype(np.float64)
    depthwise = isinstance(first, Conv) and first.depthwise
    kernel = kernel * (scale.reshape(kernel.shape[-2:]) if depthwise else scale)
    bias = first.bias.value.astype(np.float64) if first.bias else 0.0
    shift = norm.beta.value + (bias - norm.mean.value.astype(np.float64)) * scale
    found = _weight(kernel), _weight(shift)
    if not all(np.isfinite(weight.value).all() for weight in found):
        return None
    return replace(first, kernel=found[0], bias=found[1])


def _weight(value: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Weight:
    narrow: Floats = value.astype(np.float32)
    return Weight(narrow)
