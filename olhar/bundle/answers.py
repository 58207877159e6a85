"""Answers: a Predictor asked about a table of pictures, and what it said of each."""

import os
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any, overload

import numpy as np
from numpy.typing import NDArray

from olhar.base.html import paragraph, table
from olhar.base.progress import Progress
from olhar.base.runner import HERE, InThreads, Runner
from olhar.base.texts import number, percent, say, sentence
from olhar.bundle.answer_table import AnswerTable
from olhar.bundle.prediction import Prediction
from olhar.bundle.predictor import Predictor
from olhar.bundle.shards import AnsweredPicture, AskedModel, shards
from olhar.data.cache.store import BadPicture
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.evaluation.predictions import Predictions

if TYPE_CHECKING:
    import polars

_LARGE = 96 * 96
"""Dots of a picture from which threads pay: below, Python's own work is most of it."""
_MANY = 256
"""Pictures for which it pays to open the network once more."""
_MOST_CLASSES = 5
_SHOWN = 20
"""So many pictures a notebook shows; ``to_polars`` gives all."""


@dataclass(frozen=True, eq=False, repr=False)
class Answers:
    """What a model said of some pictures: has a length, is iterated and indexed; each is a Prediction, a slice Answers again.

    Attributes:
        predictions: one row a readable picture; the truth stands where the folder's names tell it.
        bad: the pictures that could not be read; none of them counts.
        predictor: the model that answered.
        data: the pictures, by the rows of ``rows``.
        rows: the row in ``data`` of each prediction.
    """

    predictions: Predictions
    bad: tuple[BadPicture, ...]
    predictor: Predictor
    data: Dataset
    rows: tuple[int, ...]

    @property
    def classes(self) -> tuple[str, ...]:
        """The keys of the K classes, in the order of ``probabilities``."""
        return self.predictions.classes

    @property
    def pictures(self) -> tuple[str, ...]:
        """The name of each of the N pictures."""
        return tuple(self.predictions.pictures)

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """float32 (N, K), a row a picture."""
        return self.predictions.probabilities

    @property
    def unreadable(self) -> tuple[tuple[str, str], ...]:
        """The name of each picture that could not be read, and why, in the language in use."""
        return tuple((picture.where, str(picture.reason)) for picture in self.bad)

    def __len__(self) -> int:
        return len(self.predictions)

    def __iter__(self) -> Iterator[Prediction]:
        return map(self._prediction, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Prediction: ...

    @overload
    def __getitem__(self, index: slice) -> "Answers": ...

    def __getitem__(self, index: int | slice) -> "Prediction | Answers":
        if not isinstance(index, slice):
            return self._prediction(range(len(self))[index])
        chosen = self.predictions.some(index)
        return Answers(chosen, self.bad, self.predictor, self.data, self.rows[index])

    def _prediction(self, i: int) -> Prediction:
        predictions, label = self.predictions, int(self.predictions.labels[i])
        truth = predictions.classes[label] if label >= 0 else None
        unlikeness = None if predictions.unlikeness is None else float(predictions.unlikeness[i])
        names, probabilities = self.predictor.signature.names, predictions.probabilities[i]
        about = predictions.pictures[i], truth, predictions.threshold, unlikeness, predictions.sets_from
        return Prediction(predictions.classes, names, probabilities, *about)

    def to_polars(self) -> "polars.DataFrame":
        """A polars frame, a row a picture.

        ``picture``, ``label`` (or null), ``predicted``, ``confidence``, ``p:CLASS``, ``answer`` (or empty), ``why``; ``set``, a
        list of classes, where the model makes sets.
        """
        import polars

        return polars.DataFrame(self._columns(), schema_overrides={"label": polars.String})

    def to_pandas(self) -> Any:
        """The same columns as a pandas frame.

        Raises:
            ModuleNotFoundError: pandas is not installed.
        """
        return import_module("pandas").DataFrame(self._columns())

    def _columns(self) -> dict[str, Any]:
        predictions = self.predictions
        truths = [predictions.classes[label] if label >= 0 else None for label in predictions.labels.tolist()]
        predicted = [predictions.classes[best] for best in predictions.predicted.tolist()]
        fixed = {
            "picture": list(predictions.pictures),
            "label": truths,
            "predicted": predicted,
            "confidence": predictions.confidence,
        }
        shares = {f"p:{key}": predictions.probabilities[:, k] for k, key in enumerate(predictions.classes)}
        told = zip(predicted, predictions.answered.tolist(), strict=True)
        sets = {} if predictions.sets_from is None else {"set": [list(keys) for keys in predictions.sets]}
        answers = [best if answered else "" for best, answered in told]
        return fixed | shares | {"answer": answers, "why": predictions.why} | sets

    def __repr__(self) -> str:
        if not len(self):
            return say("predict.summary_none", name=self.predictor.name)
        counts = Counter(self.predictor.signature.names[best] for best in self.predictions.predicted.tolist())
        shown = [f"{name} {number(n)}" for name, n in counts.most_common(_MOST_CLASSES)]
        rest = ["..."] if len(counts) > len(shown) else []
        return say("predict.summary", n=len(self), name=self.predictor.name, counts=", ".join(shown + rest))

    def _repr_html_(self) -> str:
        with_truth = bool((self.predictions.labels >= 0).any())
        columns = ("picture", "answer", "confidence", *(("truth",) if with_truth else ()))
        rows = [self._row(i, with_truth) for i in range(min(_SHOWN, len(self)))]
        parts = [paragraph(repr(self)), table(["", *(say(f"predict.{column}") for column in columns)], rows, numbers=(3,))]
        if len(self) > _SHOWN:
            parts.append(paragraph(say("predict.rest", n=len(self) - _SHOWN)))
        if self.bad:
            parts.append(paragraph(say("predict.skipped", n=len(self.bad), first=self.bad[0].reason)))
        return "".join(parts)

    def _row(self, i: int, with_truth: bool) -> list[str]:
        prediction = self._prediction(i)
        truth = self.predictor.signature.names[self.predictions.labels[i]] if prediction.truth is not None else ""
        answer = [
            self.data.thumbnail(self.rows[i], prediction.picture),
            prediction.picture,
            prediction.name,
            percent(prediction.confidence),
        ]
        return [*answer, *([truth] if with_truth else [])]


def ask(predictor: Predictor, data: Dataset, progress: Progress, runner: Runner = HERE) -> Answers:
    """Ask a model for a table of pictures; memory stays bounded however many there are.

    Args:
        predictor: the model.
        data: the pictures.
        progress: where to tell how far it is.
        runner: where they are asked about; the answers are the same bytes.
    """
    table = AnswerTable(len(data), len(predictor.classes))
    bad: list[BadPicture] = []
    with progress.stage(sentence("predict.asking"), len(data)) as advance:
        for answer in _stream(predictor, data, runner):
            if isinstance(answer, AnsweredPicture):
                table.add(answer)
            else:
                bad.append(answer)
            advance(1)
    signature = predictor.signature
    rows: list[int] = table.rows.tolist()
    predictions = Predictions(
        [data.where[row] for row in rows],
        predictor.classes,
        _truths(data, predictor.classes)[data.labels[table.rows]],
        table.probabilities,
        signature.threshold,
        table.unlikeness if signature.false_alarms else None,
        signature.sets_from,
    )
    return Answers(predictions, tuple(bad), predictor, data, tuple(rows))


def _stream(predictor: Predictor, data: Dataset, runner: Runner) -> Iterator[AnsweredPicture | BadPicture]:
    """Each answer. A network of one thread for each processor decodes and answers sooner than one that shares its layers out."""
    asked, dots = AskedModel(predictor), predictor.signature.height * predictor.signature.width
    if runner is HERE and predictor.threads is None and dots >= _LARGE and len(data) >= _MANY:
        return InThreads(os.cpu_count() or 1).stream(asked.carried(), shards(data))
    return runner.stream(asked, shards(data))


def _truths(data: Dataset, classes: tuple[str, ...]) -> NDArray[np.int64]:
    """The class of the model that each class of the data is, where it knows it; the last is of pictures without a class."""
    return np.array([*(classes.index(name) if name in classes else UNLABELLED for name in data.classes), UNLABELLED], np.int64)
