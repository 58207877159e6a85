"""A plan with fewer operators: activations go into what they follow, and what only turns numbers into the matrix behind it."""

from collections import Counter
from dataclasses import replace

import numpy as np

from olhar.exports.tflite.plan import Operand, Operator, OperatorPlan, constant

_FUSED = ("RELU", "RELU6", "RELU_N1_TO_1")
_FUSING = ("CONV_2D", "DEPTHWISE_CONV_2D", "FULLY_CONNECTED", "ADD", "SUB", "MUL", "AVERAGE_POOL_2D", "MAX_POOL_2D")


def tidied(plan: OperatorPlan) -> OperatorPlan:
    """The same network."""
    return _with_turned_matrices(_with_fused_activations(plan))


def _uses(plan: OperatorPlan) -> Counter[Operand]:
    return Counter([*(tensor for operator in plan.operators for tensor in operator.inputs), plan.answer])


def _with_fused_activations(plan: OperatorPlan) -> OperatorPlan:
    uses, makers, kept = _uses(plan), dict[Operand, int](), list[Operator | None]()
    for operator in plan.operators:
        place = makers.get(operator.inputs[0])
        before = kept[place] if place is not None else None
        alone = uses[operator.inputs[0]] == 1 and before is not None and "fusedActivationFunction" not in before.options
        if before is not None and place is not None and alone and operator.kind in _FUSED and before.kind in _FUSING:
            options = {**before.options, "fusedActivationFunction": operator.kind}
            kept[place] = replace(before, output=operator.output, options=options)
            makers[operator.output] = place
            continue
        makers[operator.output] = len(kept)
        kept.append(operator)
    return replace(plan, operators=[operator for operator in kept if operator is not None])


def _with_turned_matrices(plan: OperatorPlan) -> OperatorPlan:
    """TRANSPOSE, RESHAPE to a row, FULLY_CONNECTED: the matrix takes its columns in the order in which they come."""
    uses, makers = _uses(plan), {operator.output: operator for operator in plan.operators}
    gone, changed = set[Operator](), dict[Operator, Operator]()
    for dense in plan.operators:
        reshape = makers.get(dense.inputs[0])
        turn = makers.get(reshape.inputs[0]) if reshape is not None else None
        if dense.kind != "FULLY_CONNECTED" or reshape is None or turn is None:
            continue
        flat = reshape.kind == "RESHAPE" and reshape.output.shape[0] == 1 and len(reshape.output.shape) == 2
        if not flat or turn.kind != "TRANSPOSE" or uses[reshape.output] > 1 or uses[turn.output] > 1:
            continue
        source, order = turn.inputs[0], turn.inputs[1].values
        weights = dense.inputs[1].values
        if order is None or weights is None:
            continue
        places = np.arange(weights.shape[1]).reshape(source.shape).transpose(order).ravel()
        columns = constant(weights[:, np.argsort(places)])
        gone.add(turn)
        changed[reshape] = replace(reshape, inputs=(source, *reshape.inputs[1:]))
        changed[dense] = replace(dense, inputs=(dense.inputs[0], columns, *dense.inputs[2:]))
    return replace(plan, operators=[changed.get(operator, operator) for operator in plan.operators if operator not in gone])
