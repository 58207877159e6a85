"""ONNX's operations number by number and along axes -> kernels: one small function each, and a table of them."""

from collections.abc import Sequence
from dataclasses import replace
from math import prod
from typing import Any

import numpy as np

from olhar.exports.web.tensors import Drawing, LaidTensor, Value, offset

Attributes = dict[str, Any]

PAIRS = {"Add": 0, "Sub": 1, "Mul": 2, "Div": 3, "Max": 4, "Min": 5, "Sum": 0}
_TURNED = {0: 0, 1: 6, 2: 2, 3: 7, 4: 4, 5: 5}
_SIMPLE = {
    **{"Sigmoid": 1, "Tanh": 2, "HardSwish": 6, "Softsign": 7, "Softplus": 8, "Exp": 9, "Log": 10, "Sqrt": 11, "Mish": 12},
    **{"Neg": 13, "Abs": 14, "Reciprocal": 15, "Erf": 16},
}
"""Kinds of the kernel ``each`` that need no further number."""
REDUCTIONS = {"ReduceMean": 0, "ReduceSum": 1, "ReduceMax": 2, "ReduceMin": 3}


def each(drawing: Drawing, source: LaidTensor, kind: str, attributes: Attributes) -> LaidTensor:
    """A function of each number."""
    made = drawing.new(source.shape, source.order)
    drawing.call("each", source.place, made.place, *_each(kind, attributes, source.size))
    return made


def _each(kind: str, attributes: Attributes, n: int) -> tuple[int, int, float, float]:
    alpha = attributes.get("alpha")
    if kind == "LeakyRelu":
        return 3, n, 0.01 if alpha is None else alpha, 0.0
    if kind == "Elu":
        return 4, n, 1.0 if alpha is None else alpha, 1.0
    if kind == "Selu":
        return 4, n, attributes.get("alpha", 1.67326319217681884765625), attributes.get("gamma", 1.05070102214813232421875)
    if kind == "HardSigmoid":
        return 5, n, 0.2 if alpha is None else alpha, attributes.get("beta", 0.5)
    return _SIMPLE[kind], n, 0.0, 0.0


EACH = (*_SIMPLE, "LeakyRelu", "Elu", "Selu", "HardSigmoid")


def clipped(drawing: Drawing, source: LaidTensor, low: float, high: float) -> LaidTensor:
    """Each number kept between two."""
    made = drawing.new(source.shape, source.order)
    drawing.call("each", source.place, made.place, 0, source.size, low, high)
    return made


def pair(drawing: Drawing, kind: int, first: Value, second: Value) -> LaidTensor:
    """Two arrays into one, number by number, the smaller one repeated."""
    turned = not isinstance(first, LaidTensor) or (
        isinstance(second, LaidTensor) and (second.size, len(second.shape)) > (first.size, len(first.shape))
    )
    a, b = (drawing.computed(second), first) if turned else (drawing.computed(first), second)
    kind = _TURNED[kind] if turned else kind
    shape = np.broadcast_shapes(a.shape, b.shape)
    a = _risen(a, len(shape))
    a = a if a.shape == shape else drawing.expanded(a, shape, a.order)
    place, period = _beside(drawing, a, b)
    made = drawing.new(shape, a.order)
    drawing.call("pair", a.place, place, made.place, kind, a.size, period)
    return made


def _risen(tensor: LaidTensor, rank: int) -> LaidTensor:
    """With axes of one before its own."""
    more = rank - len(tensor.shape)
    return replace(tensor, shape=(1,) * more + tensor.shape, order=(*range(more), *(axis + more for axis in tensor.order)))


def _beside(drawing: Drawing, a: LaidTensor, b: Value) -> tuple[Any, int]:
    """What stands beside ``a``, lying as it does, and after how many numbers it begins again."""
    if not isinstance(b, LaidTensor):
        array = np.asarray(b, np.float32).reshape((1,) * (len(a.shape) - np.ndim(b)) + np.shape(b)).transpose(a.order)
        start = next((i for i, side in enumerate(array.shape) if side > 1), array.ndim)
        array = np.ascontiguousarray(np.broadcast_to(array.reshape(array.shape[start:]), a.lying[start:]))
        return drawing.computed(array).place, max(1, array.size)
    b = _risen(b, len(a.shape))
    lying = [b.shape[axis] for axis in a.order]
    start = next((i for i, side in enumerate(lying) if side > 1), len(lying))
    if tuple(lying[start:]) != a.lying[start:]:
        return drawing.expanded(b, a.shape, a.order).place, a.size
    return drawing.arranged(b, a.order).place, max(1, prod(lying[start:]))


def reduced(drawing: Drawing, source: LaidTensor, kind: int, axes: Sequence[int], keep: bool) -> LaidTensor:
    """Mean, sum, maximum or minimum over axes."""
    positions = sorted(source.order.index(axis % len(source.shape)) for axis in axes)
    while positions:
        last = positions.pop()
        first = last
        while positions and positions[-1] == first - 1:
            first = positions.pop()
        lying = source.lying
        shape = tuple(1 if source.order.index(a) in range(first, last + 1) else side for a, side in enumerate(source.shape))
        made = drawing.new(shape, source.order)
        sizes = (prod(lying[:first]), prod(lying[first : last + 1]), prod(lying[last + 1 :]))
        drawing.call("reduce", source.place, made.place, kind, *sizes)
        source = made
    return source if keep else _without(source, {axis % len(source.shape) for axis in axes})


def _without(tensor: LaidTensor, axes: set[int]) -> LaidTensor:
    """The same without axes of one."""
    left = [axis for axis in range(len(tensor.shape)) if axis not in axes]
    order = tuple(left.index(axis) for axis in tensor.order if axis in left)
    return LaidTensor(tuple(tensor.shape[axis] for axis in left), order, tensor.place)


def softmax(drawing: Drawing, source: LaidTensor, axis: int, log: bool) -> LaidTensor:
    """Softmax along an axis, or its logarithm."""
    position, lying = source.order.index(axis % len(source.shape)), source.lying
    made = drawing.new(source.shape, source.order)
    sizes = (prod(lying[:position]), lying[position], prod(lying[position + 1 :]))
    drawing.call("softmax", source.place, made.place, *sizes, int(log))
    return made


def joined(drawing: Drawing, parts: Sequence[Value], axis: int) -> LaidTensor:
    """Tensors set beside each other."""
    tensors = [drawing.computed(part) for part in parts]
    order, axis = tensors[0].order, axis % len(tensors[0].shape)
    total = sum(tensor.shape[axis] for tensor in tensors)
    made = drawing.new(tuple(total if a == axis else side for a, side in enumerate(tensors[0].shape)), order)
    start = 0
    for tensor in tensors:
        drawing.copy(tensor.place, tensor.strides, offset(made, start * made.strides[axis]), made.strides, tensor.shape)
        start += tensor.shape[axis]
    return made


def part(drawing: Drawing, source: LaidTensor, starts: Sequence[int], sides: Sequence[int], steps: Sequence[int]) -> LaidTensor:
    """Every so many numbers along each axis, from a start; a step may go backwards."""
    made = drawing.new(tuple(sides), source.order)
    begin = sum(start * stride for start, stride in zip(starts, source.strides, strict=True))
    strides = tuple(stride * step for stride, step in zip(source.strides, steps, strict=True))
    drawing.copy(offset(source, begin), strides, made.place, made.strides, tuple(sides))
    return made


def padded(drawing: Drawing, source: LaidTensor, pads: Sequence[int], value: float) -> LaidTensor:
    """A border of one number round a tensor."""
    rank = len(source.shape)
    before, after = pads[:rank], pads[rank:]
    made = drawing.new(tuple(b + side + a for b, side, a in zip(before, source.shape, after, strict=True)), source.order)
    drawing.call("fill", made.place, made.size, value)
    begin = sum(b * stride for b, stride in zip(before, made.strides, strict=True))
    drawing.copy(source.place, source.strides, offset(made, begin), made.strides, source.shape)
    return made


def turned(source: LaidTensor, perm: Sequence[int]) -> LaidTensor:
    """The axes under other names: nothing is moved."""
    return LaidTensor(
        tuple(source.shape[axis] for axis in perm), tuple(list(perm).index(axis) for axis in source.order), source.place
    )
