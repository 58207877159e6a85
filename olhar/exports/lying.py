"""Tensors on their way into another form: their shape as ONNX sees it, and the order in which their axes lie in memory.

A convolution's pictures are (N, C, H, W) in ONNX and lie as (N, H, W, C): a transpose is a change of names, not of numbers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

Shape = tuple[int, ...]


@dataclass(frozen=True)
class Lying:
    """A shape whose axes lie in an ``order``, the slowest first."""

    shape: Shape
    order: tuple[int, ...]

    @property
    def size(self) -> int:
        """How many numbers."""
        return prod(self.shape)

    @property
    def lying(self) -> Shape:
        """The sides in the order in which they lie."""
        return tuple(self.shape[axis] for axis in self.order)

    def lies_as(self, order: Sequence[int]) -> bool:
        """Whether it lies so already: axes of one number lie anywhere."""
        return [a for a in self.order if self.shape[a] > 1] == [a for a in order if self.shape[a] > 1]
