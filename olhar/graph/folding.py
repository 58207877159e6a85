"""Operations that can be done together are: padding and batch normalisation go into the convolution beside them."""

from collections import Counter
from dataclasses import replace

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Conv, Dense, Floats, Graph, Node, Op, Weight


def folded(graph: Graph) -> Graph:
    """A graph of ``layout.to_channels_first`` with fewer nodes and the same answers; for predicting, as nothing learns in it."""
    uses = Counter(name for node in graph.nodes for name in node.inputs)
    uses.update(graph.outputs)
    producers: dict[str, int] = {}
    nodes: list[Node | None] = []
    renamed: dict[str, str] = {}
    for node in graph.nodes:
        inputs = tuple(renamed.get(name, name) for name in node.inputs)
        producer = nodes[producers[inputs[0]]] if len(inputs) == 1 and inputs[0] in producers else None
        can_merge = producer is not None and uses[inputs[0]] == 1 and not _deep_dense(producer, graph)
        merged = _merged(producer, node.op) if producer is not None and can_merge else None
        if isinstance(node.op, g.Drop):
            renamed[node.output] = inputs[0]
            uses[inputs[0]] = uses[inputs[0]] - 1 + uses[node.output]
        elif producer is not None and merged is not None:
            nodes[producers[inputs[0]]] = None
            producers[node.output] = len(nodes)
            nodes.append(Node(merged, producer.inputs, node.output, producer.layer))
        else:
            producers[node.output] = len(nodes)
            nodes.append(replace(node, inputs=inputs))
    outputs = tuple(renamed.get(name, name) for name in graph.outputs)
    return replace(graph, nodes=tuple(node for node in nodes if node is not None), outputs=outputs)


def _deep_dense(node: Node, graph: Graph) -> bool:
    """Whether the channels of what a Dense gives may be on another axis than a normalisation's."""
    return isinstance(node.op, Dense) and len(graph.shapes[node.output]) != 2


def _merged(producer: Node, op: Op) -> Op | None:
    """``producer`` and ``op`` as one operation, None where that would not be the same."""
    producer_op = producer.op
    if isinstance(producer_op, g.Pad) and isinstance(op, Conv):
        return _with_padding(producer_op, op)
    if isinstance(op, g.BatchNorm) and isinstance(producer_op, Conv | Dense):
        with np.errstate(all="ignore"):
            return _with_batch_norm(producer_op, op)
    return None


def _with_padding(pad: g.Pad, conv: Conv) -> Conv | None:
    if conv.padding == "same" or pad.mode != "constant" or pad.value or any(sum(pair) for pair in pad.pairs[:2]):
        return None
    inner = ((0, 0),) * len(conv.strides) if conv.padding == "valid" else conv.padding
    pairs = tuple((a + c, b + d) for (a, b), (c, d) in zip(pad.pairs[2:], inner, strict=True))
    return replace(conv, padding=pairs)


def _with_batch_norm(layer: Conv | Dense, norm: g.BatchNorm) -> Op | None:
    scale = norm.gamma.value.astype(np.float64) / np.sqrt(norm.variance.value.astype(np.float64) + norm.epsilon)
    kernel = layer.kernel.value.astype(np.float64)
    depthwise = isinstance(layer, Conv) and layer.depthwise
    kernel = kernel * (scale.reshape(kernel.shape[-2:]) if depthwise else scale)
    bias = layer.bias.value.astype(np.float64) if layer.bias else 0.0
    shift = norm.beta.value + (bias - norm.mean.value.astype(np.float64)) * scale
    new_kernel, new_bias = _float32_weight(kernel), _float32_weight(shift)
    if not (np.isfinite(new_kernel.value).all() and np.isfinite(new_bias.value).all()):
        return None
    return replace(layer, kernel=new_kernel, bias=new_bias)


def _float32_weight(value: "np.ndarray[tuple[int, ...], np.dtype[np.float64]]") -> Weight:
    narrow: Floats = value.astype(np.float32)
    return Weight(narrow)
