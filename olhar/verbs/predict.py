"""predict: pictures of any number, in files, folders and zips -> answers; a grid of them, or a copy sorted by class."""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.progress import Advance, Progress, shown
from olhar.base.texts import say
from olhar.bundle.predictor import Predictor
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files import legible
from olhar.data.folder_files import FolderSource
from olhar.data.pieces import join
from olhar.data.sources import read
from olhar.data.store import Bad
from olhar.evaluation.predictions import Predictions
from olhar.verbs.load import load


@dataclass(frozen=True)
class Answers:
    """What ``predict`` found.

    Attributes:
        predictions: one row a readable picture; the truth stands where the folder's names tell it.
        bad: the pictures that could not be read.
        predictor: the model that answered.
        data: the pictures, by the rows of ``rows``.
        rows: the row in ``data`` of each prediction.
    """

    predictions: Predictions
    bad: tuple[Bad, ...]
    predictor: Predictor
    data: Dataset
    rows: tuple[int, ...]


def predict(
    model: str | os.PathLike[str] | Predictor,
    pictures: str | os.PathLike[str] | Iterable[str | os.PathLike[str]],
    progress: Progress | None = None,
) -> Answers:
    """Ask a model for many pictures; memory stays bounded however many there are.

    Args:
        model: a run folder, a ``model.onnx``, a Keras file, or what ``olhar.load`` gave.
        pictures: a picture, a folder, a zip, a folder inside a zip, or several of them.
        progress: where to tell how far it is.

    Raises:
        DataError: nothing of that name, or no pictures in it.
        ModelError: the model cannot be opened.
    """
    predictor = model if isinstance(model, Predictor) else load(model, progress=progress)
    wanted = [pictures] if isinstance(pictures, (str, os.PathLike)) else list(pictures)
    return predict_data(predictor, _gather(wanted), progress)


def predict_data(predictor: Predictor, data: Dataset, progress: Progress | None = None) -> Answers:
    """The same for pictures that are listed already."""
    bad: list[Bad] = []
    rows: list[int] = []
    with (progress or shown()).stage(say("predict.asking"), len(data)) as advance:
        prepared = _prepared(predictor, data, rows, bad, advance)
        answers = [one.probabilities for one in predictor.stream(prepared)]
    classes = predictor.classes
    labels = np.array([_truth(data, row, classes) for row in rows], dtype=np.int64)
    found = Predictions.join([data.where[row] for row in rows], classes, labels, answers)
    return Answers(found, tuple(bad), predictor, data, tuple(rows))


def _gather(wanted: Sequence[str | os.PathLike[str]]) -> Dataset:
    """One table of all pictures asked for. A single folder or zip keeps the names inside it; several keep what was typed too."""
    if not wanted:
        raise DataError("predict.nothing")
    found = [_one(one) for one in wanted]
    return found[0] if len(found) == 1 else join(found, [legible(os.fspath(one)) for one in wanted])


def _one(wanted: str | os.PathLike[str]) -> Dataset:
    path = Path(wanted).expanduser()
    try:
        return read(wanted)
    except DataError as error:
        if error.key != "data.not_understood" or not path.is_file():
            raise
    nowhere = np.full(1, UNLABELLED, np.int64)
    return Dataset(legible(path.stem), FolderSource(path.parent, [path.name]), [legible(path.name)], (), nowhere, ("",))


def _prepared(predictor: Predictor, data: Dataset, rows: list[int], bad: list[Bad], advance: Advance) -> Iterator[Pixels]:
    """Each readable picture as the model wants it; ``rows`` and ``bad`` are filled on the way."""
    signature = predictor.signature
    size = (signature.height, signature.width)
    for row in range(len(data)):
        try:
            pixels = to_pixels(data.read(row), size, signature.channels, signature.fit, data.where[row])
        except PictureError as error:
            bad.append(Bad(data.where[row], error.key, error.values))
        else:
            rows.append(row)
            yield pixels
        advance(1)


def _truth(data: Dataset, row: int, classes: tuple[str, ...]) -> int:
    """The class that the folder's name tells, where the model knows it."""
    label = int(data.labels[row])
    name = data.classes[label] if label >= 0 else None
    return classes.index(name) if name in classes else UNLABELLED
