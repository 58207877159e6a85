"""Graph -> Keras layers as data, channels last: each operation in today's Keras's words. Keras itself is not needed."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from olhar.base.errors import ModelError
from olhar.graph import graph as g
from olhar.graph.flattening import flattened
from olhar.graph.graph import Floats, Graph, Pairs
from olhar.graph.keras_writer import KerasPen, KerasPlan
from olhar.graph.layout import interleaved
from olhar.graph.shapes import pads


def to_keras(graph: Graph) -> KerasPlan:
    """The same model as Keras layers, with the same inputs and outputs.

    A layer that is used twice stands there twice, each time with its weights.

    Raises:
        ModelError: an operation that no layer of Keras does.
    """
    turned = flattened(interleaved(graph))
    pen = KerasPen(turned)
    for node in turned.nodes:
        pen.layer = node.layer
        rule = _RULES.get(type(node.op))
        if rule is None:
            raise _none(pen, type(node.op).__name__)
        rule(pen, node.op, node.inputs, node.output)
    shapes = tuple(graph.shapes[name][1:] for name in graph.inputs)
    return KerasPlan(graph.inputs, shapes, tuple(pen.layers), turned.outputs)


def _none(pen: KerasPen, operation: str) -> ModelError:
    return ModelError("export.no_keras_layer", layer=f"{pen.layer} ({operation})" if pen.layer else operation)


def _sides(kind: str, count: int) -> str:
    return f"{kind}{count}D"


def _padded(pen: KerasPen, op: g.Conv | g.Pool, window: Sequence[int], inputs: Sequence[str]) -> tuple[list[str], str]:
    """What the layer takes, and its ``padding``: a border of zeros of its own where Keras's two words do not say it."""
    if isinstance(op.padding, str):
        return list(inputs), op.padding
    dilation = op.dilation if isinstance(op, g.Conv) else (1,) * len(window)
    sides = pen.shape(inputs[0])[1:-1]
    if None not in sides and pads("same", [side or 1 for side in sides], window, op.strides, dilation) == tuple(op.padding):
        return list(inputs), "same"
    return [_zeros(pen, op.padding, inputs[0])], "valid"


def _zeros(pen: KerasPen, pairs: Pairs, source: str, output: str = "") -> str:
    padding: Any = pairs[0] if len(pairs) == 1 else pairs
    return pen.add(_sides("ZeroPadding", len(pairs)), [source], output, padding=padding)


def _conv(pen: KerasPen, op: g.Conv, inputs: Sequence[str], output: str) -> None:
    *window, _, filters = op.kernel.value.shape
    given, padding = _padded(pen, op, window, inputs)
    options: dict[str, Any] = {"kernel_size": window, "strides": op.strides, "dilation_rate": op.dilation, "padding": padding}
    options["use_bias"] = op.bias is not None
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    if op.depthwise:
        pen.add(_sides("DepthwiseConv", len(window)), given, output, weights, depth_multiplier=filters, **options)
    else:
        pen.add(_sides("Conv", len(window)), given, output, weights, filters=filters, groups=op.groups, **options)


def _conv_transpose(pen: KerasPen, op: g.ConvTranspose, inputs: Sequence[str], output: str) -> None:
    """The whole result, from which the borders are cut; Keras's is longer where strides are larger than the window."""
    *window, filters, _ = op.kernel.value.shape
    over = [max(s - (w - 1) * d - 1, 0) for s, w, d in zip(op.strides, window, op.dilation, strict=True)]
    cuts = [(a, b + o - e) for (a, b), o, e in zip(op.crops, over, op.extra, strict=True)]
    if any(number < 0 for cut in cuts for number in cut) or (max(op.dilation) > 1 and max(op.strides) > 1):
        raise _none(pen, "ConvTranspose")
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    cut = any(sum(pair) for pair in cuts)
    full = pen.add(
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
        pen.add(_sides("Cropping", len(cuts)), [full], output, cropping=cuts[0] if len(cuts) == 1 else cuts)


def _pool(pen: KerasPen, op: g.Pool, inputs: Sequence[str], output: str) -> None:
    given, padding = _padded(pen, op, op.size, inputs)
    if given != list(inputs) and (op.kind == "max" or op.padding != "valid") and not _never_negative(pen, inputs[0]):
        raise _none(pen, "Pool")
    kind = "MaxPooling" if op.kind == "max" else "AveragePooling"
    pen.add(_sides(kind, len(op.size)), given, output, pool_size=op.size, strides=op.strides, padding=padding)


def _never_negative(pen: KerasPen, name: str) -> bool:
    """Whether a tensor comes from a ReLU, so that zeros round it are never the largest."""
    makers = {node.output: node.op for node in pen.graph.nodes}
    op = makers.get(name)
    return isinstance(op, g.Activate) and op.kind == "relu" and not op.alpha and op.threshold >= 0


def _dense(pen: KerasPen, op: g.Dense, inputs: Sequence[str], output: str) -> None:
    weights = [op.kernel.value, *([op.bias.value] if op.bias else [])]
    pen.add("Dense", inputs, output, weights, units=op.kernel.value.shape[1], use_bias=op.bias is not None)


def _batch_norm(pen: KerasPen, op: g.BatchNorm, inputs: Sequence[str], output: str) -> None:
    weights = [each.value for each in (op.gamma, op.beta, op.mean, op.variance)]
    pen.add("BatchNormalization", inputs, output, weights, axis=op.axis, epsilon=op.epsilon, momentum=op.momentum)


def _normalise(pen: KerasPen, op: g.Normalise, inputs: Sequence[str], output: str) -> None:
    axes = list(op.axes)
    if op.kind == "unit":
        pen.add("UnitNormalization", inputs, output, axis=axes)
        return
    if op.kind == "rms":
        raise _none(pen, "RMSNormalization")
    pen.add("LayerNormalization", inputs, output, axis=axes, epsilon=op.epsilon, center=False, scale=False)


def _affine(pen: KerasPen, op: g.Affine, inputs: Sequence[str], output: str) -> None:
    scale, shift = op.scale.value.astype(np.float64), op.shift.value.astype(np.float64)
    if scale.size == shift.size == 1:
        pen.add("Rescaling", inputs, output, scale=scale.item(), offset=shift.item())
        return
    shape = np.broadcast_shapes(scale.shape, shift.shape)
    scale, shift = np.broadcast_to(scale, shape), np.broadcast_to(shift, shape)
    if (scale > 0).all():
        axes = [axis + 1 for axis, side in enumerate(shape) if side > 1]
        mean, variance = -shift / scale, scale**-2.0
        options = {"mean": np.squeeze(mean).tolist(), "variance": np.squeeze(variance).tolist()}
        pen.add("Normalization", inputs, output, axis=axes if len(axes) > 1 else axes[0], **options)
    elif shape[-1] == scale.size:
        pen.add("Rescaling", inputs, output, scale=scale.ravel().tolist(), offset=shift.ravel().tolist())
    else:
        raise _none(pen, "Affine")


def _activate(pen: KerasPen, op: g.Activate, inputs: Sequence[str], output: str) -> None:
    match op.kind:
        case "relu" if op.threshold or op.ceiling is not None or op.alpha:
            pen.add("ReLU", inputs, output, max_value=op.ceiling, negative_slope=op.alpha, threshold=op.threshold)
        case "softmax":
            pen.add("Softmax", inputs, output, axis=op.axis)
        case "elu":
            pen.add("ELU", inputs, output, alpha=op.alpha)
        case "hard_sigmoid" if op.alpha == 0.2:
            pen.add("ReLU", [pen.add("Rescaling", inputs, scale=0.2, offset=0.5)], output, max_value=1.0)
        case "log_softmax" if op.axis not in (-1, len(pen.shape(inputs[0])) - 1):
            raise _none(pen, op.kind)
        case kind:
            pen.add("Activation", inputs, output, activation=kind)


def _prelu(pen: KerasPen, op: g.PRelu, inputs: Sequence[str], output: str) -> None:
    shared = [axis + 1 for axis, side in enumerate(op.alpha.value.shape) if side == 1]
    pen.add("PReLU", inputs, output, [op.alpha.value], shared_axes=shared or None)


_MERGES = {
    "add": "Add",
    "subtract": "Subtract",
    "multiply": "Multiply",
    "maximum": "Maximum",
    "minimum": "Minimum",
    "mean": "Average",
}


def _merge(pen: KerasPen, op: g.Merge, inputs: Sequence[str], output: str) -> None:
    constant = {node.output for node in pen.graph.nodes if isinstance(node.op, g.Constant)}
    if op.kind not in _MERGES or constant.intersection(inputs):
        raise _none(pen, op.kind)
    pen.add(_MERGES[op.kind], inputs, output)


def _concat(pen: KerasPen, op: g.Concat, inputs: Sequence[str], output: str) -> None:
    pen.add("Concatenate", inputs, output, axis=op.axis)


def _reshape(pen: KerasPen, op: g.Reshape, inputs: Sequence[str], output: str) -> None:
    if len(op.shape) == 1 and len(pen.shape(inputs[0])) > 1:
        pen.add("Flatten", inputs, output)
    else:
        pen.add("Reshape", inputs, output, target_shape=op.shape)


def _transpose(pen: KerasPen, op: g.Transpose, inputs: Sequence[str], output: str) -> None:
    if op.order[0] != 0:
        raise _none(pen, "Transpose")
    pen.add("Permute", inputs, output, dims=op.order[1:])


def _pad(pen: KerasPen, op: g.Pad, inputs: Sequence[str], output: str) -> None:
    inner = op.pairs[1:-1]
    if op.mode != "constant" or op.value or any(op.pairs[0]) or any(op.pairs[-1]) or not 1 <= len(inner) <= 3:
        raise _none(pen, "Pad")
    _zeros(pen, inner, inputs[0], output)


def _slice(pen: KerasPen, op: g.Slice, inputs: Sequence[str], output: str) -> None:
    """A cut along height and width is a Cropping; one along the channels (``x[..., ::-1]``) a 1x1 convolution."""
    sides, plain = pen.shape(inputs[0]), (None, None, 1)
    inner, count = op.parts[1:-1], len(op.parts) - 2
    if op.parts[0] != plain or not 1 <= count <= 3 or (None in sides[1:] and any(part != plain for part in inner)):
        raise _none(pen, "Slice")
    last = op.parts[-1] != plain
    if any(part != plain for part in inner):
        ranges = [range(*slice(*part).indices(side or 0)) for part, side in zip(inner, sides[1:-1], strict=True)]
        if any(each.step != 1 for each in ranges):
            raise _none(pen, "Slice")
        cut = [(each.start, (side or 0) - each.stop) for each, side in zip(ranges, sides[1:-1], strict=True)]
        inputs = [pen.add(_sides("Cropping", count), inputs, "" if last else output, cropping=cut[0] if count == 1 else cut)]
    if last:
        chosen: Floats = np.eye(sides[-1] or 1, dtype=np.float32)[:, slice(*op.parts[-1])]
        _fixed_conv(pen, chosen, inputs, output)


def _fixed_conv(pen: KerasPen, matrix: Floats, inputs: Sequence[str], output: str) -> None:
    """A product of the channels with numbers that stay as they are."""
    count = len(pen.shape(output)) - 2
    kernel = matrix.reshape(*(1,) * count, *matrix.shape)
    options: dict[str, Any] = {"filters": matrix.shape[1], "kernel_size": (1,) * count, "use_bias": False, "trainable": False}
    pen.add(_sides("Conv", count), inputs, output, [kernel], **options)


def _resize(pen: KerasPen, op: g.Resize, inputs: Sequence[str], output: str) -> None:
    if op.size is not None:
        height, width = op.size
        pen.add("Resizing", inputs, output, height=height, width=width, interpolation=op.method)
        return
    times: tuple[int, ...] = op.times or ()
    options: dict[str, Any] = {"interpolation": op.method} if len(times) == 2 else {}
    pen.add(_sides("UpSampling", len(times)), inputs, output, size=times[0] if len(times) == 1 else times, **options)


def _reduce(pen: KerasPen, op: g.Reduce, inputs: Sequence[str], output: str) -> None:
    sides = pen.shape(inputs[0])
    rank = len(sides)
    spatial = op.axes == tuple(range(1, rank - 1)) and rank > 2
    if spatial and op.kind in ("mean", "max"):
        kind = "GlobalAveragePooling" if op.kind == "mean" else "GlobalMaxPooling"
        pen.add(_sides(kind, rank - 2), inputs, output, keepdims=op.keep)
    elif op.axes == (rank - 1,) and op.kind in ("mean", "sum") and op.keep and sides[-1] and rank > 2:
        share = 1 / sides[-1] if op.kind == "mean" else 1.0
        _fixed_conv(pen, np.full((sides[-1], 1), share, np.float32), inputs, output)
    else:
        raise _none(pen, f"{op.kind} {op.axes}")


def _drop(pen: KerasPen, op: g.Drop, inputs: Sequence[str], output: str) -> None:
    count = len(pen.shape(inputs[0])) - 2
    pen.add(_sides("SpatialDropout", count) if op.spatial and 1 <= count <= 3 else "Dropout", inputs, output, rate=op.rate)


_RECURRENT = {"lstm": "LSTM", "gru": "GRU", "rnn": "SimpleRNN"}


def _recurrent(pen: KerasPen, op: g.Recurrent, inputs: Sequence[str], output: str) -> None:
    if "hard_sigmoid" in (op.gate, op.activation):
        raise _none(pen, "hard_sigmoid")
    options: dict[str, Any] = {"recurrent_activation": op.gate} if op.kind != "rnn" else {}
    options |= {"reset_after": op.reset_after} if op.kind == "gru" else {}
    pen.add(
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


def _constant(pen: KerasPen, op: g.Constant, inputs: Sequence[str], output: str) -> None:
    """Told where it is used."""


_RULES: dict[type, Callable[[KerasPen, Any, Sequence[str], str], None]] = {
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
