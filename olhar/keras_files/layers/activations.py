"""Keras's activation functions, given as a word, as a serialised function or as a layer, and the layers that are one."""

from collections.abc import Callable, Mapping
from typing import Any

from olhar.base.errors import ModelError
from olhar.graph.graph import Activate, PRelu
from olhar.keras_files.layers.call import LayerCall, Value
from olhar.keras_files.layers.options import Options, is_whole

_PLAIN = {
    "sigmoid": "sigmoid",
    "tanh": "tanh",
    "softmax": "softmax",
    "softmax_v2": "softmax",
    "log_softmax": "log_softmax",
    "selu": "selu",
    "softplus": "softplus",
    "softsign": "softsign",
    "swish": "swish",
    "silu": "swish",
    "exponential": "exponential",
    "mish": "mish",
    "relu": "relu",
    "gelu": "gelu",
}
_WITH_NUMBERS = {
    "elu": Activate("elu", alpha=1.0),
    "relu6": Activate("relu", ceiling=6.0),
    "leaky_relu": Activate("relu", alpha=0.2),
    "hard_swish": Activate("hard_swish"),
    "hard_silu": Activate("hard_swish"),
    "log_sigmoid": Activate("log_sigmoid"),
}
_IDENTITY = ("linear", "identity", "none")


def activate(call: LayerCall, value: Value, activation: Any) -> Value:
    """``value`` after the activation that the file gives: a word, ``{"class_name": ..., "config": ...}`` or None.

    Raises:
        ModelError: an activation that is not Keras's own.
    """
    if activation is None:
        return value
    if isinstance(activation, dict):
        return _saved_activation(call, value, activation)
    name = str(activation).lower()
    if name in _IDENTITY:
        return value
    if name == "hard_sigmoid":
        return call.emit(hard_sigmoid(call), value)
    op = _WITH_NUMBERS.get(name) or (Activate(_PLAIN[name]) if name in _PLAIN else None)
    if op is None:
        raise ModelError("keras.activation", layer=call.spec.name, activation=str(activation)[:60])
    return call.emit(op, value)


def hard_sigmoid(call: LayerCall) -> Activate:
    """A fifth steep up to Keras 2; a sixth since Keras 3."""
    return Activate("hard_sigmoid", alpha=1 / 6 if call.writer.facts.major >= 3 else 0.2)


def _saved_activation(call: LayerCall, value: Value, activation: Mapping[str, Any]) -> Value:
    """An activation that was saved as a function or as a layer."""
    name, config = str(activation.get("class_name")).rsplit(">", 1)[-1], activation.get("config")
    if name == "function" or isinstance(config, str):
        return activate(call, value, config)
    layer = LAYERS.get(name)
    if layer is None:
        return activate(call, value, name)
    return layer(call, value, Options(call.spec.name, config if isinstance(config, dict) else {}))


def _relu(call: LayerCall, value: Value, options: Options) -> Value:
    ceiling = options.maybe_number("max_value")
    op = Activate("relu", -1, options.number("negative_slope", 0.0), ceiling, options.number("threshold", 0.0))
    return call.emit(op, value)


def _leaky(call: LayerCall, value: Value, options: Options) -> Value:
    return call.emit(Activate("relu", alpha=options.number("negative_slope", options.number("alpha", 0.3))), value)


def _thresholded(call: LayerCall, value: Value, options: Options) -> Value:
    return call.emit(Activate("relu", threshold=options.number("theta", 1.0)), value)


def _elu(call: LayerCall, value: Value, options: Options) -> Value:
    return call.emit(Activate("elu", alpha=options.number("alpha", 1.0)), value)


def _softmax(call: LayerCall, value: Value, options: Options) -> Value:
    axis: Any = options.raw("axis")
    axes: list[Any] = axis if isinstance(axis, list) else [-1 if axis is None else axis]
    if len(axes) != 1 or not is_whole(axes[0]):
        raise options.wrong("axis")
    return call.emit(Activate("softmax", axis=axes[0]), value)


def _activation(call: LayerCall, value: Value, options: Options) -> Value:
    return activate(call, value, options.raw("activation"))


LAYERS: dict[str, Callable[[LayerCall, Value, Options], Value]] = {
    "Activation": _activation,
    "ReLU": _relu,
    "LeakyReLU": _leaky,
    "ThresholdedReLU": _thresholded,
    "ELU": _elu,
    "Softmax": _softmax,
}
"""Layers that are an activation."""


def lower_activation(call: LayerCall) -> Value:
    """Activation, ReLU, LeakyReLU, ThresholdedReLU, ELU, Softmax."""
    return LAYERS[call.spec.class_name](call, call.x, call.options)


def lower_prelu(call: LayerCall) -> Value:
    """PReLU: a slope for every number, shared along ``shared_axes``."""
    shared = call.options.raw("shared_axes") or []
    sides = [1 if axis in shared else side for axis, side in enumerate(call.x.shape) if axis]
    return call.emit(PRelu(call.weight("alpha", *sides)), call.x)
