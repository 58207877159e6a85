"""Layers that scale and normalise, lowered."""

from dataclasses import replace
from typing import Any

import numpy as np

from olhar.graph.graph import Affine, BatchNorm, Floats, Normalise, Reshape, Weight
from olhar.keras_files.layers.call import LayerCall, Value, fixed
from olhar.keras_files.layers.options import is_whole

_TINY = 1e-7
_SHORTEST = 1e-12


def axes_of(call: LayerCall, default: int | None = -1) -> list[int]:
    """The option ``axis`` as a list of axes counted from the front."""
    option = call.options.raw("axis")
    option = default if option is None else option
    numbers: list[Any] = [] if option is None else option if isinstance(option, list) else [option]
    axes = [axis + call.x.rank if is_whole(axis) and axis < 0 else axis for axis in numbers]
    if not all(is_whole(axis) and 0 < axis < call.x.rank for axis in axes) or len(set(axes)) < len(axes):
        raise call.wrong("axis")
    return sorted(axes)


def _vector(call: LayerCall, name: str, size: int | None, otherwise: float, learns: bool = True) -> Weight:
    if call.has(name):
        return call.weight(name, size, learns=learns)
    return Weight(np.full(size or 1, otherwise, np.float32), learns=False)


def lower_batch_norm(call: LayerCall) -> Value:
    """BatchNormalization, with the moving averages, which is what prediction uses."""
    axes = axes_of(call)
    if len(axes) != 1 or call.options.whole("mode", 0) == 1:
        raise call.wrong("axis" if len(axes) != 1 else "mode")
    size = call.x.shape[axes[0]]
    op = BatchNorm(
        _vector(call, "gamma", size, 1.0),
        _vector(call, "beta", size, 0.0),
        _vector(call, "moving_mean", size, 0.0, learns=False),
        _vector(call, "moving_variance", size, 1.0, learns=False),
        call.options.number("epsilon", 1e-3),
        call.options.number("momentum", 0.99),
        axes[0],
    )
    return call.emit(op, call.x)


def _broadcast(call: LayerCall, weight: Weight, axes: list[int]) -> Weight:
    """A weight over ``axes`` with every other axis as 1, so that it lies right on the tensor."""
    sides = [call.x.shape[axis] or 1 if axis in axes else 1 for axis in range(1, call.x.rank)]
    return replace(weight, value=weight.value.reshape(sides))


def _scaled(call: LayerCall, value: Value, axes: list[int]) -> Value:
    sides = [call.x.shape[axis] for axis in axes]
    gamma = _broadcast(call, call.weight("gamma", *sides), axes) if call.has("gamma") else fixed(1.0)
    beta = _broadcast(call, call.weight("beta", *sides), axes) if call.has("beta") else fixed(0.0)
    return call.emit(Affine(gamma, beta), value) if call.has("gamma") or call.has("beta") else value


def lower_layer_norm(call: LayerCall) -> Value:
    """LayerNormalization; RMSNormalization."""
    axes = axes_of(call)
    rms = call.spec.class_name == "RMSNormalization" or call.options.flag("rms_scaling", False)
    kind = "rms" if rms else "moments"
    epsilon = call.options.number("epsilon", 1e-6 if rms else 1e-3)
    return _scaled(call, call.emit(Normalise(kind, tuple(axes), epsilon), call.x), axes)


def lower_group_norm(call: LayerCall) -> Value:
    """GroupNormalization over the last or the first axis; ``groups`` of -1 is one group a channel."""
    axes, rank = axes_of(call), call.x.rank
    if len(axes) != 1 or axes[0] not in (1, rank - 1) or None in call.x.shape[1:]:
        raise call.wrong("axis")
    axis, whole = axes[0], tuple(int(side or 0) for side in call.x.shape[1:])
    channels = whole[axis - 1]
    groups = channels if call.options.whole("groups", 32) == -1 else call.options.whole("groups", 32)
    if groups < 1 or channels % groups:
        raise call.wrong("groups")
    split = (*whole[: axis - 1], groups, channels // groups, *whole[axis:])
    reduced = tuple(number for number in range(1, rank + 1) if number != axis)
    grouped = call.emit(Normalise("moments", reduced, call.options.number("epsilon", 1e-3)), call.emit(Reshape(split), call.x))
    return _scaled(call, call.emit(Reshape(whole), grouped), axes)


def lower_layer_scale(call: LayerCall) -> Value:
    """LayerScale of ConvNeXt: a number for every channel."""
    axes = [call.x.rank - 1]
    return call.emit(Affine(_broadcast(call, call.weight("gamma", call.x.shape[-1]), axes), fixed(0.0)), call.x)


def lower_unit_norm(call: LayerCall) -> Value:
    """UnitNormalization: divided by its length."""
    return call.emit(Normalise("unit", tuple(axes_of(call)), _SHORTEST), call.x)


def lower_rescaling(call: LayerCall) -> Value:
    """Rescaling: ``x * scale + offset``."""
    return call.affine(call.x, _numbers(call, "scale", 1.0), _numbers(call, "offset", 0.0))


def _numbers(call: LayerCall, name: str, default: float) -> Floats:
    """One number, or one for each channel, shaped to lie on the tensor."""
    value = call.options.raw(name)
    if isinstance(value, dict):
        value = value.get("config", {}).get("value", value.get("value"))
    if not isinstance(value, list):
        return np.asarray(call.options.number(name, default), np.float32)
    numbers = np.asarray(value, np.float32).ravel()
    if numbers.size not in (1, call.x.shape[-1]) or not np.isfinite(numbers).all():
        raise call.wrong(name)
    return numbers.reshape((1,) * (call.x.rank - 2) + (-1,))


def lower_normalization(call: LayerCall) -> Value:
    """Normalization: mean and variance from the file's weights or from its options."""
    axes = axes_of(call, None if "axis" in call.options.given else -1)
    mean, variance = _statistic(call, "mean", axes), _statistic(call, "variance", axes)
    deviation: Floats = np.sqrt(np.maximum(variance, _TINY**2)).astype(np.float32)
    if call.options.flag("invert", False):
        return call.affine(call.x, deviation, mean)
    scale: Floats = (1 / deviation).astype(np.float32)
    return call.affine(call.x, scale, -mean * scale)


def _option_array(call: LayerCall, name: str) -> Floats:
    return np.asarray(call.options.raw(name), np.float32)


def _statistic(call: LayerCall, name: str, axes: list[int]) -> Floats:
    sides = [call.x.shape[axis] for axis in axes]
    value = call.weight(name, *sides, learns=False).value if call.has(name) else _option_array(call, name)
    shape = [call.x.shape[axis] or 1 if axis in axes else 1 for axis in range(1, call.x.rank)]
    if not axes:
        return value.reshape(())
    if value.size == 1:
        return np.full(shape, value.item(), np.float32)
    return value.reshape(shape)
