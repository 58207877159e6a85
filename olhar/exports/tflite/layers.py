"""ONNX's layers with windows and matrices -> TFLite: convolutions, products, pools; some borders have to be padded."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from olhar.exports.onnx_nodes import LEAST, windows
from olhar.exports.tflite.plan import Array, LaidOperand, Operand, OperatorDrawing, constant
from olhar.graph.graph import Floats

PICTURES = (0, 2, 3, 1)
SAME, VALID = 0, 1
_Sides = Sequence[int]


def dense(drawing: OperatorDrawing, source: LaidOperand, matrix: Floats, bias: Floats | None) -> LaidOperand:
    """The last axis times a matrix (k, n)."""
    source = drawing.plain(source)
    n = matrix.shape[1]
    shape = (*source.shape[:-1], n)
    row = np.zeros(n, np.float32) if bias is None else np.broadcast_to(bias.ravel(), n)
    made = drawing.add(
        "FULLY_CONNECTED", [source.tensor, constant(matrix.T), constant(row)], shape, keepNumDims=len(source.shape) != 2
    )
    return LaidOperand(shape, tuple(range(len(shape))), made)


def conv(
    drawing: OperatorDrawing, source: LaidOperand, kernel: Floats, bias: Floats | None, attributes: dict[str, Any]
) -> LaidOperand:
    """Correlation with a kernel (out, in / groups, height, width)."""
    source = drawing.arranged(source, PICTURES)
    channels, sides = source.shape[1], source.shape[2:]
    n, inside, *window = kernel.shape
    groups = attributes.get("group", 1)
    strides, dilations, before, after = windows(attributes, sides, window)
    geometry = (sides, after, window, strides, dilations, before)
    padded, padding = bordered(drawing, source.tensor, geometry, 0.0)
    row = constant(np.zeros(n, np.float32) if bias is None else bias)
    about = dict(zip(("strideH", "strideW"), strides, strict=True), padding=padding)
    about |= zip(("dilationHFactor", "dilationWFactor"), dilations, strict=True)
    shape, lying = (1, n, *after), (1, *after, n)
    if groups == channels and inside == 1 and groups > 1:
        weights = constant(kernel[:, 0].transpose(1, 2, 0)[np.newaxis])
        made = drawing.add("DEPTHWISE_CONV_2D", [padded, weights, row], lying, depthMultiplier=n // channels, **about)
    else:
        made = drawing.add("CONV_2D", [padded, constant(kernel.transpose(0, 2, 3, 1)), row], lying, **about)
    return LaidOperand(shape, PICTURES, made)


def bordered(drawing: OperatorDrawing, tensor: Operand, geometry: tuple[_Sides, ...], value: float) -> tuple[Operand, int]:
    """A picture (1, H, W, C) with the border that a window needs, and TFLite's padding for what is left to do.

    ``geometry``: sides, sides after, window, strides, dilations and borders before, each along height and width.
    """
    sides, after, window, strides, dilations, before = geometry
    reach = [(w - 1) * d + 1 for w, d in zip(window, dilations, strict=True)]
    spare = [(a - 1) * s + r - side for a, s, r, side in zip(after, strides, reach, sides, strict=True)]
    fits = [-(-side // s) == a for side, s, a in zip(sides, strides, after, strict=True)]
    if not any(before) and all(x <= 0 for x in spare):
        return tensor, VALID
    if all(fits) and all(max(0, x) // 2 == b for x, b in zip(spare, before, strict=True)):
        return tensor, SAME
    pads = [(0, 0), *((b, max(0, x - b)) for b, x in zip(before, spare, strict=True)), (0, 0)]
    return padded(drawing, tensor, pads, value), VALID


def padded(drawing: OperatorDrawing, tensor: Operand, pads: Sequence[tuple[int, int]], value: float) -> Operand:
    """A border of one number round a tensor."""
    shape = tuple(before + side + after for (before, after), side in zip(pads, tensor.shape, strict=True))
    more = [constant(value)] if value else []
    return drawing.add("PADV2" if value else "PAD", [tensor, constant(pads, "INT32"), *more], shape)


def pool(drawing: OperatorDrawing, source: LaidOperand, kind: str, attributes: dict[str, Any]) -> LaidOperand:
    """Maximum or mean of windows."""
    source = drawing.arranged(source, PICTURES)
    sides, window = source.shape[2:], attributes["kernel_shape"]
    strides, dilations, before, after = windows(attributes, sides, window)
    if dilations != [1, 1]:
        raise ValueError("dilations")
    geometry = (sides, after, window, strides, dilations, before)
    tensor, padding = bordered(drawing, source.tensor, geometry, LEAST if kind == "MaxPool" else 0.0)
    about = dict(zip(("strideH", "strideW"), strides, strict=True)) | dict(
        zip(("filterHeight", "filterWidth"), window, strict=True)
    )
    name = "MAX_POOL_2D" if kind == "MaxPool" else "AVERAGE_POOL_2D"
    shape = (1, *after, source.shape[1])
    made = drawing.add(name, [tensor], shape, padding=padding, **about)
    share = _share(geometry, padding, bool(attributes.get("count_include_pad", 0))) if name == "AVERAGE_POOL_2D" else None
    made = made if share is None else drawing.add("MUL", [made, constant(share)], shape)
    return LaidOperand((1, source.shape[1], *after), PICTURES, made)


def _share(geometry: tuple[_Sides, ...], padding: int, count_borders: bool) -> Array | None:
    """By what means over windows are multiplied (1, H, W, 1), where TFLite divides by another count; None: by nothing."""
    sides, after, window, strides, _, before = geometry
    if (padding == SAME and not count_borders) or (padding == VALID and count_borders):
        return None
    inside = [
        np.array([min(b + side, i * s + w) - max(b, i * s) for i in range(a)], np.float64)
        for side, a, w, s, b in zip(sides, after, window, strides, before, strict=True)
    ]
    area, part = float(np.prod(window)), np.outer(*inside)
    share = part / area if count_borders else area / part
    return None if (share == 1).all() else share[np.newaxis, :, :, np.newaxis]
