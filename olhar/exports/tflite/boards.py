"""What a program for a small board has to know of a network: which operators it calls, and how much memory they pass on."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from olhar.exports.tflite.plan import Operand, OperatorPlan

_ALIGNED = 16
_ELSEWISE = {"PADV2": "PadV2", "RELU6": "Relu6", "RELU_N1_TO_1": "ReluN1To1"}
_MISSING = {"GELU", "RELU_N1_TO_1", "REDUCE_MIN"}
"""Operators that TensorFlow Lite Micro does not have, or only of late."""
_FLOATS_ALONE = {"EXP", "LOG"}
"""Those that it has for floats alone."""


def resolver_calls(plan: OperatorPlan) -> tuple[str, ...]:
    """The operators as a ``MicroMutableOpResolver`` registers them, as ``AddConv2D``."""
    return tuple(f"Add{_camel(kind)}" for kind in sorted({operator.kind for operator in plan.operators}))


def missing_on_boards(plan: OperatorPlan) -> tuple[str, ...]:
    """The operators that TensorFlow Lite Micro may not have."""
    missing = _MISSING | _FLOATS_ALONE if plan.picture.kind == "INT8" else _MISSING
    return tuple(sorted({operator.kind for operator in plan.operators} & missing))


def _camel(kind: str) -> str:
    return _ELSEWISE.get(kind) or "".join("2D" if word == "2D" else word.capitalize() for word in kind.split("_"))


@dataclass(frozen=True)
class _Lifetime:
    """How many bytes a tensor takes, from which operator to which."""

    size: int
    first: int
    last: int


def least_arena(plan: OperatorPlan) -> int:
    """Bytes in which all that is computed finds its place, the largest first, as TensorFlow Lite Micro's greedy planner lays it.

    What its interpreter needs besides (a few kilobytes, and what kernels ask for) is not in it.
    """
    laid = list[tuple[_Lifetime, int]]()
    for tensor in sorted(_lifetimes(plan), key=lambda tensor: (-tensor.size, tensor.first)):
        laid.append((tensor, _place(tensor, laid)))
    return max((place + tensor.size for tensor, place in laid), default=0)


def _place(tensor: _Lifetime, laid: Sequence[tuple[_Lifetime, int]]) -> int:
    """The first gap among the tensors that live at the same time."""
    beside = sorted((at, at + one.size) for one, at in laid if one.first <= tensor.last and tensor.first <= one.last)
    place = 0
    for begin, end in beside:
        if begin - place >= tensor.size:
            break
        place = max(place, end)
    return place


def _lifetimes(plan: OperatorPlan) -> list[_Lifetime]:
    first, last = {plan.picture: 0}, {plan.picture: 0}
    for place, operator in enumerate(plan.operators):
        first.setdefault(operator.output, place)
        last.update((tensor, place) for tensor in (*operator.inputs, operator.output) if tensor.values is None)
    last[plan.answer] = len(plan.operators)
    return [_Lifetime(_bytes(tensor), first[tensor], last[tensor]) for tensor in first]


def _bytes(tensor: Operand) -> int:
    return -(-prod(tensor.shape) * (1 if tensor.kind in ("INT8", "UINT8") else 4) // _ALIGNED) * _ALIGNED
