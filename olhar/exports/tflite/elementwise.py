"""ONNX's operations number by number -> TFLite: those that it has, and those that are several of its own in a row."""

from collections.abc import Callable
from typing import Any

import numpy as np

from olhar.exports.onnx_nodes import LEAST, MOST
from olhar.exports.tflite.plan import LaidOperand, OperatorDrawing, Value, constant

Attributes = dict[str, Any]

PAIRS = {"Add": "ADD", "Sub": "SUB", "Mul": "MUL", "Div": "DIV", "Max": "MAXIMUM", "Min": "MINIMUM", "Sum": "ADD"}
_SAME = {
    **{"Sigmoid": "LOGISTIC", "Tanh": "TANH", "HardSwish": "HARD_SWISH", "Exp": "EXP", "Log": "LOG", "Sqrt": "SQRT"},
    **{"Neg": "NEG", "Abs": "ABS"},
}
_CLIPS = {(0.0, MOST): "RELU", (0.0, 6.0): "RELU6", (-1.0, 1.0): "RELU_N1_TO_1"}
_MOST_AXES = 4


def pair(drawing: OperatorDrawing, kind: str, first: Value, second: Value) -> LaidOperand:
    """Two arrays into one, number by number, the smaller one repeated.

    Raises:
        ValueError: more axes than TFLite repeats along.
    """
    shape = np.broadcast_shapes(first.shape, second.shape)
    if len(shape) > _MOST_AXES and first.shape != second.shape:
        raise ValueError(len(shape))
    order = _order(first, second, len(shape))
    tensors = [_beside(drawing, value, order) for value in (first, second)]
    return LaidOperand(shape, order, drawing.add(kind, tensors, tuple(shape[axis] for axis in order)))


def _order(first: Value, second: Value, rank: int) -> tuple[int, ...]:
    """As the larger of the two lies."""
    laid = [value for value in (first, second) if isinstance(value, LaidOperand)]
    order = max(laid, key=lambda value: (len(value.shape), value.size)).order
    more = rank - len(order)
    return (*range(more), *(axis + more for axis in order))


def _beside(drawing: OperatorDrawing, value: Value, order: tuple[int, ...]) -> Any:
    """A value with all axes, lying in an order."""
    more = len(order) - len(value.shape)
    if isinstance(value, LaidOperand):
        risen = (*range(more), *(axis + more for axis in value.order))
        tensor = drawing.shaped(value.tensor, (1,) * more + value.lying)
        return drawing.arranged(LaidOperand((1,) * more + value.shape, risen, tensor), order).tensor
    return constant(unrepeated(np.reshape(value, (1,) * more + np.shape(value)).transpose(order)))


def unrepeated(array: Any) -> Any:
    """An array without what is only repeated along an axis."""
    for axis in range(array.ndim):
        first = array.take([0], axis)
        if array.shape[axis] > 1 and (array == first).all():
            array = first
    return array


def clipped(drawing: OperatorDrawing, source: LaidOperand, low: float, high: float) -> LaidOperand:
    """Each number kept between two."""
    if (low, high) in _CLIPS:
        return drawing.like(_CLIPS[low, high], source)
    if low > LEAST:
        source = drawing.like("RELU", source) if low == 0 else pair(drawing, "MAXIMUM", source, _number(low))
    return pair(drawing, "MINIMUM", source, _number(high)) if high < MOST else source


def _number(value: float) -> Any:
    return np.array(value, np.float32)


def _leaky(drawing: OperatorDrawing, source: LaidOperand, attributes: Attributes) -> LaidOperand:
    return drawing.like("LEAKY_RELU", source, alpha=attributes.get("alpha", 0.01))


def _elu(drawing: OperatorDrawing, source: LaidOperand, attributes: Attributes) -> LaidOperand:
    alpha, gamma = attributes.get("alpha", 1.0), attributes.get("gamma", 1.0)
    if (alpha, gamma) == (1.0, 1.0):
        return drawing.like("ELU", source)
    above = pair(drawing, "MUL", drawing.like("RELU", source), _number(gamma))
    below = drawing.like("ELU", pair(drawing, "MINIMUM", source, _number(0)))
    return pair(drawing, "ADD", above, pair(drawing, "MUL", below, _number(alpha * gamma)))


def _selu(drawing: OperatorDrawing, source: LaidOperand, attributes: Attributes) -> LaidOperand:
    usual = {"alpha": 1.67326319217681884765625, "gamma": 1.05070102214813232421875}
    return _elu(drawing, source, usual | attributes)


def _hard_sigmoid(drawing: OperatorDrawing, source: LaidOperand, attributes: Attributes) -> LaidOperand:
    scaled = pair(drawing, "MUL", source, _number(attributes.get("alpha", 0.2)))
    return clipped(drawing, pair(drawing, "ADD", scaled, _number(attributes.get("beta", 0.5))), 0.0, 1.0)


def _softsign(drawing: OperatorDrawing, source: LaidOperand, _: Attributes) -> LaidOperand:
    return pair(drawing, "DIV", source, pair(drawing, "ADD", drawing.like("ABS", source), _number(1)))


def _softplus(drawing: OperatorDrawing, source: LaidOperand, _: Attributes) -> LaidOperand:
    """max(x, 0) + log(1 + exp(-|x|)): no number grows too large."""
    small = drawing.like("EXP", drawing.like("NEG", drawing.like("ABS", source)))
    logarithm = drawing.like("LOG", pair(drawing, "ADD", small, _number(1)))
    return pair(drawing, "ADD", drawing.like("RELU", source), logarithm)


def _mish(drawing: OperatorDrawing, source: LaidOperand, attributes: Attributes) -> LaidOperand:
    return pair(drawing, "MUL", source, drawing.like("TANH", _softplus(drawing, source, attributes)))


def _reciprocal(drawing: OperatorDrawing, source: LaidOperand, _: Attributes) -> LaidOperand:
    return pair(drawing, "DIV", _number(1), source)


def _erf(drawing: OperatorDrawing, source: LaidOperand, _: Attributes) -> LaidOperand:
    """Abramowitz and Stegun 7.1.26, right to 1.5e-7: TFLite has no operator for it."""
    size = drawing.like("ABS", source)
    share = pair(drawing, "DIV", _number(1), pair(drawing, "ADD", pair(drawing, "MUL", size, _number(0.3275911)), _number(1)))
    series = pair(drawing, "MUL", share, _number(1.061405429))
    for number in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        series = pair(drawing, "MUL", pair(drawing, "ADD", series, _number(number)), share)
    falling = drawing.like("EXP", drawing.like("NEG", pair(drawing, "MUL", size, size)))
    above = pair(drawing, "SUB", _number(1), pair(drawing, "MUL", series, falling))
    sign = drawing.like("RELU_N1_TO_1", pair(drawing, "MUL", source, _number(1e30)))
    return pair(drawing, "MUL", sign, above)


_COMPOSED: dict[str, Callable[[OperatorDrawing, LaidOperand, Attributes], LaidOperand]] = {
    "LeakyRelu": _leaky,
    "Elu": _elu,
    "Selu": _selu,
    "HardSigmoid": _hard_sigmoid,
    "Softsign": _softsign,
    "Softplus": _softplus,
    "Mish": _mish,
    "Reciprocal": _reciprocal,
    "Erf": _erf,
}
EACH = (*_SAME, *_COMPOSED)
"""What ``each`` can."""


def each(drawing: OperatorDrawing, source: LaidOperand, kind: str, attributes: Attributes) -> LaidOperand:
    """A function of each number."""
    return drawing.like(_SAME[kind], source) if kind in _SAME else _COMPOSED[kind](drawing, source, attributes)
