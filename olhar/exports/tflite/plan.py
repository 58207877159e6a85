"""OperatorPlan: a network as TFLite's operators over tensors of fixed shape, before it is a file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.exports.lying import Lying, Shape

Kind: TypeAlias = Literal["FLOAT32", "UINT8", "INT8", "INT32"]
Array: TypeAlias = NDArray[Any]


@dataclass(frozen=True, eq=False)
class Quantization:
    """What whole numbers stand for: ``scale * (q - zero)``.

    Attributes:
        scales: float32 (1,), or one for each place along ``axis``.
        zero: the whole number that stands for 0.
        axis: along which scales differ.
    """

    scales: Array
    zero: int = 0
    axis: int = 0

    @property
    def scale(self) -> float:
        """The first of the scales; the only one of what is computed."""
        return float(self.scales[0])


@dataclass(eq=False)
class Operand:
    """A tensor, its axes as they lie.

    Attributes:
        shape: every side.
        kind: of its numbers, as TFLite calls it.
        values: where they are known beforehand.
        quantization: what its whole numbers stand for, where they stand for others.
    """

    shape: Shape
    kind: Kind = "FLOAT32"
    values: Array | None = None
    quantization: Quantization | None = None


@dataclass(eq=False)
class Operator:
    """One operation: TFLite's name of it, what it takes and gives, and the fields of its options."""

    kind: str
    inputs: tuple[Operand, ...]
    output: Operand
    options: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass
class OperatorPlan:
    """A network, for one picture.

    Attributes:
        picture: (1, height, width, channels), 0..255; as int8 128 less.
        answer: the probabilities (1, K).
        operators: in order.
    """

    picture: Operand
    answer: Operand
    operators: list[Operator]


@dataclass(frozen=True)
class LaidOperand(Lying):
    """What is computed: its shape as ONNX sees it, and the tensor in which it lies."""

    tensor: Operand


Value: TypeAlias = LaidOperand | Array
"""A tensor, or what is known beforehand."""


def constant(values: Any, kind: Kind = "FLOAT32") -> Operand:
    """What is known beforehand."""
    array = np.ascontiguousarray(values, {"FLOAT32": np.float32, "INT32": np.int32}[kind])
    return Operand(array.shape, kind, array)


class OperatorDrawing:
    """A plan while it is drawn."""

    def __init__(self) -> None:
        self.operators = list[Operator]()

    def add(self, kind: str, inputs: Sequence[Operand], shape: Shape, **options: Any) -> Operand:
        """The next operator; what it gives."""
        output = Operand(tuple(int(side) for side in shape))
        self.operators.append(Operator(kind, tuple(inputs), output, options))
        return output

    def like(self, kind: str, source: LaidOperand, *others: Operand, **options: Any) -> LaidOperand:
        """The next operator, which gives what has the shape of its first."""
        return LaidOperand(source.shape, source.order, self.add(kind, [source.tensor, *others], source.lying, **options))

    def shaped(self, tensor: Operand, shape: Shape) -> Operand:
        """The same numbers under another shape."""
        return tensor if tensor.shape == shape else self.add("RESHAPE", [tensor, constant(shape, "INT32")], shape)

    def arranged(self, laid: LaidOperand, order: Sequence[int]) -> LaidOperand:
        """The same, lying in an order."""
        lying = tuple(laid.shape[axis] for axis in order)
        if laid.lies_as(order):
            return LaidOperand(laid.shape, tuple(order), self.shaped(laid.tensor, lying))
        turn = constant([laid.order.index(axis) for axis in order], "INT32")
        return LaidOperand(laid.shape, tuple(order), self.add("TRANSPOSE", [laid.tensor, turn], lying))

    def plain(self, laid: LaidOperand) -> LaidOperand:
        """The same, its axes lying as they are named."""
        return self.arranged(laid, range(len(laid.shape)))

    def computed(self, value: Value) -> LaidOperand:
        """A tensor, also of what was known from the beginning."""
        if isinstance(value, LaidOperand):
            return value
        array = np.asarray(value, np.float32)
        return LaidOperand(array.shape, tuple(range(array.ndim)), constant(array))
