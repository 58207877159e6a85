"""MATLAB's files: arrays by name. Version 5 (MATLAB 5 to 7.2) is read here, version 7.3 is HDF5 with its axes turned round.

Form: "MAT-File Format", The MathWorks: a head of 128 bytes, then elements, each with its type and its length; a packed element
is a zlib stream. Nothing but numbers, texts, cells and structures is read; what MATLAB would run (functions, objects) is not.
"""

import io
import math
import struct
import threading
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import IO, Any, BinaryIO, cast

import numpy as np

from olhar.base.errors import DataError
from olhar.data.files.spool import spooled, window
from olhar.data.formats.columns import as_text
from olhar.data.formats.npy import ArrayInFile, ArrayInMemory, FileOwner, NamedArray

HEAD = 128
_MATRIX, _COMPRESSED = 14, 15
_TYPES = {1: "i1", 2: "u1", 3: "i2", 4: "u2", 5: "i4", 6: "u4", 7: "f4", 9: "f8", 12: "i8", 13: "u8", 16: "u1", 17: "u2"}
_CELL, _STRUCT, _TEXT, _NUMBERS = 1, 2, 4, range(6, 16)
_COMPLEX = 0x0800
_MOST, _DEEPEST, _LONGEST, _LARGEST_GRID = 200_000, 6, 4096, 2**26


def is_matlab(head: bytes) -> bool:
    """Whether the first 128 bytes of a file are those of MATLAB's version 5."""
    return len(head) >= HEAD and head[:6] == b"MATLAB" and head[126:128] in (b"IM", b"MI") and b"7.3" not in head[:20]


def arrays_of_matlab(file: BinaryIO, stamp: bytes, name: str, *, records: bool = False) -> dict[str, NamedArray]:
    """The arrays of a file of version 5 by name; those in structures by path: ``dataset.train.images``.

    Args:
        file: the open file.
        stamp: what changes when the file changes.
        name: what to call it.
        records: what an array of structures holds is wanted too, a list of texts a field.

    Raises:
        DataError: damaged, or it unpacks to more than it should.
    """
    try:
        return dict(_Reader(file, stamp, name, records).arrays())
    except (ValueError, IndexError, KeyError, TypeError, OverflowError, UnicodeError, MemoryError, zlib.error) as error:
        raise DataError("data.not_whole", where=name) from error


@dataclass(frozen=True)
class _Element:
    """A stretch of a file with a type."""

    kind: int
    start: int
    size: int
    next: int


class _Reader:
    def __init__(self, file: BinaryIO, stamp: bytes, name: str, records: bool) -> None:
        self.stamp, self.name, self.left, self.records = stamp, name, _MOST, records
        self.file, self.size, self.owner, self.lock = file, file.seek(0, io.SEEK_END), FileOwner(file), threading.Lock()
        file.seek(126)
        self.order = "<" if file.read(2) == b"IM" else ">"
        self.tag = struct.Struct(f"{self.order}2I")

    def arrays(self) -> Iterator[tuple[str, NamedArray]]:
        place = HEAD
        while place + 8 <= self.size:
            element = self._element(self.file, place, self.size)
            if element.kind == _COMPRESSED:
                place = element.start + element.size  # packed elements are not padded
                yield from self._packed(element)
            else:
                place = element.next
                if element.kind == _MATRIX:
                    yield from self._matrix(self.file, self.owner, self.lock, element, "", 0)

    def _packed(self, element: _Element) -> Iterator[tuple[str, NamedArray]]:
        """What one packed element holds, unpacked once and within bounds."""
        packed = window(self.file, self.lock, element.start, element.size, self.owner)
        file = spooled(cast(IO[bytes], _Inflated(packed)), element.size, self.name)
        inner = self._element(file, 0, file.seek(0, io.SEEK_END))
        if inner.kind == _MATRIX:
            yield from self._matrix(file, FileOwner(file), threading.Lock(), inner, "", 0)

    def _element(self, file: BinaryIO, place: int, end: int) -> _Element:
        file.seek(place)
        tag = file.read(8)
        if len(tag) < 8:
            raise ValueError
        first, second = self.tag.unpack(tag)
        if first >> 16:  # a short element: type, length and up to four bytes in one tag
            element = _Element(first & 0xFFFF, place + 4, first >> 16, place + 8)
            if element.size > 4:
                raise ValueError
            return element
        element = _Element(first, place + 8, second, place + 8 + second + (-second % 8))
        if element.start + element.size > end:
            raise ValueError
        return element

    def _matrix(
        self, file: BinaryIO, owner: object, lock: threading.Lock, element: _Element, path: str, depth: int
    ) -> Iterator[tuple[str, NamedArray]]:
        """The array, or the arrays in the structure, that an element holds."""
        self.left -= 1
        end = element.start + element.size
        if self.left < 0 or depth > _DEEPEST or not element.size:
            return
        flags = self._element(file, element.start, end)
        kind = self._values(file, flags, 16, "u4")[0]
        shape_at = self._element(file, flags.next, end)
        shape = tuple(self._values(file, shape_at, 128, "i4"))
        name_at = self._element(file, shape_at.next, end)
        path = path or bytes(self._bytes(file, name_at, _LONGEST)).decode("latin-1")
        if min(shape, default=0) < 0:
            raise ValueError
        content = _Content(file, owner, lock, name_at.next, end, shape, path, depth)
        if kind & 0xFF in _NUMBERS and not kind & _COMPLEX:
            yield path, self._numbers(content)
        elif kind & 0xFF == _TEXT:
            yield path, ArrayInMemory(f"{self.name}:{path}", self._text(content))
        elif kind & 0xFF == _STRUCT:
            yield from self._structure(content)
        elif kind & 0xFF == _CELL:
            yield path, ArrayInMemory(f"{self.name}:{path}", self._cell(content))

    def _numbers(self, content: "_Content") -> NamedArray:
        element = self._element(content.file, content.start, content.end)
        dtype = np.dtype(self.order + _TYPES[element.kind])
        if int(np.prod(content.shape, dtype=object)) * dtype.itemsize != element.size:
            raise ValueError
        values = window(content.file, content.lock, element.start, element.size, content.owner)
        name = f"{self.name}:{content.path}"
        return ArrayInFile(values, self.stamp, name, 0, dtype, content.shape, fortran=True, owner=content.owner)

    def _text(self, content: "_Content") -> Any:
        """Texts, (rows,): MATLAB keeps a letter a column, padded with blanks."""
        element = self._element(content.file, content.start, content.end)
        data = self._bytes(content.file, element, 2**20)
        if element.kind == 16 or _TYPES.get(element.kind) == "u1":
            letters = list(data.decode("utf-8" if element.kind == 16 else "latin-1"))
        else:
            letters = list(map(chr, np.frombuffer(data, self.order + _TYPES[element.kind]).tolist()))
        if int(np.prod(content.shape, dtype=object)) != len(letters):
            raise ValueError
        rows, columns = (content.shape[0], len(letters) // content.shape[0]) if letters else (0, 0)
        return np.array(["".join(letters[row::rows][:columns]).rstrip() for row in range(rows)], dtype=np.str_)

    def _cell(self, content: "_Content") -> Any:
        """The texts of a cell array, (N,), or the arrays of a type and shape in it, (rows, columns, ...); else empty."""
        cells: list[NamedArray] = []
        for element in self._inner(content, int(np.prod(content.shape, dtype=object))):
            inner = self._matrix(content.file, content.owner, content.lock, element, "cell", content.depth + 1)
            cells += [array for _, array in inner][:1]
        texts = [str(word) for cell in cells if isinstance(cell, ArrayInMemory) for word in cell.load().tolist()[:1]]
        return np.array(texts, dtype=np.str_) if texts else _grid(cells, content.shape)

    def _structure(self, content: "_Content") -> Iterator[tuple[str, NamedArray]]:
        length_at = self._element(content.file, content.start, content.end)
        length = self._values(content.file, length_at, 8, "i4")[0]
        names_at = self._element(content.file, length_at.next, content.end)
        names = self._bytes(content.file, names_at, 2**20)
        if not 0 < length <= _LONGEST:
            raise ValueError
        fields = [names[at : at + length].split(b"\0")[0].decode("latin-1") for at in range(0, len(names) - length + 1, length)]
        below = replace(content, start=names_at.next)
        if int(np.prod(content.shape, dtype=object)) != 1:
            yield from self._records(below, fields) if self.records else ()
            return
        for field, element in zip(fields, self._inner(below, len(fields)), strict=False):
            path = f"{content.path}.{field}"
            yield from self._matrix(content.file, content.owner, content.lock, element, path, content.depth + 1)

    def _records(self, content: "_Content", fields: Sequence[str]) -> Iterator[tuple[str, NamedArray]]:
        """The fields of an array of structures, (N,) texts each; those that hold more than one value in a cell are left out."""
        n = int(np.prod(content.shape, dtype=object))
        cells: list[str | None] = []
        for element in self._inner(content, n * len(fields)):
            inner = self._matrix(content.file, content.owner, content.lock, element, "cell", content.depth + 1)
            cells.append(_only_value([array for _, array in inner]))
        for i, field in enumerate(fields):
            column = [cell for cell in cells[i :: len(fields)] if cell is not None]
            if len(column) == n:
                path = f"{content.path}.{field}"
                yield path, ArrayInMemory(f"{self.name}:{path}", np.array(column, dtype=np.str_))

    def _inner(self, content: "_Content", n: int) -> Iterator[_Element]:
        place = content.start
        for _ in range(min(n, _MOST)):
            if place + 8 > content.end:
                return
            element = self._element(content.file, place, content.end)
            if element.kind != _MATRIX:
                raise ValueError
            place = element.next
            yield element

    def _values(self, file: BinaryIO, element: _Element, most: int, code: str) -> list[int]:
        return np.frombuffer(self._bytes(file, element, most), self.order + code).tolist()

    def _bytes(self, file: BinaryIO, element: _Element, most: int) -> bytes:
        if element.size > most:
            raise ValueError
        file.seek(element.start)
        return file.read(element.size)


def _only_value(arrays: Sequence[NamedArray]) -> str | None:
    """The one value of a cell as text, empty where it holds nothing; None where it holds several."""
    if len(arrays) != 1:
        return None if arrays else ""
    n = math.prod(arrays[0].shape)
    return None if n > 1 else as_text(arrays[0].load().reshape(-1).tolist()[0]) if n else ""


def _grid(cells: Sequence[NamedArray], shape: tuple[int, ...]) -> Any:
    """Arrays of one type and shape as one, (rows, columns, ...): cells stand column after column."""
    arrays = [cell for cell in cells if isinstance(cell, ArrayInFile)]
    kinds = {(array.shape, array.dtype) for array in arrays}
    size = sum(math.prod(array.shape) * array.dtype.itemsize for array in arrays)
    if len(kinds) != 1 or len(shape) != 2 or len(arrays) != math.prod(shape) or size > _LARGEST_GRID:
        return np.array([], dtype=np.str_)
    values = np.stack([array.load() for array in arrays])
    return values.reshape(*shape[::-1], *values.shape[1:]).swapaxes(0, 1)


@dataclass(frozen=True)
class _Content:
    """What follows the head of a matrix: where it lies, its shape, and what to call it."""

    file: BinaryIO
    owner: object
    lock: threading.Lock
    start: int
    end: int
    shape: tuple[int, ...]
    path: str
    depth: int


class _Inflated:
    """What comes out of a zlib stream, a little at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._machine = file, zlib.decompressobj()

    def read(self, n: int) -> bytes:
        """At most ``n`` bytes, none at the end."""
        while not self._machine.eof:
            packed = self._machine.unconsumed_tail or self._file.read(1 << 16)
            data = self._machine.decompress(packed, n)
            if data:
                return data
            if not packed:
                raise EOFError
        return b""
