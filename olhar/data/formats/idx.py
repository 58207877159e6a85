"""MNIST's idx files, and those of its relatives: pictures in one file, their classes in another; packed by gzip or not."""

import math
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.files.folder import FolderFiles
from olhar.data.formats.array_pairs import refuse_several_sets
from olhar.data.formats.pixels import StridedSource
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadOptions

_UBYTE, _INT = 8, 12
_CHUNK = 1 << 20
_AXES, _PICTURES = range(1, 5), 3
_KIND = re.compile(r"images?|labels?|idx\d|ubyte|int|gz")


@dataclass(frozen=True)
class Header:
    """One idx file of bytes, or of whole numbers: where it lies, its axes, and how many bytes a value takes."""

    index: int
    name: str
    shape: tuple[int, ...]
    width: int = 1

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
    pictures = [header for header in headers if not _holds_labels(header)]
    labels = {header.stem: header for header in headers if _holds_labels(header)}
    if not pictures:
        return None
    refuse_several_sets([(_set(header), header.name) for header in pictures], files.name)
    kept = _once(files, sorted(pictures, key=lambda header: header.name))
    again = [header for header in pictures if header not in kept]
    pieces = [_piece(files, header, labels.get(header.stem)) for header in kept]
    copies = [passed_over(files.names[header.index], header.shape[0], "reading.why_copy") for header in again]
    used = len(pictures) + sum(header.stem in labels for header in pictures)
    return assemble(files.origin, pieces, len(candidates) - used, copies)


def _once(files: Files, pictures: Sequence[Header]) -> list[Header]:
    """The files without those that hold what another one of the same name does, as where each lies there unpacked as well."""
    kept: list[Header] = []
    for header in pictures:
        if not any(_same(files, header, other) for other in kept):
            kept.append(header)
    return kept


def _same(files: Files, one: Header, other: Header) -> bool:
    if (one.stem, one.shape) != (other.stem, other.shape):
        return False
    with open_unpacked(files, one.index) as first, open_unpacked(files, other.index) as second:
        chunks = zip(iter(partial(first.read, _CHUNK), b""), iter(partial(second.read, _CHUNK), b""), strict=False)
        return all(left == right for left, right in chunks)


def _header(files: Files, index: int) -> Header | None:
    head = first_bytes(files, index, 64)
    kind = head[2] if head[:2] == b"\0\0" and len(head) >= 8 else 0
    if kind not in (_UBYTE, _INT) or head[3] not in _AXES or len(head) < 4 + 4 * head[3]:
        return None
    axes = head[3]
    shape = tuple(int.from_bytes(head[4 + 4 * i : 8 + 4 * i], "big") for i in range(axes))
    width = 4 if kind == _INT else 1
    known = axes < _PICTURES if kind == _INT else axes != 2
    return Header(index, posixpath.basename(files.names[index]), shape, width) if known else None


def _holds_labels(header: Header) -> bool:
    """Whether it is a number a picture, or a row of numbers of which the first is the class, as QMNIST has them."""
    return len(header.shape) == 1 or header.width > 1


def _with_neighbour(files: Files, header: Header) -> Dataset:
    """A single file was named: its labels lie beside it, where they have the usual name."""
    if _holds_labels(header):
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
    axes = (1, 0) if len(shape) == 2 and "emnist" in _words(header) else ()  # EMNIST keeps its columns first
    source = StridedSource(
        open_unpacked(files, header.index),
        files.stamp(header.index),
        header.start,
        math.prod(shape),
        shape,
        axes=axes,
        name=header.name,
    )
    parts: list[Brought] = [_part(header)] * n
    return Piece(source, [f"{header.name}/{i:05}" for i in range(n)], _labels(files, labels, header), parts)


def _words(header: Header) -> list[str]:
    return re.split(r"[-_.]", header.name.lower())


def _set(header: Header) -> str:
    """What a file's name says of the set: the words that are neither its part nor its form."""
    return "-".join(word for word in header.stem.split("-") if word != "t10k" and part_of(word) is None)


def _part(header: Header) -> Brought:
    words = _words(header)
    if "t10k" in words:
        return "test"
    named_parts: list[Brought] = [part for word in words if (part := part_of(word)) is not None]
    return named_parts[0] if named_parts else ""


def _labels(files: Files, labels: Header | None, header: Header) -> Sequence[str | None]:
    if labels is None:
        return [None] * header.shape[0]
    if labels.shape[:1] != header.shape[:1]:
        raise DataError("data.arrays_unequal", where=labels.name, n=header.shape[0], found=str(labels.shape))
    _check(files, labels)
    with open_unpacked(files, labels.index) as file:
        file.seek(labels.start)
        values: Any = np.frombuffer(file.read(math.prod(labels.shape) * labels.width), np.uint8 if labels.width == 1 else ">i4")
    first: list[int] = values.reshape(labels.shape[0], -1)[:, 0].tolist()
    texts = {value: str(value) for value in {*first}}
    return [texts[value] for value in first]


def _check(files: Files, header: Header) -> None:
    with open_unpacked(files, header.index) as file:
        if file.seek(0, 2) != header.start + math.prod(header.shape) * header.width:
            raise DataError("data.not_whole", where=header.name)
