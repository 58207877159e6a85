"""ONNX's layers with windows and matrices -> kernels: convolutions, products, pools."""

from typing import Any

import numpy as np

from olhar.exports.onnx_nodes import windows
from olhar.exports.web.program import Buffer, Fixed
from olhar.exports.web.tensors import Drawing, LaidTensor, offset
from olhar.graph.graph import Floats

_PANEL, _BLOCK = 8, 48
_WINDOWED = 4

Range = tuple[float, float]


def packed(matrix: Floats) -> Fixed:
    """A matrix (k, n) in panels of eight columns, the last filled up with zeros."""
    k, n = matrix.shape
    wide = np.zeros((k, -(-n // _PANEL) * _PANEL), np.float32)
    wide[:, :n] = matrix
    return Fixed(np.ascontiguousarray(wide.reshape(k, -1, _PANEL).transpose(1, 0, 2)))


def row(values: Floats | None, n: int) -> Fixed:
    """A bias, filled up to whole panels."""
    wide = np.zeros(-(-n // _PANEL) * _PANEL, np.float32)
    if values is not None:
        wide[:n] = values.ravel()
    return Fixed(wide)


def dense(drawing: Drawing, source: LaidTensor, matrix: Floats, bias: Floats | None, limits: Range) -> LaidTensor:
    """The last axis times a matrix (k, n)."""
    source = drawing.plain(source)
    k, n = matrix.shape
    made = drawing.new((*source.shape[:-1], n))
    m = source.size // k
    drawing.call("gemm", source.place, packed(matrix), row(bias, n), made.place, m, k, n, k, n, *limits)
    return made


def _as_pictures(drawing: Drawing, source: LaidTensor) -> LaidTensor:
    """(N, C, H, W), lying as (H, W, C)."""
    return drawing.arranged(source, (0, 2, 3, 1))


def conv(
    drawing: Drawing, source: LaidTensor, kernel: Floats, bias: Floats | None, attributes: dict[str, Any], limits: Range
) -> LaidTensor:
    """Correlation with a kernel (out, in / groups, height, width)."""
    source = _as_pictures(drawing, source)
    _, channels, height, width = source.shape
    n, inside, *window = kernel.shape
    groups = attributes.get("group", 1)
    strides, dilations, before, after = windows(attributes, (height, width), window)
    made = drawing.new((1, n, *after), (0, 2, 3, 1))
    geometry = (*window, *strides, *dilations, *before)
    if groups == channels and inside == 1 and n % channels == 0:
        source = _repeated(drawing, source, n // channels)
        weights = Fixed(np.ascontiguousarray(kernel[:, 0].transpose(1, 2, 0)))
        drawing.call("depthwise", source.place, weights, row(bias, n), made.place, height, width, n, *after, *geometry, *limits)
    elif geometry == (1, 1, 1, 1, 1, 1, 0, 0) and groups == 1 and (*after,) == (height, width):
        sizes = (height * width, channels, n, channels, n)
        drawing.call("gemm", source.place, packed(kernel[:, :, 0, 0].T), row(bias, n), made.place, *sizes, *limits)
    else:
        room, each = Buffer(_BLOCK * window[0] * window[1] * inside), n // groups
        for group in range(groups):
            part = slice(group * each, (group + 1) * each)
            matrix = kernel[part].transpose(2, 3, 1, 0).reshape(-1, each)
            weights, shift = packed(matrix), row(bias[part] if bias is not None else None, each)
            into, out_of = offset(source, group * inside), offset(made, group * each)
            sizes = (height, width, inside, channels, *after, each, n)
            drawing.call("conv", into, weights, shift, out_of, room, *sizes, *geometry, *limits)
    return made


def _repeated(drawing: Drawing, source: LaidTensor, times: int) -> LaidTensor:
    """Each channel so many times, one beside the other."""
    if times == 1:
        return source
    _, channels, height, width = source.shape
    made = drawing.new((1, channels * times, height, width), (0, 2, 3, 1))
    strides = (1, source.strides[2], source.strides[3])
    goes = (times, made.strides[2], made.strides[3])
    for place in range(times):
        drawing.copy(source.place, strides, offset(made, place), goes, (channels, height, width))
    return made


def pool(drawing: Drawing, source: LaidTensor, kind: str, attributes: dict[str, Any]) -> LaidTensor:
    """Maximum or mean of windows."""
    source = _as_pictures(drawing, source)
    _, channels, height, width = source.shape
    window = attributes["kernel_shape"]
    strides, dilations, before, after = windows(attributes, (height, width), window)
    if dilations != [1, 1]:
        raise ValueError("dilations")
    made = drawing.new((1, channels, *after), (0, 2, 3, 1))
    number = 0 if kind == "MaxPool" else 1 + attributes.get("count_include_pad", 0)
    sizes = (height, width, channels, *after, *window, *strides, *before)
    drawing.call("pool", source.place, made.place, number, *sizes)
    return made
