"""The graph's operations in ONNX's words: one small function each, and a table of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Floats, Weight
from olhar.graph.onnx_recurrent import lower_recurrent
from olhar.graph.onnx_writer import OnnxPen
from olhar.graph.shapes import pads


def _pads(pen: OnnxPen, source: str, op: g.Conv | g.Pool, window: Sequence[int], dilation: Sequence[int]) -> dict[str, Any]:
    """Padding as ONNX says it: numbers where the picture's size is known."""
    if op.padding == "valid":
        return {}
    sides = pen.graph.shapes[source][2:]
    if op.padding == "same" and None in sides:
        return {"auto_pad": "SAME_UPPER"}
    pairs = pads(op.padding, [side or 1 for side in sides], window, op.strides, dilation)
    return {"pads": [before for before, _ in pairs] + [after for _, after in pairs]}


def planar_kernel(op: g.Conv) -> Floats:
    """A convolution's kernel as (out, in / groups, spatial...)."""
    value = op.kernel.value
    spatial = tuple(range(value.ndim - 2))
    if op.depthwise:
        return value.transpose(-2, -1, *spatial).reshape(-1, 1, *value.shape[:-2])
    return value.transpose(-1, -2, *spatial)


def _conv(pen: OnnxPen, op: g.Conv, inputs: list[str], output: str) -> None:
    window = op.kernel.value.shape[:-2]
    arrays = [pen.array(planar_kernel(op)), *([pen.array(op.bias.value)] if op.bias else [])]
    pen.add(
        "Conv",
        [*inputs, *arrays],
        output,
        kernel_shape=list(window),
        strides=list(op.strides),
        dilations=list(op.dilation),
        group=op.groups,
        **_pads(pen, inputs[0], op, window, op.dilation),
    )


def _conv_transpose(pen: OnnxPen, op: g.ConvTranspose, inputs: list[str], output: str) -> None:
    value = op.kernel.value
    spatial = tuple(range(value.ndim - 2))
    arrays = [pen.array(value.transpose(-1, -2, *spatial)), *([pen.array(op.bias.value)] if op.bias else [])]
    cut = [before for before, _ in op.crops] + [after for _, after in op.crops]
    inner = [min(extra, stride - 1) for extra, stride in zip(op.extra, op.strides, strict=True)]
    pen.add(
        "ConvTranspose",
        [*inputs, *arrays],
        output,
        kernel_shape=list(value.shape[:-2]),
        strides=list(op.strides),
        dilations=list(op.dilation),
        pads=cut,
        output_padding=inner,
    )


def _pool(pen: OnnxPen, op: g.Pool, inputs: list[str], output: str) -> None:
    pads = _pads(pen, inputs[0], op, op.size, (1,) * len(op.size))
    kind = "MaxPool" if op.kind == "max" else "AveragePool"
    pen.add(kind, inputs, output, kernel_shape=list(op.size), strides=list(op.strides), **pads)


def _dense(pen: OnnxPen, op: g.Dense, inputs: list[str], output: str) -> None:
    kernel = pen.array(op.kernel.value)
    if pen.rank(inputs[0]) == 2 and op.bias:
        pen.add("Gemm", [*inputs, kernel, pen.array(op.bias.value)], output)
        return
    product = pen.add("MatMul", [*inputs, kernel], "" if op.bias else output)
    if op.bias:
        pen.add("Add", [product, pen.array(op.bias.value)], output)


def _batch_norm(pen: OnnxPen, op: g.BatchNorm, inputs: list[str], output: str) -> None:
    arrays = [pen.array(each.value) for each in (op.gamma, op.beta, op.mean, op.variance)]
    pen.add("BatchNormalization", [*inputs, *arrays], output, epsilon=op.epsilon)


def _normalise(pen: OnnxPen, op: g.Normalise, inputs: list[str], output: str) -> None:
    source, axes = inputs[0], pen.whole(*op.axes)
    if op.kind == "moments":
        source = pen.add("Sub", [source, pen.add("ReduceMean", [source, axes], keepdims=1)])
    square = pen.add("Mul", [source, source])
    total = pen.add("ReduceSum" if op.kind == "unit" else "ReduceMean", [square, axes], keepdims=1)
    epsilon = pen.array(op.epsilon)
    safe = pen.add("Max", [total, epsilon]) if op.kind == "unit" else pen.add("Add", [total, epsilon])
    pen.add("Div", [source, pen.add("Sqrt", [safe])], output)


def _batched(weight: Weight) -> Floats:
    return weight.value[None] if weight.value.ndim else weight.value


def _affine(pen: OnnxPen, op: g.Affine, inputs: list[str], output: str) -> None:
    scaled, shifted = np.any(op.scale.value != 1), np.any(op.shift.value != 0)
    source = inputs[0]
    if scaled:
        source = pen.add("Mul", [source, pen.array(_batched(op.scale))], "" if shifted else output)
    if shifted:
        pen.add("Add", [source, pen.array(_batched(op.shift))], output)
    if not scaled and not shifted:
        pen.add("Identity", [source], output)


def _relu(pen: OnnxPen, op: g.Activate, source: str, output: str) -> None:
    if op.threshold:
        _thresholded(pen, op, source, output)
    elif op.alpha:
        value = pen.add("LeakyRelu", [source], "" if op.ceiling is not None else output, alpha=op.alpha)
        if op.ceiling is not None:
            pen.add("Min", [value, pen.array(op.ceiling)], output)
    elif op.ceiling is not None:
        pen.add("Clip", [source, pen.array(0.0), pen.array(op.ceiling)], output)
    else:
        pen.add("Relu", [source], output)


def _thresholded(pen: OnnxPen, op: g.Activate, source: str, output: str) -> None:
    threshold = pen.array(op.threshold)
    above = pen.add("GreaterOrEqual", [source, threshold])
    below = pen.add("Mul", [pen.add("Sub", [source, threshold]), pen.array(op.alpha)])
    high = pen.add("Min", [source, pen.array(op.ceiling)]) if op.ceiling is not None else source
    pen.add("Where", [above, high, below], output)


_ALIKE = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "exponential": "Exp",
    "mish": "Mish",
    "hard_swish": "HardSwish",
}


def _activate(pen: OnnxPen, op: g.Activate, inputs: list[str], output: str) -> None:
    source = inputs[0]
    match op.kind:
        case "relu":
            _relu(pen, op, source, output)
        case "softmax" | "log_softmax":
            pen.add("Softmax" if op.kind == "softmax" else "LogSoftmax", [source], output, axis=op.axis)
        case "elu":
            pen.add("Elu", [source], output, alpha=op.alpha)
        case "selu":
            pen.add("Selu", [source], output, alpha=1.6732632423543772, gamma=1.0507009873554805)
        case "hard_sigmoid":
            pen.add("HardSigmoid", [source], output, alpha=op.alpha, beta=0.5)
        case "swish":
            pen.add("Mul", [source, pen.add("Sigmoid", [source])], output)
        case "log_sigmoid":
            pen.add("Log", [pen.add("Sigmoid", [source])], output)
        case "gelu":
            half = pen.add("Mul", [source, pen.array(0.5)])
            error = pen.add("Erf", [pen.add("Mul", [source, pen.array(2**-0.5)])])
            pen.add("Mul", [half, pen.add("Add", [error, pen.array(1.0)])], output)
        case _:
            pen.add(_ALIKE[op.kind], [source], output)


def _prelu(pen: OnnxPen, op: g.PRelu, inputs: list[str], output: str) -> None:
    pen.add("PRelu", [*inputs, pen.array(_batched(op.alpha))], output)


_MERGES = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "maximum": "Max",
    "minimum": "Min",
    "mean": "Mean",
}


def _merge(pen: OnnxPen, op: g.Merge, inputs: list[str], output: str) -> None:
    kind = _MERGES[op.kind]
    if kind in ("Max", "Min", "Mean"):
        pen.add(kind, inputs, output)
        return
    total = inputs[0]
    for i, name in enumerate(inputs[1:], 2):
        total = pen.add(kind, [total, name], output if i == len(inputs) else "")


def _constant(pen: OnnxPen, op: g.Constant, _: list[str], output: str) -> None:
    pen.add("Identity", [pen.array(op.value)], output)


def _concat(pen: OnnxPen, op: g.Concat, inputs: list[str], output: str) -> None:
    pen.add("Concat", inputs, output, axis=op.axis)


def _reshape(pen: OnnxPen, op: g.Reshape, inputs: list[str], output: str) -> None:
    batch = 0 if -1 in op.shape else -1
    pen.add("Reshape", [*inputs, pen.whole(batch, *op.shape)], output)


def _transpose(pen: OnnxPen, op: g.Transpose, inputs: list[str], output: str) -> None:
    pen.add("Transpose", inputs, output, perm=list(op.order))


_ALMOST_ZERO = 1e-30
"""Not zero: ONNX Runtime 1.31.1 makes one MaxPool of a Pad of zeros and the MaxPool after it, where a border counts as minus
infinity. ResNet50V2 then answers otherwise by 1e-3."""


def _pad(pen: OnnxPen, op: g.Pad, inputs: list[str], output: str) -> None:
    border = pen.whole(*(before for before, _ in op.pairs), *(after for _, after in op.pairs))
    pen.add("Pad", [*inputs, border, pen.array(op.value or _ALMOST_ZERO)], output, mode=op.mode)


def _slice(pen: OnnxPen, op: g.Slice, inputs: list[str], output: str) -> None:
    cut = [(axis, part) for axis, part in enumerate(op.parts) if part != (None, None, 1)]
    far = 2**31 - 1
    starts = [(0 if step > 0 else far) if start is None else start for _, (start, _, step) in cut]
    ends = [(far if step > 0 else -far) if stop is None else stop for _, (_, stop, step) in cut]
    rest = [pen.whole(*starts), pen.whole(*ends), pen.whole(*(axis for axis, _ in cut)), pen.whole(*(p[2] for _, p in cut))]
    pen.add("Slice" if cut else "Identity", [*inputs, *(rest if cut else [])], output)


def _resize(pen: OnnxPen, op: g.Resize, inputs: list[str], output: str) -> None:
    attributes: dict[str, Any] = {"mode": "nearest" if op.method == "nearest" else "linear"}
    attributes["coordinate_transformation_mode"] = "half_pixel"
    if op.method == "nearest":
        attributes["nearest_mode"] = "round_prefer_ceil"
    if op.times:
        scales = pen.array([1.0, 1.0, *op.times])
        pen.add("Resize", [*inputs, "", scales], output, **attributes)
        return
    axes = list(range(2, pen.rank(inputs[0])))
    pen.add("Resize", [*inputs, "", "", pen.whole(*(op.size or ()))], output, axes=axes, **attributes)


def _reduce(pen: OnnxPen, op: g.Reduce, inputs: list[str], output: str) -> None:
    spatial = op.axes == tuple(range(2, pen.rank(inputs[0])))
    if spatial and op.keep and op.kind in ("mean", "max"):
        pen.add("GlobalAveragePool" if op.kind == "mean" else "GlobalMaxPool", inputs, output)
        return
    kind = {"mean": "ReduceMean", "max": "ReduceMax", "sum": "ReduceSum", "min": "ReduceMin"}[op.kind]
    pen.add(kind, [*inputs, pen.whole(*op.axes)], output, keepdims=int(op.keep))


def _recurrent(pen: OnnxPen, op: g.Recurrent, inputs: list[str], output: str) -> None:
    lower_recurrent(pen, op, inputs[0], output)


EMITTERS: dict[type, Callable[[OnnxPen, Any, list[str], str], None]] = {
    g.Conv: _conv,
    g.ConvTranspose: _conv_transpose,
    g.Pool: _pool,
    g.Dense: _dense,
    g.BatchNorm: _batch_norm,
    g.Normalise: _normalise,
    g.Affine: _affine,
    g.Activate: _activate,
    g.PRelu: _prelu,
    g.Merge: _merge,
    g.Constant: _constant,
    g.Concat: _concat,
    g.Reshape: _reshape,
    g.Transpose: _transpose,
    g.Pad: _pad,
    g.Slice: _slice,
    g.Resize: _resize,
    g.Reduce: _reduce,
    g.Recurrent: _recurrent,
}
