"""Tensors of a plan: how they lie in memory, and the ways to bring them into another order."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from olhar.exports.lying import Lying, Shape
from olhar.exports.web.program import Argument, At, Buffer, Call, Fixed, Place, Program

_AXES = 5


@dataclass(frozen=True)
class LaidTensor(Lying):
    """What is computed, and where."""

    place: Place

    @property
    def strides(self) -> Shape:
        """How far apart neighbours along each axis are, in numbers."""
        lying, strides = self.lying, [0] * len(self.shape)
        for position, axis in enumerate(self.order):
            strides[axis] = prod(lying[position + 1 :])
        return tuple(strides)


Value = LaidTensor | NDArray[np.generic]


class Drawing:
    """A plan while it is drawn."""

    def __init__(self, program: Program) -> None:
        self.program = program

    def call(self, kernel: str, *arguments: Argument) -> None:
        """The next call.

        Raises:
            ValueError: it would take the picture's bytes for numbers.
        """
        if kernel != "bytes" and self.program.picture in arguments:
            raise ValueError(kernel)
        self.program.calls.append(Call(kernel, arguments))

    def new(self, shape: Shape, order: Sequence[int] | None = None) -> LaidTensor:
        """Room for a tensor, plain unless its order is said."""
        return LaidTensor(shape, tuple(order if order is not None else range(len(shape))), Buffer(prod(shape)))

    def arranged(self, tensor: LaidTensor, order: Sequence[int]) -> LaidTensor:
        """The same, lying in an order."""
        if tensor.lies_as(order):
            return LaidTensor(tensor.shape, tuple(order), tensor.place)
        made = self.new(tensor.shape, order)
        self.copy(tensor.place, tensor.strides, made.place, made.strides, tensor.shape)
        return made

    def plain(self, tensor: LaidTensor) -> LaidTensor:
        """The same, its axes lying as they are named."""
        return self.arranged(tensor, range(len(tensor.shape)))

    def copy(self, source: Place, come: Shape, target: Place, go: Shape, shape: Shape) -> None:
        """Numbers from places to places, by their strides.

        Raises:
            ValueError: more axes than networks of pictures have.
        """
        axes = [a for a in sorted(range(len(shape)), key=lambda a: -go[a]) if shape[a] > 1]
        if len(axes) > _AXES:
            raise ValueError(len(axes))
        fill = _AXES - len(axes)
        sides = [1] * fill + [shape[a] for a in axes]
        comes, goes = [0] * fill + [come[a] for a in axes], [0] * fill + [go[a] for a in axes]
        self.call("copy", source, target, *sides, *comes, *goes)

    def expanded(self, tensor: LaidTensor, shape: Shape, order: Sequence[int]) -> LaidTensor:
        """Repeated along axes of one number until it has a shape, lying in an order."""
        made = self.new(shape, order)
        strides = tuple(0 if side == 1 else stride for side, stride in zip(tensor.shape, tensor.strides, strict=True))
        self.copy(tensor.place, strides, made.place, made.strides, shape)
        return made

    def computed(self, value: Value) -> LaidTensor:
        """A tensor, also of what was known from the beginning."""
        if isinstance(value, LaidTensor):
            return value
        array = np.ascontiguousarray(value, np.float32)
        return LaidTensor(tuple(array.shape), tuple(range(array.ndim)), Fixed(array))


def offset(tensor: LaidTensor, numbers: int) -> Place:
    """A place within a tensor."""
    if isinstance(tensor.place, At):
        return At(tensor.place.buffer, tensor.place.offset + numbers)
    return At(tensor.place, numbers) if isinstance(tensor.place, Buffer) else Fixed(tensor.place.values.ravel()[numbers:])
