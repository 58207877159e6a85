"""The pictures by which a model becomes whole numbers of eight bits: those that taught it and others that measure; no test's."""

from collections.abc import Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded
from olhar.base.errors import DataError, OlharError, PictureError
from olhar.base.images import Pixels
from olhar.base.progress import Progress, Quiet
from olhar.bundle.predictor import Predictor
from olhar.data.cache.content_hash import content_hash
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.folders.spelling import spelled_as
from olhar.data.places import is_here
from olhar.data.sources import read
from olhar.exports.tflite.int8.export import Int8Pictures
from olhar.jobs.folds import without_test
from olhar.runs.folder import RunFolder
from olhar.runs.split import SplitRow, split_rows

_CALIBRATING, _MEASURING = 200, 500
"""So many at most; more no longer move a range, or take minutes."""


def int8_pictures(source: Path, run: RunFolder | None, data: Any, predictor: Predictor, progress: Progress) -> Int8Pictures:
    """Pictures of a run, where they still lie, or a person's own.

    Args:
        source: the model, as errors call it.
        run: whose model it is; None: of none.
        data: a person's pictures, as ``olhar.read`` takes them: one half settles ranges, the other measures; None: the run's.
        predictor: the model of floats.
        progress: where to tell what was read.

    Raises:
        DataError: there are no pictures, or none can be read.
    """
    if data is not None:
        return _given(source, run, data, predictor, progress)
    dataset, parts = _of_run(run) if run is not None else (None, {})
    if dataset is None:
        raise DataError("export.nothing_to_choose_by", where=str(source), flag="--int8")
    rows = {row: part for row, name in enumerate(dataset.where) if (part := parts.get(guarded(name))) is not None}
    train, validation = ([row for row, line in rows.items() if line.part == part] for part in ("train", "validation"))
    wanted = {row: line.content for row, line in rows.items()}
    if validation:
        return _taken(source, dataset, train, validation, predictor, "validation", wanted)
    return _taken(source, dataset, *_halves(dataset, train), predictor, "taught", wanted)


def _of_run(run: RunFolder) -> tuple[Dataset | None, dict[str, SplitRow]]:
    """What taught a run, where it still lies, and the part of each picture by its name in ``split.csv``."""
    request = run.request()
    if not is_here(request.data):
        return None, {}
    try:
        dataset = read(request.data, progress=Quiet(), **request.reading.keywords())
    except OlharError:
        return None, {}
    return dataset, {row.picture: row for row in split_rows(run)}


def _given(source: Path, run: RunFolder | None, data: Any, predictor: Predictor, progress: Progress) -> Int8Pictures:
    """Of a person's pictures, without those that test the run, or that the data itself keeps for a test.

    Classes that the model does not know are no harm: a Keras file may not say any.
    """
    dataset = spelled_as(without_test(read(data, progress=progress)), predictor.classes, progress)
    tested = {row.content for row in split_rows(run) if row.part == "test"} if run is not None else set[bytes]()
    rows = [row for row in range(len(dataset)) if not tested or _content(dataset, row) not in tested]
    return _taken(source, dataset, *_halves(dataset, rows), predictor, "given", {})


def _halves(dataset: Dataset, rows: Sequence[int]) -> tuple[list[int], list[int]]:
    """Every other picture of each class; where there is one alone it is in both."""
    by_class = _by_class(dataset, rows)
    first = [row for own in by_class for row in own[::2]]
    return first, [row for own in by_class for row in own[1::2]] or first


def _by_class(dataset: Dataset, rows: Sequence[int]) -> list[list[int]]:
    labels = dataset.labels[list(rows)]
    return [[row for row, own in zip(rows, labels.tolist(), strict=True) if own == label] for label in np.unique(labels)]


def _some(dataset: Dataset, rows: Sequence[int], most: int) -> list[int]:
    """So many pictures at most, as even over the classes as they are, and evenly from each."""
    by_class = _by_class(dataset, rows)
    each = -(-most // max(1, len(by_class)))
    thinned = [[own[place] for place in _places(len(own), each)] for own in by_class]
    return [row for rank in zip_longest(*thinned) for row in rank if row is not None][:most]


def _places(n: int, most: int) -> list[int]:
    return np.unique(np.linspace(0, n - 1, min(n, most)).astype(np.int64)).tolist()


def _taken(  # noqa: PLR0917
    source: Path,
    dataset: Dataset,
    calibrating: Sequence[int],
    measuring: Sequence[int],
    predictor: Predictor,
    by: Any,
    wanted: dict[int, bytes],
) -> Int8Pictures:
    """Prepared; what cannot be read, or is another picture than it was, is passed over.

    Raises:
        DataError: none is left.
    """
    first, _ = _prepared(dataset, _some(dataset, calibrating, _CALIBRATING), predictor, wanted)
    second, labels = _prepared(dataset, _some(dataset, measuring, _MEASURING), predictor, wanted)
    if not len(first) or not len(second):
        raise DataError("export.nothing_to_choose_by", where=str(source), flag="--int8")
    return Int8Pictures(first, second, labels, by)


def _prepared(
    dataset: Dataset, rows: Sequence[int], predictor: Predictor, wanted: dict[int, bytes]
) -> tuple[Pixels, NDArray[np.int64]]:
    pixels, labels = list[Pixels](), list[int]()
    for row in rows:
        if row in wanted and _content(dataset, row) != wanted[row]:
            continue
        try:
            pixels.append(predictor.prepare(dataset.read(row)))
        except PictureError:
            continue
        labels.append(_truth(dataset, row, predictor.classes))
    return np.array(pixels, np.uint8), np.array(labels, np.int64)


def _truth(dataset: Dataset, row: int, classes: Sequence[str]) -> int:
    label = int(dataset.labels[row])
    return classes.index(dataset.classes[label]) if label >= 0 and dataset.classes[label] in classes else UNLABELLED


def _content(dataset: Dataset, row: int) -> bytes:
    try:
        return content_hash(dataset.read(row))
    except PictureError:
        return b""
