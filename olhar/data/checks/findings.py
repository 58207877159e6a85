"""Finding: what one check says of the data: an outcome, its numbers, and the pictures that it is about."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from olhar.base.texts import Sentence

CheckOutcome = Literal["issue", "tip", "passed", "not_applicable", "skipped", "ignored"]
"""``issue`` costs accuracy or honesty, ``tip`` is worth a look, ``skipped`` could not be done (its values say why), ``ignored``
was asked to be left out."""


@dataclass(frozen=True)
class Case:
    """Pictures that belong to one finding together: one suspect alone, or copies side by side.

    Attributes:
        rows: rows of the dataset.
        label: the class that the check would give the first of them; -1 where it has no opinion.
        score: how sure the check is, larger is surer; within one finding only.
        values: what is to be said of this case, by name.
    """

    rows: tuple[int, ...]
    label: int = -1
    score: float = 0.0
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True)
class Finding:
    """The outcome of one check.

    Its sentences are ``check.CODE.title``, ``.found`` (with ``values``), ``.means`` and ``.do``, with CODE in lower case.

    Attributes:
        code: ``CHK001`` and so on, the same in every language.
        outcome: see ``CheckOutcome``.
        values: the numbers of its sentence.
        cases: the pictures, worst first.
    """

    code: str
    outcome: CheckOutcome
    values: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cases: tuple[Case, ...] = ()

    @property
    def found(self) -> Sentence:
        """One line for a person: what was found."""
        return Sentence(f"check.{self.code.lower()}.found", dict(self.values))
