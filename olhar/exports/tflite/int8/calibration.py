"""Between which numbers the tensors of a network lie, seen on pictures."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from olhar.base.images import Pixels
from olhar.exports.onnx_nodes import LEAST
from olhar.exports.tflite.int8.scales import Range, over
from olhar.exports.tflite.interpreter import asked, interpreter
from olhar.exports.tflite.plan import Array, Operand, OperatorPlan
from olhar.exports.tflite.schema import numbered, written

_SAMPLE = 512
_SHARES = np.linspace(0.5, 1, 26)


@dataclass
class Seen:
    """What was seen of one tensor: its least and largest number, and some of each picture."""

    low: float = 0.0
    high: float = 0.0
    sample: list[Array] = field(default_factory=list[Array])

    def add(self, values: Array, rng: np.random.Generator) -> None:
        """The tensor of another picture."""
        flat = values.ravel()
        flat = flat[flat > LEAST / 2]  # the border of a maximum
        self.low, self.high = min(self.low, float(flat.min())), max(self.high, float(flat.max()))
        step = max(1, flat.size // _SAMPLE)
        self.sample.append(flat[int(rng.integers(step)) :: step].copy())

    def range(self) -> Range:
        """The part of what was seen by which rounding and cutting off cost the least, squared."""
        sample = np.concatenate(self.sample)
        costs = [_cost(sample, self.low * share, self.high * share) for share in _SHARES]
        share = _SHARES[int(np.argmin(costs))]
        return self.low * share, self.high * share


def _cost(sample: Array, low: float, high: float) -> float:
    """Mean squared error of numbers in 256 steps."""
    quantization = over(low, high)
    scale, zero = quantization.scale, quantization.zero
    steps = np.clip(np.round(sample / scale) + zero, -128, 127)
    return float(np.mean(((steps - zero) * scale - sample) ** 2))


def observed(plan: OperatorPlan, pictures: Iterable[Pixels]) -> dict[Operand, Range]:
    """The range of each tensor that a network computes.

    Args:
        plan: of floats.
        pictures: prepared, uint8 (height, width, channels) each; at least one.
    """
    opened = interpreter(written(plan, {}), plain=True, keep_all=True)
    numbers, rng = numbered(plan), np.random.default_rng(0)
    seen: dict[Operand, Seen] = {operator.output: Seen() for operator in plan.operators}
    for picture in pictures:
        asked(opened, picture)
        for tensor, about in seen.items():
            values: Any = opened.get_tensor(numbers[tensor])
            about.add(values, rng)
    return {tensor: about.range() for tensor, about in seen.items()}
