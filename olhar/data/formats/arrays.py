"""Arrays with labels, by name: ``.npz``, ``.npy``, HDF5 and MATLAB files, pickles of arrays, or a mapping in memory.

Names as people give them: x and y, images and labels, x_train and y_test, train_images and val_labels; beside them split,
groups and class_names. What belongs together may lie in one file or in several.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, non_pictures
from olhar.data.formats.array_files import ArrayFile, array_files, is_npz
from olhar.data.formats.array_names import meaning
from olhar.data.formats.array_pairs import Entry, Pair, entries_of, pairs_of, refuse_several_sets, without_extra
from olhar.data.formats.class_arrays import class_arrays
from olhar.data.formats.class_cells import class_cells
from olhar.data.formats.columns import Columns, as_text
from olhar.data.formats.npy import ArrayInMemory, NamedArray, pictures_of
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadOptions

__all__ = ["is_npz", "meaning", "of_mapping", "read"]


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """The files of arrays among ``files``, or all of a ``.npz``.

    Raises:
        DataError: one is damaged, they hold no pictures with labels, or several sets of them.
    """
    found = array_files(files)
    return _of_files(found, files, options) if found else None


_LARGEST = 2**53
"""Floating point counts so far."""


def of_mapping(arrays: Mapping[str, Any], origin: str = "arrays") -> Dataset:
    """Arrays in memory, by name.

    Raises:
        DataError: they are no pictures with labels.
    """
    in_memory = {str(name): partial(ArrayInMemory, str(name), np.asarray(array)) for name, array in arrays.items()}
    return dataset_of([ArrayFile(origin, "", in_memory)], origin, origin)


def _of_files(found: Sequence[ArrayFile], files: Files, options: ReadOptions) -> Dataset | None:
    """A dataset of array files; None where they hold something else, and other files may say more."""
    entries = entries_of(found)
    roles = {entry.meaning.role for entry in entries}
    if not roles & {"pictures", "labels"}:
        lone = len(files.names) == 1 or is_npz(files)
        if lone and found[0].name.endswith((".npz", ".npy")):
            return _refuse(found, files.name)
        return class_cells(files) or class_arrays(found, files, options)
    others = len(non_pictures(files)) - len(found)
    return dataset_of(found, files.origin, files.name, 0 if is_npz(files) else others)


def _refuse(found: Sequence[ArrayFile], where: str) -> Dataset:
    names = [name or file.name for file in found for name in file.arrays]
    raise DataError("data.arrays_missing", where=where, found=", ".join(names[:10]))


def dataset_of(found: Sequence[ArrayFile], origin: str, where: str, others: int = 0) -> Dataset:
    """The arrays of some files that belong together.

    Raises:
        DataError: there are no pictures with labels among them, or several sets.
    """
    entries = entries_of(found)
    pairs = pairs_of(entries, found)
    if not any(pair.labels is not None for pair in pairs):
        _refuse(found, where)
    taken, extra = without_extra([pair for pair in pairs if pair.labels is not None])
    refuse_several_sets([(pair.stem, pair.file.name) for pair in taken], where)
    names = next((entry.open() for entry in entries if entry.meaning.role == "names"), None)
    class_names = [as_text(name) for name in names.load().reshape(-1).tolist()] if names is not None else []
    pieces = [_piece(pair, entries, class_names) for pair in taken]
    bare = [pair for pair in pairs if pair.labels is None]
    told = [passed_over(pair.label, pair.n, "reading.why_no_class") for pair in bare] + [
        passed_over(pair.label, pair.n, "reading.why_extra") for pair in extra
    ]
    return assemble(origin, pieces, others, told)


def _piece(pair: Pair, entries: Sequence[Entry], names: Sequence[str]) -> Piece:
    pixels, labels_array = pair.pictures_first(), pair.labels_array()
    source = pictures_of(pixels)
    n = pixels.shape[0]
    columns = Columns(labels_array.name)
    labels = _labels(labels_array, n)
    beside = {role: _column(array, n).tolist() for role, array in pair.beside(entries).items()}
    texts = _named(cast(list[int], labels), names) if names and all(isinstance(label, int) for label in labels) else labels
    for row, label in enumerate(texts):
        cells: dict[Any, Any] = {"label": label}
        if "parts" in beside:
            cells["part"] = beside["parts"][row]
        if "groups" in beside:
            cells["group"] = beside["groups"][row]
        columns.add(row + 1, cells)
    columns.finish()
    part = pair.part
    brought: list[Brought] = columns.parts if "parts" in beside else [part] * n
    return Piece(source, [f"{pair.label}/{i:05}" for i in range(n)], columns.labels, brought, columns.groups, columns.unclassed())


def _named(labels: Sequence[int], names: Sequence[str]) -> list[str]:
    """The class of each number: counted from 0, or from 1 where there is no 0 and a name for the last."""
    first = 1 if labels and min(labels) == 1 and max(labels) == len(names) else 0
    return named_labels(labels, dict(enumerate(names, first)))


def _labels(array: NamedArray, n: int) -> list[Any]:
    """One label a picture; a row of noughts with a single one is the number of its place."""
    if len(array.shape) == 2 and array.shape[0] == n and array.shape[1] > 1:
        table = array.load()
        numeric = table.dtype.kind in "buif"
        one_hot = numeric and bool(((table == 0) | (table == 1)).all()) and bool((table.sum(axis=1) == 1).all())
        if not one_hot:
            row = int(np.argmax(table.sum(axis=1) != 1)) if numeric else 0
            raise DataError("data.several_labels", where=array.name, row=row + 1, found=str(table[row].tolist())[:60])
        return table.argmax(axis=1).tolist()
    return _column(array, n).tolist()


def _column(array: NamedArray, n: int) -> NDArray[Any]:
    if sorted(array.shape) != [*[1] * (len(array.shape) - 1), n]:
        raise DataError("data.arrays_unequal", where=array.name, n=n, found=str(array.shape))
    values = array.load().reshape(-1)
    whole = values.dtype.kind == "f" and bool((np.abs(values) < _LARGEST).all()) and bool((values == np.rint(values)).all())
    return values.astype(np.int64) if whole else values
