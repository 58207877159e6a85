"""Comparison: two or more models, or recipes by their seeds, on the same pictures; who is better, by how much, and on which."""

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded
from olhar.base.html import paragraph, table
from olhar.base.texts import Sentence, percent, say
from olhar.evaluation.compare.pair_comparison import Compared, Contender, PairComparison
from olhar.evaluation.compare.paired import Difference, points
from olhar.evaluation.compare.verdicts import verdict

JudgedBy = Literal["test", "folds", "both", "data"]
"""Where the answers come from: the runs' test parts, their folds, either of them, or pictures that were given."""


@dataclass(frozen=True, eq=False, repr=False)
class Comparison:
    """Two or more contenders on the same N pictures.

    Attributes:
        compared: ``models`` or ``recipes``.
        judged: where the answers come from.
        contenders: in the order in which they were given.
        pairs: those that were asked for: each with the first, or with the best.
        tests: how many pairs Holm's correction counts.
        classes: the keys of the classes.
        pictures: the name of each picture.
        labels: int64 (N,), an index into ``classes``.
        answers: int64 (C, N), the commonest answer of each contender.
        rights: float64 (C, N), the share of its seeds that are right.
        confidences: float32 (C, N), the mean probability of that answer.
        left_out: why pictures were left out -> how many.
        notes: what else a person should know, a sentence each.
        shown: the names to show in place of the classes' keys.
    """

    compared: Compared
    judged: JudgedBy
    contenders: tuple[Contender, ...]
    pairs: tuple[PairComparison, ...]
    tests: int
    classes: tuple[str, ...]
    pictures: Sequence[str]
    labels: NDArray[np.int64]
    answers: NDArray[np.int64]
    rights: NDArray[np.float64]
    confidences: NDArray[np.float32]
    left_out: Mapping[str, int] = field(default_factory=dict[str, int])
    notes: tuple[Sentence, ...] = ()
    shown: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    def name_of(self, key: str) -> str:
        """The name to show for a class."""
        return self.shown[self.classes.index(key)] if self.shown else key

    @property
    def differing(self) -> NDArray[np.int64]:
        """int64 (D,): pictures that not all answer alike; first those where the shares of right seeds lie farthest apart."""
        rows = np.flatnonzero((self.answers != self.answers[0]).any(axis=0))
        apart = np.ptp(self.rights[:, rows], axis=0)
        return rows[np.lexsort((-self.confidences[:, rows].max(axis=0), -apart))]

    def verdicts(self) -> list[str]:
        """A line a pair: who is better by how many points, or what would tell."""
        return [str(verdict(self.contenders, pair)) for pair in self.pairs]

    def to_csv(self) -> str:
        """The pictures that are answered differently: ``picture,label``, then a contender ``answer:``, ``right:`` and
        ``confidence:``; ``right`` is the share of its seeds.

        A cell that a spreadsheet would take for a formula gets an apostrophe in front.
        """
        out = io.StringIO(newline="")
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL)  # the csv module forgets to quote returns
        columns = [f"{what}:{one.name}" for one in self.contenders for what in ("answer", "right", "confidence")]
        writer.writerow(["picture", "label", *columns])
        rows: list[int] = self.differing.tolist()
        for row in rows:
            cells = [guarded(self.pictures[row]), guarded(self.classes[int(self.labels[row])])]
            for one in self._answers_to(row):
                cells += [guarded(one["answer"]), f"{one['right']:.6g}", f"{one['confidence']:.6f}"]
            writer.writerow(cells)
        return out.getvalue()

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``; differences are shares of 1."""
        differing = [
            {"picture": self.pictures[row], "label": self.classes[self.labels[row]], "answers": self._answers_to(row)}
            for row in self.differing.tolist()
        ]
        return {
            "compared": self.compared,
            "judged": self.judged,
            "pictures": len(self),
            "left_out": dict(self.left_out),
            "contenders": [
                {"name": one.name, "places": list(one.places), "accuracy": one.accuracy, "spread": one.spread}
                for one in self.contenders
            ],
            "tests": self.tests,
            "pairs": [self._pair_to_dict(pair, words) for pair, words in zip(self.pairs, self.verdicts(), strict=True)],
            "differing": differing,
            "notes": [str(note) for note in self.notes],
        }

    def _answers_to(self, row: int) -> list[dict[str, Any]]:
        rows = zip(self.contenders, self.answers[:, row], self.rights[:, row], self.confidences[:, row], strict=True)
        return [
            {"name": one.name, "answer": self.classes[answer], "right": float(right), "confidence": round(float(sure), 6)}
            for one, answer, right, sure in rows
        ]

    def _pair_to_dict(self, pair: PairComparison, words: str) -> dict[str, Any]:
        names = {"first": self.contenders[pair.first].name, "second": self.contenders[pair.second].name}
        better = None if pair.better is None else self.contenders[pair.better].name
        classes = [
            {"class": one.key, "n": one.n, "first": one.first, "second": one.second, "p": one.p} | _ends(one.difference)
            for one in pair.by_class
        ]
        told = {"better": better, "verdict": words, "p": pair.p, **_ends(pair.difference), "groups": pair.difference.groups}
        only = {"only_first": pair.only_first, "only_second": pair.only_second}
        return names | told | only | {"wanted": asdict(pair.wanted) if pair.wanted else None, "by_class": classes}

    def __repr__(self) -> str:
        return "\n".join(self.verdicts())

    def _repr_html_(self) -> str:
        heads = [say(f"compare.{column}") for column in ("name", "right", "difference", "interval")]
        beside = {pair.second: pair.difference for pair in self.pairs}
        rows = [
            (one.name, percent(one.accuracy), points(beside[at].value), beside[at].bounds)
            if at in beside
            else (one.name, percent(one.accuracy), "", "")
            for at, one in enumerate(self.contenders)
        ]
        return "".join(map(paragraph, self.verdicts())) + table(heads, rows, numbers=(1, 2))


def _ends(difference: Difference) -> dict[str, float]:
    return {"difference": difference.value, "low": difference.low, "high": difference.high}
