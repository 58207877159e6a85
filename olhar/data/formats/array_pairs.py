"""Which arrays belong together: pictures with their classes, part by part, in one file or in several."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import isqrt

import numpy as np

from olhar.base.errors import DataError
from olhar.data.dataset import Brought
from olhar.data.formats.array_files import ArrayFile
from olhar.data.formats.array_names import ArrayMeaning, ArrayRole, meaning_in_file, stem_of
from olhar.data.formats.npy import ArrayInMemory, NamedArray

_CIFAR = 3072
_EXTRA = ("extra", "unlabeled", "unlabelled")


@dataclass(frozen=True)
class Entry:
    """An array whose name says what it is."""

    file: ArrayFile
    name: str
    meaning: ArrayMeaning
    open: Callable[[], NamedArray]

    @property
    def stem(self) -> str:
        """What the names of array and file say of the set, without parts, roles and numbers."""
        return stem_of(self.file.stem)


@dataclass(frozen=True)
class Pair:
    """Pictures, and their classes where there are any."""

    pictures: NamedArray
    file: ArrayFile
    label: str
    part: Brought
    stem: str
    labels: NamedArray | None

    @property
    def n(self) -> int:
        """How many pictures there are."""
        return self.pictures_first().shape[0]

    def labels_array(self) -> NamedArray:
        """Their classes, which are there."""
        assert self.labels is not None
        return self.labels

    def pictures_first(self) -> NamedArray:
        """The pictures, (N, ...): MATLAB has N last; there, flat pictures stand column after column."""
        array, n = self.pictures, label_count(self.labels) if self.labels is not None else -1
        shape = array.shape
        if len(shape) > 1 and shape[-1] == n and (shape[0] != n or (len(shape) == 4 and shape[2] in (1, 3))):
            return array.last_first()
        return _turned(array) if self.file.matlab and len(shape) == 2 else array

    def beside(self, entries: Sequence[Entry]) -> dict[ArrayRole, NamedArray]:
        """The columns of parts and groups that lie beside the pictures in the same file."""
        return {
            entry.meaning.role: entry.open()
            for entry in entries
            if entry.file is self.file and entry.meaning.role in ("parts", "groups") and entry.meaning.part == self.part
        }


def entries_of(found: Sequence[ArrayFile]) -> list[Entry]:
    """The arrays whose names say what they are."""
    entries: list[Entry] = []
    for file in found:
        for name, opened in file.arrays.items():
            said = meaning_in_file(file.stem, name, len(file.arrays) == 1)
            if said is not None:
                entries.append(Entry(file, name, said, opened))
    return entries


def pairs_of(entries: Sequence[Entry], found: Sequence[ArrayFile]) -> list[Pair]:
    """Each array of pictures, with its classes where they are found.

    Raises:
        DataError: an array is damaged.
    """
    pictures = [entry for entry in entries if entry.meaning.role == "pictures"]
    labels = [entry for entry in entries if entry.meaning.role == "labels"]
    pairs: list[Pair] = []
    for entry in pictures:
        own = _of_pictures(entry, labels, pictures)
        opened = own.open() if own is not None else None
        label = _label(entry.file, entry.name, len(found) == 1)
        pairs.append(Pair(entry.open(), entry.file, label, entry.meaning.part, entry.stem, opened))
    if pictures:
        return pairs
    return [pair for entry in labels for pair in _nameless(entry, found, entries)]


def label_count(labels: NamedArray) -> int:
    """How many pictures an array of classes is for."""
    shape = labels.shape
    return max(shape, default=1) if sum(axis != 1 for axis in shape) <= 1 else shape[0]


def without_extra(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    """The pairs without those that are called extra, where there are others; and those."""
    extra = [pair for pair in pairs if set(pair.stem.split("-")) & set(_EXTRA)]
    return ([pair for pair in pairs if pair not in extra], extra) if len(extra) < len(pairs) else (list(pairs), [])


def refuse_several_sets(sets: Sequence[tuple[str, str]], where: str) -> None:
    """See to it that all files are of one set: those of several have classes of the same numbers and other meanings.

    Args:
        sets: of each file, what its name says of the set, and the name.
        where: what to call the whole.

    Raises:
        DataError: they are of several.
    """
    if len({stem for stem, _ in sets}) > 1:
        names = dict.fromkeys(name for _, name in sets)
        raise DataError("data.several_array_sets", where=where, sets=", ".join(names))


def _of_pictures(entry: Entry, labels: Sequence[Entry], pictures: Sequence[Entry]) -> Entry | None:
    """The classes of some pictures: of the same part; in the same file, else of the same stem, else the only ones."""
    same_part = [other for other in labels if other.meaning.part == entry.meaning.part]
    in_file = [other for other in same_part if other.file is entry.file]
    same_stem = [other for other in same_part if other.file.stem and _numbered(other) == _numbered(entry)]
    rivals = [other for other in pictures if other.meaning.part == entry.meaning.part]
    for choice in (in_file, same_stem, same_part if len(rivals) == 1 else []):
        if len(choice) == 1:
            return choice[0]
    return None


def _numbered(entry: Entry) -> tuple[str, str]:
    """The stem with the numbers that stand in the file's name: ``x_1`` goes with ``y_1``."""
    return entry.stem, "".join(letter for letter in entry.file.stem if letter.isdigit())


def _nameless(labels: Entry, found: Sequence[ArrayFile], entries: Sequence[Entry]) -> list[Pair]:
    """The pictures of ``faces_target.npy``: ``faces.npy``, whose name says nothing else."""
    named = {(id(entry.file), entry.name) for entry in entries}
    opened = labels.open()
    n = label_count(opened)
    candidates: list[tuple[ArrayFile, str, NamedArray]] = []
    for file in found:
        for name, open_array in file.arrays.items():
            stem_before = bool(file.stem) and labels.file.stem.startswith(file.stem) and len(file.arrays) == 1
            if stem_before and (id(file), name) not in named:
                array = open_array()
                if len(array.shape) > 2 and n in (array.shape[0], array.shape[-1]):
                    candidates.append((file, name, array))
    if len(candidates) != 1:
        return []
    file, name, array = candidates[0]
    return [Pair(array, file, _label(file, name, len(found) == 1), labels.meaning.part, labels.stem, opened)]


def _label(file: ArrayFile, name: str, only_file: bool) -> str:
    """What the pictures are called: by the array's name, by the file's, or by both."""
    if only_file or not file.stem:
        return name or file.stem
    return file.stem if len(file.arrays) == 1 else f"{file.stem}/{name}"


def _turned(array: NamedArray) -> NamedArray:
    """Flat pictures of MATLAB's, column after column, as (N, H, W) or (N, 3, H, W); CIFAR's came out of Python, row after row."""
    n, values = array.shape
    side = isqrt(values)
    if side * side == values:
        return ArrayInMemory(array.name, array.load().reshape(n, side, side).swapaxes(1, 2))
    side = isqrt(values // 3)
    if values and 3 * side * side == values:
        planes = np.ascontiguousarray(array.load()).reshape(n, 3, side, side)
        return ArrayInMemory(array.name, planes if values == _CIFAR else planes.swapaxes(2, 3))
    return array
