"""Parts that lie apart, each a dataset of its own, as one dataset that brings its parts."""

from collections.abc import Mapping
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.base.progress import Progress
from olhar.data.dataset import PARTS, Brought, Dataset, Part
from olhar.data.folders.spelling import spelled_as
from olhar.data.pieces import join_datasets
from olhar.data.read_as import ReadAs


def join_parts(datasets: Mapping[Part, Dataset], names: Mapping[Part, str], progress: Progress | None = None) -> Dataset:
    """One dataset of parts that lie apart.

    Args:
        datasets: each part's own; classes are matched by name, by case and plural where that maps one to one. Of one that brings
            parts itself, those pictures are taken that it counts to this part.
        names: what the person called each; it stands before the names of its pictures.
        progress: who is told of classes that are spelled otherwise.

    Raises:
        DataError: one brings parts, and none of its pictures is of the part for which it is given.
    """
    parts: list[Part] = [part for part in PARTS if part in datasets]
    known = datasets["train"].classes
    own: dict[Part, Dataset] = {part: _only(datasets[part], part, names[part]) for part in parts}
    alike = [own[part] if part == "train" else spelled_as(own[part], known, progress) for part in parts]
    joined = join_datasets(alike, [names[part] for part in parts])
    shown = {key: name for dataset in reversed(alike) for key, name in zip(dataset.classes, dataset.shown, strict=True)}
    brought: list[Brought] = [part for part, dataset in zip(parts, alike, strict=True) for _ in range(len(dataset))]
    read_as = ReadAs(
        parts=tuple(parts),
        classes=len(joined.classes),
        groups=len({*joined.groups} - {""}),
        passed_over=tuple(entry for dataset in alike for entry in dataset.read_as.passed_over),
        notes=tuple(note for dataset in alike for note in dataset.read_as.notes),
    )
    return replace(joined, brought=brought, names=tuple(shown[key] for key in joined.classes), read_as=read_as)


def _only(dataset: Dataset, part: Part, where: str) -> Dataset:
    """The pictures of a dataset that are meant for a part."""
    if not any(dataset.brought):
        return dataset
    rows = [row for row, own in enumerate(dataset.brought) if own == part]
    if not rows:
        found = ", ".join(sorted({own for own in dataset.brought if own}))
        raise DataError("data.part_not_there", where=where, part=part, found=found)
    return dataset.only(rows)
