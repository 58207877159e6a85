"""Answers: a Predictor asked about a table of pictures, and what it said of each."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.bundle.predictor import Predictor
from olhar.data.cache.store import BadPicture
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.evaluation.predictions import Predictions


@dataclass(frozen=True)
class Answers:
    """What a model said of some pictures.

    Attributes:
        predictions: one row a readable picture; the truth stands where the folder's names tell it.
        bad: the pictures that could not be read.
        predictor: the model that answered.
        data: the pictures, by the rows of ``rows``.
        rows: the row in ``data`` of each prediction.
    """

    predictions: Predictions
    bad: tuple[BadPicture, ...]
    predictor: Predictor
    data: Dataset
    rows: tuple[int, ...]


def ask(predictor: Predictor, data: Dataset, progress: Progress) -> Answers:
    """Ask a model for a table of pictures; memory stays bounded however many there are."""
    bad: list[BadPicture] = []
    rows: list[int] = []
    with progress.stage(sentence("predict.asking"), len(data)) as advance:
        prepared = _prepared(predictor, data, rows, bad, advance)
        answers = [prediction.probabilities for prediction in predictor.stream(prepared)]
    classes = predictor.classes
    labels = np.array([_truth(data, row, classes) for row in rows], dtype=np.int64)
    predictions = Predictions.join([data.where[row] for row in rows], classes, labels, answers)
    return Answers(predictions, tuple(bad), predictor, data, tuple(rows))


def _prepared(predictor: Predictor, data: Dataset, rows: list[int], bad: list[BadPicture], advance: Advance) -> Iterator[Pixels]:
    """Each readable picture as the model wants it; ``rows`` and ``bad`` are filled on the way."""
    signature = predictor.signature
    size = (signature.height, signature.width)
    for row in range(len(data)):
        try:
            pixels = to_pixels(data.read(row), size, signature.channels, signature.fit, data.where[row])
        except PictureError as error:
            bad.append(BadPicture(data.where[row], error.key, error.values))
        else:
            rows.append(row)
            yield pixels
        advance(1)


def _truth(data: Dataset, row: int, classes: tuple[str, ...]) -> int:
    """The class that the folder's name tells, where the model knows it."""
    label = int(data.labels[row])
    name = data.classes[label] if label >= 0 else None
    return classes.index(name) if name in classes else UNLABELLED
