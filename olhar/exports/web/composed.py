"""ONNX's operations that are several kernels in a row: normalisations, and activations with parameters."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from olhar.exports.onnx_nodes import LEAST, MOST
from olhar.exports.web import operations
from olhar.exports.web.tensors import Drawing, LaidTensor
from olhar.graph.graph import Floats


def _number(value: float) -> Floats:
    return np.array(value, np.float32)


def length(drawing: Drawing, source: LaidTensor, axes: Sequence[int], *, keep: bool) -> LaidTensor:
    """The length of what lies along axes (ReduceL2)."""
    return operations.each(drawing, sum_of_squares(drawing, source, axes, keep=keep), "Sqrt", {})


def sum_of_squares(drawing: Drawing, source: LaidTensor, axes: Sequence[int], *, keep: bool) -> LaidTensor:
    """The sum of squares over axes."""
    return operations.reduced(drawing, operations.pair(drawing, 2, source, source), 1, axes, keep=keep)


def prelu(drawing: Drawing, source: LaidTensor, others: Any, _: Any) -> LaidTensor:
    """x where positive, slope * x elsewhere."""
    below = operations.pair(drawing, 2, operations.clipped(drawing, source, LEAST, 0.0), others[0])
    return operations.pair(drawing, 0, operations.clipped(drawing, source, 0.0, MOST), below)


def batch_norm(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    """One scale and one shift a channel."""
    gamma, beta, mean, variance = (np.asarray(other, np.float64) for other in others)
    scale = gamma / np.sqrt(variance + attributes.get("epsilon", 1e-5))
    sides = (1, -1, *(1,) * (len(source.shape) - 2))
    scaled = operations.pair(drawing, 2, source, scale.reshape(sides))
    return operations.pair(drawing, 0, scaled, (beta - mean * scale).reshape(sides))


def gelu(drawing: Drawing, source: LaidTensor, _: Any, attributes: dict[str, Any]) -> LaidTensor:
    """x / 2 * (1 + erf(x / sqrt(2)))."""
    if attributes.get("approximate", b"none") != b"none":
        raise KeyError("Gelu")
    narrow = operations.pair(drawing, 2, source, _number(0.5**0.5))
    above = operations.pair(drawing, 0, operations.each(drawing, narrow, "Erf", {}), _number(1))
    return operations.pair(drawing, 2, operations.pair(drawing, 2, source, _number(0.5)), above)


def _standardised(drawing: Drawing, source: LaidTensor, axes: Sequence[int], epsilon: float) -> LaidTensor:
    """Mean 0 and deviation 1 over axes."""
    centred = operations.pair(drawing, 1, source, operations.reduced(drawing, source, 0, axes, keep=True))
    variance = operations.reduced(drawing, operations.pair(drawing, 2, centred, centred), 0, axes, keep=True)
    deviation = operations.each(drawing, operations.pair(drawing, 0, variance, _number(epsilon)), "Sqrt", {})
    return operations.pair(drawing, 3, centred, deviation)


def layer_norm(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    """Mean 0 and deviation 1 over the last axes, then scale and shift."""
    axes = range(attributes.get("axis", -1) % len(source.shape), len(source.shape))
    made = operations.pair(drawing, 2, _standardised(drawing, source, axes, attributes.get("epsilon", 1e-5)), others[0])
    return operations.pair(drawing, 0, made, others[1]) if len(others) > 1 and others[1] is not None else made


def instance_norm(drawing: Drawing, source: LaidTensor, others: Any, attributes: dict[str, Any]) -> LaidTensor:
    """The same over the places of each channel."""
    made = _standardised(drawing, source, range(2, len(source.shape)), attributes.get("epsilon", 1e-5))
    scale, shift = (np.asarray(other).reshape(-1, *(1,) * (len(source.shape) - 2)) for other in others)
    return operations.pair(drawing, 0, operations.pair(drawing, 2, made, scale), shift)
