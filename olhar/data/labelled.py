"""Whether a dataset can teach: every picture has a class, there are two at least, and each has pictures to learn from."""

import posixpath
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import PARTS, UNLABELLED, Dataset, Part
from olhar.data.folders.found import counted, listed
from olhar.data.folders.stems import numbers_in_names


def require_labelled(dataset: Dataset) -> Dataset:
    """The dataset itself, where every picture has a class, and there are at least two.

    Raises:
        DataError: pictures without a class, or one class only; or what they are instead, where that is known.
    """
    if dataset.unteachable is not None:
        raise dataset.unteachable
    loose = np.flatnonzero(dataset.labels == UNLABELLED)
    if len(loose) == len(dataset):
        raise dataset.why_unlabelled or _no_classes(dataset)
    if len(loose):
        raise DataError("data.loose_pictures", where=dataset.origin, n=len(loose), example=dataset.where[int(loose[0])])
    if len(dataset.classes) < 2:
        raise DataError("data.one_class", where=dataset.origin, name="".join(dataset.classes))
    return dataset


def require_taught(dataset: Dataset) -> Dataset:
    """The dataset itself, where each class has a picture to learn from, if the data brings parts.

    Raises:
        DataError: a class is in other parts only; where one of them has all classes, it is offered.
    """
    if "train" not in dataset.brought or not all(dataset.brought):
        return dataset
    held = {part: {int(label) for label in dataset.labels[_rows(dataset, part)]} for part in PARTS}
    lacking = [name for label, name in enumerate(dataset.classes) if label not in held["train"]]
    if not lacking:
        return dataset
    whole: list[Part] = [part for part in PARTS if len(held[part]) == len(dataset.classes)]
    readings = [_of_part(dataset, part) for part in whole]
    raise DataError("data.not_in_training", where=dataset.origin, classes=listed(lacking), n=len(lacking)).offering(readings)


def _no_classes(dataset: Dataset) -> DataError:
    """What was found in place of classes: parts, names with several numbers, or nothing."""
    parts = Counter(part for part in dataset.brought if part)
    if parts:
        found = counted((part, parts[part]) for part in PARTS if parts[part])
        return DataError("data.parts_without_classes", where=dataset.origin, found=found)
    if numbers_in_names(dataset.where):
        return DataError("data.numbers_in_names", where=dataset.origin, example=posixpath.basename(dataset.where[0]))
    place = dataset.read_as.data
    if len(dataset) == 1:
        return DataError("data.one_picture", where=place or dataset.where[0])
    return DataError("data.no_classes", where=dataset.origin, hint=_folder_above(place))


def _folder_above(place: str) -> Sentence | str:
    """The folder above, where the pictures are of one class and others lie beside it."""
    above = Path(place).parent
    beside = place and Path(place).is_dir() and sum(entry.is_dir() for entry in above.iterdir()) > 1
    return sentence("data.folder_above", name=str(above)) if beside and str(above) != "." else ""


def _rows(dataset: Dataset, part: Part) -> list[int]:
    return [row for row, own in enumerate(dataset.brought) if own == part]


def _of_part(dataset: Dataset, part: Part) -> Reading:
    """The reading that one part alone gives: the folder that all its pictures lie in."""
    rows = _rows(dataset, part)
    folders: Sequence[str] = [posixpath.dirname(dataset.where[row]) for row in rows]
    counts = Counter(dataset.classes[label] for label in dataset.labels[rows].tolist())
    what = sentence("reading.way", classes=counted(sorted(counts.items())))
    return Reading(what, posixpath.commonpath(folders)).of(dataset.read_as.data)
