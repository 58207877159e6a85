"""A flattened picture in another order: the dense layer behind it takes its rows in that order, and no transpose is left."""

from collections import Counter
from dataclasses import replace
from math import prod
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.graph import graph as g
from olhar.graph.graph import Floats, Graph, Node

Permutation: TypeAlias = NDArray[np.int64]


def without_flatten_transposes(graph: Graph) -> Graph:
    """The same model without the transposes that only serve a Flatten: those of one cell, and those before a Dense."""
    uses = Counter([*(name for node in graph.nodes for name in node.inputs), *graph.outputs])
    producers = {node.output: node for node in graph.nodes}
    nodes: list[Node] = []
    orders: dict[str, Permutation] = {}
    for node in graph.nodes:
        producer = producers.get(node.inputs[0]) if node.inputs else None
        if _is_flatten(node) and producer is not None and isinstance(producer.op, g.Transpose):
            order = _permutation(graph.shapes[producer.inputs[0]], producer.op.order)
            reader = _only_reader(graph, node.output, uses)
            if order is not None and (reader is not None or _is_identity(order)):
                orders |= {} if _is_identity(order) else {node.output: order}
                nodes.append(replace(node, inputs=producer.inputs))
                uses[producer.output] -= 1
                continue
        nodes.append(_permuted(node, orders))
    return replace(graph, nodes=tuple(node for node in nodes if not _is_unused_transpose(node, uses)))


def _is_flatten(node: Node) -> bool:
    return isinstance(node.op, g.Reshape) and len(node.op.shape) == 1


def _permutation(shape: g.Shape, axes: tuple[int, ...]) -> Permutation | None:
    """For each number of the flattened tensor as it lies: its place in the transposed one. None where a side is not known."""
    sides = [int(side or 0) for side in shape[1:]]
    if not all(sides) or axes[0] != 0:
        return None
    places = np.arange(prod(sides)).reshape([sides[axis - 1] for axis in axes[1:]])
    return places.transpose(np.argsort(axes[1:])).ravel()


def _is_identity(order: Permutation) -> bool:
    return bool((order == np.arange(order.size)).all())


def _only_reader(graph: Graph, name: str, uses: "Counter[str]") -> Node | None:
    """The dense layer that alone takes a tensor, dropout between them or not."""
    while uses[name] == 1:
        reader = next((node for node in graph.nodes if name in node.inputs), None)
        if reader is not None and isinstance(reader.op, g.Dense):
            return reader
        if reader is None or not isinstance(reader.op, g.Drop) or reader.op.spatial:
            return None
        name = reader.output
    return None


def _permuted(node: Node, orders: dict[str, Permutation]) -> Node:
    order = orders.get(node.inputs[0]) if node.inputs else None
    if order is None:
        return node
    if isinstance(node.op, g.Dense):
        kernel: Floats = np.ascontiguousarray(node.op.kernel.value[order])
        return replace(node, op=replace(node.op, kernel=replace(node.op.kernel, value=kernel)))
    orders[node.output] = order
    return node


def _is_unused_transpose(node: Node, uses: "Counter[str]") -> bool:
    return isinstance(node.op, g.Transpose) and uses[node.output] == 0
