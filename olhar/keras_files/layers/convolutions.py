"""Convolution and pooling layers, of one, two or three sides, lowered."""

from olhar.base.errors import ModelError
from olhar.graph.graph import Conv, ConvTranspose, Padding, Pool, Reduce, Weight
from olhar.graph.shapes import channel_axis, spatial_axes
from olhar.keras_files.layers.activations import activate
from olhar.keras_files.layers.call import LayerCall, Value


def sides(call: LayerCall) -> int:
    """How many sides the layer slides along: the number in its class's name. The input must have as many.

    Raises:
        ModelError: it has not.
    """
    count = next(int(letter) for letter in call.spec.class_name if letter.isdigit())
    if call.x.rank != count + 2:
        raise ModelError("keras.rank", layer=call.spec.name, expected=count + 1, found=call.x.rank - 1)
    return count


def _channels(call: LayerCall) -> int | None:
    return call.x.shape[channel_axis(call.x.rank, call.options.channels_first())]


def _padding(call: LayerCall, count: int) -> Padding:
    word = call.options.text("padding", "valid")
    if word == "causal" and count == 1:
        dilation = call.options.sides("dilation_rate", 1, 1)[0]
        return ((dilation * (call.options.sides("kernel_size", 1)[0] - 1), 0),)
    if word not in ("valid", "same"):
        raise call.wrong("padding")
    return "same" if word == "same" else "valid"


def _bias(call: LayerCall, size: int) -> Weight | None:
    return call.weight("bias", size) if call.has("bias") else None


def lower_conv(call: LayerCall) -> Value:
    """Conv1D, Conv2D, Conv3D."""
    options, count = call.options, sides(call)
    groups, filters, channels = options.whole("groups", 1), options.whole("filters"), _channels(call)
    if groups < 1 or filters < 1 or (channels or 0) % groups or filters % groups:
        raise call.wrong("groups")
    kernel = call.kernel("kernel", *options.sides("kernel_size", count), (channels or 0) // groups, filters)
    op = Conv(
        kernel,
        _bias(call, filters),
        options.sides("strides", count, 1),
        _padding(call, count),
        options.sides("dilation_rate", count, 1),
        groups,
        False,
        options.channels_first(),
    )
    return activate(call, call.emit(op, call.x), options.raw("activation"))


def _depthwise(call: LayerCall, count: int, name: str, bias: Weight | None) -> Value:
    options, channels = call.options, _channels(call)
    kernel = call.kernel(name, *options.sides("kernel_size", count), channels, options.whole("depth_multiplier", 1))
    op = Conv(
        kernel,
        bias,
        options.sides("strides", count, 1),
        _padding(call, count),
        options.sides("dilation_rate", count, 1),
        channels or 1,
        True,
        options.channels_first(),
    )
    return call.emit(op, call.x)


def lower_depthwise(call: LayerCall) -> Value:
    """DepthwiseConv1D, DepthwiseConv2D. Its ``groups``, which some files hold, is 1 and says nothing."""
    if call.options.whole("groups", 1) not in (1, _channels(call)):
        raise call.wrong("groups")
    out = (_channels(call) or 0) * call.options.whole("depth_multiplier", 1)
    value = _depthwise(call, sides(call), "depthwise_kernel", _bias(call, out))
    return activate(call, value, call.options.raw("activation"))


def lower_separable(call: LayerCall) -> Value:
    """SeparableConv1D, SeparableConv2D: each channel by itself, then all channels at each point."""
    options, count = call.options, sides(call)
    inner, filters = (_channels(call) or 0) * options.whole("depth_multiplier", 1), options.whole("filters")
    value = _depthwise(call, count, "depthwise_kernel", None)
    ones = (1,) * count
    pointwise = call.kernel("pointwise_kernel", *ones, inner, filters)
    op = Conv(pointwise, _bias(call, filters), ones, "valid", ones, 1, False, options.channels_first())
    return activate(call, call.emit(op, value), options.raw("activation"))


def lower_transposed(call: LayerCall) -> Value:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose."""
    options, count = call.options, sides(call)
    filters = options.whole("filters")
    size, strides = options.sides("kernel_size", count), options.sides("strides", count, 1)
    dilation = options.sides("dilation_rate", count, 1)
    same = _padding(call, count) == "same"
    stated = options.raw("output_padding")
    paddings: list[int | None] = list(options.sides("output_padding", count, least=0)) if stated is not None else [None] * count
    cuts = [_crop((s - 1) * d + 1, t, p, same) for s, d, t, p in zip(size, dilation, strides, paddings, strict=True)]
    op = ConvTranspose(
        call.kernel("kernel", *size, filters, _channels(call)),
        _bias(call, filters),
        strides,
        tuple((before, after) for before, after, _ in cuts),
        tuple(extra for *_, extra in cuts),
        dilation,
        options.channels_first(),
    )
    return activate(call, call.emit(op, call.x), options.raw("activation"))


def _crop(window: int, stride: int, output_padding: int | None, same: bool) -> tuple[int, int, int]:
    """What is cut off the full result before and after, and what is added after, to get Keras's length."""
    usual = window - stride if same or window < stride else 0
    stated = 0 if output_padding is None else (2 * (window // 2) if same else 0) - output_padding
    total = usual if output_padding is None else stated
    before = max(total, 0) // 2
    after = total - before
    return before, max(after, 0), max(-after, 0)


def lower_pool(call: LayerCall) -> Value:
    """MaxPooling and AveragePooling."""
    count = sides(call)
    size = call.options.sides("pool_size", count, 2)
    strides = call.options.sides("strides", count) if call.options.raw("strides") is not None else size
    kind = "max" if call.spec.class_name.startswith("Max") else "mean"
    return call.emit(Pool(kind, size, strides, _padding(call, count), call.options.channels_first()), call.x)


def lower_global_pool(call: LayerCall) -> Value:
    """GlobalMaxPooling and GlobalAveragePooling."""
    sides(call)
    kind = "max" if "Max" in call.spec.class_name else "mean"
    axes = spatial_axes(call.x.rank, call.options.channels_first())
    return call.emit(Reduce(kind, axes, call.options.flag("keepdims", False)), call.x)
