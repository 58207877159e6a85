"""Convolution and pooling layers, of one, two or three sides, lowered."""

from olhar.base.errors import ModelError
from olhar.graph.graph import Conv, ConvTranspose, Padding, Pool, Reduce, Weight
from olhar.graph.shapes import channel_axis, spatial_axes
from olhar.keras_files.layers.activations import activate
from olhar.keras_files.layers.call import Call, Value


def sides(call: Call) -> int:
    """How many sides the layer slides along: the number in its class's name. The input must have as many.

    Raises:
        ModelError: it has not.
    """
    count = next(int(letter) for letter in call.spec.class_name if letter.isdigit())
    if call.x.rank != count + 2:
        raise ModelError("keras.rank", layer=call.spec.name, expected=count + 1, found=call.x.rank - 1)
    return count


def _channels(call: Call) -> int | None:
    return call.x.shape[channel_axis(call.x.rank, call.options.channels_first())]


def _padding(call: Call, count: int) -> Padding:
    word = call.options.text("padding", "valid")
    if word == "causal" and count == 1:
        dilation = call.options.sides("dilation_rate", 1, 1)[0]
        return ((dilation * (call.options.sides("kernel_size", 1)[0] - 1), 0),)
    if word not in ("valid", "same"):
        raise call.wrong("padding")
    return "same" if word == "same" else "valid"


def _bias(call: Call, size: int) -> Weight | None:
    return call.weight("bias", size) if call.has("bias") else None


def lower_conv(call: Call) -> Value:
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


def _depthwise(call: Call, count: int, name: str, bias: Weight | None) -> Value:
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


def lower_depthwise(call: Call) -> Value:
    """DepthwiseConv1D, DepthwiseConv2D. Its ``groups``, which some files hold, is 1 and says nothing."""
    if call.options.whole("groups", 1) not in (1, _channels(call)):
        raise call.wrong("groups")
    out = (_channels(call) or 0) * call.options.whole("depth_multiplier", 1)
    value = _depthwise(call, sides(call), "depthwise_kernel", _bias(call, out))
    return activate(call, value, call.options.raw("activation"))


def lower_separable(call: Call) -> Value:
    """SeparableConv1D, SeparableConv2D: each channel by itself, then all channels at each point."""
    options, count = call.options, sides(call)
    inner, filters = (_channels(call) or 0) * options.whole("depth_multiplier", 1), options.whole("filters")
    value = _depthwise(call, count, "depthwise_kernel", None)
    one = (1,) * count
    pointwise = call.kernel("pointwise_kernel", *one, inner, filters)
    op = Conv(pointwise, _bias(call, filters), one, "valid", one, 1, False, options.channels_first())
    return activate(call, call.emit(op, value), options.raw("activation"))


def lower_transposed(call: Call) -> Value:
    """Conv1DTranspose, Conv2DTranspose, Conv3DTranspose."""
    options, count = call.options, sides(call)
    filters = options.whole("filters")
    size, strides = options.sides("kernel_size", count), options.sides("strides", count, 1)
    dilation = options.sides("dilation_rate", count, 1)
    same = _padding(call, count) == "same"
    given = options.raw("output_padding")
    more: list[int | None] = list(options.sides("output_padding", count, least=0)) if given is not None else [None] * count
    cuts = [_cut((s - 1) * d + 1, t, p, same) for s, d, t, p in zip(size, dilation, strides, more, strict=True)]
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


def _cut(window: int, stride: int, more: int | None, same: bool) -> tuple[int, int, int]:
    """What is cut off the full result before and after, and what is added after, to get Keras's length."""
    usual = window - stride if same or window < stride else 0
    asked = 0 if more is None else (2 * (window // 2) if same else 0) - more
    over = usual if more is None else asked
    before = max(over, 0) // 2
    after = over - before
    return before, max(after, 0), max(-after, 0)


def lower_pool(call: Call) -> Value:
    """MaxPooling and AveragePooling."""
    count = sides(call)
    size = call.options.sides("pool_size", count, 2)
    strides = call.options.sides("strides", count) if call.options.raw("strides") is not None else size
    kind = "max" if call.spec.class_name.startswith("Max") else "mean"
    return call.emit(Pool(kind, size, strides, _padding(call, count), call.options.channels_first()), call.x)


def lower_global_pool(call: Call) -> Value:
    """GlobalMaxPooling and GlobalAveragePooling."""
    sides(call)
    kind = "max" if "Max" in call.spec.class_name else "mean"
    axes = spatial_axes(call.x.rank, call.options.channels_first())
    return call.emit(Reduce(kind, axes, call.options.flag("keepdims", False)), call.x)
