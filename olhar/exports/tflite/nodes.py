"""ONNX's other nodes -> TFLite: what turns a tensor's shape, takes parts of it, or looks along its axes. One table."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

import numpy as np
import onnx

from olhar.exports.onnx_nodes import LEAST, MOST
from olhar.exports.tflite import layers
from olhar.exports.tflite.elementwise import clipped, pair
from olhar.exports.tflite.layers import PICTURES
from olhar.exports.tflite.plan import LaidOperand, OperatorDrawing, constant

Attributes = dict[str, Any]


def _cast(drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
    if attributes["to"] != onnx.TensorProto.FLOAT:
        raise KeyError("Cast")
    return source if source.tensor.kind == "FLOAT32" else drawing.like("CAST", source, inDataType="UINT8", outDataType="FLOAT32")


def _identity(_drawing: OperatorDrawing, source: LaidOperand, *_: Any) -> LaidOperand:
    return source


def _transpose(_drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
    perm = list(attributes.get("perm", range(len(source.shape))[::-1]))
    order = tuple(perm.index(axis) for axis in source.order)
    return LaidOperand(tuple(source.shape[axis] for axis in perm), order, source.tensor)


def _reshape(drawing: OperatorDrawing, source: LaidOperand, others: Any, _: Any) -> LaidOperand:
    sides = [source.shape[i] if side == 0 else int(side) for i, side in enumerate(others[0])]
    if -1 in sides:
        sides[sides.index(-1)] = source.size // -prod(sides)
    return _shaped(drawing, source, sides)


def _shaped(drawing: OperatorDrawing, source: LaidOperand, sides: Sequence[int]) -> LaidOperand:
    if prod(sides) != source.size:
        raise ValueError(sides)
    return LaidOperand(tuple(sides), tuple(range(len(sides))), drawing.shaped(drawing.plain(source).tensor, tuple(sides)))


def _flatten(drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
    first = prod(source.shape[: attributes.get("axis", 1)])
    return _shaped(drawing, source, (first, source.size // first))


def _squeeze(drawing: OperatorDrawing, source: LaidOperand, others: Any, _: Any) -> LaidOperand:
    rank = len(source.shape)
    gone = {int(axis) % rank for axis in others[0]} if others else {a for a in range(rank) if source.shape[a] == 1}
    return _without(drawing, source, gone)


def _without(drawing: OperatorDrawing, source: LaidOperand, gone: set[int]) -> LaidOperand:
    """The same without axes of one."""
    left = [axis for axis in range(len(source.shape)) if axis not in gone]
    order = tuple(left.index(axis) for axis in source.order if axis in left)
    shape = tuple(source.shape[axis] for axis in left)
    return LaidOperand(shape, order, drawing.shaped(source.tensor, tuple(shape[axis] for axis in order)))


def _unsqueeze(drawing: OperatorDrawing, source: LaidOperand, others: Any, _: Any) -> LaidOperand:
    rank = len(source.shape) + len(others[0])
    new, rest = {int(axis) % rank for axis in others[0]}, iter(source.shape)
    return _shaped(drawing, source, [1 if axis in new else next(rest) for axis in range(rank)])


def _pooled(kind: str) -> "_Handler":
    def handler(drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
        return layers.pool(drawing, source, kind, attributes)

    return handler


def _globally(kind: str) -> "_Handler":
    def handler(drawing: OperatorDrawing, source: LaidOperand, *_: Any) -> LaidOperand:
        return reduced(drawing, source, kind, range(2, len(source.shape)), keep=True)

    return handler


def _reduction(kind: str) -> "_Handler":
    def handler(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
        axes = attributes.get("axes", others[0] if others else range(len(source.shape)))
        return reduced(drawing, source, kind, [int(axis) for axis in axes], keep=bool(attributes.get("keepdims", 1)))

    return handler


def reduced(drawing: OperatorDrawing, source: LaidOperand, kind: str, axes: Sequence[int], *, keep: bool) -> LaidOperand:
    """Mean, sum, maximum or minimum over axes."""
    gone = {axis % len(source.shape) for axis in axes}
    shape = tuple(1 if axis in gone else side for axis, side in enumerate(source.shape))
    places = constant(sorted(source.order.index(axis) for axis in gone), "INT32")
    made = drawing.add(kind, [source.tensor, places], tuple(shape[axis] for axis in source.order), keepDims=True)
    laid = LaidOperand(shape, source.order, made)
    return laid if keep else _without(drawing, laid, gone)


def _along(kind: str, **options: Any) -> "_Handler":
    """What TFLite does along the last axis alone."""

    def handler(drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
        axis = attributes.get("axis", -1) % len(source.shape)
        return drawing.like(kind, drawing.arranged(source, [*(a for a in source.order if a != axis), axis]), **options)

    return handler


def _pad(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    if attributes.get("mode", b"constant") != b"constant" or (len(others) > 2 and others[2] is not None):
        raise KeyError("Pad")
    value = float(np.asarray(others[1]).ravel()[0]) if len(others) > 1 and others[1] is not None else 0.0
    rank, sides = len(source.shape), [int(side) for side in others[0]]
    pads = [(sides[axis], sides[axis + rank]) for axis in range(rank)]
    shape = tuple(before + side + after for (before, after), side in zip(pads, source.shape, strict=True))
    return LaidOperand(shape, source.order, layers.padded(drawing, source.tensor, [pads[axis] for axis in source.order], value))


def _gather(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    axis, places = attributes.get("axis", 0) % len(source.shape), np.asarray(others[0])
    source = drawing.plain(source)
    shape = (*source.shape[:axis], *places.shape, *source.shape[axis + 1 :])
    made = drawing.add("GATHER", [source.tensor, constant(places % source.shape[axis], "INT32")], shape, axis=axis)
    return LaidOperand(shape, tuple(range(len(shape))), made)


def _slice(drawing: OperatorDrawing, source: LaidOperand, others: Any, _: Any) -> LaidOperand:
    starts, ends = (np.asarray(other).tolist() for other in others[:2])
    axes = np.asarray(others[2]).tolist() if len(others) > 2 else range(len(starts))
    steps = np.asarray(others[3]).tolist() if len(others) > 3 else [1] * len(starts)
    parts = [range(side) for side in source.shape]
    for axis, start, end, step in zip(axes, starts, ends, steps, strict=True):
        parts[axis] = range(source.shape[axis])[slice(start, end, step)]
    lying = [parts[axis] for axis in source.order]
    mask = sum(1 << place for place, part in enumerate(lying) if part.stop < 0)  # backwards to the very first
    corners = [constant(corner, "INT32") for corner in zip(*((p.start, max(0, p.stop), p.step) for p in lying), strict=True)]
    made = drawing.add("STRIDED_SLICE", [source.tensor, *corners], tuple(map(len, lying)), endMask=mask)
    return LaidOperand(tuple(map(len, parts)), source.order, made)


def _resize(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    """Half a pixel or the corners as the grid's origin; nearest, or between four."""
    source = drawing.arranged(source, PICTURES)
    known = [None if other is None or not np.size(other) else np.asarray(other).tolist() for other in (*others, None, None)[1:3]]
    axes = list(attributes.get("axes", range(4)))
    sides = list(source.shape)
    for axis, number in zip(axes, known[1] or known[0] or [], strict=True):
        sides[axis] = int(number) if known[1] else int(sides[axis] * number)
    mode, grid = attributes.get("mode", b"nearest"), attributes.get("coordinate_transformation_mode", b"half_pixel")
    ways = {b"half_pixel": {"halfPixelCenters": True}, b"align_corners": {"alignCorners": True}, b"asymmetric": {}}
    usual = mode == b"linear" or (mode, grid, attributes.get("nearest_mode")) in (
        (b"nearest", b"half_pixel", b"round_prefer_ceil"),
        (b"nearest", b"asymmetric", b"floor"),
    )
    if not usual or tuple(sides[:2]) != source.shape[:2] or attributes.get("antialias") or attributes.get("exclude_outside"):
        raise KeyError("Resize")
    kind = "RESIZE_BILINEAR" if mode == b"linear" else "RESIZE_NEAREST_NEIGHBOR"
    made = drawing.add(kind, [source.tensor, constant(sides[2:], "INT32")], (1, *sides[2:], sides[1]), **ways[grid])
    return LaidOperand(tuple(sides), PICTURES, made)


def _prelu(drawing: OperatorDrawing, source: LaidOperand, others: Any, _: Any) -> LaidOperand:
    """x where positive, slope * x elsewhere."""
    below = pair(drawing, "MUL", clipped(drawing, source, LEAST, 0.0), others[0])
    return pair(drawing, "ADD", clipped(drawing, source, 0.0, MOST), below)


def _gelu(drawing: OperatorDrawing, source: LaidOperand, _: Any, attributes: Attributes) -> LaidOperand:
    return drawing.like("GELU", source, approximate=attributes.get("approximate", b"none") != b"none")


def _batch_norm(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    """One scale and one shift a channel."""
    gamma, beta, mean, variance = (np.asarray(other, np.float64) for other in others)
    scale = gamma / np.sqrt(variance + attributes.get("epsilon", 1e-5))
    sides = (1, -1, *(1,) * (len(source.shape) - 2))
    return pair(drawing, "ADD", pair(drawing, "MUL", source, scale.reshape(sides)), (beta - mean * scale).reshape(sides))


def _standardised(drawing: OperatorDrawing, source: LaidOperand, axes: Sequence[int], epsilon: float) -> LaidOperand:
    """Mean 0 and deviation 1 over axes."""
    centred = pair(drawing, "SUB", source, reduced(drawing, source, "MEAN", axes, keep=True))
    variance = reduced(drawing, pair(drawing, "MUL", centred, centred), "MEAN", axes, keep=True)
    deviation = drawing.like("SQRT", pair(drawing, "ADD", variance, np.array(epsilon, np.float32)))
    return pair(drawing, "DIV", centred, deviation)


def _layer_norm(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    """Mean 0 and deviation 1 over the last axes, then scale and shift."""
    axes = range(attributes.get("axis", -1) % len(source.shape), len(source.shape))
    made = pair(drawing, "MUL", _standardised(drawing, source, axes, attributes.get("epsilon", 1e-5)), others[0])
    return pair(drawing, "ADD", made, others[1]) if len(others) > 1 and others[1] is not None else made


def _instance_norm(drawing: OperatorDrawing, source: LaidOperand, others: Any, attributes: Attributes) -> LaidOperand:
    """The same over the places of each channel."""
    made = _standardised(drawing, source, range(2, len(source.shape)), attributes.get("epsilon", 1e-5))
    scale, shift = (np.asarray(other).reshape(-1, *(1,) * (len(source.shape) - 2)) for other in others)
    return pair(drawing, "ADD", pair(drawing, "MUL", made, scale), shift)


_Handler = Callable[[OperatorDrawing, LaidOperand, Any, Attributes], LaidOperand]

HANDLERS: dict[str, _Handler] = {
    "Cast": _cast,
    "Identity": _identity,
    "Dropout": _identity,
    "Transpose": _transpose,
    "Reshape": _reshape,
    "Flatten": _flatten,
    "Squeeze": _squeeze,
    "Unsqueeze": _unsqueeze,
    "MaxPool": _pooled("MaxPool"),
    "AveragePool": _pooled("AveragePool"),
    "GlobalAveragePool": _globally("MEAN"),
    "GlobalMaxPool": _globally("REDUCE_MAX"),
    "ReduceMean": _reduction("MEAN"),
    "ReduceSum": _reduction("SUM"),
    "ReduceMax": _reduction("REDUCE_MAX"),
    "ReduceMin": _reduction("REDUCE_MIN"),
    "Softmax": _along("SOFTMAX", beta=1.0),
    "LogSoftmax": _along("LOG_SOFTMAX"),
    "Pad": _pad,
    "Gather": _gather,
    "Slice": _slice,
    "Resize": _resize,
    "PRelu": _prelu,
    "Gelu": _gelu,
    "BatchNormalization": _batch_norm,
    "LayerNormalization": _layer_norm,
    "InstanceNormalization": _instance_norm,
}
"""By the names of the operations: the first input, the others, and the attributes."""
