"""The shape that each operation gives, worked out before anything is computed; a shape that cannot be is refused here."""

from collections.abc import Callable, Sequence
from math import prod
from typing import Any

from olhar.base.errors import ModelError
from olhar.graph import graph as g
from olhar.graph.graph import Op, Padding, Pairs, Shape

LARGEST = 2**27
"""A layer may not give more numbers than this for one picture."""
_MOST_AXES = 8


def infer_shape(op: Op, shapes: Sequence[Shape], layer: str) -> Shape:
    """The shape of what ``op`` gives for inputs of these shapes.

    Raises:
        ModelError: the operation cannot take them, or gives more than a picture's worth of numbers.
    """
    try:
        shape = _RULES[type(op)](op, list(shapes))
    except (IndexError, ValueError, TypeError, ZeroDivisionError) as error:
        raise ModelError("keras.shapes", layer=layer, shapes=shapes_text(shapes)) from error
    if any(side is not None and side <= 0 for side in shape[1:]) or len(shape) > _MOST_AXES:
        raise ModelError("keras.shapes", layer=layer, shapes=shapes_text(shapes))
    if prod(side or 1 for side in shape[1:]) > LARGEST:
        raise ModelError("keras.too_large", layer=layer, shape=shapes_text([shape]))
    return shape


def shapes_text(shapes: Sequence[Shape]) -> str:
    """Shapes for a sentence: ``(32, 32, 3)``, the batch left out."""
    return ", ".join("(" + ", ".join("?" if side is None else str(side) for side in shape[1:]) + ")" for shape in shapes)


def channel_axis(rank: int, channels_first: bool) -> int:
    """Where the channels are."""
    return 1 if channels_first else rank - 1


def spatial_axes(rank: int, channels_first: bool) -> tuple[int, ...]:
    """Where height, width and the like are."""
    return tuple(range(2, rank)) if channels_first else tuple(range(1, rank - 1))


def pads(padding: Padding, sides: Sequence[int], window: Sequence[int], strides: Sequence[int], dilation: Sequence[int]) -> Pairs:
    """What a padding puts before and after each of ``sides``."""
    if padding == "valid":
        return ((0, 0),) * len(window)
    if padding == "same":
        return tuple(_same_pads(*axis) for axis in zip(sides, window, strides, dilation, strict=True))
    return padding


def _same_pads(side: int, window: int, stride: int, dilation: int) -> tuple[int, int]:
    """Keras's ``same``: as much before as after, the odd one after."""
    out = -(-side // stride)
    total = max((out - 1) * stride + dilation * (window - 1) + 1 - side, 0)
    return total // 2, total - total // 2


def _slid_side(side: int | None, window: int, stride: int, dilation: int, padding: Padding, axis: int) -> int | None:
    if side is None:
        return None
    if padding == "same":
        return -(-side // stride)
    if padding != "valid":
        side += sum(padding[axis])
    return (side - dilation * (window - 1) - 1) // stride + 1


def _slid_shape(shape: Shape, op: g.Conv | g.Pool, size: Sequence[int], dilation: Sequence[int], channels: int | None) -> Shape:
    axes = spatial_axes(len(shape), op.channels_first)
    if len(axes) != len(size):
        raise ValueError(shape)
    out = list(shape)
    for i, axis in enumerate(axes):
        out[axis] = _slid_side(shape[axis], size[i], op.strides[i], dilation[i], op.padding, i)
    out[channel_axis(len(shape), op.channels_first)] = channels
    return tuple(out)


def _conv(op: g.Conv, shapes: list[Shape]) -> Shape:
    *size, inner, outer = op.kernel.value.shape
    channels = shapes[0][channel_axis(len(shapes[0]), op.channels_first)]
    expected = inner if op.depthwise else inner * op.groups
    if channels is not None and channels != expected:
        raise ValueError(channels)
    return _slid_shape(shapes[0], op, size, op.dilation, inner * outer if op.depthwise else outer)


def _conv_transpose(op: g.ConvTranspose, shapes: list[Shape]) -> Shape:
    out = list(shapes[0])
    *size, outer, inner = op.kernel.value.shape
    axes = spatial_axes(len(out), op.channels_first)
    channel = channel_axis(len(out), op.channels_first)
    if len(axes) != len(size) or out[channel] not in (None, inner):
        raise ValueError(out)
    for i, axis in enumerate(axes):
        side = out[axis]
        if side is not None:
            out[axis] = (side - 1) * op.strides[i] + op.dilation[i] * (size[i] - 1) + 1 - sum(op.crops[i]) + op.output_padding[i]
    out[channel] = outer
    return tuple(out)


def _pool(op: g.Pool, shapes: list[Shape]) -> Shape:
    channels = shapes[0][channel_axis(len(shapes[0]), op.channels_first)]
    return _slid_shape(shapes[0], op, op.size, (1,) * len(op.size), channels)


def _dense(op: g.Dense, shapes: list[Shape]) -> Shape:
    inner, outer = op.kernel.value.shape
    if len(shapes[0]) < 2 or shapes[0][-1] not in (None, inner):
        raise ValueError(shapes)
    return (*shapes[0][:-1], outer)


def _batch_norm(op: g.BatchNorm, shapes: list[Shape]) -> Shape:
    if shapes[0][op.axis] not in (None, op.mean.value.size):
        raise ValueError(shapes)
    return shapes[0]


def _affine(op: g.Affine, shapes: list[Shape]) -> Shape:
    for value in (op.scale.value, op.shift.value):
        _check_fits(value.shape, shapes[0])
    return shapes[0]


def _check_fits(small: tuple[int, ...], shape: Shape) -> None:
    if small and (len(small) != len(shape) - 1 or any(s not in (1, t) for s, t in zip(small, shape[1:], strict=True) if t)):
        raise ValueError(small)


def _prelu(op: g.PRelu, shapes: list[Shape]) -> Shape:
    _check_fits(op.alpha.value.shape, shapes[0])
    return shapes[0]


def _merge(_: g.Merge, shapes: list[Shape]) -> Shape:
    rank = max(len(shape) for shape in shapes)
    filled = [(1,) * (rank - len(shape)) + shape for shape in shapes]
    return (None, *(_broadcast(sides) for sides in list(zip(*filled, strict=True))[1:]))


def _broadcast(sides: tuple[int | None, ...]) -> int | None:
    large = {side for side in sides if side != 1}
    if len(large - {None}) > 1:
        raise ValueError(sides)
    sizes = large - {None}
    return sizes.pop() if sizes else (None if large else 1)


def _concat(op: g.Concat, shapes: list[Shape]) -> Shape:
    first = shapes[0]
    for shape in shapes[1:]:
        pairs = list(zip(first, shape, strict=True))
        if any(a != b for i, (a, b) in enumerate(pairs) if i != op.axis and a is not None and b is not None):
            raise ValueError(shapes)
    sides = [shape[op.axis] for shape in shapes]
    total = None if None in sides else sum(side or 0 for side in sides)
    return (*first[: op.axis], total, *first[op.axis + 1 :])


def _reshape(op: g.Reshape, shapes: list[Shape]) -> Shape:
    count = None if None in shapes[0][1:] else prod(side or 0 for side in shapes[0][1:])
    fixed = prod(side for side in op.shape if side != -1)
    if op.shape.count(-1) > 1 or any(side < -1 for side in op.shape) or fixed <= 0:
        raise ValueError(op.shape)
    if count is not None and (count % fixed if -1 in op.shape else count != fixed):
        raise ValueError(op.shape)
    return (None, *((count // fixed if count is not None else None) if side == -1 else side for side in op.shape))


def _transpose(op: g.Transpose, shapes: list[Shape]) -> Shape:
    if sorted(op.order) != list(range(len(shapes[0]))):
        raise ValueError(op.order)
    return tuple(shapes[0][axis] for axis in op.order)


def _pad(op: g.Pad, shapes: list[Shape]) -> Shape:
    if any(number < 0 for pair in op.pairs for number in pair):
        raise ValueError(op.pairs)
    return tuple(None if side is None else side + sum(pair) for side, pair in zip(shapes[0], op.pairs, strict=True))


def _slice(op: g.Slice, shapes: list[Shape]) -> Shape:
    return tuple(
        side if part == (None, None, 1) else None if side is None else len(range(*slice(*part).indices(side)))
        for side, part in zip(shapes[0], op.parts, strict=True)
    )


def _resize(op: g.Resize, shapes: list[Shape]) -> Shape:
    out = list(shapes[0])
    axes = spatial_axes(len(out), op.channels_first)
    for axis, number in zip(axes, op.size or op.times or (), strict=True):
        side = out[axis]
        out[axis] = number if op.size else None if side is None else side * number
    return tuple(out)


def _reduce(op: g.Reduce, shapes: list[Shape]) -> Shape:
    if any(not 0 < axis < len(shapes[0]) for axis in op.axes):
        raise ValueError(op.axes)
    if op.keepdims:
        return tuple(1 if i in op.axes else side for i, side in enumerate(shapes[0]))
    return tuple(side for i, side in enumerate(shapes[0]) if i not in op.axes)


def _recurrent(op: g.Recurrent, shapes: list[Shape]) -> Shape:
    _, time, features = shapes[0]
    if features not in (None, op.kernel.value.shape[0]):
        raise ValueError(shapes)
    units = op.recurrent.value.shape[0]
    return (None, time, units) if op.sequences else (None, units)


def _unchanged(op: Op, shapes: list[Shape]) -> Shape:
    if isinstance(op, g.Activate | g.Normalise):
        axes = op.axes if isinstance(op, g.Normalise) else (op.axis,)
        _ = [shapes[0][axis] for axis in axes]
    return shapes[0]


_RULES: dict[type, Callable[[Any, list[Shape]], Shape]] = {
    g.Conv: _conv,
    g.ConvTranspose: _conv_transpose,
    g.Pool: _pool,
    g.Dense: _dense,
    g.BatchNorm: _batch_norm,
    g.Normalise: _unchanged,
    g.Affine: _affine,
    g.Activate: _unchanged,
    g.PRelu: _prelu,
    g.Merge: _merge,
    g.Constant: lambda op, _: (None, *op.value.shape[1:]) if op.value.ndim else (),
    g.Concat: _concat,
    g.Reshape: _reshape,
    g.Transpose: _transpose,
    g.Pad: _pad,
    g.Slice: _slice,
    g.Resize: _resize,
    g.Reduce: _reduce,
    g.Drop: _unchanged,
    g.Recurrent: _recurrent,
}
