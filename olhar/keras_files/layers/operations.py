"""Functions that a model uses as if they were layers (``x / 127.5``): a short list of those that are known."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Activate, Concat, Merge, Reduce, Reshape, Slice, Transpose
from olhar.keras_files.layers.activations import activate
from olhar.keras_files.layers.call import LayerCall, Value
from olhar.keras_files.layers.options import Options, is_whole
from olhar.keras_files.layers.shaping import lower_resizing, slice_parts
from olhar.keras_files.read import config

_ARITHMETIC = {
    "add": "add",
    "addv2": "add",
    "biasadd": "add",
    "nn.bias_add": "add",
    "subtract": "subtract",
    "sub": "subtract",
    "multiply": "multiply",
    "mul": "multiply",
    "truediv": "divide",
    "true_divide": "divide",
    "truedivide": "divide",
    "divide": "divide",
    "realdiv": "divide",
    "div": "divide",
}
_MOST_TIMES = 256
_ACTIVATIONS = ("relu", "relu6", "sigmoid", "tanh", "swish", "silu", "selu", "gelu", "softplus", "softsign")
_WITH_OPTIONS = {"softmax": "Softmax", "elu": "ELU"}
_REDUCTIONS = {"reduce_mean": "mean", "mean": "mean", "reduce_max": "max", "reduce_sum": "sum", "reduce_min": "min"}


def lower_operation(call: LayerCall) -> Value:
    """TFOpLambda and SlicingOpLambda of Keras 2, and Keras 3's functions on tensors.

    Raises:
        ModelError: a function that is not on the list.
    """
    if call.spec.class_name == "TensorFlowOpLayer":
        return _node(call)
    name = str(call.options.raw("function") or call.options.raw("op_name") or call.spec.class_name)
    word = name.lower().replace("__operators__.", "").removeprefix("tf.").removeprefix("math.")
    short = word.rpartition(".")[2]
    if word in _ARITHMETIC or short in _ARITHMETIC:
        return _arithmetic(call, _ARITHMETIC.get(word) or _ARITHMETIC[short])
    if short in _REDUCTIONS:
        return _reduced(call, _REDUCTIONS[short])
    if short in _FUNCTIONS:
        return _FUNCTIONS[short](call)
    return _activated(call, name, short)


def _activated(call: LayerCall, name: str, short: str) -> Value:
    options: dict[str, Any] = {**call.options.given, **call.keywords}
    if short in ("leaky_relu", "leakyrelu"):
        slope = options.get("negative_slope", options.get("alpha", 0.2))
        return activate(call, call.x, {"class_name": "LeakyReLU", "config": {"negative_slope": slope}})
    if short in _WITH_OPTIONS:
        return activate(call, call.x, {"class_name": _WITH_OPTIONS[short], "config": options})
    if short not in _ACTIVATIONS:
        raise ModelError("keras.operation", layer=call.spec.name, operation=name[:60])
    return activate(call, call.x, short)


def _node(call: LayerCall) -> Value:
    """TensorFlowOpLayer of tf 2.0 to 2.3: a node of TensorFlow's graph as JSON, its constants by position."""
    node_def = call.options.raw("node_def")
    node = config.parse(node_def) if isinstance(node_def, str) else node_def
    name = str(node.get("op")) if isinstance(node, dict) else ""
    arguments: list[Any] = list(call.inputs)
    for place, constant in sorted((int(key), value) for key, value in (call.options.raw("constants") or {}).items()):
        arguments.insert(place, constant)
    if name.lower() not in _ARITHMETIC:
        raise ModelError("keras.operation", layer=call.spec.name, operation=name[:60])
    return _arithmetic(replace(call, arguments=tuple(arguments)), _ARITHMETIC[name.lower()])


def _argument(call: LayerCall, position: int, *names: str) -> Any:
    """What the function was called with, by name or by position, or what Keras 3 keeps of it."""
    for name in names:
        if call.keywords.get(name) is not None:
            return call.keywords[name]
    if len(call.arguments) > position:
        return call.arguments[position]
    return next((call.options.raw(name) for name in names if call.options.raw(name) is not None), None)


def _arithmetic(call: LayerCall, kind: str) -> Value:
    left = _operand(call, _argument(call, 0, "x", "x1", "value"))
    right = _operand(call, _argument(call, 1, "y", "x2", "bias"))
    result = call.arithmetic(kind, left, right)
    if not isinstance(result, Value):
        raise ModelError("keras.inputs", layer=call.spec.name)
    return result


def _operand(call: LayerCall, operand: Any) -> Value | float:
    if isinstance(operand, Value):
        return operand
    if isinstance(operand, dict):
        operand = operand.get("config", {}).get("value", operand.get("value"))
    if isinstance(operand, int | float) and not isinstance(operand, bool) and np.isfinite(operand):
        return float(operand)
    row = np.asarray(operand, np.float32) if isinstance(operand, list) else np.zeros((0, 0, 0), np.float32)
    if row.ndim != 1 or not np.isfinite(row).all():
        raise ModelError("keras.inputs", layer=call.spec.name)
    return call.constant(row.reshape((1,) * (call.x.rank - 1) + (-1,)))


def _axes(call: LayerCall, stated: Any) -> tuple[int, ...]:
    axes = list(range(1, call.x.rank)) if stated is None else stated if isinstance(stated, list) else [stated]
    return tuple(sorted(int(axis) % call.x.rank for axis in axes))


def _reduced(call: LayerCall, kind: Any) -> Value:
    keep = bool(_argument(call, 9, "keepdims", "keep_dims"))
    return call.emit(Reduce(kind, _axes(call, _argument(call, 1, "axis")), keep), call.x)


def _clip(call: LayerCall) -> Value:
    low = _argument(call, 1, "clip_value_min", "x_min")
    high = _argument(call, 2, "clip_value_max", "x_max")
    value = call.x
    if low is not None:
        value = call.emit(Merge("maximum"), value, call.constant(float(low)))
    return value if high is None else call.emit(Merge("minimum"), value, call.constant(float(high)))


def _expand(call: LayerCall) -> Value:
    axis = int(_argument(call, 1, "axis"))
    sides = [-1 if side is None else side for side in call.x.shape[1:]]
    sides.insert(axis - 1 if axis >= 0 else call.x.rank + axis, 1)
    return call.emit(Reshape(tuple(sides)), call.x)


def _squeeze(call: LayerCall) -> Value:
    axis_option = _argument(call, 1, "axis")
    ones = [axis for axis in range(1, call.x.rank) if call.x.shape[axis] == 1]
    axes = ones if axis_option is None else _axes(call, axis_option)
    sides = [-1 if side is None else side for axis, side in enumerate(call.x.shape) if axis and axis not in axes]
    return call.emit(Reshape(tuple(sides)), call.x)


def _reshape(call: LayerCall) -> Value:
    shape = _argument(call, 1, "shape", "newshape")
    return call.emit(Reshape(tuple(int(side) for side in shape[1:])), call.x)


def _transpose(call: LayerCall) -> Value:
    order = _argument(call, 1, "perm", "axes")
    return call.emit(Transpose(tuple(int(axis) for axis in order)), call.x)


def _concat(call: LayerCall) -> Value:
    stated = _argument(call, 9, "axis")
    axis = -1 if stated is None else int(stated)
    return call.emit(Concat(axis % call.x.rank), *call.inputs)


def _tile(call: LayerCall) -> Value:
    """The tensor some times over along each axis but the batch's."""
    times: Any = _argument(call, 1, "multiples", "repeats")
    if not isinstance(times, list) or len(times) != call.x.rank or not all(is_whole(n) and 0 < n <= _MOST_TIMES for n in times):
        raise ModelError("keras.operation", layer=call.spec.name, operation="tile")
    if times[0] != 1:
        raise ModelError("keras.operation", layer=call.spec.name, operation="tile")
    value = call.x
    for axis, count in enumerate(times):
        value = call.emit(Concat(axis), *[value] * count) if count > 1 else value
    return value


def _gray_to_rgb(call: LayerCall) -> Value:
    return call.emit(Concat(call.x.rank - 1), call.x, call.x, call.x)


def _square(call: LayerCall) -> Value:
    return call.emit(Merge("multiply"), call.x, call.x)


def _negative(call: LayerCall) -> Value:
    return call.affine(call.x, -1.0, 0.0)


def _resize(call: LayerCall) -> Value:
    """A picture brought to a size, as ``tf.image.resize`` and ``keras.ops.image.resize`` do by default."""
    size, method = _argument(call, 1, "size"), _argument(call, 2, "method", "interpolation")
    options = {"height": size[0], "width": size[1], "interpolation": method or "bilinear"} if isinstance(size, list) else {}
    for option in ("antialias", "crop_to_aspect_ratio", "pad_to_aspect_ratio", "data_format"):
        options[option] = _argument(call, 9, option)
    if _argument(call, 9, "preserve_aspect_ratio"):
        raise ModelError("keras.operation", layer=call.spec.name, operation="resize preserve_aspect_ratio")
    return lower_resizing(replace(call, spec=replace(call.spec, options=Options(call.spec.name, options))))


def _getitem(call: LayerCall) -> Value:
    return call.emit(Slice(slice_parts(call, _argument(call, 1, "slice_spec", "key"))), call.x)


def _hard_swish(call: LayerCall) -> Value:
    return call.emit(Activate("hard_swish"), call.x)


def _passed_through(call: LayerCall) -> Value:
    """The tensor as it is; a cast to whole numbers would change it, and is refused."""
    dtype = str(_argument(call, 1, "dtype"))
    if "int" in dtype or "bool" in dtype:
        raise ModelError("keras.operation", layer=call.spec.name, operation=f"cast {dtype}"[:60])
    return call.x


_FUNCTIONS: dict[str, Callable[[LayerCall], Value]] = {
    "cast": _passed_through,
    "identity": _passed_through,
    "stop_gradient": _passed_through,
    "convert_to_tensor": _passed_through,
    "clip_by_value": _clip,
    "clip": _clip,
    "expand_dims": _expand,
    "expanddims": _expand,
    "squeeze": _squeeze,
    "reshape": _reshape,
    "transpose": _transpose,
    "concat": _concat,
    "concatenate": _concat,
    "tile": _tile,
    "grayscale_to_rgb": _gray_to_rgb,
    "square": _square,
    "negative": _negative,
    "neg": _negative,
    "resize": _resize,
    "getitem": _getitem,
    "slicingoplambda": _getitem,
    "hard_swish": _hard_swish,
    "hard_silu": _hard_swish,
    "hardsilu": _hard_swish,
}
