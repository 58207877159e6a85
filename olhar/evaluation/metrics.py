"""What predictions are worth, as numbers that are kept and shown: in ``metrics.json``, as CSV, in a notebook."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded
from olhar.base.html import paragraph, table
from olhar.base.parsing import Count, Share, checked, is_count
from olhar.base.texts import number, percent, say
from olhar.evaluation.averages import ClassAverage
from olhar.evaluation.calibration import Calibration
from olhar.evaluation.intervals import Interval
from olhar.evaluation.ranking import TopK

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
    macro: ClassAverage | None = None
    weighted: ClassAverage | None = None
    balanced_accuracy: Share | None = None
    top: tuple[TopK, ...] = ()
    calibration: Calibration | None = None

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps."""
        return asdict(self) | {"confusion": self.confusion.tolist()}

    def to_csv(self) -> str:
        """A row a class, then ``accuracy``, ``macro avg`` and ``weighted avg``: fractions of 1, each with its interval's bounds.

        A cell that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n")
        columns = [f"{name}{end}" for name in ("precision", "recall", "f1") for end in ("", "_low", "_high")]
        writer.writerow(["class", *columns, "support"])
        for one in self.by_class:
            intervals = (one.precision_interval, one.recall_interval, one.f1_interval)
            values = zip((one.precision, one.recall, one.f1), intervals, strict=True)
            writer.writerow([guarded(one.key), *(cell for pair in values for cell in _cells(*pair)), one.support])
        n, accuracy = self.accuracy.n, _cells(self.accuracy.value, self.accuracy)
        writer.writerow(["accuracy", *[""] * 6, *accuracy, n])
        for name, mean in (("macro avg", self.macro), ("weighted avg", self.weighted)):
            if mean is not None:
                each = (mean.precision, mean.recall, mean.f1)
                writer.writerow([name, *(cell for one in each for cell in _cells(one.value, one)), n])
        return out.getvalue()

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


def _cells(value: float, interval: Interval | None) -> list[str]:
    """A share and its bounds."""
    bounds = (interval.low, interval.high) if interval is not None else ()
    return [f"{share:.6f}" for share in (value, *bounds)] + [""] * (2 - len(bounds))


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


def _later(read: Mapping[str, Any]) -> dict[str, Any]:
    """What the first versions did not keep, where it is there."""
    found: dict[str, Any] = {"balanced_accuracy": read.get("balanced_accuracy")}
    found |= {name: ClassAverage.from_dict(read[name]) for name in ("macro", "weighted") if read.get(name)}
    found["top"] = tuple(TopK(one["k"], Interval(**one["accuracy"])) for one in read.get("top", ()))
    return found | ({"calibration": Calibration.from_dict(read["calibration"])} if read.get("calibration") else {})
