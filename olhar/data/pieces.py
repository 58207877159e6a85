"""What readers find, piece by piece, as one Dataset: class names sorted, labels as numbers.

The data's own parts are kept where one of them is training.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, without_controls
from olhar.data.dataset import PARTS, UNLABELLED, Brought, Dataset, Source
from olhar.data.files.files import legible
from olhar.data.read_as import PassedOver, ReadAs


@dataclass(frozen=True)
class Piece:
    """Pictures from one place.

    Attributes:
        source: where they lie.
        where: the name of each.
        labels: the class of each, None where it is not known.
        parts: the part that each is in by the data's own say, or ``""``.
        groups: what each was taken of; empty where nothing is said.
        unclassed: what is told of those without a class, which are left out; None: they stay.
    """

    source: Source
    where: Sequence[str]
    labels: Sequence[str | None]
    parts: Sequence[Brought]
    groups: Sequence[str] = field(default=())
    unclassed: Sentence | None = None


@dataclass(frozen=True)
class JoinedSource:
    """Several sources, one after the other, and where each begins."""

    sources: Sequence[Source]
    starts: Sequence[int]

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The picture at ``index`` of all of them."""
        which = bisect_right(self.starts, index) - 1
        return self.sources[which].read(index - self.starts[which])

    def fingerprint(self) -> Iterator[bytes]:
        """The fingerprints of all of them."""
        return chain.from_iterable(source.fingerprint() for source in self.sources)


def assemble(
    origin: str,
    pieces: Sequence[Piece],
    passed_over: int = 0,
    left_out: Sequence[PassedOver] = (),
    notes: Sequence[Sentence] = (),
) -> Dataset:
    """One table of all pieces. Data of one part alone brings no split: it is ours to make.

    Args:
        origin: what to call the data.
        pieces: what was found, piece by piece.
        passed_over: how many other files were seen and left alone.
        left_out: what of the data was passed over, place by place, to be told.
        notes: what else is to be told of how it was read.

    Raises:
        DataError: there is no picture in them.
    """
    if not any(len(piece.where) for piece in pieces):
        raise DataError("data.no_pictures", where=origin, n=passed_over)
    labels = [*chain.from_iterable(piece.labels for piece in pieces)]
    keys = {key for key in {*labels} if key is not None}
    classes = tuple(sorted({class_key(key) for key in keys}))
    numbers: dict[str | None, int] = {key: classes.index(class_key(key)) for key in keys}
    numbers[None] = UNLABELLED
    parts: list[Brought] = [part for piece in pieces for part in piece.parts]
    held = {*parts}
    split = "train" in held and len(held) > 1
    grouped = any(piece.groups for piece in pieces)
    groups = [group for piece in pieces for group in piece.groups or ("",) * len(piece.where)] if grouped else ()
    unclassed = [piece.unclassed for piece in pieces if piece.unclassed is not None]
    dataset = Dataset(
        origin=unicodedata.normalize("NFC", legible(origin)),
        source=joined_source([piece.source for piece in pieces], [len(piece.where) for piece in pieces]),
        where=pieces[0].where if len(pieces) == 1 else [name for piece in pieces for name in piece.where],
        classes=classes,
        labels=np.fromiter(map(numbers.__getitem__, labels), np.int64, len(labels)),
        brought=parts if split else ("",) * len(parts),
        passed_over=passed_over,
        groups=groups,
        read_as=ReadAs(
            parts=tuple(part for part in PARTS if split and part in held),
            classes=len(classes),
            groups=len({*groups} - {""}),
            passed_over=tuple(left_out),
            notes=(*notes, *unclassed),
        ),
    )
    return dataset.only(np.flatnonzero(dataset.labels != UNLABELLED).tolist()) if unclassed else dataset


def joined_source(sources: Sequence[Source], lengths: Sequence[int]) -> Source:
    """Several sources as one."""
    if len(sources) == 1:
        return sources[0]
    return JoinedSource(sources, np.cumsum([0, *lengths[:-1]]).tolist())


def join_datasets(datasets: Sequence[Dataset], names: Sequence[str]) -> Dataset:
    """Several datasets as one; their pictures are called by what the person typed, and by their names inside."""
    classes = tuple(sorted({key for dataset in datasets for key in dataset.classes}))
    index_of = {key: index for index, key in enumerate(classes)}
    tables = [
        np.array([index_of[key] for key in dataset.classes] + [UNLABELLED], dtype=np.int64)[dataset.labels]
        for dataset in datasets
    ]
    alone = [len(dataset) == 1 and not dataset.classes for dataset in datasets]
    return Dataset(
        origin=datasets[0].origin,
        source=joined_source([dataset.source for dataset in datasets], [len(dataset) for dataset in datasets]),
        where=[
            name if single else f"{name.rstrip('/')}/{where}"
            for dataset, name, single in zip(datasets, names, alone, strict=True)
            for where in dataset.where
        ],
        classes=classes,
        labels=np.concatenate(tables),
        brought=[part for dataset in datasets for part in dataset.brought],
        groups=[group for dataset in datasets for group in dataset.groups or [""] * len(dataset)]
        if any(dataset.groups for dataset in datasets)
        else (),
    )


def class_key(key: str) -> str:
    """A class's key: NFC, without blanks around it; a character that commands a terminal stands there as ``\\x1b``."""
    return without_controls(unicodedata.normalize("NFC", key).strip())


def named_labels(labels: Sequence[int], names: Mapping[int, str] | Sequence[str]) -> list[str]:
    """The class of each number; a number without a name is its own."""
    table = dict(names) if isinstance(names, Mapping) else dict(enumerate(names))
    return [table.get(number, str(number)) for number in labels]
