"""A plan of floats -> the same in int8: weights symmetric, a scale a channel; biases int32; what is computed asymmetric.

Rounded weights move the mean of what they give; biases take that back, by the mean of what they are given (Nagel et al.,
"Data-Free Quantization Through Weight Equalization and Bias Correction", ICCV 2019, section 4.2).
"""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from olhar.exports.tflite.int8.calibration import TensorStatistics
from olhar.exports.tflite.int8.entry import entered
from olhar.exports.tflite.int8.kernels import ALIKE, WEIGHED
from olhar.exports.tflite.int8.scales import Range, apart, over, settled, whole
from olhar.exports.tflite.plan import Array, Operand, Operator, OperatorPlan, Quantization

_MOST_BIAS = 2.0**30


def quantised(plan: OperatorPlan, statistics: Mapping[Operand, TensorStatistics]) -> OperatorPlan:
    """The same network, whole numbers from the picture to the probabilities.

    Args:
        plan: of floats, each operator of which has a kernel of eight bits.
        statistics: of its picture and of each tensor that it computes.
    """
    levels = statistics[plan.picture].mean
    plan = entered(plan)
    within = {**{tensor: about.range for tensor, about in statistics.items()}, plan.picture: _range(plan.picture)}
    means = {**{tensor: about.mean for tensor, about in statistics.items()}, plan.picture: _mean(plan.picture, levels)}
    means |= {operator.output: means[plan.picture] for operator in plan.operators if _is_border(operator, plan.picture)}
    operators = apart(plan.operators, plan.picture, within)
    scales = settled(operators, plan.picture, within)
    computed = {tensor: Operand(tensor.shape, "INT8", quantization=scales[tensor]) for tensor in scales}
    computed[plan.picture] = plan.picture
    written = [_in_whole_numbers(operator, computed, means) for operator in operators]
    return OperatorPlan(plan.picture, computed[plan.answer], written)


def _range(tensor: Operand) -> Range:
    """All that its whole numbers can stand for."""
    assert tensor.quantization is not None
    scale, zero = tensor.quantization.scale, tensor.quantization.zero
    return scale * (-128 - zero), scale * (127 - zero)


def _mean(picture: Operand, levels: Array) -> Array:
    """Of what a picture's whole numbers stand for, by the mean of its levels (channels,)."""
    assert picture.quantization is not None
    return picture.quantization.scale * (levels - 128 - picture.quantization.zero)


def _is_border(operator: Operator, picture: Operand) -> bool:
    return operator.kind == "PAD" and operator.inputs[0] is picture


def _in_whole_numbers(operator: Operator, computed: Mapping[Operand, Operand], means: Mapping[Operand, Array]) -> Operator:
    output = computed[operator.output]
    if operator.kind in WEIGHED:
        inputs = _with_weights(operator, computed[operator.inputs[0]], means.get(operator.inputs[0]))
    else:
        alike = output.quantization if operator.kind in (*ALIKE, "PADV2") else None
        inputs = tuple(computed[tensor] if tensor in computed else _known(tensor, alike) for tensor in operator.inputs)
    return replace(operator, inputs=inputs, output=output)


def _known(tensor: Operand, quantization: Quantization | None) -> Operand:
    """What is known beforehand, by a scale of its own where none is given; places and sides stay."""
    if tensor.kind != "FLOAT32" or tensor.values is None:
        return tensor
    quantization = quantization or over(float(tensor.values.min()), float(tensor.values.max()))
    return Operand(tensor.shape, "INT8", whole(tensor.values, quantization), quantization)


def _with_weights(operator: Operator, source: Operand, mean: Array | None) -> tuple[Operand, ...]:
    """Symmetric weights, and biases of the scale of the product; ``mean`` is that of the source, where it is known."""
    _, weights, bias = operator.inputs
    assert weights.values is not None
    assert bias.values is not None
    assert source.quantization is not None
    axis, scale = WEIGHED[operator.kind], source.quantization.scale
    scales = _scales(weights.values, bias.values, axis, scale)
    shape = [1] * weights.values.ndim
    shape[axis or 0] = -1
    numbers = np.clip(np.round(weights.values / scales.reshape(shape)), -127, 127).astype(np.int8)
    kernel = Operand(weights.shape, "INT8", numbers, Quantization(scales, 0, axis or 0))
    steps = (scales.astype(np.float64) * scale).astype(np.float32)
    lost = weights.values.astype(np.float64) - numbers * scales.reshape(shape).astype(np.float64)
    row = np.round((bias.values + _moved(operator.kind, lost, mean)) / steps).astype(np.int32)
    return source, kernel, Operand(bias.shape, "INT32", row, Quantization(steps))


def _moved(kind: str, lost: Array, mean: Array | None) -> Array | float:
    """By how much what was lost of weights moves the mean of each channel that they give."""
    if mean is None:
        return 0.0
    if kind == "DEPTHWISE_CONV_2D":
        return lost.sum((0, 1, 2)) * mean.repeat(lost.shape[-1] // len(mean))
    return (lost.sum((1, 2)) if kind == "CONV_2D" else lost) @ mean


def _scales(weights: Array, bias: Array, axis: int | None, source: float) -> Array:
    """Of weights, float32 (channels,) or (1,): the largest is 127, and no bias is too large for 32 bits."""
    others = None if axis is None else tuple(place for place in range(weights.ndim) if place != axis)
    largest = np.abs(weights).max(others).astype(np.float64).reshape(-1)
    largest = np.where(largest > 0, largest, largest.max() or 1.0) / 127
    biases = np.abs(bias).astype(np.float64) if axis is not None else np.abs(bias).max(keepdims=True)
    return np.maximum(largest, biases / (source * _MOST_BIAS)).astype(np.float32)
