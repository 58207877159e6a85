"""Arrays by name, in a file of NumPy's or in memory: shape and type are looked at before a byte is loaded."""

import ast
import math
import re
import warnings
import weakref
from dataclasses import dataclass, replace
from typing import Any, BinaryIO, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.dataset import Source
from olhar.data.formats.pixels import LOOKED_AT, ArraySource, Scale, StridedSource, scale_of, scaled_picture

_FEWEST = 16
"""Values of the smallest flat picture."""
_LONGEST_HEADER = 1 << 16
_DAMAGES = (ValueError, EOFError, SyntaxError, TypeError, KeyError, IndexError, RecursionError, MemoryError)
"""What the head of a damaged file raises."""
LOADED = 2**30
"""An array of more bytes is not brought into memory."""


class NamedArray(Protocol):
    """An array that is somewhere."""

    @property
    def name(self) -> str:
        """What to call it."""
        ...

    @property
    def shape(self) -> tuple[int, ...]:
        """Its axes."""
        ...

    def load(self) -> NDArray[Any]:
        """The array.

        Raises:
            DataError: it is too large to be loaded, or damaged.
        """
        ...

    def sample(self, n: int) -> NDArray[Any]:
        """At most ``n`` of its rows, from all over it.

        Raises:
            DataError: damaged.
        """
        ...

    def last_first(self) -> "NamedArray":
        """The same with its last axis, that of the pictures, as its first."""
        ...

    def pictures(self, scale: Scale) -> Source:
        """Its rows as pictures."""
        ...


@dataclass(frozen=True)
class ArrayInMemory:
    """An array that is there."""

    name: str
    array: NDArray[Any]

    @property
    def shape(self) -> tuple[int, ...]:
        """Its axes."""
        return self.array.shape

    def load(self) -> NDArray[Any]:
        """The array."""
        return self.array

    def sample(self, n: int) -> NDArray[Any]:
        """Some of its rows."""
        return self.array[spread(len(self.array), n)]

    def last_first(self) -> "ArrayInMemory":
        """The same with its last axis as its first."""
        return ArrayInMemory(self.name, np.moveaxis(self.array, -1, 0))

    def pictures(self, scale: Scale) -> Source:
        """Its rows as pictures."""
        return ArraySource(np.ascontiguousarray(self.array), scale)


@dataclass(frozen=True)
class ArrayInFile:
    """An array whose values lie one after the other in an open file.

    Attributes:
        file: the open file.
        stamp: what changes when the file changes.
        name: what to call it.
        start: where its values begin, in bytes.
        dtype: of its values.
        shape: its axes.
        fortran: whether the first axis is the one that moves fastest.
        axes: the order in which the axes of one picture become height, width and channels; empty where they are in that order.
        owner: who closes the file when nobody needs it.
    """

    file: BinaryIO
    stamp: bytes
    name: str
    start: int
    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    fortran: bool = False
    axes: tuple[int, ...] = ()
    owner: object = None

    def __post_init__(self) -> None:
        size = self.file.seek(0, 2)
        if min(self.shape, default=0) < 0 or self.start + math.prod(self.shape) * self.dtype.itemsize > size:
            raise DataError("data.not_whole", where=self.name)

    def load(self) -> NDArray[Any]:
        """The array.

        Raises:
            DataError: it is too large to be loaded.
        """
        size = math.prod(self.shape) * self.dtype.itemsize
        if size > LOADED:
            raise DataError("data.array_shape", where=self.name, found=str(self.shape))
        values = np.frombuffer(self._bytes(self.start, size), self.dtype)
        return values.reshape(self.shape, order="F" if self.fortran else "C")

    def sample(self, n: int) -> NDArray[Any]:
        """Some of its rows."""
        rows = spread(self.shape[0], n)
        if self.fortran:
            return self.load()[rows]
        stride = math.prod(self.shape[1:]) * self.dtype.itemsize
        values = [np.frombuffer(self._bytes(self.start + row * stride, stride), self.dtype) for row in rows]
        sampled = np.array(values, self.dtype).reshape(len(rows), *self.shape[1:])
        return sampled.transpose(0, *(axis + 1 for axis in self.axes)) if self.axes else sampled

    def last_first(self) -> NamedArray:
        """The same with its last axis as its first: in Fortran's order, each picture of it lies together."""
        if not self.fortran:
            return ArrayInMemory(self.name, np.moveaxis(self.load(), -1, 0))
        axes = tuple(reversed(range(len(self.shape) - 1)))
        return replace(self, shape=self.shape[::-1], fortran=False, axes=axes)

    def pictures(self, scale: Scale) -> Source:
        """Its rows as pictures, each read when it is wanted."""
        if self.fortran:
            return ArraySource(np.ascontiguousarray(self.load()), scale)
        shape = self.shape[1:]
        stride = math.prod(shape) * self.dtype.itemsize
        layout: dict[str, Any] = {"axes": self.axes, "scale": scale, "name": self.name, "owner": self.owner or self}
        return StridedSource(self.file, self.stamp, self.start, stride, shape, self.dtype, **layout)

    def _bytes(self, start: int, size: int) -> bytes:
        self.file.seek(start)
        data = self.file.read(size)
        if len(data) != size:
            raise DataError("data.not_whole", where=self.name)
        return data

    @classmethod
    def of_npy(cls, file: BinaryIO, stamp: bytes, name: str) -> Self:
        """An array in NumPy's own form.

        Raises:
            DataError: damaged, of Python objects, or not as long as its header says.
        """
        owner = FileOwner(file)
        try:
            shape, fortran, dtype = _header(file)
        except (*_DAMAGES, OSError) as error:
            raise DataError("data.not_whole", where=name) from error
        if dtype.hasobject:
            raise DataError("data.pickle_refused", where=name, found="object")
        start = file.tell()
        if start + math.prod(shape) * dtype.itemsize != file.seek(0, 2):
            raise DataError("data.not_whole", where=name)
        return cls(file, stamp, name, start, dtype, shape, fortran, owner=owner)


class FileOwner:
    """Closes a file when nobody needs it any more: those who read it hold on to this."""

    def __init__(self, file: BinaryIO) -> None:
        weakref.finalize(self, file.close)


def spread(length: int, n: int) -> list[int]:
    """At most ``n`` of the numbers below ``length``, from all over them."""
    return np.unique(np.linspace(0, length - 1, n).astype(np.int64)).tolist() if length else []


def pictures_of(array: NamedArray) -> Source:
    """The rows of an array as pictures.

    Raises:
        DataError: they are none.
    """
    try:
        if not 2 <= len(array.shape) <= 4 or 0 in array.shape:
            raise ValueError
        some = array.sample(LOOKED_AT)
        scale = scale_of(some)
        scaled_picture(some[0], scale)
        if len(array.shape) == 2 and (scale == "numbers" or array.shape[1] < _FEWEST):
            raise ValueError  # measurements, not pictures: nothing says that they lie in a square
    except ValueError as error:
        raise DataError("data.array_shape", where=array.name, found=str(array.shape)) from error
    return array.pictures(scale)


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and type, as the head of a ``.npy`` of version 1 or 2 says them (NEP 1): a literal, never evaluated."""
    width = {(1, 0): 2, (2, 0): 4}[np.lib.format.read_magic(file)]
    length = int.from_bytes(file.read(width), "little")
    if length > _LONGEST_HEADER:
        raise ValueError
    text = re.sub(r"(\d)L\b", r"\1", file.read(length).decode("latin-1"))  # whole numbers of Python 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what a damaged text looks like to Python
        header: Any = ast.literal_eval(text.strip())
        dtype = np.lib.format.descr_to_dtype(header["descr"])
    shape, fortran = header["shape"], header["fortran_order"]
    if not isinstance(shape, tuple) or not all(isinstance(axis, int) and axis >= 0 for axis in shape):
        raise ValueError
    return shape, bool(fortran), dtype
