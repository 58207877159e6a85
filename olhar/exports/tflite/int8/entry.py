"""The picture as int8: its levels 0..255 less 128, as they are; scaling goes into the scale, and into the weights behind it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from olhar.exports.tflite.layers import VALID
from olhar.exports.tflite.plan import Array, Operand, Operator, OperatorPlan, Quantization, constant

_LEVELS_OFF = 24
"""A border that is wrong by no more levels is borne, where each channel has another mean."""


@dataclass(frozen=True)
class _Scaled:
    """What scaling makes of a picture: ``factor * level + offset``, each (channels,)."""

    tensor: Operand
    factor: Array
    offset: Array


def entered(plan: OperatorPlan) -> OperatorPlan:
    """The same network, its picture int8; what scaled the picture is gone where weights can take its place.

    Where what reads it has no weights, a zero between two levels is half a level off at most.
    """
    operators = _without_casts(plan)
    channels = plan.picture.shape[-1]
    scaled, gone = _scaling(plan.picture, operators)
    plain = _Scaled(plan.picture, np.ones(channels), np.zeros(channels))
    for candidate, left_out in ((scaled, gone), (plain, ())):
        quantization = _quantization(candidate)
        readers = [operator for operator in operators if candidate.tensor in operator.inputs]
        weighed = _weighed(readers, operators)
        uniform = np.ptp(candidate.factor) == 0 and np.ptp(candidate.offset) == 0
        if quantization is None or (weighed is None and not uniform) or not _borders_hold(candidate, weighed or ()):
            continue
        picture = Operand(plan.picture.shape, "INT8", quantization=quantization)
        folded = {operator: _folded(operator, candidate, quantization) for operator in weighed or ()}
        kept = [folded.get(operator, operator) for operator in operators if operator not in left_out]
        return replace(plan, picture=picture, operators=[_renamed(operator, candidate.tensor, picture) for operator in kept])
    raise AssertionError  # levels as they are always have a scale


def _renamed(operator: Operator, old: Operand, new: Operand) -> Operator:
    return replace(operator, inputs=tuple(new if tensor is old else tensor for tensor in operator.inputs))


def _without_casts(plan: OperatorPlan) -> list[Operator]:
    """Levels are the same numbers before a CAST and behind it."""
    same, kept = dict[Operand, Operand](), list[Operator]()
    for operator in plan.operators:
        inputs = tuple(same.get(tensor, tensor) for tensor in operator.inputs)
        if operator.kind == "CAST":
            same[operator.output] = inputs[0]
        else:
            kept.append(replace(operator, inputs=inputs))
    return kept


def _scaling(picture: Operand, operators: Sequence[Operator]) -> tuple[_Scaled, tuple[Operator, ...]]:
    """What is made of a picture by known numbers a channel, one operator after another, and these operators."""
    channels = picture.shape[-1]
    tensor, factor, offset, gone = picture, np.ones(channels), np.zeros(channels), list[Operator]()
    while True:
        readers = [operator for operator in operators if tensor in operator.inputs]
        number = _number(readers[0], tensor, channels) if len(readers) == 1 else None
        if number is None:
            return _Scaled(tensor, factor, offset), tuple(gone)
        if readers[0].kind == "MUL":
            factor, offset = factor * number, offset * number
        else:
            offset = offset + (number if readers[0].kind == "ADD" else -number)
        tensor = readers[0].output
        gone.append(readers[0])


def _number(operator: Operator, tensor: Operand, channels: int) -> Array | None:
    """What an operator multiplies, adds or subtracts, (channels,); None where it does something else."""
    if operator.kind not in ("MUL", "ADD", "SUB") or "fusedActivationFunction" in operator.options:
        return None
    others = [other for other in operator.inputs if other is not tensor]
    if len(others) != 1 or others[0].values is None or (operator.kind == "SUB" and operator.inputs[0] is not tensor):
        return None
    values = others[0].values.astype(np.float64)
    if values.size != 1 and not (values.size == channels and values.shape[-1] == channels):
        return None
    return np.broadcast_to(values.ravel(), channels)


def _quantization(scaled: _Scaled) -> Quantization | None:
    """One scale, and a zero among the levels; None where there is none."""
    if not (scaled.factor > 0).all():
        return None
    zero = round(float(np.mean(-scaled.offset / scaled.factor))) - 128
    return Quantization(np.array([scaled.factor.mean()], np.float32), zero) if -128 <= zero <= 127 else None


def _weighed(readers: Sequence[Operator], operators: Sequence[Operator]) -> tuple[Operator, ...] | None:
    """Those of its readers that are convolutions, also behind a border of zeros; None where one is something else."""
    found = list[Operator]()
    for reader in readers:
        behind = [reader]
        if reader.kind == "PAD":
            behind = [operator for operator in operators if reader.output in operator.inputs]
        if not all(operator.kind in ("CONV_2D", "DEPTHWISE_CONV_2D") for operator in behind):
            return None
        found += behind
    return tuple(found)


def _borders_hold(scaled: _Scaled, weighed: Sequence[Operator]) -> bool:
    """Whether the zero of the int8 picture is near enough to each channel's, where borders are filled with it."""
    bordered = any(operator.options["padding"] != VALID or operator.inputs[0] is not scaled.tensor for operator in weighed)
    return not bordered or float(np.ptp(scaled.offset / scaled.factor)) <= _LEVELS_OFF


def _folded(operator: Operator, scaled: _Scaled, quantization: Quantization) -> Operator:
    """A convolution of ``scale * (q - zero)`` that gives what it gave of the scaled picture."""
    _, weights, bias = operator.inputs
    assert weights.values is not None
    assert bias.values is not None
    factor = scaled.factor / quantization.scale
    offset = scaled.factor * (128 + quantization.zero) + scaled.offset
    kernel = weights.values.astype(np.float64)
    if operator.kind == "DEPTHWISE_CONV_2D":
        many = kernel.shape[-1] // len(factor)
        factor, offset, inside = factor.repeat(many), offset.repeat(many), (0, 1, 2)
    else:
        inside = (1, 2, 3)
    more = (kernel * offset).sum(inside)
    return replace(operator, inputs=(operator.inputs[0], constant(kernel * factor), constant(bias.values + more)))
