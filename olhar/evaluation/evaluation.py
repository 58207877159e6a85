"""Evaluation: what a model is worth on some pictures, and how they differ from those that it learnt from."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded
from olhar.base.errors import DataError
from olhar.base.html import paragraph
from olhar.base.texts import Sentence
from olhar.evaluation.abstention import SelectiveAccuracy
from olhar.evaluation.averages import ClassAverage
from olhar.evaluation.calibration import Calibration
from olhar.evaluation.drift.drift import Drift
from olhar.evaluation.drift.lines import headline, lines
from olhar.evaluation.intervals import Interval
from olhar.evaluation.metrics import ClassMetrics, Metrics
from olhar.evaluation.prediction_sets import SetCoverage
from olhar.evaluation.ranking import TopK


@dataclass(frozen=True, repr=False)
class Evaluation:
    """What came of asking a model about some pictures. Its numbers (``accuracy``, ``confusion`` ...) are those of ``metrics``.

    Attributes:
        origin: what the person called the pictures.
        pictures: how many could be read.
        answered_mix: class -> how often the model answered it.
        metrics: None where the class of no picture is known.
        drift: what differs from the pictures that the model learnt from; None where nobody can tell.
        no_drift: why not; None where it is told.
        answered: what the threshold comes to below which the model says that it does not know; None: it has none.
        sets: what the model's prediction sets come to; None: it makes none.
        halved, sets_halved: what these two need was chosen on one half of these pictures, and is judged on the other.
    """

    origin: str
    pictures: int
    answered_mix: Mapping[str, int]
    metrics: Metrics | None
    drift: Drift | None = None
    no_drift: Sentence | None = None
    answered: SelectiveAccuracy | None = None
    sets: SetCoverage | None = None
    halved: bool = False
    sets_halved: bool = False

    @property
    def accuracy(self) -> Interval:
        """As of ``Metrics``, as are those below.

        Raises:
            DataError: the class of no picture is known.
        """
        return self._known.accuracy

    @property
    def loss(self) -> float:
        """Mean cross-entropy."""
        return self._known.loss

    @property
    def macro_f1(self) -> float:
        """The plain mean of F1 over classes."""
        return self._known.macro_f1

    @property
    def macro_precision(self) -> float:
        """The plain mean of precision over classes."""
        return self._known.macro_precision

    @property
    def macro_recall(self) -> float:
        """The plain mean of recall over classes."""
        return self._known.macro_recall

    @property
    def majority(self) -> float:
        """The accuracy of always answering the commonest class."""
        return self._known.majority

    @property
    def by_class(self) -> tuple[ClassMetrics, ...]:
        """In the order of the classes."""
        return self._known.by_class

    @property
    def confusion(self) -> NDArray[np.int64]:
        """int64 (K, K), rows the truth, columns the answer."""
        return self._known.confusion

    @property
    def macro(self) -> ClassAverage | None:
        """Plain means over the classes that occur, with intervals."""
        return self._known.macro

    @property
    def weighted(self) -> ClassAverage | None:
        """Means by support, with intervals."""
        return self._known.weighted

    @property
    def balanced_accuracy(self) -> float | None:
        """Mean recall over the classes that are true."""
        return self._known.balanced_accuracy

    @property
    def top(self) -> tuple[TopK, ...]:
        """How often the truth is among the first k."""
        return self._known.top

    @property
    def calibration(self) -> Calibration | None:
        """Whether confidence is accuracy."""
        return self._known.calibration

    @property
    def _known(self) -> Metrics:
        if self.metrics is None:
            raise DataError("evaluation.no_numbers", where=self.origin)
        return self.metrics

    def sentences(self) -> list[Sentence]:
        """What differs from the pictures that the model learnt from, the first sentence in short; or why nobody can tell."""
        if self.drift is not None:
            return [headline(self.drift), *lines(self.drift)]
        return [self.no_drift] if self.no_drift is not None else []

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``; what is not known is not named."""
        found: dict[str, Any] = {"pictures": self.pictures, "answers": dict(self.answered_mix)}
        found |= {"data": self.metrics.to_dict()} if self.metrics is not None else {}
        found |= {"answered": asdict(self.answered) | {"halved": self.halved}} if self.answered is not None else {}
        found |= {"sets": asdict(self.sets) | {"halved": self.sets_halved}} if self.sets is not None else {}
        found |= {"drift": self.drift.to_dict()} if self.drift is not None else {}
        return found | {"drift_told": [str(one) for one in self.sentences()]}

    def to_csv(self) -> str:
        """That of ``Metrics``; without known classes a row a class: how often it was answered, as a number and as a fraction."""
        if self.metrics is not None:
            return self.metrics.to_csv()
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(["class", "answers", "share"])
        writer.writerows([guarded(key), n, f"{n / max(1, self.pictures):.6f}"] for key, n in self.answered_mix.items())
        return out.getvalue()

    def class_table(self, names: Sequence[str]) -> str:
        """That of ``Metrics``."""
        return self._known.class_table(names)

    def __repr__(self) -> str:
        numbers = [repr(self.metrics)] if self.metrics is not None else []
        return "\n".join([*numbers, *map(str, self.sentences())])

    def _repr_html_(self) -> str:
        metrics = self.metrics
        keys = [one.key for one in metrics.by_class] if metrics is not None else []
        numbers = paragraph(repr(metrics)) + metrics.class_table(keys) if metrics is not None else ""
        return numbers + "".join(paragraph(str(one)) for one in self.sentences())
