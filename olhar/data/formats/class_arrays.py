"""Arrays without classes in them: a ``.npy`` a class (``cat.npy``, ``dog.npy``), or a ``.npy`` a picture, in class folders."""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, BinaryIO, Self
from urllib.parse import unquote

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, PictureError
from olhar.data import layout
from olhar.data.dataset import Brought, Dataset, Source
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.formats.array_files import NPY, ArrayFile
from olhar.data.formats.class_folders import class_folders
from olhar.data.formats.npy import ArrayInFile, NamedArray, pictures_of
from olhar.data.formats.pixels import LOOKED_AT, Scale, scale_of, scaled_picture
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import ReadOptions

_MARKS = "-_ ./"
_PART_AND_CLASS = re.compile(r"(train|test|val|valid|validation)[ _]?(\w+)", re.IGNORECASE)


@dataclass(frozen=True)
class ArrayPictures:
    """Pictures that are files of NumPy's, one each."""

    files: Files
    rows: Sequence[int]
    scale: Scale

    def read(self, index: int) -> NDArray[Any]:
        """The pixels of picture ``index``.

        Raises:
            PictureError: damaged, or no picture.
        """
        row = self.rows[index]
        try:
            return scaled_picture(_open(self.files, row).load(), self.scale)
        except (DataError, ValueError) as error:
            raise PictureError("picture.damaged", name=self.files.names[row]) from error

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and time of change of every picture, and how they are read."""
        yield self.scale.encode()
        yield from (self.files.stamp(row) for row in self.rows)


def class_arrays(found: Sequence[ArrayFile], files: Files, options: ReadOptions) -> Dataset | None:
    """A dataset of ``.npy`` files whose names or folders are the classes, or of a file with an array a part and class.

    None where they are neither.
    """
    if len(found) == 1:
        return _of_one(found[0], files)
    if not all(list(file.arrays) == [""] for file in found) or len(found) < 2:
        return None
    folders = {posixpath.dirname(file.stem) for file in found}
    if len(folders) > 1:
        return _one_each(files, options)
    arrays = {_class_name(file, found): file.arrays[""]() for file in found}
    if len(arrays) < len(found) or not _alike(list(arrays.values())):
        return None
    pieces = [_piece(name, array) for name, array in arrays.items()]
    return assemble(files.origin, pieces, len(non_pictures(files)) - len(found))


def _of_one(file: ArrayFile, files: Files) -> Dataset | None:
    """``train0`` ... ``test9`` in one file, as MNIST is given for MATLAB, row by row; None where arrays are called otherwise."""
    said = {name: match for name in file.arrays if (match := _PART_AND_CLASS.fullmatch(name))}
    classes = [match[2] for match in said.values()]
    if len(said) < len(file.arrays) or len({*classes}) < 2 or len({*classes}) == len(classes):
        return None
    arrays = {name: file.arrays[name]() for name in said}
    if not _alike(list(arrays.values())):
        return None
    pieces = [_piece(said[name][2], array, part_of(said[name][1]) or "") for name, array in arrays.items()]
    return assemble(files.origin, pieces, len(non_pictures(files)) - 1)


def _class_name(file: ArrayFile, found: Sequence[ArrayFile]) -> str:
    """A file's name without what all of them begin with: ``full_numpy_bitmap_cat`` is cat."""
    names = sorted(unquote(posixpath.basename(other.stem)) for other in found)
    least, most = names[0], names[-1]
    shared = next((least[:i] for i, (a, b) in enumerate(zip(least, most, strict=False)) if a != b), least)
    start = max((shared.rfind(mark) for mark in _MARKS), default=-1) + 1
    return unquote(posixpath.basename(file.stem))[start:]


def _alike(arrays: Sequence[NamedArray]) -> bool:
    """Whether all hold pictures of one size, several each."""
    shapes = {array.shape[1:] for array in arrays}
    scales = {scale_of(array.sample(LOOKED_AT)) for array in arrays}
    return (
        "numbers" not in scales
        and len(shapes) == 1
        and all(len(array.shape) in (2, 3, 4) and array.shape[0] > 1 for array in arrays)
    )


def _piece(name: str, array: NamedArray, part: Brought = "") -> Piece:
    n, above = array.shape[0], f"{part}/{name}" if part else name
    parts: list[Brought] = [part] * n
    return Piece(pictures_of(array), [f"{above}/{i:05}" for i in range(n)], [name] * n, parts)


class _AsPictures:
    """Files of which each ``.npy`` counts as a picture: they are read as pictures in folders are."""

    def __init__(self, files: Files, rows: Sequence[int], scale: Scale) -> None:
        self._files, self._rows = files, {_picture_name(files.names[row]): row for row in rows}
        self._scale: Scale = scale
        self.name, self.origin, self.archive = files.name, files.origin, files.archive
        self.single = False
        self.empty_folders: Sequence[str] = ()
        self.names: Sequence[str] = [_picture_name(name) for name in files.names]

    def around(self) -> Self:
        """See ``Files``."""
        return self

    def beside(self) -> Sequence[str]:
        """See ``Files``."""
        return ()

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.read(index)

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        return self._files.head(index, n)

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        return self._files.open(index)

    def size(self, index: int) -> int:
        """See ``Files``."""
        return self._files.size(index)

    def stamp(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.stamp(index)

    def has(self, name: str) -> bool:
        """See ``Files``."""
        return name in self._rows or self._files.has(name)

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return ArrayPictures(self._files, [self._rows[name] for name in names], self._scale)


def _picture_name(name: str) -> str:
    return f"{name[:-4]}.png" if name.lower().endswith(".npy") else name


def _one_each(files: Files, options: ReadOptions) -> Dataset | None:
    """A picture a file, read as pictures in class folders are."""
    rows = [i for i, name in enumerate(files.names) if name.lower().endswith(".npy") and not layout.hidden(name)]
    some = [_open(files, row) for row in rows[:: 1 + len(rows) // 16]]
    if any(len(array.shape) not in (2, 3) or not set(array.shape[2:]) <= {1, 3} for array in some):
        return None
    scale = scale_of(np.concatenate([array.load().reshape(-1) for array in some]))
    return class_folders(_AsPictures(files, rows, scale), options)


def _open(files: Files, row: int) -> ArrayInFile:
    name = files.names[row]
    if not first_bytes(files, row, 6).startswith(NPY):
        raise DataError("data.not_whole", where=name)
    return ArrayInFile.of_npy(open_unpacked(files, row), files.stamp(row), name)
