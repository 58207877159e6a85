"""Graph -> Keras layers as data, channels last: each operation in today's Keras's words. Keras itself is not needed."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph import graph as g
from olhar.graph.flattening import without_flatten_transposes
from olhar.graph.graph import Floats, Graph, Pairs
from olhar.graph.keras_writer import KerasPlan, KerasWriter
from olhar.graph.layout import to_channels_last
from olhar.graph.shapes import pads


def to_keras(graph: Graph) -> KerasPlan:
    """The same model as Keras layers, with the same inputs and outputs.

    A layer that is used twice stands there twice, each time with its weights.

    Raises:
        ModelError: an operation that no layer of Keras does.
    """
    channels_last = without_flatten_transposes(to_channels_last(graph))
    writer = KerasWriter(channels_last)
    for node in channels_last.nodes:
        writer.layer = node.layer
        rule = _RULES.get(type(node.op))
        if rule is None:
            raise _no_layer(writer, type(node.op).__name__)
        rule(writer, node.op, node.inputs, node.output)
    shapes = tuple(graph.shapes[name][1:] for name in graph.inputs)
    return KerasPlan(graph.inputs, shapes, tuple(writer.layers), channels_last.outputs)


def _no_layer(writer: KerasWriter, operation: str) -> ModelError:
    return ModelError("export.no_keras_layer", layer=f"{writer.layer} ({operation})" if writer.layer else operation)


def _sides(kind: str, count: int) -> str:
    return f"{kind}{count}D"


def _padded(writer: KerasWriter, op: g.Conv | g.Pool, window: Sequence[int], inputs: Sequence[str]) -> tuple[list[str], str]:
    """What the layer takes, and its ``padding``: a border of zeros of its own where Keras's two words do not say it."""
    if isinstance(op.padding, str):
        return list(inputs), op.padding
    dilation = op.dilation if isinstance(op, g.Conv) else (1,) * len(window)
    sides = writer.shape(inputs[0])[1:-1]
    if None not in sides and pads("same", [side or 1 for side in sides], window, op.strides, dilation) == tuple(op.padding):
        return list(inputs), "same"
    return [_zeros(writer, op.padding, inputs[0])], "valid"


def _zeros(writer: KerasWriter, pairs: Pairs, source: str, output: str = "") -> str:
    padding: Any = pairs[0] if len(pairs) == 1 else pairs
    return writer.add(_sides("ZeroPadding", len(pairs)), [source], output, padding=padding)


def _conv(writer: KerasWriter, op: g.Conv, inputs: Sequence[str], output: str) -> None:
    *window, _, filters = op.kernel.value.shape
    sources, padding = _padded(writer, op, window, inputs)
    options: dict[str, Any] = {"kernel_size": window, "strides": op.strides, "dilation_rate": op.dilation, "padding": padding}
    options["use_bias"] = op.bias is not None
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    if op.depthwise:
        writer.add(_sides("DepthwiseConv", len(window)), sources, output, weights, depth_multiplier=filters, **options)
    else:
        writer.add(_sides("Conv", len(window)), sources, output, weights, filters=filters, groups=op.groups, **options)


def _conv_transpose(writer: KerasWriter, op: g.ConvTranspose, inputs: Sequence[str], output: str) -> None:
    """The whole result, from which the borders are cut; Keras's is longer where strides are larger than the window."""
    *window, filters, _ = op.kernel.value.shape
    surplus = [max(s - (w - 1) * d - 1, 0) for s, w, d in zip(op.strides, window, op.dilation, strict=True)]
    cuts = [(a, b + o - e) for (a, b), o, e in zip(op.crops, surplus, op.output_padding, strict=True)]
    if any(number < 0 for cut in cuts for number in cut) or (max(op.dilation) > 1 and max(op.strides) > 1):
        raise _no_layer(writer, "ConvTranspose")
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    cut = any(sum(pair) for pair in cuts)
    full = writer.add(
        f"{_sides('Conv', len(window))}Transpose",
        inputs,
        "" if cut else output,
        weights,
        filters=filters,
        kernel_size=window,
        strides=op.strides,
        dilation_rate=op.dilation,
        use_bias=op.bias is not None,
    )
    if cut:
        writer.add(_sides("Cropping", len(cuts)), [full], output, cropping=cuts[0] if len(cuts) == 1 else cuts)


def _pool(writer: KerasWriter, op: g.Pool, inputs: Sequence[str], output: str) -> None:
    sources, padding = _padded(writer, op, op.size, inputs)
    if sources != list(inputs) and (op.kind == "max" or op.padding != "valid") and not _never_negative(writer, inputs[0]):
        raise _no_layer(writer, "Pool")
    kind = "MaxPooling" if op.kind == "max" else "AveragePooling"
    writer.add(_sides(kind, len(op.size)), sources, output, pool_size=op.size, strides=op.strides, padding=padding)


def _never_negative(writer: KerasWriter, name: str) -> bool:
    """Whether a tensor comes from a ReLU, so that zeros round it are never the largest."""
    producers = {node.output: node.op for node in writer.graph.nodes}
    op = producers.get(name)
    return isinstance(op, g.Activate) and op.kind == "relu" and not op.alpha and op.threshold >= 0


def _dense(writer: KerasWriter, op: g.Dense, inputs: Sequence[str], output: str) -> None:
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    writer.add("Dense", inputs, output, weights, units=op.kernel.value.shape[1], use_bias=op.bias is not None)


def _batch_norm(writer: KerasWriter, op: g.BatchNorm, inputs: Sequence[str], output: str) -> None:
    weights = [weight.value for weight in (op.gamma, op.beta, op.mean, op.variance)]
    writer.add("BatchNormalization", inputs, output, weights, axis=op.axis, epsilon=op.epsilon, momentum=op.momentum)


def _normalise(writer: KerasWriter, op: g.Normalise, inputs: Sequence[str], output: str) -> None:
    axes = list(op.axes)
    if op.kind == "unit":
        writer.add("UnitNormalization", inputs, output, axis=axes)
        return
    if op.kind == "rms":
        raise _no_layer(writer, "RMSNormalization")
    writer.add("LayerNormalization", inputs, output, axis=axes, epsilon=op.epsilon, center=False, scale=False)


def _affine(writer: KerasWriter, op: g.Affine, inputs: Sequence[str], output: str) -> None:
    scale, shift = op.scale.value.astype(np.float64), op.shift.value.astype(np.float64)
    if scale.size == shift.size == 1:
        writer.add("Rescaling", inputs, output, scale=scale.item(), offset=shift.item())
        return
    shape = np.broadcast_shapes(scale.shape, shift.shape)
    scale, shift = np.broadcast_to(scale, shape), np.broadcast_to(shift, shape)
    if (scale > 0).all():
        axes = [axis + 1 for axis, side in enumerate(shape) if side > 1]
        mean, variance = -shift / scale, scale**-2.0
        options = {"mean": np.squeeze(mean).tolist(), "variance": np.squeeze(variance).tolist()}
        writer.add("Normalization", inputs, output, axis=axes if len(axes) > 1 else axes[0], **options)
    elif shape[-1] == scale.size:
        writer.add("Rescaling", inputs, output, scale=scale.ravel().tolist(), offset=shift.ravel().tolist())
    else:
        raise _no_layer(writer, "Affine")


def _activate(writer: KerasWriter, op: g.Activate, inputs: Sequence[str], output: str) -> None:
    match op.kind:
        case "relu" if op.threshold or op.ceiling is not None or op.alpha:
            writer.add("ReLU", inputs, output, max_value=op.ceiling, negative_slope=op.alpha, threshold=op.threshold)
        case "softmax":
            writer.add("Softmax", inputs, output, axis=op.axis)
        case "elu":
            writer.add("ELU", inputs, output, alpha=op.alpha)
        case "hard_sigmoid" if op.alpha == 0.2:
            writer.add("ReLU", [writer.add("Rescaling", inputs, scale=0.2, offset=0.5)], output, max_value=1.0)
        case "log_softmax" if op.axis not in (-1, len(writer.shape(inputs[0])) - 1):
            raise _no_layer(writer, op.kind)
        case kind:
            writer.add("Activation", inputs, output, activation=kind)


def _prelu(writer: KerasWriter, op: g.PRelu, inputs: Sequence[str], output: str) -> None:
    shared = [axis + 1 for axis, side in enumerate(op.alpha.value.shape) if side == 1]
    writer.add("PReLU", inputs, output, [op.alpha.value], shared_axes=shared or None)


_MERGES = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "mean": "Average",
}


def _merge(writer: KerasWriter, op: g.Merge, inputs: Sequence[str], output: str) -> None:
    constant = {node.output for node in writer.graph.nodes if isinstance(node.op, g.Constant)}
    if op.kind not in _MERGES or constant.intersection(inputs):
        raise _no_layer(writer, op.kind)
    writer.add(_MERGES[op.kind], inputs, output)


def _concat(writer: KerasWriter, op: g.Concat, inputs: Sequence[str], output: str) -> None:
    writer.add("Concatenate", inputs, output, axis=op.axis)


def _reshape(writer: KerasWriter, op: g.Reshape, inputs: Sequence[str], output: str) -> None:
    if len(op.shape) == 1 and len(writer.shape(inputs[0])) > 1:
        writer.add("Flatten", inputs, output)
    else:
        writer.add("Reshape", inputs, output, target_shape=op.shape)


def _transpose(writer: KerasWriter, op: g.Transpose, inputs: Sequence[str], output: str) -> None:
    if op.order[0] != 0:
        raise _no_layer(writer, "Transpose")
    writer.add("Permute", inputs, output, dims=op.order[1:])


def _pad(writer: KerasWriter, op: g.Pad, inputs: Sequence[str], output: str) -> None:
    inner = op.pairs[1:-1]
    if op.mode != "constant" or op.value or any(op.pairs[0]) or any(op.pairs[-1]) or not 1 <= len(inner) <= 3:
        raise _no_layer(writer, "Pad")
    _zeros(writer, inner, inputs[0], output)


def _slice(writer: KerasWriter, op: g.Slice, inputs: Sequence[str], output: str) -> None:
    """A cut along height and width is a Cropping; one along the channels (``x[..., ::-1]``) a 1x1 convolution."""
    sides, plain = writer.shape(inputs[0]), (None, None, 1)
    inner, count = op.parts[1:-1], len(op.parts) - 2
    if op.parts[0] != plain or not 1 <= count <= 3 or (None in sides[1:] and any(part != plain for part in inner)):
        raise _no_layer(writer, "Slice")
    last = op.parts[-1] != plain
    if any(part != plain for part in inner):
        ranges = [range(*slice(*part).indices(side or 0)) for part, side in zip(inner, sides[1:-1], strict=True)]
        if any(part_range.step != 1 for part_range in ranges):
            raise _no_layer(writer, "Slice")
        cut = [(part_range.start, (side or 0) - part_range.stop) for part_range, side in zip(ranges, sides[1:-1], strict=True)]
        inputs = [writer.add(_sides("Cropping", count), inputs, "" if last else output, cropping=cut[0] if count == 1 else cut)]
    if last:
        chosen: Floats = np.eye(sides[-1] or 1, dtype=np.float32)[:, slice(*op.parts[-1])]
        _fixed_conv(writer, chosen, inputs, output)


def _fixed_conv(writer: KerasWriter, matrix: Floats, inputs: Sequence[str], output: str) -> None:
    """A product of the channels with numbers that stay as they are."""
    count = len(writer.shape(output)) - 2
    kernel = matrix.reshape(*(1,) * count, *matrix.shape)
    options: dict[str, Any] = {"filters": matrix.shape[1], "kernel_size": (1,) * count, "use_bias": False, "trainable": False}
    writer.add(_sides("Conv", count), inputs, output, [kernel], **options)


def _resize(writer: KerasWriter, op: g.Resize, inputs: Sequence[str], output: str) -> None:
    if op.size is not None:
        height, width = op.size
        writer.add("Resizing", inputs, output, height=height, width=width, interpolation=op.method)
        return
    times: tuple[int, ...] = op.times or ()
    options: dict[str, Any] = {"interpolation": op.method} if len(times) == 2 else {}
    writer.add(_sides("UpSampling", len(times)), inputs, output, size=times[0] if len(times) == 1 else times, **options)


def _reduce(writer: KerasWriter, op: g.Reduce, inputs: Sequence[str], output: str) -> None:
    sides = writer.shape(inputs[0])
    rank = len(sides)
    spatial = op.axes == tuple(range(1, rank - 1)) and rank > 2
    if spatial and op.kind in ("mean", "max"):
        kind = "GlobalAveragePooling" if op.kind == "mean" else "GlobalMaxPooling"
        writer.add(_sides(kind, rank - 2), inputs, output, keepdims=op.keepdims)
    elif op.axes == (rank - 1,) and op.kind in ("mean", "sum") and op.keepdims and sides[-1] and rank > 2:
        share = 1 / sides[-1] if op.kind == "mean" else 1.0
        _fixed_conv(writer, np.full((sides[-1], 1), share, np.float32), inputs, output)
    else:
        raise _no_layer(writer, f"{op.kind} {op.axes}")


def _drop(writer: KerasWriter, op: g.Drop, inputs: Sequence[str], output: str) -> None:
    count = len(writer.shape(inputs[0])) - 2
    writer.add(_sides("SpatialDropout", count) if op.spatial and 1 <= count <= 3 else "Dropout", inputs, output, rate=op.rate)


_RECURRENT = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


def _recurrent(writer: KerasWriter, op: g.Recurrent, inputs: Sequence[str], output: str) -> None:
    if "hard_sigmoid" in (op.gate, op.activation):
        raise _no_layer(writer, "hard_sigmoid")
    options: dict[str, Any] = {"recurrent_activation": op.gate} if op.kind != "rnn" else {}
    options |= {"reset_after": op.reset_after} if op.kind == "gru" else {}
    writer.add(
        _RECURRENT[op.kind],
        inputs,
        output,
        [op.kernel.value, op.recurrent.value, op.bias.value],
        units=op.recurrent.value.shape[0],
        activation=op.activation,
        go_backwards=op.backwards,
        return_sequences=op.sequences,
        **options,
    )


def _constant(writer: KerasWriter, op: g.Constant, inputs: Sequence[str], output: str) -> None:
    """Writes nothing: what takes a constant refuses it."""


_RULES: dict[type, Callable[[KerasWriter, Any, Sequence[str], str], None]] = {
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
    g.Drop: _drop,
    g.Recurrent: _recurrent,
}
