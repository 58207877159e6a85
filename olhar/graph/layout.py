"""The graph turned so that every picture operation has its channels on one side, with transposes only where the order matters.

Each tensor is written as ``tensor.transpose(order)``; most operations do not care about the order and pass it on.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, TypeAlias

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Graph, Node, Op, Shape, Weight

AxisOrder: TypeAlias = tuple[int, ...]
LayoutPlan: TypeAlias = tuple[Op, Sequence[AxisOrder], AxisOrder]
"""An operation as it is to be done, the order in which it wants each input, the order of what it gives."""


def to_channels_first(graph: Graph) -> Graph:
    """The same model, channels first within; inputs and outputs stay as they are."""
    return _LayoutChange(graph, True).converted()


def to_channels_last(graph: Graph) -> Graph:
    """The same model, channels last within; inputs and outputs stay as they are."""
    return _LayoutChange(graph, False).converted()


class _LayoutChange:
    def __init__(self, graph: Graph, channels_first: bool) -> None:
        self.graph, self.channels_first = graph, channels_first
        self.nodes: list[Node] = []
        self.shapes: dict[str, Shape] = {name: graph.shapes[name] for name in graph.inputs}
        self.placed: dict[str, tuple[str, AxisOrder]] = {
            name: (name, _identity_order(len(self.shapes[name]))) for name in graph.inputs
        }
        self.transposes: dict[tuple[str, AxisOrder], str] = {}

    def converted(self) -> Graph:
        """The whole graph."""
        for node in self.graph.nodes:
            self._node(node)
        outputs = tuple(self._in_order(name, _identity_order(len(self.graph.shapes[name]))) for name in self.graph.outputs)
        return Graph(self.graph.inputs, outputs, tuple(self.nodes), self.shapes, self.graph.layers)

    def _node(self, node: Node) -> None:
        orders = [self.placed[name][1] for name in node.inputs]
        shapes = [self.graph.shapes[name] for name in node.inputs]
        op, input_orders, order = _plan(node.op, orders, shapes, self.channels_first)
        inputs = tuple(self._in_order(name, input_order) for name, input_order in zip(node.inputs, input_orders, strict=True))
        if isinstance(op, g.Transpose) and op.order == _identity_order(len(op.order)):
            self.placed[node.output] = inputs[0], order
            return
        self.nodes.append(Node(op, inputs, node.output, node.layer))
        shape = self.graph.shapes[node.output]
        self.shapes[node.output] = tuple(shape[axis] for axis in order)
        self.placed[node.output] = node.output, order

    def _in_order(self, name: str, order: AxisOrder) -> str:
        """The tensor ``name`` kept in another order; made once."""
        tensor, own_order = self.placed[name]
        if own_order == order:
            return tensor
        key = tensor, tuple(own_order.index(axis) for axis in order)
        if key not in self.transposes:
            self.transposes[key] = f"{name}_{len(self.transposes)}t"
            self.nodes.append(Node(g.Transpose(key[1]), (tensor,), self.transposes[key], ""))
            self.shapes[self.transposes[key]] = tuple(self.shapes[tensor][axis] for axis in key[1])
        return self.transposes[key]


def _identity_order(rank: int) -> AxisOrder:
    return tuple(range(rank))


def _channel_order(rank: int, channel: int, channels_first: bool) -> AxisOrder:
    """The order that brings ``channel`` to the place after the batch, or to the end."""
    rest = tuple(axis for axis in range(1, rank) if axis != channel)
    return (0, channel, *rest) if channels_first else (0, *rest, channel)


def _plan(op: Op, orders: list[AxisOrder], shapes: list[Shape], channels_first: bool) -> LayoutPlan:
    if isinstance(op, _SLIDING) or (isinstance(op, g.Drop) and op.spatial):
        return _sliding(op, shapes, channels_first)
    if isinstance(op, g.BatchNorm):
        return _batch_norm(op, orders, shapes, channels_first)
    rule = _RULES.get(type(op))
    if rule is not None:
        return rule(op, orders, shapes)
    if isinstance(op, g.Constant):
        return op, (), _identity_order(op.value.ndim)
    plain = [_identity_order(len(shape)) for shape in shapes]
    return op, plain, _identity_order(_output_rank(op, shapes[0]))


def _output_rank(op: Op, shape: Shape) -> int:
    if isinstance(op, g.Reshape):
        return len(op.shape) + 1
    if isinstance(op, g.Recurrent):
        return 3 if op.sequences else 2
    return len(shape)


_SLIDING = (g.Conv, g.ConvTranspose, g.Pool, g.Resize)


def _sliding(op: Any, shapes: list[Shape], channels_first: bool) -> LayoutPlan:
    rank = len(shapes[0])
    order = _channel_order(rank, 1 if op.channels_first else rank - 1, channels_first)
    return replace(op, channels_first=channels_first), [order], order


def _batch_norm(op: g.BatchNorm, orders: list[AxisOrder], shapes: list[Shape], channels_first: bool) -> LayoutPlan:
    rank = len(shapes[0])
    axis = 1 if channels_first else rank - 1
    order = orders[0] if orders[0][axis] == op.axis else _channel_order(rank, op.axis, channels_first)
    return replace(op, axis=axis), [order], order


def _order_kept(op: Op, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return op, orders, orders[0]


def _activate(op: g.Activate, orders: list[AxisOrder], shapes: list[Shape]) -> LayoutPlan:
    axis = orders[0].index(op.axis % len(shapes[0]))
    return replace(op, axis=axis), orders, orders[0]


def _normalise(op: g.Normalise, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return replace(op, axes=tuple(sorted(orders[0].index(axis) for axis in op.axes))), orders, orders[0]


def _transposed(weight: Weight, order: AxisOrder) -> Weight:
    """A weight that lies on a tensor, turned with it."""
    if not weight.value.ndim:
        return weight
    axes = tuple(axis - 1 for axis in order[1:])
    return replace(weight, value=np.ascontiguousarray(weight.value.transpose(axes)), axis_order=axes)


def _affine(op: g.Affine, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return replace(op, scale=_transposed(op.scale, orders[0]), shift=_transposed(op.shift, orders[0])), orders, orders[0]


def _prelu(op: g.PRelu, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return replace(op, alpha=_transposed(op.alpha, orders[0])), orders, orders[0]


def _common_order(orders: list[AxisOrder], shapes: list[Shape]) -> AxisOrder:
    """The order that most of the large inputs already have."""
    rank = max(len(shape) for shape in shapes)
    full = [order for order in orders if len(order) == rank]
    return max(full, key=lambda order: (full.count(order), order != _identity_order(rank)))


def _merge(op: g.Merge, orders: list[AxisOrder], shapes: list[Shape]) -> LayoutPlan:
    if len({len(shape) for shape in shapes if shape}) > 1:
        return op, [_identity_order(len(shape)) for shape in shapes], _identity_order(max(len(shape) for shape in shapes))
    order = _common_order(orders, shapes)
    return op, [order if shape else () for shape in shapes], order


def _concat(op: g.Concat, orders: list[AxisOrder], shapes: list[Shape]) -> LayoutPlan:
    order = _common_order(orders, shapes)
    return g.Concat(order.index(op.axis)), [order] * len(orders), order


def _transpose(op: g.Transpose, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    order = tuple(op.order.index(axis) for axis in orders[0])
    return g.Transpose(_identity_order(len(order))), orders, order


def _pad(op: g.Pad, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return replace(op, pairs=tuple(op.pairs[axis] for axis in orders[0])), orders, orders[0]


def _slice(op: g.Slice, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    return g.Slice(tuple(op.parts[axis] for axis in orders[0])), orders, orders[0]


def _reduce(op: g.Reduce, orders: list[AxisOrder], _: list[Shape]) -> LayoutPlan:
    axes = tuple(sorted(orders[0].index(axis) for axis in op.axes))
    if op.keepdims:
        return replace(op, axes=axes), orders, orders[0]
    remaining = [axis for axis in orders[0] if axis not in op.axes]
    return replace(op, axes=axes), orders, tuple(sorted(remaining).index(axis) for axis in remaining)


_RULES: dict[type, Callable[[Any, list[AxisOrder], list[Shape]], LayoutPlan]] = {
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
    g.Drop: _order_kept,
}
