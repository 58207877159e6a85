"""STL-10 as its makers give it: ``train_X.bin`` with ``train_y.bin``, the same for the test, and ``class_names.txt``.

A picture is 96 x 96 in three colours, one colour after the other and each column after column; classes count from 1.
"""

import posixpath
import re

import numpy as np

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.formats.pixels import StridedSource
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions

_SIDE = 96
_PICTURE = 3 * _SIDE * _SIDE
_NAMES = "class_names.txt"
_PICTURES = re.compile(r"(\w+)_X\.bin(\.gz)?")


def read(files: Files, options: ReadOptions) -> Dataset | None:  # noqa: ARG001 (there is nothing to be told)
    """The pictures that have classes; those without (``unlabeled_X.bin``) are passed over and told.

    Raises:
        DataError: a file that is not so many pictures long, or pictures and classes of unequal number.
    """
    candidates = non_pictures(files)
    by_name = {files.names[index]: index for index in candidates}
    pieces: list[Piece] = []
    bare: list[PassedOver] = []
    names = _class_names(files, by_name)
    for path in sorted(by_name):
        match = _PICTURES.fullmatch(posixpath.basename(path))
        if match is None:
            continue
        labels = next((by_name[name] for name in by_name if re.sub(r"\.gz$", "", name) == _labels_name(path)), None)
        n = _count(files, by_name[path])
        if labels is not None:
            pieces.append(_piece(files, by_name[path], labels, names))
        elif n:
            bare.append(passed_over(path, n, "reading.why_no_class"))
    used = 2 * len(pieces) + len(bare)
    return assemble(files.origin, pieces, len(candidates) - used, bare) if pieces else None


def _labels_name(path: str) -> str:
    return re.sub(r"_X\.bin(\.gz)?$", "_y.bin", path)


def _class_names(files: Files, by_name: dict[str, int]) -> list[str]:
    index = next((index for path, index in by_name.items() if posixpath.basename(path) == _NAMES), None)
    text = first_bytes(files, index, 1 << 16).decode("utf-8", "replace") if index is not None else ""
    return [line.strip() for line in text.splitlines() if line.strip()]


def _count(files: Files, index: int) -> int:
    """How many pictures a file holds.

    Raises:
        DataError: no whole number of them.
    """
    with open_unpacked(files, index) as file:
        size = file.seek(0, 2)
    if size % _PICTURE:
        raise DataError("data.not_whole", where=posixpath.basename(files.names[index]))
    return size // _PICTURE


def _piece(files: Files, index: int, labels_index: int, names: list[str]) -> Piece:
    name, n = posixpath.basename(files.names[index]), _count(files, index)
    with open_unpacked(files, labels_index) as file:
        labels = np.frombuffer(file.read(n + 1), np.uint8)
    if len(labels) != n:
        where = posixpath.basename(files.names[labels_index])
        raise DataError("data.arrays_unequal", where=where, n=n, found=f"({len(labels)},)")
    source = StridedSource(
        open_unpacked(files, index), files.stamp(index), 0, _PICTURE, (3, _SIDE, _SIDE), axes=(2, 1, 0), name=name
    )
    stem = name.split("_X.bin")[0]
    parts: list[Brought] = [part_of(stem) or ""] * n
    texts = named_labels(labels.tolist(), dict(enumerate(names, 1)))
    return Piece(source, [f"{stem}/{i:05}" for i in range(n)], texts, parts)
