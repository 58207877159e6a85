"""Files of arrays among other files: which there are, and the arrays in each by name, opened when they are wanted."""

import posixpath
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.files.zip import starts_as_zip
from olhar.data.files.zip_within import zip_within
from olhar.data.formats import matlab
from olhar.data.formats.npy import ArrayInFile, ArrayInMemory, NamedArray

_LETTERS = 0xD800
NPY = b"\x93NUMPY"
_HDF5 = b"\x89HDF\r\n\x1a\n"
ENDINGS = re.compile(r"(\.npy|\.npz|\.h5|\.hdf5|\.hdf|\.he5|\.mat|\.p|\.pkl|\.pickle)?(\.gz)?$", re.IGNORECASE)


@dataclass(frozen=True)
class ArrayFile:
    """One file of arrays.

    Attributes:
        name: what to call it.
        stem: its path without its endings; empty where it is all there is.
        arrays: by the name in the file, what opens each; a file of one array has no names.
        matlab: whether flat pictures in it stand column after column.
    """

    name: str
    stem: str
    arrays: Mapping[str, Callable[[], NamedArray]]
    matlab: bool = False


def is_npz(files: Files) -> bool:
    """Whether the members of a zip are NumPy's arrays and nothing else."""
    return bool(files.names) and all(name.endswith(".npy") for name in files.names) and files.archive


def array_files(files: Files) -> list[ArrayFile]:
    """The files of arrays among ``files``, in the order of their names; or all of a ``.npz``.

    Raises:
        DataError: one is damaged.
    """
    if is_npz(files):
        return [_npz(files, files.name, "")]
    found = (array_file(files, index) for index in sorted(non_pictures(files), key=lambda index: files.names[index]))
    return [file for file in found if file is not None]


def array_file(files: Files, index: int) -> ArrayFile | None:
    """The arrays of one file; None where it holds something else.

    Raises:
        DataError: damaged.
    """
    path = files.names[index]
    name, stem, head = posixpath.basename(path), ENDINGS.sub("", path), first_bytes(files, index, 1024)
    if head.startswith(NPY):
        return ArrayFile(name, stem, {"": lambda: ArrayInFile.of_npy(open_unpacked(files, index), files.stamp(index), name)})
    if starts_as_zip(head):
        inner = zip_within(files, index)
        return _npz(inner, name, stem) if inner is not None and is_npz(inner) else None
    if matlab.is_matlab(head):
        return ArrayFile(
            name, stem, _opened(matlab.arrays_of_matlab(open_unpacked(files, index), files.stamp(index), name)), True
        )
    turned = head.startswith(b"MATLAB 7.3")
    if head.startswith(_HDF5) or (turned and head[512:].startswith(_HDF5)):
        from olhar.data.formats import hdf5  # h5py takes its time, and few data want it

        arrays = hdf5.arrays_of_hdf5(open_unpacked(files, index), files.stamp(index), name)
        if turned:
            return ArrayFile(name, stem, {key: partial(_turned, array) for key, array in arrays.items()}, True)
        return ArrayFile(name, stem, _opened(arrays))
    return None


def _npz(files: Files, name: str, stem: str) -> ArrayFile:
    return ArrayFile(
        name,
        stem,
        {
            member.removesuffix(".npy"): partial(_member, files, i, f"{name}:{member[:-4]}")
            for i, member in enumerate(files.names)
        },
    )


def _member(files: Files, index: int, name: str) -> NamedArray:
    file: BinaryIO = files.open(index)
    return ArrayInFile.of_npy(file, files.stamp(index), name)


def _opened(arrays: Mapping[str, NamedArray]) -> dict[str, Callable[[], NamedArray]]:
    return {key: partial(_same, array) for key, array in arrays.items()}


def _same(array: NamedArray) -> NamedArray:
    return array


def _turned(array: Any) -> NamedArray:
    """MATLAB's version 7.3 keeps its axes in the other order, and a text as the numbers of its letters."""
    values = np.asarray(array.load()).T
    return ArrayInMemory(array.name, _texts(values) if array.is_text else values)


def _texts(values: NDArray[Any]) -> NDArray[Any]:
    """Texts, (rows,), of the numbers of their letters."""
    rows = values.reshape(len(values), -1).tolist()
    return np.array(["".join(chr(letter) for letter in row if 0 < letter < _LETTERS).rstrip() for row in rows], dtype=np.str_)
