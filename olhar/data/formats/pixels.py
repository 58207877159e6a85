"""Numbers -> pictures: rows of a table, nested lists and arrays of any number type become uint8 (H, W) or (H, W, 3).

Values are 0..255. Where all that is looked at lies between 0 and 1 and something is not 0, they are shares of white: x 255,
rounded. A flat row of n values is gray where n is a square number, and RGB, pixel after pixel, where n / 3 is one.
"""

import re
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.base.images import Pixels

Cell = str | Sequence[Any] | NDArray[Any]
LOOKED_AT = 64
_WHOLE = re.compile(r"\s*\d[\d\s]*", re.ASCII)
_MARKS = str.maketrans("[](),;", "      ")


@dataclass(frozen=True)
class ArraySource:
    """Pictures that are arrays in memory: (N, H, W) or (N, H, W, C), of uint8, or of numbers that ``picture`` reads."""

    pixels: NDArray[Any]
    unit: bool = False

    def read(self, index: int) -> Pixels:
        """The pixels of picture ``index``."""
        return _or_damaged(lambda: picture(self.pixels[index], self.unit), str(index))

    def fingerprint(self) -> Iterator[bytes]:
        """The pixels themselves."""
        yield f"{self.pixels.shape}{self.pixels.dtype}{self.unit}".encode()
        yield self.pixels.tobytes()


@dataclass(frozen=True)
class StridedSource:
    """Pictures of one size and type that lie at equal distances in a file.

    Attributes:
        file: the open file.
        stamp: what changes when the file changes.
        start: the place of the first picture, in bytes.
        stride: from one to the next, in bytes.
        shape: of one picture; with ``planes``, the first axis is its channels.
        dtype: of its values.
        unit: whether they are shares of white.
        name: what to call the pictures in an error.
        owner: who would close the file, and must not yet.
    """

    file: BinaryIO
    stamp: bytes
    start: int
    stride: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any] = field(default=np.dtype(np.uint8))
    planes: bool = False
    unit: bool = False
    name: str = ""
    owner: object = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        weakref.finalize(self, self.file.close)

    def read(self, index: int) -> Pixels:
        """The pixels of picture ``index``.

        Raises:
            PictureError: the file ends before it, or its values are no pixels.
        """
        size = int(np.prod(self.shape)) * self.dtype.itemsize
        with self.lock:
            self.file.seek(self.start + index * self.stride)
            data = self.file.read(size)
        if len(data) != size:
            raise PictureError("picture.damaged", name=f"{self.name} {index}")
        values = np.frombuffer(data, self.dtype).reshape(self.shape)
        values = np.moveaxis(values, 0, -1) if self.planes else values
        return _or_damaged(lambda: picture(np.ascontiguousarray(values), self.unit), f"{self.name} {index}")

    def fingerprint(self) -> Iterator[bytes]:
        """The file's own stamp, and how it is read."""
        yield self.stamp + f"{self.start} {self.stride} {self.shape} {self.dtype.str} {self.planes} {self.unit}".encode()


def picture(cell: Cell, unit: bool = False) -> Pixels:
    """Numbers as a picture.

    Args:
        cell: text with numbers, a flat or nested list, or an array.
        unit: whether they are shares of white.

    Raises:
        ValueError: not numbers, not 0..255, or not the shape of a picture.
    """
    values = numbers(cell)
    if not unit and values.dtype == np.uint8:
        return shaped(values)
    if values.dtype.kind not in "buif" or not np.isfinite(values).all():
        raise ValueError
    values = np.rint(values * (255.0 if unit else 1.0))
    if values.size and not (values.min() >= 0 and values.max() <= 255):
        raise ValueError
    return shaped(values.astype(np.uint8))


def shaped(values: Pixels) -> Pixels:
    """Values in the shape of a picture: (H, W) or (H, W, 3).

    Raises:
        ValueError: another shape.
    """
    values = values[..., 0] if values.ndim == 3 and values.shape[2] == 1 else values
    values = values[0] if values.ndim == 3 and values.shape[0] == 1 else values
    if values.ndim == 1:
        values = values.reshape(shape_of_picture(values.size))
    if values.ndim == 3 and values.shape[0] == 3 and values.shape[2] != 3:
        values = np.ascontiguousarray(np.moveaxis(values, 0, -1))
    if 0 in values.shape or not (values.ndim == 2 or (values.ndim == 3 and values.shape[2] == 3)):
        raise ValueError
    return values


def shape_of_picture(n: int) -> tuple[int, ...]:
    """The shape of a picture of ``n`` values.

    Raises:
        ValueError: neither a square number nor three times one.
    """
    if n and isqrt(n) ** 2 == n:
        return isqrt(n), isqrt(n)
    if n and n % 3 == 0 and isqrt(n // 3) ** 2 == n // 3:
        return isqrt(n // 3), isqrt(n // 3), 3
    raise ValueError


def numbers(cell: Cell) -> NDArray[Any]:
    """The values of a cell, in the shape in which they stand there.

    Raises:
        ValueError: not numbers, or lists of unequal length.
    """
    if isinstance(cell, np.ndarray):
        return cell
    if not isinstance(cell, str):
        try:
            values = np.array(cell)
        except (TypeError, OverflowError, RecursionError, MemoryError) as error:
            raise ValueError from error
        if values.dtype.kind not in "buif":
            raise ValueError
        return values
    text = cell.translate(_MARKS)
    if _WHOLE.fullmatch(text):  # nothing in it can be misread, and this is ten times quicker
        return np.fromstring(text, np.int64, sep=" ")
    return np.array([float(word) for word in text.split()])


def unit_scaled(cells: Iterable[Cell]) -> bool:
    """Whether values are shares of white: all between 0 and 1, and not all 0.

    Raises:
        ValueError: not numbers.
    """
    arrays = [numbers(cell) for cell in cells]
    extremes = [(float(array.min()), float(array.max())) for array in arrays if array.size]
    return bool(extremes) and min(low for low, _ in extremes) >= 0 and 0 < max(high for _, high in extremes) <= 1


def _or_damaged(read: Callable[[], Pixels], name: str) -> Pixels:
    try:
        return read()
    except ValueError as error:
        raise PictureError("picture.damaged", name=name) from error
