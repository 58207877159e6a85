"""Which whole numbers stand for what: a scale for each tensor that is computed, one scale where kernels want it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from olhar.exports.tflite.int8.kernels import ALIKE, SETTLED, SHARED
from olhar.exports.tflite.plan import Array, Operand, Operator, Quantization

Range = tuple[float, float]

_LEAST = float(np.finfo(np.float32).tiny)
"""Below, a float32 holds no scale; such a tensor is zero."""


def over(low: float, high: float) -> Quantization:
    """256 whole numbers over a range, 0 among them (TensorFlow Lite 8-bit quantization specification)."""
    low, high = min(low, 0.0), max(high, 0.0)
    scale = (high - low) / 255
    if scale < _LEAST:
        scale = 1.0
    return Quantization(np.array([scale], np.float32), int(np.clip(round(-128 - low / scale), -128, 127)))


def whole(values: Array, quantization: Quantization) -> Array:
    """Numbers as int8, each the nearest, the least or the most."""
    return np.clip(np.round(values.astype(np.float64) / quantization.scale) + quantization.zero, -128, 127).astype(np.int8)


def settled(operators: Sequence[Operator], picture: Operand, ranges: Mapping[Operand, Range]) -> dict[Operand, Quantization]:
    """The scale of each tensor that is computed.

    Args:
        operators: in order, ``apart``.
        picture: has its scale already.
        ranges: between which numbers each tensor lies; of what has a settled scale it is not read.
    """
    groups = _Groups()
    for operator in operators:
        alike = operator.inputs[:1] if operator.kind in SHARED else operator.inputs if operator.kind in ALIKE else ()
        for tensor in alike:
            if tensor.values is None:
                groups.join(tensor, operator.output)
    fixed = {groups.first(picture): picture.quantization}
    fixed |= {groups.first(operator.output): SETTLED[operator.kind] for operator in operators if operator.kind in SETTLED}
    spans = dict[Operand, Range]()
    for operator in operators:
        first = groups.first(operator.output)
        if first not in fixed:
            low, high = ranges[operator.output]
            before = spans.get(first, (0.0, 0.0))
            spans[first] = min(low, before[0]), max(high, before[1])
    scales = {first: quantization for first, quantization in fixed.items() if quantization is not None}
    scales |= {first: over(*span) for first, span in spans.items()}
    return {tensor: scales[groups.first(tensor)] for tensor in (picture, *(operator.output for operator in operators))}


class _Groups:
    """Tensors that have one scale."""

    def __init__(self) -> None:
        self._before = dict[Operand, Operand]()

    def first(self, tensor: Operand) -> Operand:
        """The tensor that stands for a group."""
        while tensor in self._before:
            tensor = self._before[tensor]
        return tensor

    def join(self, one: Operand, other: Operand) -> None:
        """Two groups become one."""
        one, other = self.first(one), self.first(other)
        if one is not other:
            self._before[other] = one


def apart(operators: Iterable[Operator], picture: Operand, ranges: dict[Operand, Range]) -> list[Operator]:
    """The same, with a QUANTIZE where a tensor of a settled scale has to share one with others; ``ranges`` knows it too."""
    kept, fixed = list[Operator](), {picture}
    for operator in operators:
        inputs = list(operator.inputs)
        if operator.kind in ALIKE:
            for place, tensor in enumerate(inputs):
                if tensor in fixed:
                    inputs[place] = Operand(tensor.shape)
                    ranges[inputs[place]] = ranges[tensor]
                    kept.append(Operator("QUANTIZE", (tensor,), inputs[place]))
        elif operator.kind in SETTLED or (operator.kind in SHARED and inputs[0] in fixed):
            fixed.add(operator.output)
        kept.append(replace(operator, inputs=tuple(inputs)))
    return kept
