"""Check: one small question about the data. Each has a code, a severity, and a function from the evidence to a finding."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.signature import Fit
from olhar.base.texts import Sentence
from olhar.data.checks.findings import Case, Finding
from olhar.data.checks.survey import Survey
from olhar.data.copies.groups import connected_groups
from olhar.data.dataset import Dataset

Severity = Literal["issue", "tip"]
MOST_CASES = 1000
"""No finding carries more cases than this; its numbers count all of them."""


@dataclass(frozen=True)
class Evidence:
    """What the quick checks look at.

    Attributes:
        dataset: the pictures, N of them.
        survey: what one pass gathered of the M that can be read.
        fit: how pictures will be brought to the network's shape.
        size: side of the network's picture; 0 where it is not known.
        mirrored: whether a mirrored picture counts as a copy.
    """

    dataset: Dataset
    survey: Survey
    fit: Fit = "stretch"
    size: int = 0
    mirrored: bool = True

    @cached_property
    def labels(self) -> NDArray[np.int64]:
        """int64 (M,): the class of each readable picture."""
        return self.dataset.labels[self.survey.rows]

    @cached_property
    def parts(self) -> NDArray[np.str_]:
        """(M,): the part that the data brings for each, or ``""``."""
        return np.array(self.dataset.brought, dtype=np.str_)[self.survey.rows]

    @cached_property
    def groups(self) -> NDArray[np.int64]:
        """int64 (M,): the first picture of each one's group of exact and near copies."""
        content, near = self.survey.content, self.survey.near
        pairs = near.pairs if self.mirrored else near.pairs[~near.mirrored]
        return connected_groups(len(content), np.stack([content, np.arange(len(content))], axis=1), pairs)

    def name(self, row: int) -> str:
        """The name of one readable picture."""
        return self.dataset.where[int(self.survey.rows[row])]

    def row(self, row: int) -> int:
        """The dataset's row of one readable picture."""
        return int(self.survey.rows[row])

    def case(self, *rows: int, score: float = 0.0, **values: Any) -> Case:
        """Some readable pictures as a case."""
        return Case(tuple(map(self.row, rows)), score=score, values=values)

    def single_cases(self, rows: Sequence[int] | NDArray[np.int64]) -> tuple[Case, ...]:
        """A case for each of some readable pictures."""
        return tuple(self.case(int(row)) for row in rows[:MOST_CASES])


@dataclass(frozen=True)
class Check:
    """One question.

    Its sentences are ``check.CODE.title``, ``.found``, ``.means`` and ``.do``, with CODE in lower case.

    Attributes:
        code: ``CHK001`` and so on.
        severity: what the finding is where there is one.
        ask: what the evidence says: an Observation, or None where all is well.
    """

    code: str
    severity: Severity
    ask: Callable[[Evidence], "Observation | NotApplicable | None"]

    def __call__(self, evidence: Evidence) -> Finding:
        """Ask it."""
        answer = self.ask(evidence)
        if answer is None:
            return Finding(self.code, "passed")
        if isinstance(answer, NotApplicable):
            return Finding(self.code, "not_applicable", {"reason": Sentence(answer.reason)})
        return Finding(self.code, answer.severity or self.severity, answer.values, answer.cases)


@dataclass(frozen=True)
class Observation:
    """What a check found: the numbers of its sentence, the pictures, and a severity that is not the check's own."""

    values: dict[str, Any]
    cases: tuple[Case, ...] = ()
    severity: Severity | None = None


@dataclass(frozen=True)
class NotApplicable:
    """The question has no meaning for this data: the key of the sentence that says why."""

    reason: str
