"""Operators for which there is no kernel of eight bits, in the words of those for which there is one."""

from dataclasses import replace

import numpy as np

from olhar.exports.tflite.plan import Operator, OperatorPlan, constant


def rewritten(plan: OperatorPlan) -> OperatorPlan:
    """The same network of floats: what is divided by known numbers is multiplied by their inverses, what is negated by -1."""
    return replace(plan, operators=[_multiplied(operator) for operator in plan.operators])


def _multiplied(operator: Operator) -> Operator:
    divisor = operator.inputs[-1].values
    if operator.kind == "NEG":
        return replace(operator, kind="MUL", inputs=(operator.inputs[0], constant([-1.0])))
    if operator.kind != "DIV" or divisor is None or not np.all(divisor):
        return operator
    return replace(operator, kind="MUL", inputs=(operator.inputs[0], constant(1 / divisor.astype(np.float64))))
