"""Numbers -> pictures: rows of a table, nested lists and arrays of any number type become uint8 (H, W) or (H, W, 3).

Values are 0..255. Where all that is looked at lies between 0 and 1 and something is not 0, they are shares of white: x 255,
rounded. In arrays, other numbers stay as they are: ``base.levels`` says what becomes of them. A flat row of n values is gray
where n is a square number, and RGB, pixel after pixel, where n / 3 is one.
"""

import re
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from math import isqrt
from typing import Any, BinaryIO, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.base.images import Pixels

Scale = Literal["bytes", "shares", "numbers"]
"""What values mean: 0 to 255, shares of white, or numbers that only all pictures together tell."""
Cell = str | Sequence[Any] | NDArray[Any]
LOOKED_AT = 64
_WIDEST = 8
_WHOLE = re.compile(r"\s*\d[\d\s]*", re.ASCII)
_MARKS = str.maketrans("[](),;", "      ")


@dataclass(frozen=True)
class ArraySource:
    """Pictures that are arrays in memory: (N, H, W) or (N, H, W, C), of uint8, or of numbers that ``picture`` reads."""

    pixels: NDArray[Any]
    scale: Scale = "bytes"

    def read(self, index: int) -> NDArray[Any]:
        """The pixels of picture ``index``."""
        return _or_damaged(lambda: scaled_picture(self.pixels[index], self.scale), str(index))

    def fingerprint(self) -> Iterator[bytes]:
        """The pixels themselves."""
        yield f"{self.pixels.shape}{self.pixels.dtype}{self.scale}".encode()
        yield self.pixels.tobytes()


@dataclass(frozen=True)
class StridedSource:
    """Pictures of one size and type that lie at equal distances in a file.

    Attributes:
        file: the open file.
        stamp: what changes when the file changes.
        start: the place of the first picture, in bytes.
        stride: from one to the next, in bytes.
        shape: of one picture, as its values follow each other.
        dtype: of its values.
        axes: the order in which its axes become height, width and channels; empty where they are in that order.
        scale: what its values mean.
        name: what to call the pictures in an error.
        owner: who closes the file when nobody needs it; None: this source does.
    """

    file: BinaryIO
    stamp: bytes
    start: int
    stride: int
    shape: tuple[int, ...]
    dtype: np.dtype[Any] = field(default=np.dtype(np.uint8))
    axes: tuple[int, ...] = ()
    scale: Scale = "bytes"
    name: str = ""
    owner: object = None
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        if self.owner is None:
            weakref.finalize(self, self.file.close)

    def read(self, index: int) -> NDArray[Any]:
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
        values = values.transpose(self.axes) if self.axes else values
        return _or_damaged(lambda: scaled_picture(np.ascontiguousarray(values), self.scale), f"{self.name} {index}")

    def fingerprint(self) -> Iterator[bytes]:
        """The file's own stamp, and how it is read."""
        yield self.stamp + f"{self.start} {self.stride} {self.shape} {self.dtype.str} {self.axes} {self.scale}".encode()


def scaled_picture(values: NDArray[Any], scale: Scale) -> NDArray[Any]:
    """An array as a picture, (H, W) or (H, W, 3): ``uint8``, or of its own type where ``scale`` is ``numbers``.

    Raises:
        ValueError: not the shape of a picture, or not the values that ``scale`` says.
    """
    return shaped(values) if scale == "numbers" else picture(values, scale == "shares")


def scale_of(values: NDArray[Any]) -> Scale:
    """What the values of some pictures mean.

    Raises:
        ValueError: they are no numbers.
    """
    if values.dtype.kind not in "buif" or values.dtype.itemsize > _WIDEST or not np.isfinite(values).any():
        raise ValueError
    if unit_scaled([values]):
        return "shares"
    within = np.isfinite(values).all() and values.size and values.min() >= 0 and values.max() <= 255
    return "bytes" if within else "numbers"


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


def shaped(values: NDArray[Any]) -> NDArray[Any]:
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


def _or_damaged(read: Callable[[], NDArray[Any]], name: str) -> NDArray[Any]:
    try:
        return read()
    except ValueError as error:
        raise PictureError("picture.damaged", name=name) from error
