"""What predictions are worth: accuracy with its interval, loss, precision, recall, F1 and support, confusion matrix."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.html import paragraph, table
from olhar.base.parsing import Count, Share, checked, is_count
from olhar.base.texts import number, percent, say
from olhar.evaluation.predictions import Predictions

Measured = Literal["test", "folds", "validation"]
"""What a run's number was measured on; by folds, each picture by a model that did not learn from it."""

VERSION = 1
_Z95 = 1.959963984540054


@dataclass(frozen=True, repr=False)
class Interval:
    """A share, the 95% interval around it, and the number of pictures behind it; as text ``40.5% (35.8% to 45.4%)``."""

    value: Share
    low: Share
    high: Share
    n: Count

    @property
    def bounds(self) -> str:
        """The interval for a person: ``35.8% to 45.4%``."""
        return say("evaluation.bounds", low=self.low, high=self.high)

    def __str__(self) -> str:
        return f"{percent(self.value)} ({self.bounds})"

    def __repr__(self) -> str:
        return str(self)

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True)
class ClassMetrics:
    """Numbers of one class; ``support`` is how many pictures are truly of it."""

    key: str
    precision: Share
    recall: Share
    f1: Share
    support: Count


@dataclass(frozen=True, repr=False)
class Metrics:
    """Numbers of one set of predictions.

    Attributes:
        accuracy: share of right answers with its Wilson interval.
        loss: mean cross-entropy, natural logarithm, probabilities floored at 1e-7 (Keras's ``evaluate`` does so).
        macro_f1, macro_precision, macro_recall: plain means over the classes that occur, in truth or answers.
        majority: the accuracy of always answering the commonest class.
        by_class: in the order of the classes.
        confusion: int64 (K, K), rows the truth, columns the answer.
    """

    accuracy: Interval
    loss: float
    macro_f1: Share
    macro_precision: Share
    macro_recall: Share
    majority: Share
    by_class: tuple[ClassMetrics, ...]
    confusion: NDArray[np.int64]

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps."""
        return asdict(self) | {"confusion": self.confusion.tolist()}

    @classmethod
    def from_dict(cls, read: dict[str, Any]) -> "Metrics":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError: it is damaged.
        """
        by_class = tuple(ClassMetrics(**numbers) for numbers in read["by_class"])
        rest = {key: read[key] for key in ("loss", "macro_f1", "macro_precision", "macro_recall", "majority")}
        confusion = _square(read["confusion"], len(by_class))
        return checked(cls(accuracy=Interval(**read["accuracy"]), by_class=by_class, confusion=confusion, **rest))

    def __repr__(self) -> str:
        told = {"accuracy": self.accuracy, "n": self.accuracy.n, "loss": self.loss, "f1": self.macro_f1}
        return say("evaluation.summary", **told)

    def _repr_html_(self) -> str:
        return paragraph(repr(self)) + self.class_table([one.key for one in self.by_class])

    def class_table(self, names: Sequence[str]) -> str:
        """Precision, recall, F1 and support of each class as an HTML table; ``names`` to show, in their order."""
        heads = [say(f"run.{column}") for column in ("class", "precision", "recall", "f1", "support")]
        rows = [
            (name, percent(one.precision), percent(one.recall), percent(one.f1), number(one.support))
            for name, one in zip(names, self.by_class, strict=True)
        ]
        return table(heads, rows, numbers=range(1, 5))


def _square(rows: Sequence[Sequence[int]], classes: int) -> NDArray[np.int64]:
    """A confusion matrix as it was kept, int64 (K, K).

    Raises:
        ValueError, TypeError: it is none.
    """
    if [len(row) for row in rows] != [classes] * classes or not all(is_count(count) for row in rows for count in row):
        raise ValueError("confusion")
    return np.array(rows, dtype=np.int64).reshape(classes, classes)


def measured_on(stored: Mapping[str, Any]) -> Measured:
    """The most honest of the numbers that a run's ``metrics.json`` keeps."""
    return "test" if "test" in stored else "folds" if "folds" in stored else "validation"


def measure(predictions: Predictions) -> Metrics:
    """The numbers of predictions whose truth is known; pictures of unknown class are passed over.

    Raises:
        ValueError: no picture has a known class.
    """
    labelled = predictions.labels >= 0
    labels, answers = predictions.labels[labelled], predictions.predicted[labelled]
    if not len(labels):
        raise ValueError("no picture has a known class")
    confusion = confusion_matrix(labels, answers, len(predictions.classes))
    precision, recall, f1 = scores(confusion)
    macro_precision, macro_recall, macro_f1 = macro(confusion)
    support = confusion.sum(axis=1)
    return Metrics(
        accuracy=wilson(int((labels == answers).sum()), len(labels)),
        loss=cross_entropy(predictions.probabilities[labelled], labels),
        macro_f1=macro_f1,
        macro_precision=macro_precision,
        macro_recall=macro_recall,
        majority=float(support.max() / support.sum()),
        by_class=tuple(
            ClassMetrics(key, float(precision[k]), float(recall[k]), float(f1[k]), int(support[k]))
            for k, key in enumerate(predictions.classes)
        ),
        confusion=confusion,
    )


def confusion_matrix(labels: NDArray[np.int64], answers: NDArray[np.int64], classes: int) -> NDArray[np.int64]:
    """Counts, int64 (K, K): rows the truth, columns the answer."""
    return np.bincount(labels * classes + answers, minlength=classes * classes).reshape(classes, classes)


def scores(confusion: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Precision, recall and F1 by class, each float64 (K,), 0 where there is nothing to divide by (scikit-learn does so)."""
    hits = np.diag(confusion).astype(np.float64)
    answered, true = confusion.sum(axis=0), confusion.sum(axis=1)
    precision = np.divide(hits, answered, out=np.zeros_like(hits), where=answered > 0)
    recall = np.divide(hits, true, out=np.zeros_like(hits), where=true > 0)
    f1 = np.divide(2 * hits, answered + true, out=np.zeros_like(hits), where=answered + true > 0)
    return precision, recall, f1


def macro(confusion: NDArray[np.int64]) -> tuple[float, float, float]:
    """Plain means of precision, recall and F1 over the classes that occur, in truth or answers (scikit-learn's default)."""
    occurs = confusion.sum(axis=0) + confusion.sum(axis=1) > 0
    precision, recall, f1 = (float(by_class[occurs].mean()) for by_class in scores(confusion))
    return precision, recall, f1


def wilson(right: int, n: int) -> Interval:
    """A share and its 95% score interval (Wilson 1927), which stays honest for few pictures and near 0 and 1."""
    share = right / n
    centre = (share + _Z95**2 / (2 * n)) / (1 + _Z95**2 / n)
    half = _Z95 * math.sqrt(share * (1 - share) / n + _Z95**2 / (4 * n * n)) / (1 + _Z95**2 / n)
    return Interval(share, max(0.0, centre - half), min(1.0, centre + half), n)


def cross_entropy(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean negative log of the truth's probability, floored at 1e-7."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return max(0.0, float(-np.log(np.clip(chosen, 1e-7, 1)).mean()))
