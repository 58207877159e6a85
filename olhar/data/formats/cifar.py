"""CIFAR-10 and CIFAR-100 as their makers give them: the python version (pickles, read as data) and the binary version."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset, Source
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.formats.pickles import FileStretch, PickledArray, is_pickle, load_pickle
from olhar.data.formats.pixels import ArraySource, StridedSource
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_options import ReadOptions

_SHAPE = (3, 32, 32)
_PICTURE = 3 * 32 * 32
_TEXTS = {"batches.meta.txt": 1, "fine_label_names.txt": 2}
_BLOCK = 1000


@dataclass(frozen=True)
class Batch:
    """Pictures of one file: where they lie, their numbers of class, the names of classes where the file says them."""

    name: str
    source: Source
    labels: Sequence[int]


def read_python_version(files: Files, _options: ReadOptions) -> Dataset | None:
    """``data_batch_1`` and its like, ``train`` and ``test`` of CIFAR-100, and the names beside them.

    Raises:
        DataError: a pickle that holds anything else than such pictures, or is damaged.
    """
    names: Sequence[str] = ()
    batches: list[Batch] = []
    candidates = non_pictures(files)
    for index in candidates:
        if not is_pickle(first_bytes(files, index, 64)):
            continue
        with open_unpacked(files, index) as file:
            content = load_pickle(file, files.names[index])
        if isinstance(content, dict) and isinstance(content.get("data"), PickledArray):
            batches.append(_batch(files, index, content))
        elif isinstance(content, dict):
            names = [_text(name) for name in content.get("fine_label_names") or content.get("label_names") or names]
    return _dataset(files, batches, names, len(candidates) - len(batches)) if batches else None


def _text(name: object) -> str:
    """A name of a class; those of a file written anew by Python 3 are bytes."""
    return name.decode("utf-8", "replace") if isinstance(name, bytes) else str(name)


def _batch(files: Files, index: int, content: dict[Any, Any]) -> Batch:
    array, name = content["data"], posixpath.basename(files.names[index])
    labels = _numbers(content.get("fine_labels", content.get("labels")))
    if array.shape[1:] != (_PICTURE,) or array.dtype != np.uint8 or len(labels) != array.shape[0]:
        raise DataError("data.array_shape", where=name, found=str(array.shape))
    if isinstance(array.data, FileStretch):
        source: Source = _strided(files, index, array.data.start, _PICTURE)
    else:
        planes = np.frombuffer(array.data, np.uint8).reshape(-1, *_SHAPE)
        source = ArraySource(np.ascontiguousarray(np.moveaxis(planes, 1, -1)))
    return Batch(name, source, labels)


def _numbers(labels: Any) -> list[int]:
    """The numbers of the classes, a list in the pickle or an array; none where they are anything else."""
    if isinstance(labels, PickledArray) and isinstance(labels.data, bytes):
        whole_numbers = labels.dtype is not None and labels.dtype.kind in "ui"
        return np.frombuffer(labels.data, labels.dtype).tolist() if whole_numbers else []
    if not isinstance(labels, list):
        return []
    return [label for label in labels if isinstance(label, int) and label >= 0]


def read_binary_version(files: Files, _options: ReadOptions) -> Dataset | None:
    """``data_batch_1.bin`` and its like: a byte or two of class, then the picture."""
    candidates = non_pictures(files)
    names, width = _names(files, candidates)
    batches = [batch for batch in (_binary(files, index, width) for index in candidates) if batch is not None]
    return _dataset(files, batches, names, len(candidates) - len(batches)) if batches else None


def _names(files: Files, candidates: Sequence[int]) -> tuple[list[str], int]:
    """The names of the classes, and how many bytes tell the class: CIFAR-100 has the coarse class first."""
    for index in candidates:
        width = _TEXTS.get(posixpath.basename(files.names[index]), 0)
        if width:
            text = first_bytes(files, index, 1 << 16).decode("utf-8", "replace")
            return [line.strip() for line in text.splitlines() if line.strip()], width
    return [], 0


def _binary(files: Files, index: int, known_width: int) -> Batch | None:
    name = posixpath.basename(files.names[index])
    if not name.endswith((".bin", ".bin.gz")):
        return None
    for width in (known_width,) if known_width else (1, 2):
        labels = _labels(files, index, width)
        if labels is not None and labels[:, 0].max() < (10 if width == 1 else 20) and labels.max() < 100:
            return Batch(name, _strided(files, index, width, width + _PICTURE), labels[:, -1].tolist())
    return None


def _labels(files: Files, index: int, width: int) -> NDArray[np.uint8] | None:
    """The bytes before each picture, (N, width); None where the file is not so many pictures long."""
    label_blocks: list[NDArray[np.uint8]] = []
    with open_unpacked(files, index) as file:
        while block := file.read(_BLOCK * (width + _PICTURE)):
            if len(block) % (width + _PICTURE):
                return None
            label_blocks.append(np.frombuffer(block, np.uint8).reshape(-1, width + _PICTURE)[:, :width].copy())
    return np.concatenate(label_blocks) if label_blocks else None


def _strided(files: Files, index: int, begin: int, stride: int) -> Source:
    name = posixpath.basename(files.names[index])
    return StridedSource(open_unpacked(files, index), files.stamp(index), begin, stride, _SHAPE, axes=(1, 2, 0), name=name)


def _dataset(files: Files, batches: Sequence[Batch], names: Sequence[str], passed_over: int) -> Dataset:
    return assemble(files.origin, [_piece(batch, names) for batch in sorted(batches, key=lambda batch: batch.name)], passed_over)


def _piece(batch: Batch, names: Sequence[str]) -> Piece:
    n, stem = len(batch.labels), batch.name.removesuffix(".gz").removesuffix(".bin")
    part: Brought = "train" if stem.startswith("data_batch") else part_of(stem.split("_")[0]) or ""
    parts: list[Brought] = [part] * n
    return Piece(batch.source, [f"{stem}/{i:05}" for i in range(n)], named_labels(batch.labels, names), parts)
