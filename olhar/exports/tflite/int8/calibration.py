"""Between which numbers the tensors of a network lie, and around which, seen on pictures."""

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


@dataclass(frozen=True)
class TensorStatistics:
    """What quantising has to know of a tensor.

    Attributes:
        range: between which numbers it is kept.
        mean: float64 (channels,), along its last axis.
    """

    range: Range
    mean: Array


@dataclass
class ObservedTensor:
    """What was seen of one tensor: its least and largest number, the mean of each channel, and some of each picture."""

    low: float = 0.0
    high: float = 0.0
    sample: list[Array] = field(default_factory=list[Array])
    means: list[Array] = field(default_factory=list[Array])

    def add(self, values: Array, rng: np.random.Generator) -> None:
        """The tensor of another picture."""
        self.means.append(values.reshape(-1, values.shape[-1]).mean(0, np.float64))
        flat = values.ravel()
        flat = flat[flat > LEAST / 2]  # the border of a maximum
        self.low, self.high = min(self.low, float(flat.min())), max(self.high, float(flat.max()))
        step = max(1, flat.size // _SAMPLE)
        self.sample.append(flat[int(rng.integers(step)) :: step].copy())

    def statistics(self) -> TensorStatistics:
        """The part of what was seen by which rounding and cutting off cost the least, squared; and the mean."""
        sample = np.concatenate(self.sample)
        costs = [_cost(sample, self.low * share, self.high * share) for share in _SHARES]
        share = _SHARES[int(np.argmin(costs))]
        return TensorStatistics((self.low * share, self.high * share), np.mean(self.means, 0))


def _cost(sample: Array, low: float, high: float) -> float:
    """Mean squared error of numbers in 256 steps."""
    quantization = over(low, high)
    scale, zero = quantization.scale, quantization.zero
    steps = np.clip(np.round(sample / scale) + zero, -128, 127)
    return float(np.mean(((steps - zero) * scale - sample) ** 2))


def observed(plan: OperatorPlan, pictures: Iterable[Pixels]) -> dict[Operand, TensorStatistics]:
    """Of each tensor that a network computes, and of its pictures.

    Args:
        plan: of floats.
        pictures: prepared, uint8 (height, width, channels) each; at least one.
    """
    opened = interpreter(written(plan, {}), plain=True, keep_all=True)
    numbers, rng = numbered(plan), np.random.default_rng(0)
    seen: dict[Operand, ObservedTensor] = {
        tensor: ObservedTensor() for tensor in (plan.picture, *(operator.output for operator in plan.operators))
    }
    for picture in pictures:
        asked(opened, picture)
        for tensor, about in seen.items():
            values: Any = opened.get_tensor(numbers[tensor])
            about.add(values, rng)
    return {tensor: about.statistics() for tensor, about in seen.items()}
