"""The graph's operations in ONNX's words: one small function each, and a table of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from olhar.graph import graph as g
from olhar.graph.graph import Floats, Weight
from olhar.graph.onnx_recurrent import lower_recurrent
from olhar.graph.onnx_writer import OnnxWriter
from olhar.graph.shapes import pads


def _pads(writer: OnnxWriter, source: str, op: g.Conv | g.Pool, window: Sequence[int], dilation: Sequence[int]) -> dict[str, Any]:
    """Padding as ONNX says it: numbers where the picture's size is known."""
    if op.padding == "valid":
        return {}
    sides = writer.graph.shapes[source][2:]
    if op.padding == "same" and None in sides:
        return {"auto_pad": "SAME_UPPER"}
    pairs = pads(op.padding, [side or 1 for side in sides], window, op.strides, dilation)
    return {"pads": [before for before, _ in pairs] + [after for _, after in pairs]}


def onnx_kernel(op: g.Conv) -> Floats:
    """A convolution's kernel as (out, in / groups, spatial...)."""
    value = op.kernel.value
    spatial = tuple(range(value.ndim - 2))
    if op.depthwise:
        return value.transpose(-2, -1, *spatial).reshape(-1, 1, *value.shape[:-2])
    return value.transpose(-1, -2, *spatial)


def _conv(writer: OnnxWriter, op: g.Conv, inputs: list[str], output: str) -> None:
    window = op.kernel.value.shape[:-2]
    arrays = [writer.array(onnx_kernel(op)), *([writer.array(op.bias.value)] if op.bias else [])]
    writer.add(
        "Conv",
        [*inputs, *arrays],
        output,
        kernel_shape=list(window),
        strides=list(op.strides),
        dilations=list(op.dilation),
        group=op.groups,
        **_pads(writer, inputs[0], op, window, op.dilation),
    )


def _conv_transpose(writer: OnnxWriter, op: g.ConvTranspose, inputs: list[str], output: str) -> None:
    value = op.kernel.value
    spatial = tuple(range(value.ndim - 2))
    arrays = [writer.array(value.transpose(-1, -2, *spatial)), *([writer.array(op.bias.value)] if op.bias else [])]
    crops = [before for before, _ in op.crops] + [after for _, after in op.crops]
    output_padding = [min(extra, stride - 1) for extra, stride in zip(op.output_padding, op.strides, strict=True)]
    writer.add(
        "ConvTranspose",
        [*inputs, *arrays],
        output,
        kernel_shape=list(value.shape[:-2]),
        strides=list(op.strides),
        dilations=list(op.dilation),
        pads=crops,
        output_padding=output_padding,
    )


def _pool(writer: OnnxWriter, op: g.Pool, inputs: list[str], output: str) -> None:
    pads = _pads(writer, inputs[0], op, op.size, (1,) * len(op.size))
    kind = "MaxPool" if op.kind == "max" else "AveragePool"
    writer.add(kind, inputs, output, kernel_shape=list(op.size), strides=list(op.strides), **pads)


def _dense(writer: OnnxWriter, op: g.Dense, inputs: list[str], output: str) -> None:
    kernel = writer.array(op.kernel.value)
    if writer.rank(inputs[0]) == 2 and op.bias:
        writer.add("Gemm", [*inputs, kernel, writer.array(op.bias.value)], output)
        return
    product = writer.add("MatMul", [*inputs, kernel], "" if op.bias else output)
    if op.bias:
        writer.add("Add", [product, writer.array(op.bias.value)], output)


def _batch_norm(writer: OnnxWriter, op: g.BatchNorm, inputs: list[str], output: str) -> None:
    arrays = [writer.array(weight.value) for weight in (op.gamma, op.beta, op.mean, op.variance)]
    writer.add("BatchNormalization", [*inputs, *arrays], output, epsilon=op.epsilon)


def _normalise(writer: OnnxWriter, op: g.Normalise, inputs: list[str], output: str) -> None:
    source, axes = inputs[0], writer.whole(*op.axes)
    if op.kind == "moments":
        source = writer.add("Sub", [source, writer.add("ReduceMean", [source, axes], keepdims=1)])
    square = writer.add("Mul", [source, source])
    total = writer.add("ReduceSum" if op.kind == "unit" else "ReduceMean", [square, axes], keepdims=1)
    epsilon = writer.array(op.epsilon)
    safe = writer.add("Max", [total, epsilon]) if op.kind == "unit" else writer.add("Add", [total, epsilon])
    writer.add("Div", [source, writer.add("Sqrt", [safe])], output)


def _batched(weight: Weight) -> Floats:
    return weight.value[None] if weight.value.ndim else weight.value


def _affine(writer: OnnxWriter, op: g.Affine, inputs: list[str], output: str) -> None:
    scaled, shifted = np.any(op.scale.value != 1), np.any(op.shift.value != 0)
    source = inputs[0]
    if scaled:
        source = writer.add("Mul", [source, writer.array(_batched(op.scale))], "" if shifted else output)
    if shifted:
        writer.add("Add", [source, writer.array(_batched(op.shift))], output)
    if not scaled and not shifted:
        writer.add("Identity", [source], output)


def _relu(writer: OnnxWriter, op: g.Activate, source: str, output: str) -> None:
    if op.threshold:
        _thresholded(writer, op, source, output)
    elif op.alpha:
        value = writer.add("LeakyRelu", [source], "" if op.ceiling is not None else output, alpha=op.alpha)
        if op.ceiling is not None:
            writer.add("Min", [value, writer.array(op.ceiling)], output)
    elif op.ceiling is not None:
        writer.add("Clip", [source, writer.array(0.0), writer.array(op.ceiling)], output)
    else:
        writer.add("Relu", [source], output)


def _thresholded(writer: OnnxWriter, op: g.Activate, source: str, output: str) -> None:
    threshold = writer.array(op.threshold)
    above = writer.add("GreaterOrEqual", [source, threshold])
    below = writer.add("Mul", [writer.add("Sub", [source, threshold]), writer.array(op.alpha)])
    high = writer.add("Min", [source, writer.array(op.ceiling)]) if op.ceiling is not None else source
    writer.add("Where", [above, high, below], output)


_SAME_MEANING = {
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "exponential": "Exp",
    "mish": "Mish",
    "hard_swish": "HardSwish",
}


def _activate(writer: OnnxWriter, op: g.Activate, inputs: list[str], output: str) -> None:
    source = inputs[0]
    match op.kind:
        case "relu":
            _relu(writer, op, source, output)
        case "softmax" | "log_softmax":
            writer.add("Softmax" if op.kind == "softmax" else "LogSoftmax", [source], output, axis=op.axis)
        case "elu":
            writer.add("Elu", [source], output, alpha=op.alpha)
        case "selu":
            writer.add("Selu", [source], output, alpha=1.6732632423543772, gamma=1.0507009873554805)
        case "hard_sigmoid":
            writer.add("HardSigmoid", [source], output, alpha=op.alpha, beta=0.5)
        case "swish":
            writer.add("Mul", [source, writer.add("Sigmoid", [source])], output)
        case "log_sigmoid":
            writer.add("Log", [writer.add("Sigmoid", [source])], output)
        case "gelu":
            half = writer.add("Mul", [source, writer.array(0.5)])
            error = writer.add("Erf", [writer.add("Mul", [source, writer.array(2**-0.5)])])
            writer.add("Mul", [half, writer.add("Add", [error, writer.array(1.0)])], output)
        case _:
            writer.add(_SAME_MEANING[op.kind], [source], output)


def _prelu(writer: OnnxWriter, op: g.PRelu, inputs: list[str], output: str) -> None:
    writer.add("PRelu", [*inputs, writer.array(_batched(op.alpha))], output)


_MERGES = {
    "add": "Add",
    "subtract": "Sub",
    "multiply": "Mul",
    "divide": "Div",
    "maximum": "Max",
    "minimum": "Min",
    "mean": "Mean",
}


def _merge(writer: OnnxWriter, op: g.Merge, inputs: list[str], output: str) -> None:
    kind = _MERGES[op.kind]
    if kind in ("Max", "Min", "Mean"):
        writer.add(kind, inputs, output)
        return
    total = inputs[0]
    for i, name in enumerate(inputs[1:], 2):
        total = writer.add(kind, [total, name], output if i == len(inputs) else "")


def _constant(writer: OnnxWriter, op: g.Constant, _: list[str], output: str) -> None:
    writer.add("Identity", [writer.array(op.value)], output)


def _concat(writer: OnnxWriter, op: g.Concat, inputs: list[str], output: str) -> None:
    writer.add("Concat", inputs, output, axis=op.axis)


def _reshape(writer: OnnxWriter, op: g.Reshape, inputs: list[str], output: str) -> None:
    batch = 0 if -1 in op.shape else -1
    writer.add("Reshape", [*inputs, writer.whole(batch, *op.shape)], output)


def _transpose(writer: OnnxWriter, op: g.Transpose, inputs: list[str], output: str) -> None:
    writer.add("Transpose", inputs, output, perm=list(op.order))


_ALMOST_ZERO = 1e-30
"""Not zero: ONNX Runtime 1.31.1 makes one MaxPool of a Pad of zeros and the MaxPool after it, where a border counts as minus
infinity. ResNet50V2 then answers otherwise by 1e-3."""


def _pad(writer: OnnxWriter, op: g.Pad, inputs: list[str], output: str) -> None:
    border = writer.whole(*(before for before, _ in op.pairs), *(after for _, after in op.pairs))
    writer.add("Pad", [*inputs, border, writer.array(op.value or _ALMOST_ZERO)], output, mode=op.mode)


def _slice(writer: OnnxWriter, op: g.Slice, inputs: list[str], output: str) -> None:
    sliced = [(axis, part) for axis, part in enumerate(op.parts) if part != (None, None, 1)]
    far = 2**31 - 1
    starts = [(0 if step > 0 else far) if start is None else start for _, (start, _, step) in sliced]
    ends = [(far if step > 0 else -far) if stop is None else stop for _, (_, stop, step) in sliced]
    bounds = [
        writer.whole(*starts),
        writer.whole(*ends),
        writer.whole(*(axis for axis, _ in sliced)),
        writer.whole(*(p[2] for _, p in sliced)),
    ]
    writer.add("Slice" if sliced else "Identity", [*inputs, *(bounds if sliced else [])], output)


def _resize(writer: OnnxWriter, op: g.Resize, inputs: list[str], output: str) -> None:
    attributes: dict[str, Any] = {"mode": "nearest" if op.method == "nearest" else "linear"}
    attributes["coordinate_transformation_mode"] = "half_pixel"
    if op.method == "nearest":
        attributes["nearest_mode"] = "round_prefer_ceil"
    if op.times:
        scales = writer.array([1.0, 1.0, *op.times])
        writer.add("Resize", [*inputs, "", scales], output, **attributes)
        return
    axes = list(range(2, writer.rank(inputs[0])))
    writer.add("Resize", [*inputs, "", "", writer.whole(*(op.size or ()))], output, axes=axes, **attributes)


def _reduce(writer: OnnxWriter, op: g.Reduce, inputs: list[str], output: str) -> None:
    spatial = op.axes == tuple(range(2, writer.rank(inputs[0])))
    if spatial and op.keepdims and op.kind in ("mean", "max"):
        writer.add("GlobalAveragePool" if op.kind == "mean" else "GlobalMaxPool", inputs, output)
        return
    kind = {"mean": "ReduceMean", "max": "ReduceMax", "sum": "ReduceSum", "min": "ReduceMin"}[op.kind]
    writer.add(kind, [*inputs, writer.whole(*op.axes)], output, keepdims=int(op.keepdims))


def _recurrent(writer: OnnxWriter, op: g.Recurrent, inputs: list[str], output: str) -> None:
    lower_recurrent(writer, op, inputs[0], output)


EMITTERS: dict[type, Callable[[OnnxWriter, Any, list[str], str], None]] = {
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
