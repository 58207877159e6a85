"""Pickles of arrays, read as data: a dict by name (``features``, ``labels``), or pairs of pictures and classes, part by part."""

import posixpath
import threading
from functools import partial
from typing import Any, BinaryIO

import numpy as np

from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.files.spool import window
from olhar.data.formats.array_files import ENDINGS, ArrayFile
from olhar.data.formats.array_pairs import entries_of
from olhar.data.formats.arrays import dataset_of
from olhar.data.formats.npy import ArrayInFile, ArrayInMemory, FileOwner, NamedArray
from olhar.data.formats.pickles import FileStretch, PickledArray, is_pickle, load_pickle
from olhar.data.read_options import ReadOptions

_PARTS = {2: ("train", "test"), 3: ("train", "validation", "test")}


def read(files: Files, options: ReadOptions) -> Dataset | None:  # noqa: ARG001 (pickles have nothing to be told)
    """``train.p`` and ``test.p`` with ``features`` and ``labels``, ``mnist.pkl.gz`` and their like.

    Raises:
        DataError: a pickle that holds anything else than containers, texts, numbers and arrays, or is damaged.
    """
    candidates = non_pictures(files)
    found = [_pickle(files, i) for i in candidates if is_pickle(first_bytes(files, i, 64))]
    with_arrays = [file for file in found if file is not None]
    if not any(entry.meaning.role == "pictures" for entry in entries_of(with_arrays)):
        return None
    return dataset_of(with_arrays, files.origin, files.name, len(candidates) - len(with_arrays))


def _pickle(files: Files, index: int) -> ArrayFile | None:
    file, name = open_unpacked(files, index), posixpath.basename(files.names[index])
    owner = FileOwner(file)
    content = load_pickle(file, files.names[index])
    lock = threading.Lock()
    arrays = {
        key: partial(_array, value, f"{name}:{key}", (file, lock, files.stamp(index), owner)) for key, value in _named(content)
    }
    return ArrayFile(name, ENDINGS.sub("", files.names[index]), arrays) if arrays else None


def _named(content: Any) -> list[tuple[str, PickledArray | list[Any]]]:
    """The arrays, and lists of numbers or texts, by name."""
    if isinstance(content, dict):
        return [(str(key), value) for key, value in content.items() if _is_array(value)]
    if not isinstance(content, (tuple, list)):
        return []
    if len(content) == 2 and all(map(_is_array, content)):
        return list(zip(("x", "y"), content, strict=True))
    pairs = [pair for pair in content if isinstance(pair, (tuple, list)) and len(pair) == 2 and all(map(_is_array, pair))]
    parts = _PARTS.get(len(content), ()) if len(pairs) == len(content) else ()
    return [(f"{axis}_{part}", value) for part, pair in zip(parts, pairs, strict=False) for axis, value in zip("xy", pair)]  # noqa: B905


def _is_array(value: Any) -> bool:
    if isinstance(value, PickledArray):
        return value.dtype is not None
    return isinstance(value, list) and bool(value) and all(isinstance(item, (int, str)) for item in value)


Place = tuple[BinaryIO, threading.Lock, bytes, object]


def _array(value: PickledArray | list[Any], name: str, place: Place) -> NamedArray:
    """A list or an array in the pickle, or one whose values were left in the file."""
    if isinstance(value, list):
        return ArrayInMemory(name, np.array(value))
    dtype = np.dtype(value.dtype)
    if not isinstance(value.data, FileStretch):
        return ArrayInMemory(name, np.frombuffer(value.data, dtype).reshape(value.shape))
    file, lock, stamp, owner = place
    values = window(file, lock, value.data.start, value.data.size, owner)
    return ArrayInFile(values, stamp, name, 0, dtype, value.shape, owner=owner)
