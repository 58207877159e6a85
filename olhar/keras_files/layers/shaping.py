"""Layers that move, cut, join and resize tensors, lowered."""

from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph.graph import Concat, Merge, Pad, Reshape, Resize, Slice, Transpose
from olhar.graph.shapes import spatial_axes
from olhar.keras_files.layers.call import LayerCall, Value
from olhar.keras_files.layers.convolutions import sides
from olhar.keras_files.layers.normalising import axes_of
from olhar.keras_files.layers.options import is_whole

_KINDS = {
    "Add": "add",
    "Subtract": "subtract",
    "Multiply": "multiply",
    "Average": "mean",
    "Maximum": "maximum",
    "Minimum": "minimum",
}


def lower_merge(call: LayerCall) -> Value:
    """Add, Subtract, Multiply, Average, Maximum, Minimum; where ranks differ, Keras adds sides after the batch."""
    if len(call.inputs) < 2 and call.spec.class_name == "Subtract":
        raise ModelError("keras.inputs", layer=call.spec.name)
    if len(call.inputs) == 1:
        return call.x
    rank = max(value.rank for value in call.inputs)
    values = [_raised(call, value, rank) for value in call.inputs]
    return call.emit(Merge(_KINDS[call.spec.class_name]), *values)  # pyright: ignore[reportArgumentType]


def lower_scaled_sum(call: LayerCall) -> Value:
    """CustomScaleLayer of InceptionResNetV2: the first input and a share of the second."""
    if len(call.inputs) != 2:
        raise ModelError("keras.inputs", layer=call.spec.name)
    share = call.affine(call.inputs[1], call.options.number("scale", 1.0), 0.0)
    return call.emit(Merge("add"), call.inputs[0], share)


def _raised(call: LayerCall, value: Value, rank: int) -> Value:
    if value.rank == rank:
        return value
    return call.emit(Reshape((*(1,) * (rank - value.rank), *_sides(value))), value)


def _sides(value: Value) -> tuple[int, ...]:
    """The sides of a tensor for a Reshape; one may be unknown."""
    return tuple(-1 if side is None else side for side in value.shape[1:])


def lower_concat(call: LayerCall) -> Value:
    """Concatenate."""
    if len(call.inputs) == 1:
        return call.x
    return call.emit(Concat(axes_of(call)[0]), *call.inputs)


def lower_flatten(call: LayerCall) -> Value:
    """Flatten, always in the order height, width, channels, even where the file keeps channels first and says so here."""
    value = call.x
    if value.rank == 1:
        return call.emit(Reshape((1,)), value)
    if value.rank > 2 and call.options.channels_first():
        value = call.emit(Transpose((0, *range(2, value.rank), 1)), value)
    known_sides = [side for side in value.shape[1:] if side is not None]
    return call.emit(Reshape((-1,) if len(known_sides) < value.rank - 1 else (int(np.prod(known_sides, dtype=object)),)), value)


def lower_reshape(call: LayerCall) -> Value:
    """Reshape."""
    target = call.options.raw("target_shape")
    if not isinstance(target, list) or not all(is_whole(side) and abs(side) < 2**31 for side in target):
        raise call.wrong("target_shape")
    return call.emit(Reshape(tuple(target)), call.x)


def lower_permute(call: LayerCall) -> Value:
    """Permute; axes count from 1."""
    dims = call.options.raw("dims")
    if not isinstance(dims, list) or not all(map(is_whole, dims)) or sorted(dims) != list(range(1, call.x.rank)):
        raise call.wrong("dims")
    return call.emit(Transpose((0, *dims)), call.x)


def lower_repeat(call: LayerCall) -> Value:
    """RepeatVector."""
    count = call.options.whole("n")
    row = call.emit(Reshape((1, *_sides(call.x))), call.x)
    if not 0 < count < 2**16:
        raise call.wrong("n")
    return call.emit(Merge("multiply"), row, call.constant(np.ones((1, count, 1), np.float32)))


def _pairs_by_axis(call: LayerCall, option: str) -> list[tuple[int, int]]:
    """Before and after for every axis of the input."""
    count, all_pairs = sides(call), [(0, 0)] * call.x.rank
    pairs = call.options.pairs(option, count)
    for axis, pair in zip(spatial_axes(call.x.rank, call.options.channels_first()), pairs, strict=True):
        all_pairs[axis] = pair
    return all_pairs


def lower_padding(call: LayerCall) -> Value:
    """ZeroPadding."""
    return call.emit(Pad(tuple(_pairs_by_axis(call, "padding"))), call.x)


def lower_cropping(call: LayerCall) -> Value:
    """Cropping."""
    parts = tuple((a or None, -b if b else None, 1) for a, b in _pairs_by_axis(call, "cropping"))
    return call.emit(Slice(parts), call.x)


def lower_upsampling(call: LayerCall) -> Value:
    """UpSampling: a whole number of times as large."""
    count = sides(call)
    method = call.options.choice("interpolation", {"nearest": "nearest", "bilinear": "bilinear"}, "nearest")
    times = call.options.sides("size" if "size" in call.options.given else "length", count, 2)
    return call.emit(Resize(None, times, method, call.options.channels_first()), call.x)  # pyright: ignore[reportArgumentType]


def lower_resizing(call: LayerCall) -> Value:
    """Resizing, straight or after a cut to the target's proportions."""
    options = call.options
    size = options.whole("height"), options.whole("width")
    method = options.choice("interpolation", {"nearest": "nearest", "bilinear": "bilinear"}, "bilinear")
    if options.flag("pad_to_aspect_ratio", False):
        raise call.wrong("pad_to_aspect_ratio")
    if options.flag("antialias", False):
        raise call.wrong("antialias")
    value = _proportioned(call, size) if options.flag("crop_to_aspect_ratio", False) else call.x
    return call.emit(Resize(size, None, method, options.channels_first()), value)  # pyright: ignore[reportArgumentType]


def _picture(call: LayerCall) -> tuple[tuple[int, int], int, int]:
    """The axes of height and width, and their sizes."""
    axes = spatial_axes(call.x.rank, call.options.channels_first())
    height, width = (call.x.shape[axis] for axis in axes)
    if height is None or width is None:
        raise call.wrong("height")
    return (axes[0], axes[1]), height, width


def _cut(call: LayerCall, axes: tuple[int, int], starts: tuple[int, int], size: tuple[int, int]) -> Value:
    parts: list[tuple[int | None, int | None, int]] = [(None, None, 1)] * call.x.rank
    for axis, start, length in zip(axes, starts, size, strict=True):
        parts[axis] = (start, start + length, 1)
    return call.emit(Slice(tuple(parts)), call.x)


def _proportioned(call: LayerCall, size: tuple[int, int]) -> Value:
    """The largest middle part with the target's proportions."""
    axes, height, width = _picture(call)
    tall = min(height, int(width * size[0] / size[1]))
    wide = min(width, int(height * size[1] / size[0]))
    return _cut(call, axes, ((height - tall) // 2, (width - wide) // 2), (tall, wide))


def lower_center_crop(call: LayerCall) -> Value:
    """CenterCrop: the middle, where the picture is large enough; else the largest part, made larger."""
    size = call.options.whole("height"), call.options.whole("width")
    axes, height, width = _picture(call)
    if height >= size[0] and width >= size[1]:
        return _cut(call, axes, ((height - size[0]) // 2, (width - size[1]) // 2), size)
    return call.emit(Resize(size, None, "bilinear", call.options.channels_first()), _proportioned(call, size))


def slice_parts(call: LayerCall, index: Any) -> tuple[tuple[int | None, int | None, int], ...]:
    """A slice of every axis, from what Keras keeps of ``x[..., ::-1]``.

    Raises:
        ModelError: an index that is no slice.
    """
    items = list(index) if isinstance(index, list | tuple) else [index]
    spread: list[Any] = []
    for item in items:
        spread += [{}] * (call.x.rank - len(items) + 1) if _is_dots(item) else [item]
    spread += [{}] * (call.x.rank - len(spread))
    if len(spread) != call.x.rank or not all(isinstance(item, dict) for item in spread):
        raise ModelError("keras.operation", layer=call.spec.name, operation="getitem")
    return tuple(_part(call, item) for item in spread)


def _is_dots(item: Any) -> bool:
    return item in ("...", "Ellipsis") or (isinstance(item, dict) and "llipsis" in str(item.get("class_name")))


def _part(call: LayerCall, item: dict[str, Any]) -> tuple[int | None, int | None, int]:
    inner = item.get("config") if isinstance(item.get("config"), dict | list) else item
    parts = inner if isinstance(inner, list) else [inner.get(key) for key in ("start", "stop", "step")]  # pyright: ignore[reportOptionalMemberAccess]
    start, stop, step = ([*parts, None, None, None])[:3]
    if not all(number is None or (is_whole(number) and abs(number) < 2**31) for number in (start, stop, step)) or step == 0:
        raise ModelError("keras.operation", layer=call.spec.name, operation="getitem")
    return start, stop, step or 1
