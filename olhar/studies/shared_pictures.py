"""The pictures by which several runs can be judged alike: judged in each, taught to none, of one label; matched by content."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.data.copies.groups import connected_groups
from olhar.data.folders.spelling import spelled_alike
from olhar.runs.judged import JudgedPictures

Key = tuple[bytes, int]
"""A picture: its content, and which of its copies it is."""


@dataclass(frozen=True)
class SharedPictures:
    """Pictures that judge all of R runs.

    Attributes:
        names: of each of N pictures, as the first run calls it.
        contents: the hash of each.
        classes: the keys of all classes of all runs, as the first one spells them.
        labels: int64 (N,).
        groups: int64 (N,), pictures that any run keeps together have one number.
        answers: int64 (R, N), what each run says.
        confidences: float32 (R, N).
        left_out: why others of the runs' pictures are not among them -> how many.
    """

    names: Sequence[str]
    contents: Sequence[bytes]
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64]
    answers: NDArray[np.int64]
    confidences: NDArray[np.float32]
    left_out: Mapping[str, int]


def shared_pictures(runs: Sequence[JudgedPictures]) -> SharedPictures:
    """What R runs have in common; there may be none."""
    classes, spellings = _spelled(runs)
    places = [_keyed(run) for run in runs]
    labels = [_labels(run, spelling) for run, spelling in zip(runs, spellings, strict=True)]
    taught = frozenset[bytes]().union(*(run.taught for run in runs))
    keys, left_out = list[Key](), Counter[str]()
    for key in dict.fromkeys(key for keyed in places for key in keyed):
        rows = [keyed.get(key) for keyed in places]
        of_run = {own[row] for own, row in zip(labels, rows, strict=True) if row is not None}
        if key[0] in taught:
            left_out["taught"] += 1
        elif None in rows:
            left_out[_missing(runs, places, key)] += 1
        elif len(of_run) > 1:
            left_out["relabelled"] += 1
        else:
            keys.append(key)
    chosen = [np.array([keyed[key] for key in keys], dtype=np.int64) for keyed in places]
    answers = [
        np.array([classes.index(spelling[name]) for name in run.predictions.classes], dtype=np.int64)[
            run.predictions.predicted[rows] if len(rows) else rows
        ]
        for run, rows, spelling in zip(runs, chosen, spellings, strict=True)
    ]
    first = runs[0].rows
    return SharedPictures(
        names=[first[row].picture for row in chosen[0].tolist()],
        contents=[key[0] for key in keys],
        classes=classes,
        labels=np.array([classes.index(labels[0][row]) for row in chosen[0].tolist()], dtype=np.int64),
        groups=_groups([[run.rows[row].group for row in rows.tolist()] for run, rows in zip(runs, chosen, strict=True)], keys),
        answers=np.stack(answers),
        confidences=np.stack([run.predictions.confidence[rows] for run, rows in zip(runs, chosen, strict=True)]),
        left_out=dict(left_out.most_common()),
    )


def grouped(n: int, marks: Iterable[Sequence[object]]) -> NDArray[np.int64]:
    """int64 (N,): rows that share a mark in any of the lists of N belong together; an empty mark is none."""
    pairs = list[tuple[int, int]]()
    for of_each in marks:
        first: dict[object, int] = {}
        pairs += [(first.setdefault(mark, row), row) for row, mark in enumerate(of_each) if mark]
    return connected_groups(n, np.array(pairs, dtype=np.int64).reshape(-1, 2))


def _groups(marks: Sequence[Sequence[bytes]], keys: Sequence[Key]) -> NDArray[np.int64]:
    return grouped(len(keys), [*marks, [key[0] for key in keys]])


def _spelled(runs: Sequence[JudgedPictures]) -> tuple[tuple[str, ...], Sequence[Mapping[str, str]]]:
    """All classes, and for each run how the first one spells its own."""
    known = runs[0].predictions.classes
    spellings = [
        {name: spelled_alike(run.predictions.classes, known).get(name, name) for name in run.predictions.classes} for run in runs
    ]
    more = sorted({name for spelling in spellings for name in spelling.values()} - set(known))
    return (*known, *more), spellings


def _labels(run: JudgedPictures, spelling: Mapping[str, str]) -> list[str]:
    classes = run.predictions.classes
    return [spelling[classes[label]] for label in run.predictions.labels.tolist()]


def _keyed(run: JudgedPictures) -> dict[Key, int]:
    """The row of each picture by its content; copies are told apart by their names' order."""
    return dict(_keys(run))


def _keys(run: JudgedPictures) -> Iterator[tuple[Key, int]]:
    copies: defaultdict[bytes, list[int]] = defaultdict(list)
    for row, picture in enumerate(run.rows):
        copies[picture.content].append(row)
    for content, rows in copies.items():
        for place, row in enumerate(sorted(rows, key=lambda row: run.rows[row].picture)):
            yield (content, place), row


def _missing(runs: Sequence[JudgedPictures], places: Sequence[Mapping[Key, int]], key: Key) -> str:
    """Why a picture is not in each: another of its name is, or none."""
    (name, *_) = (run.rows[keyed[key]].picture for run, keyed in zip(runs, places, strict=True) if key in keyed)
    other = any(run.names.get(name, key[0]) != key[0] for run, keyed in zip(runs, places, strict=True) if key not in keyed)
    return "changed" if other else "unknown"
