"""What predictions are worth: accuracy, precision, recall, F1 and their means, each with its interval; loss and calibration."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.html import paragraph, table
from olhar.base.parsing import Count, Share, checked, is_count
from olhar.base.texts import number, percent, say
from olhar.evaluation.averages import Average, averages
from olhar.evaluation.calibration import Calibration, calibration
from olhar.evaluation.confusion import confusion_matrix, scores
from olhar.evaluation.intervals import Interval, f1_interval, share_of
from olhar.evaluation.predictions import Predictions
from olhar.evaluation.ranking import TopK, one_against_rest, top_k

Measured = Literal["test", "folds", "validation"]
"""What a run's number was measured on; by folds, each picture by a model that did not learn from it."""

VERSION = 1


@dataclass(frozen=True)
class ClassMetrics:
    """Numbers of one class; ``support`` is how many pictures are truly of it.

    Attributes:
        precision_interval, recall_interval, f1_interval: how sure each is; None where no picture was there to measure by.
        auc, average_precision: of its probability as an order, against the rest; None where all pictures are of it, or none.
    """

    key: str
    precision: Share
    recall: Share
    f1: Share
    support: Count
    precision_interval: Interval | None = None
    recall_interval: Interval | None = None
    f1_interval: Interval | None = None
    auc: Share | None = None
    average_precision: Share | None = None

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "ClassMetrics":
        """What ``dataclasses.asdict`` gave; of the first versions, without intervals.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        intervals: dict[str, Any] = {name: Interval(**stored[name]) for name in _INTERVALS if stored.get(name) is not None}
        return cls(**(dict(stored) | intervals))


_INTERVALS = ("precision_interval", "recall_interval", "f1_interval")


@dataclass(frozen=True, repr=False)
class Metrics:
    """Numbers of one set of predictions.

    Attributes:
        accuracy: share of right answers with its interval: Wilson's, of groups where pictures come in groups.
        loss: mean cross-entropy, natural logarithm, probabilities floored at 1e-7 (Keras's ``evaluate`` does so).
        macro_f1, macro_precision, macro_recall: plain means over the classes that occur, in truth or answers.
        majority: the accuracy of always answering the commonest class.
        by_class: in the order of the classes.
        confusion: int64 (K, K), rows the truth, columns the answer.
        macro, weighted: means over the classes that occur, and by support, with intervals; None of a run of the first versions.
        balanced_accuracy: mean recall over the classes that are true; None of such a run.
        top: how often the truth is among the first k; empty with few classes.
        calibration: whether confidence is accuracy; None of such a run.
    """

    accuracy: Interval
    loss: float
    macro_f1: Share
    macro_precision: Share
    macro_recall: Share
    majority: Share
    by_class: tuple[ClassMetrics, ...]
    confusion: NDArray[np.int64]
    macro: Average | None = None
    weighted: Average | None = None
    balanced_accuracy: Share | None = None
    top: tuple[TopK, ...] = ()
    calibration: Calibration | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps."""
        return asdict(self) | {"confusion": self.confusion.tolist()}

    @classmethod
    def from_dict(cls, read: dict[str, Any]) -> "Metrics":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError: it is damaged.
        """
        by_class = tuple(ClassMetrics.from_dict(numbers) for numbers in read["by_class"])
        plain = {key: read[key] for key in ("loss", "macro_f1", "macro_precision", "macro_recall", "majority")}
        confusion = _square(read["confusion"], len(by_class))
        return checked(cls(Interval(**read["accuracy"]), by_class=by_class, confusion=confusion, **plain, **_later(read)))

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


@dataclass(frozen=True)
class _Judged:
    """Answers to N pictures whose truth is known."""

    probabilities: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    design: float

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        return self.probabilities.argmax(axis=1)

    def share(self, hits: NDArray[np.bool_], among: NDArray[np.bool_]) -> Interval | None:
        """How many of some pictures are hits, with its interval."""
        return share_of(hits, among, self.groups, self.design)


def measure(predictions: Predictions, groups: NDArray[np.int64] | None = None, design: float = 1.0) -> Metrics:
    """The numbers of predictions whose truth is known; pictures of unknown class are passed over.

    Args:
        predictions: of N pictures.
        groups: int64 (N,), pictures of one number belong together (one patient, one video, copies); None: each stands for itself.
        design: so many answers say as much as one, where models that share their pictures gave them.

    Raises:
        ValueError: no picture has a known class.
    """
    known = predictions.labels >= 0
    if not known.any():
        raise ValueError("no picture has a known class")
    judged = _Judged(
        predictions.probabilities[known], predictions.labels[known], groups[known] if groups is not None else None, design
    )
    confusion = confusion_matrix(judged.labels, judged.answers, len(predictions.classes))
    accuracy = judged.share(judged.labels == judged.answers, np.ones(len(judged.labels), bool))
    assert accuracy is not None
    macro_average, weighted_average = averages(confusion, accuracy)
    support = confusion.sum(axis=1)
    return Metrics(
        accuracy=accuracy,
        loss=cross_entropy(judged.probabilities, judged.labels),
        macro_f1=macro_average.f1.value,
        macro_precision=macro_average.precision.value,
        macro_recall=macro_average.recall.value,
        majority=float(support.max() / support.sum()),
        by_class=tuple(_of_class(key, k, judged) for k, key in enumerate(predictions.classes)),
        confusion=confusion,
        macro=macro_average,
        weighted=weighted_average,
        balanced_accuracy=float(scores(confusion)[1][support > 0].mean()),
        top=top_k(judged.probabilities, judged.labels, judged.groups, design),
        calibration=calibration(judged.probabilities, judged.labels),
    )


def _of_class(key: str, k: int, judged: _Judged) -> ClassMetrics:
    """Precision, recall and F1 are 0 where there is nothing to divide by, as scikit-learn has them."""
    true, answered = judged.labels == k, judged.answers == k
    curve = one_against_rest(judged.probabilities[:, k], true)
    precision, recall, jaccard = (judged.share(true & answered, among) for among in (answered, true, true | answered))
    f1 = f1_interval(jaccard) if jaccard is not None else None
    return ClassMetrics(
        key,
        precision.value if precision is not None else 0.0,
        recall.value if recall is not None else 0.0,
        f1.value if f1 is not None else 0.0,
        int(true.sum()),
        precision,
        recall,
        f1,
        min(1.0, curve.auc) if curve is not None else None,
        min(1.0, curve.average_precision) if curve is not None else None,
    )


def _later(read: Mapping[str, Any]) -> dict[str, Any]:
    """What the first versions did not keep, where it is there."""
    found: dict[str, Any] = {"balanced_accuracy": read.get("balanced_accuracy")}
    found |= {name: Average.from_dict(read[name]) for name in ("macro", "weighted") if read.get(name)}
    found["top"] = tuple(TopK(one["k"], Interval(**one["accuracy"])) for one in read.get("top", ()))
    return found | ({"calibration": Calibration.from_dict(read["calibration"])} if read.get("calibration") else {})


def cross_entropy(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean negative log of the truth's probability, floored at 1e-7."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return max(0.0, float(-np.log(np.clip(chosen, 1e-7, 1)).mean()))
