"""Arrays by name, in a file of NumPy's or in memory: shape and type are looked at before a byte is loaded."""

import math
import weakref
from dataclasses import dataclass
from tokenize import TokenError
from typing import Any, BinaryIO, Protocol

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.dataset import Source
from olhar.data.formats.pixels import LOOKED_AT, ArraySource, StridedSource, picture, unit_scaled

_LOADED = 2**30
_RAISED = (ValueError, EOFError, OSError, SyntaxError, TypeError, RecursionError, MemoryError, TokenError)
"""By NumPy, of a header that is damaged: it parses it as Python's own literals."""


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

    def load(self, rows: int | None = None) -> NDArray[Any]:
        """The array, or its first rows."""
        ...

    def pictures(self, unit: bool) -> Source:
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

    def load(self, rows: int | None = None) -> NDArray[Any]:
        """The array, or its first rows."""
        return self.array[:rows]

    def pictures(self, unit: bool) -> Source:
        """Its rows as pictures."""
        return ArraySource(self.array, unit)


class ArrayInFile:
    """An array in NumPy's own form in an open file.

    Raises:
        DataError: damaged, of Python objects, or not as long as its header says.
    """

    def __init__(self, file: BinaryIO, stamp: bytes, name: str) -> None:
        self.file, self.stamp, self.name = file, stamp, name
        weakref.finalize(self, file.close)
        try:
            self.shape, self.fortran, self.dtype = _header(file)
        except _RAISED as error:
            raise DataError("data.not_whole", where=name) from error
        if self.dtype.hasobject:
            raise DataError("data.pickle_refused", where=name, found="object")
        self.start = file.tell()
        size = file.seek(0, 2)
        if min(self.shape, default=0) < 0 or self.start + math.prod(self.shape) * self.dtype.itemsize != size:
            raise DataError("data.not_whole", where=name)

    def load(self, rows: int | None = None) -> NDArray[Any]:
        """The array, or its first rows.

        Raises:
            DataError: it is too large to be loaded.
        """
        shape = self.shape if rows is None or self.fortran else (min(rows, self.shape[0]), *self.shape[1:])
        size = math.prod(shape) * self.dtype.itemsize
        if size > _LOADED:
            raise DataError("data.array_shape", where=self.name, found=str(self.shape))
        self.file.seek(self.start)
        values = np.frombuffer(self.file.read(size), self.dtype)
        return values.reshape(shape, order="F" if self.fortran else "C")[:rows]

    def pictures(self, unit: bool) -> Source:
        """Its rows as pictures, each read when it is wanted."""
        if self.fortran:
            return ArraySource(np.ascontiguousarray(self.load()), unit)
        shape = self.shape[1:]
        stride = math.prod(shape) * self.dtype.itemsize
        return StridedSource(self.file, self.stamp, self.start, stride, shape, self.dtype, unit=unit, name=self.name, owner=self)


def pictures_of(array: NamedArray) -> Source:
    """The rows of an array as pictures.

    Raises:
        DataError: they are none.
    """
    try:
        if len(array.shape) < 2 or 0 in array.shape or len(array.shape) > 4:
            raise ValueError
        first = array.load(LOOKED_AT)
        unit = first.dtype.kind in "buif" and unit_scaled([first])
        picture(first[0], unit)
    except ValueError as error:
        raise DataError("data.array_shape", where=array.name, found=str(array.shape)) from error
    return array.pictures(unit)


def _header(file: BinaryIO) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    version = np.lib.format.read_magic(file)
    if version == (1, 0):
        return np.lib.format.read_array_header_1_0(file)
    if version == (2, 0):
        return np.lib.format.read_array_header_2_0(file)
    raise ValueError
