"""Program: a network as calls of kernels on one memory, every size and address settled: who computes it need not think."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from olhar.graph.graph import Floats

FIRST = 1 << 16
"""Below it lie the kernels' own constants and their stack."""

_ALIGNED = 4
_MATRIX = 256
"""Arrays of so many numbers are halved by ``half``: what is smaller (bias, scaling) costs few bytes and much precision."""


@dataclass(eq=False)
class Buffer:
    """So many float32 in the memory, needed from one call to another."""

    size: int


@dataclass(eq=False)
class Fixed:
    """Weights, as they lie in the memory; ``kind`` tells those of products of matrices."""

    values: Floats


@dataclass(frozen=True)
class At:
    """A place ``offset`` numbers into a buffer."""

    buffer: Buffer
    offset: int = 0


Place: TypeAlias = Buffer | At | Fixed
Argument: TypeAlias = Place | int | float


@dataclass(frozen=True)
class Call:
    """One call of a kernel: its name, what it is given, and which of that is written."""

    kernel: str
    arguments: tuple[Argument, ...]


@dataclass
class Program:
    """A network, for one picture.

    Attributes:
        calls: in order.
        picture: where the picture goes, a byte a number (height, width, channels).
        answer: where the probabilities are, float32 (K,); behind them the unlikeness, where it was asked for.
    """

    picture: Buffer
    answer: Place
    calls: list[Call] = field(default_factory=list[Call])


@dataclass(frozen=True)
class Laid:
    """A plan with addresses in place of buffers.

    Attributes:
        calls: name and numbers of each; addresses are in bytes.
        picture, answer: addresses.
        memory: bytes in all.
        singles: float32 that go to ``FIRST``, an array after the other.
        matrices: float32 behind them, which may be kept at half precision.
    """

    calls: list[list[str | int | float]]
    picture: int
    answer: int
    memory: int
    singles: Floats
    matrices: Floats


def lay(plan: Program) -> Laid:
    """Give every array of a plan its address; buffers that are not needed at the same time share theirs."""
    constants = _constants(plan)
    ordered = [c for c in constants if c.values.size < _MATRIX] + [c for c in constants if c.values.size >= _MATRIX]
    at, address = dict[Buffer | Fixed, int](), FIRST
    for constant in ordered:
        at[constant] = address
        address += 4 * _rounded(constant.values.size)
    at |= {buffer: address + 4 * place for buffer, place in _shared(plan).items()}
    end = max([address, *(at[b] + 4 * _rounded(b.size) for b in at if isinstance(b, Buffer))])

    def settled(argument: Argument) -> int | float:
        if isinstance(argument, At):
            return at[argument.buffer] + 4 * argument.offset
        return at[argument] if isinstance(argument, (Buffer, Fixed)) else argument

    calls: list[list[str | int | float]] = [[call.kernel, *map(settled, call.arguments)] for call in plan.calls]
    singles = [c.values for c in ordered if c.values.size < _MATRIX]
    matrices = [c.values for c in ordered if c.values.size >= _MATRIX]
    return Laid(calls, int(at[plan.picture]), int(settled(plan.answer)), end, _joined(singles), _joined(matrices))


def _rounded(size: int) -> int:
    """Room for whole vectors, and one to spare."""
    return -(-size // _ALIGNED) * _ALIGNED + _ALIGNED


def _joined(arrays: Sequence[Floats]) -> Floats:
    joined = np.zeros(sum(_rounded(a.size) for a in arrays), np.float32)
    place = 0
    for array in arrays:
        joined[place : place + array.size] = array.ravel()
        place += _rounded(array.size)
    return joined


def _constants(plan: Program) -> list[Fixed]:
    return list(dict.fromkeys(a for call in plan.calls for a in call.arguments if isinstance(a, Fixed)))


def _shared(plan: Program) -> dict[Buffer, int]:
    """Places of buffers, in numbers: each takes the first gap among those that live when it does (first fit, by size)."""
    first, last = {plan.picture: -1}, {plan.picture: 0}
    for number, call in enumerate(plan.calls):
        for argument in call.arguments:
            buffer = argument.buffer if isinstance(argument, At) else argument
            if isinstance(buffer, Buffer):
                first.setdefault(buffer, number)
                last[buffer] = number
    answer = plan.answer.buffer if isinstance(plan.answer, At) else plan.answer
    if isinstance(answer, Buffer):
        last[answer] = len(plan.calls)
    placed = dict[Buffer, int]()
    for buffer in sorted(first, key=lambda b: -b.size):
        taken = sorted(
            (place, place + _rounded(other.size))
            for other, place in placed.items()
            if first[other] <= last[buffer] and first[buffer] <= last[other]
        )
        placed[buffer] = _gap(taken, _rounded(buffer.size))
    return placed


def _gap(taken: Sequence[tuple[int, int]], size: int) -> int:
    place = 0
    for start, end in taken:
        if start - place >= size:
            break
        place = max(place, end)
    return place
