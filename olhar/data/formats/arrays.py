"""Arrays with labels: a ``.npz`` in a file, or a mapping in memory. Names as people give them: x and y, images and labels,
x_train and y_test, train_images and val_labels; beside them split, groups and class_names."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, cast

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.data.dataset import Brought, Dataset, Part
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.files.zip import ZipMembers, starts_as_zip
from olhar.data.formats.columns import Columns, as_text
from olhar.data.formats.npy import ArrayInFile, ArrayInMemory, NamedArray, pictures_of
from olhar.data.layout import part_of, plain
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_options import ReadOptions

ArrayRole = Literal["pictures", "labels", "parts", "groups", "names"]
_NAMES: dict[str, ArrayRole] = {
    **dict.fromkeys(("x", "images", "image", "pixels", "pictures", "data", "arr_0"), "pictures"),
    **dict.fromkeys(("y", "labels", "label", "targets", "target", "arr_1"), "labels"),
    **dict.fromkeys(("split", "splits", "part", "parts"), "parts"),
    **dict.fromkeys(("groups", "group"), "groups"),
    **dict.fromkeys(("class_names", "label_names", "classes", "names"), "names"),
}  # fmt: skip


def read(files: Files, _options: ReadOptions) -> Dataset | None:
    """A ``.npz``, alone or among ``files``.

    Raises:
        DataError: it is damaged, or holds no pictures with labels.
    """
    if is_npz(files):
        return _npz(files, files.origin, files.name)
    for index in non_pictures(files):
        if starts_as_zip(first_bytes(files, index, 4)):
            inner = ZipMembers(Path(files.names[index]), open_unpacked(files, index))
            if is_npz(inner):
                return _npz(inner, files.origin, inner.name)
    return None


def is_npz(files: Files) -> bool:
    """Whether the members of a zip are NumPy's arrays and nothing else."""
    return bool(files.names) and all(name.endswith(".npy") for name in files.names) and files.archive


def of_mapping(arrays: Mapping[str, Any], origin: str = "arrays") -> Dataset:
    """Arrays in memory, by name.

    Raises:
        DataError: they are no pictures with labels.
    """
    return _dataset({str(name): ArrayInMemory(str(name), np.asarray(array)) for name, array in arrays.items()}, origin, origin)


def _npz(files: Files, origin: str, name: str) -> Dataset:
    arrays: dict[str, NamedArray] = {
        member.removesuffix(".npy"): ArrayInFile(files.open(i), files.stamp(i), f"{name}:{member.removesuffix('.npy')}")
        for i, member in enumerate(files.names)
        if meaning(member.removesuffix(".npy")) is not None
    }
    return _dataset(arrays, origin, name, [member.removesuffix(".npy") for member in files.names])


def meaning(name: str) -> tuple[ArrayRole, Brought] | None:
    """What the array of a name is, and the part that it is of: ``x_train`` and ``train_images`` are pictures to learn from."""
    words = plain(name).replace("-", "_").split("_")
    parts: list[Part | None] = [part_of(word) for word in words]
    role = _NAMES.get("_".join(word for word, part in zip(words, parts, strict=True) if part is None))
    part: Brought = next(filter(None, parts), None) or ""
    return (role, part) if role else None


def _dataset(arrays: Mapping[str, NamedArray], origin: str, where: str, names: Sequence[str] | None = None) -> Dataset:
    by_meaning: dict[tuple[ArrayRole, Brought], NamedArray] = {}
    for name, array in arrays.items():
        role_and_part = meaning(name)
        if role_and_part is not None:
            by_meaning.setdefault(role_and_part, array)
    parts: list[Brought] = [part for role, part in by_meaning if role == "pictures"]
    if not parts or any(("labels", part) not in by_meaning for part in parts):
        raise DataError("data.arrays_missing", where=where, found=", ".join((names or list(arrays))[:10]))
    names_array = by_meaning.get(("names", ""))
    class_names = [as_text(name) for name in names_array.load().tolist()] if names_array else []
    return assemble(origin, [_piece(by_meaning, part, class_names) for part in parts])


def _piece(by_meaning: Mapping[tuple[ArrayRole, Brought], NamedArray], part: Brought, names: Sequence[str]) -> Piece:
    pixels = by_meaning["pictures", part]
    source = pictures_of(pixels)
    n = pixels.shape[0]
    columns = Columns(by_meaning["labels", part].name)
    labels = _labels(by_meaning["labels", part], n)
    columns_beside = {role: by_meaning[role, part] for role in ("parts", "groups") if (role, part) in by_meaning}
    beside = {role: _column(array, n).tolist() for role, array in columns_beside.items()}
    texts = named_labels(cast(list[int], labels), names) if names and all(isinstance(label, int) for label in labels) else labels
    for row, label in enumerate(texts):
        cells: dict[Any, Any] = {"label": label}
        if "parts" in beside:
            cells["part"] = beside["parts"][row]
        if "groups" in beside:
            cells["group"] = beside["groups"][row]
        columns.add(row + 1, cells)
    name = pixels.name.rpartition(":")[2]
    brought: list[Brought] = columns.parts if "parts" in beside else [part] * n
    return Piece(source, [f"{name}/{i:05}" for i in range(n)], columns.labels, brought, columns.groups)


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
    if array.shape not in ((n,), (n, 1)):
        raise DataError("data.arrays_unequal", where=array.name, n=n, found=str(array.shape))
    return array.load().reshape(-1)
