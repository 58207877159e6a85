"""MNIST's idx files, and those of its relatives: pictures in one file, their classes in another; packed by gzip or not."""

import math
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.files.folder import FolderFiles
from olhar.data.formats.pixels import StridedSource
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import ReadOptions

_UBYTE = 8
_AXES = range(1, 5)
_KIND = re.compile(r"images?|labels?|idx\d|ubyte|gz")


@dataclass(frozen=True)
class Header:
    """One idx file of bytes: where it lies, and its axes."""

    index: int
    name: str
    shape: tuple[int, ...]

    @property
    def start(self) -> int:
        """Where the values begin."""
        return 4 + 4 * len(self.shape)

    @property
    def stem(self) -> str:
        """What files that belong together share of their names."""
        words = re.split(r"[-_.]", self.name.lower())
        return "-".join(word for word in words if not _KIND.fullmatch(word))


def read(files: Files, _options: ReadOptions) -> Dataset | None:
    """``train-images-idx3-ubyte`` with ``train-labels-idx1-ubyte``, ``t10k-...`` as the test part.

    Raises:
        DataError: a file that is not as long as it says, or pictures and classes of unequal number.
    """
    candidates = non_pictures(files)
    headers = [header for header in (_header(files, index) for index in candidates) if header is not None]
    if len(headers) == 1 and len(files.names) == 1:
        return _with_neighbour(files, headers[0])
    pictures = [header for header in headers if len(header.shape) > 1]
    labels = {header.stem: header for header in headers if len(header.shape) == 1}
    if not pictures:
        return None
    pieces = [_piece(files, header, labels.get(header.stem)) for header in sorted(pictures, key=lambda header: header.name)]
    return assemble(files.origin, pieces, len(candidates) - len(pictures) - sum(header.stem in labels for header in pictures))


def _header(files: Files, index: int) -> Header | None:
    head = first_bytes(files, index, 64)
    if head[:3] != bytes((0, 0, _UBYTE)) or len(head) < 8 or head[3] not in _AXES or len(head) < 4 + 4 * head[3]:
        return None
    axes = head[3]
    shape = tuple(int.from_bytes(head[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes))
    return Header(index, posixpath.basename(files.names[index]), shape) if axes != 2 else None


def _with_neighbour(files: Files, header: Header) -> Dataset:
    """A single file was named: its labels lie beside it, where they have the usual name."""
    if len(header.shape) == 1:
        raise DataError("data.arrays_missing", where=files.name, found=header.name)
    labels_name = re.sub("images", "labels", re.sub("idx[34]", "idx1", header.name))
    if isinstance(files, FolderFiles) and labels_name != header.name and files.has(labels_name):
        pair = FolderFiles(files.root, [header.name, labels_name], header.name)
        dataset = read(pair, ReadOptions())
        if dataset is not None:
            return dataset
    return assemble(files.origin, [_piece(files, header, None)])


def _piece(files: Files, header: Header, labels: Header | None) -> Piece:
    n, shape = header.shape[0], header.shape[1:]
    _check(files, header)
    if 0 in shape:
        raise DataError("data.array_shape", where=header.name, found=str(header.shape))
    source = StridedSource(
        open_unpacked(files, header.index), files.stamp(header.index), header.start, math.prod(shape), shape, name=header.name
    )
    parts: list[Brought] = [_part(header)] * n
    return Piece(source, [f"{header.name}/{i:05}" for i in range(n)], _labels(files, labels, header), parts)


def _part(header: Header) -> Brought:
    words = re.split(r"[-_.]", header.name.lower())
    if "t10k" in words:
        return "test"
    named_parts: list[Brought] = [part for word in words if (part := part_of(word)) is not None]
    return named_parts[0] if named_parts else ""


def _labels(files: Files, labels: Header | None, header: Header) -> Sequence[str | None]:
    if labels is None:
        return [None] * header.shape[0]
    if labels.shape != header.shape[:1]:
        raise DataError("data.arrays_unequal", where=labels.name, n=header.shape[0], found=str(labels.shape))
    _check(files, labels)
    with open_unpacked(files, labels.index) as file:
        file.seek(labels.start)
        values: Any = np.frombuffer(file.read(labels.shape[0]), np.uint8)
    texts = [str(value) for value in range(256)]
    return [texts[value] for value in values.tolist()]


def _check(files: Files, header: Header) -> None:
    with open_unpacked(files, header.index) as file:
        if file.seek(0, 2) != header.start + math.prod(header.shape):
            raise DataError("data.not_whole", where=header.name)
