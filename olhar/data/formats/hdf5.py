"""Arrays of an HDF5 file, by name. Only what lies in the file itself is read, and only what is as large as it says.

No text of free length is read: the HDF5 library believes what a file says of where such texts lie.
"""

import math
import threading
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import h5py
import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, OlharError, PictureError
from olhar.data.files.spool import unpacked_limit
from olhar.data.formats.npy import LOADED, ArrayInMemory, FileOwner, NamedArray, spread
from olhar.data.formats.pixels import Scale, scaled_picture

_FILTERS = {h5py.h5z.FILTER_DEFLATE, h5py.h5z.FILTER_SHUFFLE, h5py.h5z.FILTER_FLETCHER32, h5py.h5z.FILTER_LZF}
_MATLAB = "MATLAB_class"
_OBJECTS, _DEEPEST = 1000, 4
_LARGEST_PICTURE = 2**28


def arrays_of_hdf5(file: BinaryIO, stamp: bytes, name: str) -> dict[str, NamedArray]:
    """The arrays of numbers and of short texts in an HDF5 file, by their paths in it.

    What is stored elsewhere, packed by a filter that HDF5 does not bring, or declared larger than could be stored is left out.

    Args:
        file: the open file.
        stamp: what changes when the file changes.
        name: what to call it.

    Raises:
        DataError: damaged.
    """
    owner = FileOwner(file)
    with _quiet(name):
        opened = h5py.File(file, "r")
        lock = threading.Lock()
        return {
            path: HDF5Array(dataset, stamp, f"{name}:{path}", (owner, opened), lock)
            for path, dataset in _datasets(opened, file.seek(0, 2))
        }


@dataclass(frozen=True)
class HDF5Array:
    """A dataset of an HDF5 file."""

    dataset: Any
    stamp: bytes
    name: str
    owner: object
    lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def shape(self) -> tuple[int, ...]:
        """Its axes."""
        return tuple(self.dataset.shape)

    @property
    def is_text(self) -> bool:
        """Whether MATLAB wrote it as a text, a number a letter.

        Raises:
            DataError: damaged.
        """
        with _quiet(self.name), self.lock:
            attributes = self.dataset.attrs
            named = _MATLAB in attributes and attributes.get_id(_MATLAB)
            return bool(named) and named.dtype.kind == "S" and named.shape == () and attributes[_MATLAB] == b"char"

    def load(self) -> NDArray[Any]:
        """The array.

        Raises:
            DataError: it is too large to be loaded, or damaged.
        """
        if math.prod(self.shape) * self.dataset.dtype.itemsize > LOADED:
            raise DataError("data.array_shape", where=self.name, found=str(self.shape))
        with _quiet(self.name), self.lock:
            return np.asarray(self.dataset[()])

    def sample(self, n: int) -> NDArray[Any]:
        """Some of its rows."""
        if math.prod(self.shape[1:]) * self.dataset.dtype.itemsize > _LARGEST_PICTURE // n:
            raise DataError("data.array_shape", where=self.name, found=str(self.shape))
        with _quiet(self.name), self.lock:
            return np.asarray(self.dataset[spread(self.shape[0], n)])

    def last_first(self) -> NamedArray:
        """The same with its last axis as its first."""
        return ArrayInMemory(self.name, np.moveaxis(self.load(), -1, 0))

    def pictures(self, scale: Scale) -> "HDF5Source":
        """Its rows as pictures, each read when it is wanted."""
        return HDF5Source(self, scale)


@dataclass(frozen=True)
class HDF5Source:
    """Pictures that are the rows of a dataset of an HDF5 file."""

    array: HDF5Array
    scale: Scale

    def read(self, index: int) -> NDArray[Any]:
        """The pixels of picture ``index``.

        Raises:
            PictureError: damaged.
        """
        name = f"{self.array.name} {index}"
        try:
            with _quiet(name), self.array.lock:
                values = np.asarray(self.array.dataset[index])
            return scaled_picture(values, self.scale)
        except (ValueError, DataError) as error:
            raise PictureError("picture.damaged", name=name) from error

    def fingerprint(self) -> Iterator[bytes]:
        """The file's own stamp, and how it is read."""
        yield self.array.stamp + f"{self.array.name} {self.array.shape} {self.scale}".encode()


def _datasets(file: h5py.File, size: int) -> Iterator[tuple[str, Any]]:
    """The datasets that may be read; links are not followed."""
    waiting: list[tuple[str, Any]] = [("", file)]
    seen = 0
    while waiting:
        prefix, group = waiting.pop()
        for name in group:
            seen += 1
            if seen > _OBJECTS:
                return
            if not isinstance(group.get(name, getlink=True), h5py.HardLink):
                continue
            item = group[name]
            if isinstance(item, h5py.Group) and prefix.count("/") < _DEEPEST:
                waiting.append((f"{prefix}{name}/", item))
            elif isinstance(item, h5py.Dataset) and _readable(item, size):
                yield prefix + name, item


def _readable(dataset: h5py.Dataset, size: int) -> bool:
    """Whether its values are numbers or texts of one length, lie in this file, and are about as many as it can hold."""
    properties: Any = dataset.id.get_create_plist()
    filters = {properties.get_filter(i)[0] for i in range(properties.get_nfilters())}
    if properties.get_external_count() or dataset.is_virtual or filters - _FILTERS or not dataset.shape:
        return False
    if dataset.dtype.kind not in "buifS":
        return False
    stored = dataset.id.get_storage_size()
    declared = math.prod(dataset.shape) * dataset.dtype.itemsize
    chunk = math.prod(dataset.chunks or (0,)) * dataset.dtype.itemsize
    within = declared <= (unpacked_limit(stored) if filters else stored)
    return stored <= size and within and chunk <= LOADED


@contextmanager
def _quiet(name: str) -> Generator[None]:
    """Whatever the HDF5 library raises of a damaged file, as one sentence."""
    try:
        yield
    except OlharError:
        raise
    except Exception as error:
        raise DataError("data.not_whole", where=name) from error
