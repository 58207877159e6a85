"""Predictions: what a model said of many pictures, and the CSV form of it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TextIO

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded, unguarded
from olhar.base.class_sets import in_sets
from olhar.base.errors import DataError
from olhar.base.parsing import parsing


@dataclass(frozen=True)
class Predictions:
    """What a model said of N pictures.

    Attributes:
        pictures: the name of each picture.
        classes: the keys of the K classes.
        labels: int64 (N,), the truth as an index into ``classes``; -1 where unknown.
        probabilities: float32 (N, K).
        threshold: the least confidence of an answer; below it the model says that it does not know.
        unlikeness: float32 (N,), above 1 where a picture is unlike any that taught; None: the model does not tell.
        sets_from: the least probability of a class in the set beside an answer; None: the model makes no sets.
    """

    pictures: Sequence[str]
    classes: tuple[str, ...]
    labels: NDArray[np.int64]
    probabilities: NDArray[np.float32]
    threshold: float = 0.0
    unlikeness: NDArray[np.float32] | None = None
    sets_from: float | None = None

    def __len__(self) -> int:
        return len(self.pictures)

    @property
    def predicted(self) -> NDArray[np.int64]:
        """int64 (N,): the likeliest class of each picture."""
        return self.probabilities.argmax(axis=1)

    @property
    def confidence(self) -> NDArray[np.float32]:
        """float32 (N,): the probability of the likeliest class."""
        return self.probabilities.max(axis=1)

    @property
    def answered(self) -> NDArray[np.bool_]:
        """bool (N,): whether the model answers: it withholds nothing, or is sure enough, and has seen the like."""
        if not self.threshold:
            return np.ones(len(self), np.bool_)
        return (self.confidence >= np.float32(self.threshold)) & ~self.unlike

    @property
    def unlike(self) -> NDArray[np.bool_]:
        """bool (N,): whether a picture is unlike any that taught; False where the model does not tell."""
        return np.zeros(len(self), np.bool_) if self.unlikeness is None else self.unlikeness > 1

    @property
    def why(self) -> list[str]:
        """What is doubted of each: ``unlike``, ``unsure`` (below the threshold), or nothing."""
        sure = self.confidence >= np.float32(self.threshold)
        return ["unlike" if unlike else "" if one else "unsure" for unlike, one in zip(self.unlike, sure, strict=True)]

    @property
    def sets(self) -> list[tuple[str, ...]]:
        """The keys of the classes in the set of each, likeliest first; none where the model makes no sets."""
        if self.sets_from is None:
            return [()] * len(self)
        order = np.argsort(-self.probabilities, axis=1, kind="stable")
        inside = in_sets(self.probabilities, self.sets_from)
        return [
            tuple(self.classes[k] for k in ranked if own[k]) for ranked, own in zip(order.tolist(), inside.tolist(), strict=True)
        ]

    def some(self, chosen: slice) -> "Predictions":
        """Those of some pictures."""
        return self.only(np.arange(len(self))[chosen])

    def only(self, rows: NDArray[np.int64]) -> "Predictions":
        """Some of them, in the order of ``rows``."""
        return replace(
            self,
            pictures=[self.pictures[row] for row in rows.tolist()],
            labels=self.labels[rows],
            probabilities=self.probabilities[rows],
            unlikeness=None if self.unlikeness is None else self.unlikeness[rows],
        )

    def to_csv(self, truth: bool = True, unreadable: Sequence[tuple[str, str]] = ()) -> str:
        """``picture,label,predicted,confidence``, one ``p:CLASS`` column a class, ``answer,why``; no ``label`` without ``truth``.

        Where the model makes sets, ``set`` comes next: the classes in it, with ``|`` between them (``joined``). Where a picture
        could not be read, ``error`` is the last column; its row comes at the end and holds its name and why.

        ``predicted`` is the likeliest class; ``answer`` is that class, or empty where the model says that it does not know;
        ``why`` says what it doubts: ``unsure``, ``unlike``, or nothing.
        Cells are ``guarded``: one that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        out = io.StringIO(newline="")
        self.write_csv(out, truth, unreadable)
        return out.getvalue()

    def write_csv(self, out: TextIO, truth: bool = True, unreadable: Sequence[tuple[str, str]] = ()) -> None:
        """The same, row by row into a file that is open."""
        texts = (*self.pictures, *self.classes, *(text for pair in unreadable for text in pair))
        returns = any("\r" in text for text in texts)  # which the csv module forgets to quote
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL)
        start = ["picture", "label", "predicted", "confidence"] if truth else ["picture", "predicted", "confidence"]
        own = [] if self.sets_from is None else ["set"]
        head = [*start, *(guarded(f"p:{name}") for name in self.classes), "answer", "why", *own]
        cells = [[guarded(joined(keys))] for keys in self.sets] if own else [list[str]()] * len(self)
        well = [""] if unreadable else []
        writer.writerow([*head, *(["error"] if unreadable else [])])
        writer.writerows([*row, *cell, *well] for row, cell in zip(self._rows(truth), cells, strict=True))
        writer.writerows([guarded(name), *[""] * (len(head) - 1), guarded(why)] for name, why in unreadable)

    def _rows(self, truth: bool) -> Iterator[list[str]]:
        told = zip(self.pictures, self.labels, self.predicted, self.answered, self.why, strict=True)
        for i, (picture, label, best, answered, why) in enumerate(told):
            label_cell = [guarded(self.classes[label]) if label >= 0 else ""] if truth else []
            shares = [f"{share:.6f}" for share in self.probabilities[i]]
            answer = guarded(self.classes[best]) if answered else ""
            yield [guarded(picture), *label_cell, guarded(self.classes[best]), shares[best], *shares, answer, why]

    @classmethod
    def from_csv(cls, text: str, where: str) -> "Predictions":
        """Read what ``to_csv`` wrote.

        Raises:
            DataError: not such a file; ``where`` names it.
        """
        with parsing(DataError("evaluation.not_predictions", where=where)):
            rows = list(csv.reader(io.StringIO(text, newline="")))
            head = rows[0].index("confidence") + 1
            end = rows[0].index("answer") if "answer" in rows[0] else len(rows[0])
            rows = [rows[0], *(row for row in rows[1:] if row[head - 1])]  # those that could be read
            classes = tuple(unguarded(name).removeprefix("p:") for name in rows[0][head:end])
            column = rows[0].index("label") if "label" in rows[0] else None
            labels = [_label(row[column], classes) if column is not None else -1 for row in rows[1:]]
            with np.errstate(over="ignore"):  # what is beyond float32 is not finite there
                shares = np.array([row[head:end] for row in rows[1:]], dtype=np.float32).reshape(-1, len(classes))
            if not np.isfinite(shares).all():
                raise ValueError(where)
            return cls([unguarded(row[0]) for row in rows[1:]], classes, np.array(labels, dtype=np.int64), shares)

    @classmethod
    def join(
        cls,
        pictures: Sequence[str],
        classes: tuple[str, ...],
        labels: NDArray[np.int64],
        rows: Iterable[NDArray[np.float32]],
        threshold: float = 0.0,
        unlikeness: Sequence[float] | None = None,
        *,
        sets_from: float | None = None,
    ) -> "Predictions":
        """Predictions from one row of probabilities a picture, and its unlikeness where the model tells."""
        shares = list(rows)
        table = np.stack(shares) if shares else np.zeros((0, len(classes)), np.float32)
        strange = None if unlikeness is None else np.array(unlikeness, np.float32)
        return cls(pictures, classes, labels, table, threshold, strange, sets_from)


def joined(keys: Iterable[str]) -> str:
    """Classes in one cell: ``cat|dog``; a ``|`` or a backslash in a name has a backslash in front."""
    return "|".join(key.replace("\\", "\\\\").replace("|", "\\|") for key in keys)


def _label(text: str, classes: tuple[str, ...]) -> int:
    return classes.index(unguarded(text)) if text else -1
