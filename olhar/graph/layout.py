"""The graph turned so that every picture operation has its channels on one side, with transposes only where the order matters.

Each tensor is kept as ``kept = tensor.transpose(order)``; most operations do not care about the order and pass it on.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Graph, Node, Op, Shape, Weight

Order: TypeAlias = tuple[int, ...]
Plan: TypeAlias = tuple[Op, Sequence[Order], Order]
"""An operation as it is to be done, the order in which it wants each input, the order of what it gives."""


def planar(graph: Graph) -> Graph:
    """The same model, channels first within; inputs and outputs stay as they are."""
    return _Turner(graph, True).turned()


def interleaved(graph: Graph) -> Graph:
    """The same model, channels last within; inputs and outputs stay as they are."""
    return _Turner(graph, False).turned()


class _Turner:
    def __init__(self, graph: Graph, first: bool) -> None:
        self.graph, self.first = graph, first
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {name: graph.shapes[name] for name in graph.inputs}
        self.kept: dict[str, tuple[str, Order]] = {name: (name, _plain(len(self.shapes[name]))) for name in graph.inputs}
        self.made: dict[tuple[str, Order], str] = {}

    def turned(self) -> Graph:
        """The whole graph."""
        for node in self.graph.nodes:
            self._node(node)
        outputs = tuple(self._wanted(name, _plain(len(self.graph.shapes[name]))) for name in self.graph.outputs)
        return Graph(self.graph.inputs, outputs, tuple(self.nodes), self.shapes, self.graph.layers)

    def _node(self, node: Node) -> None:
        orders = [self.kept[name][1] for name in node.inputs]
        shapes = [self.graph.shapes[name] for name in node.inputs]
        op, wanted, order = _plan(node.op, orders, shapes, self.first)
        inputs = tuple(self._wanted(name, want) for name, want in zip(node.inputs, wanted, strict=True))
        if isinstance(op, g.Transpose) and op.order == _plain(len(op.order)):
            self.kept[node.output] = inputs[0], order
            return
        self.nodes.append(Node(op, inputs, node.output, node.layer))
        shape = self.graph.shapes[node.output]
        self.shapes[node.output] = tuple(shape[axis] for axis in order)
        self.kept[node.output] = node.output, order

    def _wanted(self, name: str, order: Order) -> str:
        """The tensor ``name`` kept in another order; made once."""
        kept, here = self.kept[name]
        if here == order:
            return kept
        key = kept, tuple(here.index(axis) for axis in order)
        if key not in self.made:
            self.made[key] = f"{name}_{len(self.made)}t"
            self.nodes.append(Node(g.Transpose(key[1]), (kept,), self.made[key], ""))
            self.shapes[self.made[key]] = tuple(self.shapes[kept][axis] for axis in key[1])
        return self.made[key]


def _plain(rank: int) -> Order:
    return tuple(range(rank))


def _aside(rank: int, channel: int, first: bool) -> Order:
    """The order that brings ``channel`` to the place after the batch, or to the end."""
    rest = tuple(axis for axis in range(1, rank) if axis != channel)
    return (0, channel, *rest) if first else (0, *rest, channel)


def _plan(op: Op, orders: list[Order], shapes: list[Shape], first: bool) -> Plan:
    if isinstance(op, _SLIDING) or (isinstance(op, g.Drop) and op.spatial):
        return _sliding(op, shapes, first)
    if isinstance(op, g.BatchNorm):
        return _batch_norm(op, orders, shapes, first)
    rule = _RULES.get(type(op))
    if rule is not None:
        return rule(op, orders, shapes)
    if isinstance(op, g.Constant):
        return op, (), _plain(op.value.ndim)
    plain = [_plain(len(shape)) for shape in shapes]
    return op, plain, _plain(_rank_after(op, shapes[0]))


def _rank_after(op: Op, shape: Shape) -> int:
    if isinstance(op, g.Reshape):
        return len(op.shape) + 1
    if isinstance(op, g.Recurrent):
        return 3 if op.sequences else 2
    return len(shape)


_SLIDING = (g.Conv, g.ConvTranspose, g.Pool, g.Resize)


def _sliding(op: Any, shapes: list[Shape], first: bool) -> Plan:
    rank = len(shapes[0])
    order = _aside(rank, 1 if op.channels_first else rank - 1, first)
    return replace(op, channels_first=first), [order], order


def _batch_norm(op: g.BatchNorm, orders: list[Order], shapes: list[Shape], first: bool) -> Plan:
    rank = len(shapes[0])
    here = 1 if first else rank - 1
    order = orders[0] if orders[0][here] == op.axis else _aside(rank, op.axis, first)
    return replace(op, axis=here), [order], order


def _keeping(op: Op, orders: list[Order], _: list[Shape]) -> Plan:
    return op, orders, orders[0]


def _activate(op: g.Activate, orders: list[Order], shapes: list[Shape]) -> Plan:
    axis = orders[0].index(op.axis % len(shapes[0]))
    return replace(op, axis=axis), orders, orders[0]


def _normalise(op: g.Normalise, orders: list[Order], _: list[Shape]) -> Plan:
    return replace(op, axes=tuple(sorted(orders[0].index(axis) for axis in op.axes))), orders, orders[0]


def _laid(weight: Weight, order: Order) -> Weight:
    """A weight that lies on a tensor, turned with it."""
    if not weight.value.ndim:
        return weight
    axes = tuple(axis - 1 for axis in order[1:])
    return replace(weight, value=np.ascontiguousarray(weight.value.transpose(axes)), laid=axes)


def _affine(op: g.Affine, orders: list[Order], _: list[Shape]) -> Plan:
    return replace(op, scale=_laid(op.scale, orders[0]), shift=_laid(op.shift, orders[0])), orders, orders[0]


def _prelu(op: g.PRelu, orders: list[Order], _: list[Shape]) -> Plan:
    return replace(op, alpha=_laid(op.alpha, orders[0])), orders, orders[0]


def _common(orders: list[Order], shapes: list[Shape]) -> Order:
    """The order that most of the large inputs already have."""
    rank = max(len(shape) for shape in shapes)
    full = [order for order in orders if len(order) == rank]
    return max(full, key=lambda order: (full.count(order), order != _plain(rank)))


def _merge(op: g.Merge, orders: list[Order], shapes: list[Shape]) -> Plan:
    if len({len(shape) for shape in shapes if shape}) > 1:
        return op, [_plain(len(shape)) for shape in shapes], _plain(max(len(shape) for shape in shapes))
    order = _common(orders, shapes)
    return op, [order if shape else () for shape in shapes], order


def _concat(op: g.Concat, orders: list[Order], shapes: list[Shape]) -> Plan:
    order = _common(orders, shapes)
    return g.Concat(order.index(op.axis)), [order] * len(orders), order


def _transpose(op: g.Transpose, orders: list[Order], _: list[Shape]) -> Plan:
    order = tuple(op.order.index(axis) for axis in orders[0])
    return g.Transpose(_plain(len(order))), orders, order


def _pad(op: g.Pad, orders: list[Order], _: list[Shape]) -> Plan:
    return replace(op, pairs=tuple(op.pairs[axis] for axis in orders[0])), orders, orders[0]


def _slice(op: g.Slice, orders: list[Order], _: list[Shape]) -> Plan:
    return g.Slice(tuple(op.parts[axis] for axis in orders[0])), orders, orders[0]


def _reduce(op: g.Reduce, orders: list[Order], _: list[Shape]) -> Plan:
    axes = tuple(sorted(orders[0].index(axis) for axis in op.axes))
    if op.keep:
        return replace(op, axes=axes), orders, orders[0]
    left = [axis for axis in orders[0] if axis not in op.axes]
    return replace(op, axes=axes), orders, tuple(sorted(left).index(axis) for axis in left)


_RULES: dict[type, Callable[[Any, list[Order], list[Shape]], Plan]] = {
    g.Affine: _affine,
    g.Activate: _activate,
    g.PRelu: _prelu,
    g.Normalise: _normalise,
    g.Merge: _merge,
    g.Concat: _concat,
    g.Transpose: _transpose,
    g.Pad: _pad,
    g.Slice: _slice,
    g.Reduce: _reduce,
    g.Drop: _keeping,
}
