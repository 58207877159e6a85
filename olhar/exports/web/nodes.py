"""ONNX's other nodes -> kernels: what turns a tensor's shape, takes parts of it, or looks along its axes. One table."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import onnx

from olhar.exports.web import composed, layers, operations
from olhar.exports.web.tensors import Drawing, LaidTensor


def _cast(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    if attributes["to"] != onnx.TensorProto.FLOAT:
        raise KeyError("Cast")
    if source.place is not drawing.program.picture:
        return source
    made = drawing.new(source.shape, source.order)
    drawing.call("bytes", source.place, made.place, source.size)
    return made


def _identity(_drawing: Drawing, source: LaidTensor, *_: Any) -> LaidTensor:
    return source


def _transpose(_drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    return operations.turned(source, attributes.get("perm", range(len(source.shape))[::-1]))


def _reshape(drawing: Drawing, source: LaidTensor, others: Any, _: Any) -> LaidTensor:
    sides = [source.shape[i] if side == 0 else int(side) for i, side in enumerate(others[0])]
    if -1 in sides:
        sides[sides.index(-1)] = source.size // -prod(sides)
    return _shaped(drawing, source, sides)


def _shaped(drawing: Drawing, source: LaidTensor, sides: Sequence[int]) -> LaidTensor:
    if prod(sides) != source.size:
        raise ValueError(sides)
    return LaidTensor(tuple(sides), tuple(range(len(sides))), drawing.plain(source).place)


def _flatten(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    first = prod(source.shape[: attributes.get("axis", 1)])
    return _shaped(drawing, source, (first, source.size // first))


def _squeeze(drawing: Drawing, source: LaidTensor, others: Any, _: Any) -> LaidTensor:
    rank = len(source.shape)
    gone = {int(axis) % rank for axis in others[0]} if others else {a for a in range(rank) if source.shape[a] == 1}
    return _shaped(drawing, source, [side for axis, side in enumerate(source.shape) if axis not in gone])


def _unsqueeze(drawing: Drawing, source: LaidTensor, others: Any, _: Any) -> LaidTensor:
    rank = len(source.shape) + len(others[0])
    new, rest = {int(axis) % rank for axis in others[0]}, iter(source.shape)
    return _shaped(drawing, source, [1 if axis in new else next(rest) for axis in range(rank)])


def _maxpool(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    return layers.pool(drawing, source, "MaxPool", attributes)


def _averagepool(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    return layers.pool(drawing, source, "AveragePool", attributes)


def _globalaveragepool(drawing: Drawing, source: LaidTensor, *_: Any) -> LaidTensor:
    return operations.reduced(drawing, source, 0, range(2, len(source.shape)), keep=True)


def _globalmaxpool(drawing: Drawing, source: LaidTensor, *_: Any) -> LaidTensor:
    return operations.reduced(drawing, source, 2, range(2, len(source.shape)), keep=True)


def _over(source: LaidTensor, others: Any, attributes: dict[str, Any]) -> tuple[list[int], bool]:
    """The axes that a reduction takes together, and whether they stay as axes of one."""
    axes = attributes.get("axes", others[0] if others else range(len(source.shape)))
    return [int(axis) for axis in axes], bool(attributes.get("keepdims", 1))


def _reduce(drawing: Drawing, kind: str, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    return operations.reduced(drawing, source, operations.REDUCTIONS[kind], *_over(source, others, attributes))


def _reducel2(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    axes, keep = _over(source, others, attributes)
    return composed.length(drawing, source, axes, keep=keep)


def _reducesumsquare(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    axes, keep = _over(source, others, attributes)
    return composed.sum_of_squares(drawing, source, axes, keep=keep)


def _reducemean(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    return _reduce(drawing, "ReduceMean", source, others, attributes)


def _reducesum(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    return _reduce(drawing, "ReduceSum", source, others, attributes)


def _reducemax(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    return _reduce(drawing, "ReduceMax", source, others, attributes)


def _reducemin(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    return _reduce(drawing, "ReduceMin", source, others, attributes)


def _softmax(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    return operations.softmax(drawing, source, attributes.get("axis", -1), log=False)


def _logsoftmax(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    return operations.softmax(drawing, source, attributes.get("axis", -1), log=True)


def _pad(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    if attributes.get("mode", b"constant") != b"constant" or (len(others) > 2 and others[2] is not None):
        raise KeyError("Pad")
    value = float(np.asarray(others[1]).ravel()[0]) if len(others) > 1 and others[1] is not None else 0.0
    return operations.padded(drawing, source, [int(side) for side in others[0]], value)


def _gather(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    """Evenly spaced places along an axis, in whatever shape: as ONNX says a turned order of channels, or a single row."""
    axis, places = attributes.get("axis", 0) % len(source.shape), np.asarray(others[0])
    flat = places.ravel() % source.shape[axis]
    steps = set(np.diff(flat).tolist()) or {1}
    if len(steps) > 1:
        raise KeyError("Gather")
    begin, sides, strides = [0] * len(source.shape), list(source.shape), [1] * len(source.shape)
    begin[axis], sides[axis], strides[axis] = int(flat[0]), len(flat), int(steps.pop())
    taken = operations.part(drawing, source, begin, sides, strides)
    return taken if places.ndim == 1 else _shaped(drawing, taken, [*sides[:axis], *places.shape, *sides[axis + 1 :]])


def _slice(drawing: Drawing, source: LaidTensor, others: Any, _: Any) -> LaidTensor:
    starts, ends = (np.asarray(other).tolist() for other in others[:2])
    axes = np.asarray(others[2]).tolist() if len(others) > 2 else range(len(starts))
    steps = np.asarray(others[3]).tolist() if len(others) > 3 else [1] * len(starts)
    begin, sides, strides = [0] * len(source.shape), list(source.shape), [1] * len(source.shape)
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        places = range(*slice(start, end, step).indices(source.shape[axis]))
        begin[axis], sides[axis], strides[axis] = places.start, len(places), step
    return operations.part(drawing, source, begin, sides, strides)


HANDLERS: dict[str, Callable[[Drawing, LaidTensor, Any, dict[str, Any]], LaidTensor]] = {
    "Cast": _cast,
    "Identity": _identity,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "MaxPool": _maxpool,
    "AveragePool": _averagepool,
    "GlobalAveragePool": _globalaveragepool,
    "GlobalMaxPool": _globalmaxpool,
    "ReduceMean": _reducemean,
    "ReduceSum": _reducesum,
    "ReduceMax": _reducemax,
    "ReduceMin": _reducemin,
    "ReduceL2": _reducel2,
    "ReduceSumSquare": _reducesumsquare,
    "Softmax": _softmax,
    "LogSoftmax": _logsoftmax,
    "Pad": _pad,
    "Gather": _gather,
    "Slice": _slice,
    "Dropout": _identity,
    "PRelu": composed.prelu,
    "Gelu": composed.gelu,
    "BatchNormalization": composed.batch_norm,
    "LayerNormalization": composed.layer_norm,
    "InstanceNormalization": composed.instance_norm,
}
"""By the names of the operations: the first input, the others, and the attributes."""
