"""Audit: all checks of a dataset, run on what one pass gathered."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from olhar.base.errors import UsageError
from olhar.base.html import paragraph, table
from olhar.base.texts import has_sentence, say
from olhar.data.checks import classes as checks_classes
from olhar.data.checks import copies as checks_copies
from olhar.data.checks import files as checks_files
from olhar.data.checks import image_quality as checks_image_quality
from olhar.data.checks import telling_colour as checks_telling_colour
from olhar.data.checks.check import Check, Evidence
from olhar.data.checks.findings import CheckOutcome, Finding
from olhar.data.dataset import Dataset

CHECKS: tuple[Check, ...] = (
    *checks_files.CHECKS,
    *checks_image_quality.CHECKS,
    *checks_copies.CHECKS,
    *checks_classes.CHECKS,
    *checks_telling_colour.CHECKS,
)
"""The quick checks, in the order of their codes."""

BY_FEATURES = ("CHK026", "CHK051", "CHK052", "CHK054")
"""The checks that look at what a published body says: one thing again, suspect labels, borders, pictures of no class.
``studies.by_features`` makes them."""

DEEP = ("CHK051", "CHK052", "CHK053")
"""The checks to which networks that learn from nothing may add: suspect labels, borders, a coarse version."""

OF_ALL = frozenset({"CHK003", "CHK005", "CHK006", "CHK007", "CHK025", "CHK026", "CHK034", "CHK052", "CHK053"})
"""Findings about the pictures together: what to do is told once for all, and to drop one of them mends nothing."""

_ORDER: tuple[CheckOutcome, ...] = ("issue", "tip", "passed", "not_applicable", "skipped", "ignored")


@dataclass(frozen=True, repr=False)
class Audit:
    """What is wrong with some pictures, found before training.

    Attributes:
        dataset: the pictures.
        findings: the outcome of each check, in the order of their codes.
        evidence: what the quick checks looked at.
    """

    dataset: Dataset
    findings: tuple[Finding, ...]
    evidence: Evidence

    def of(self, outcome: CheckOutcome) -> tuple[Finding, ...]:
        """The findings of one outcome."""
        return tuple(finding for finding in self.findings if finding.outcome == outcome)

    @property
    def issues(self) -> tuple[Finding, ...]:
        """What costs accuracy or honesty."""
        return self.of("issue")

    @property
    def tips(self) -> tuple[Finding, ...]:
        """What is worth a look."""
        return self.of("tip")

    @property
    def to_decide(self) -> bool:
        """Whether something was found that is mended picture by picture, on the page."""
        none = {*OF_ALL, "CHK001"}
        return any(finding.cases and finding.code not in none for finding in (*self.issues, *self.tips))

    def plus(self, *findings: Finding) -> "Audit":
        """The same with further findings, in place of earlier ones of the same code."""
        by_code = {finding.code: finding for finding in (*self.findings, *findings)}
        return replace(self, findings=tuple(by_code[code] for code in sorted(by_code)))

    def sorted(self) -> list[Finding]:
        """Issues first, then tips, then the rest; by code within each."""
        return sorted(self.findings, key=lambda finding: (_ORDER.index(finding.outcome), finding.code))

    def to_dict(self) -> dict[str, Any]:
        """The form that JSON keeps: the sentences in the language in use."""
        return {
            "data": self.dataset.origin,
            "pictures": len(self.dataset),
            "read_as": self.dataset.read_as.to_dict(),
            "compared": self.evidence.survey.near.compared,
            "findings": [self._finding(finding) for finding in self.findings],
        }

    def _finding(self, finding: Finding) -> dict[str, Any]:
        entry: dict[str, Any] = {"code": finding.code, "outcome": finding.outcome, "title": title(finding)}
        if finding.outcome in ("issue", "tip"):
            entry |= {"found": str(finding.found), "means": sentence_of(finding, "means"), "do": sentence_of(finding, "do")}
            entry |= {"values": {name: _plain(value) for name, value in finding.values.items()}}
            entry["cases"] = [
                {
                    "pictures": [self.dataset.where[row] for row in case.rows],
                    **({"label": self.dataset.classes[case.label]} if case.label >= 0 else {}),
                    **{name: _plain(value) for name, value in case.values.items()},
                }
                for case in finding.cases
            ]
        elif text := remark(finding):
            entry["reason" if "reason" in finding.values else "found"] = text
        return entry

    def __str__(self) -> str:
        lines = [summary(self)]
        lines += (
            f"{finding.code} {title(finding)}: {finding.found}"
            for finding in self.sorted()
            if finding.outcome in ("issue", "tip")
        )
        return "\n".join(lines)

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        heads = [say(f"check.column_{column}") for column in ("outcome", "check", "found")]
        rows = [
            (
                say(f"check.outcome.{finding.outcome}"),
                title(finding),
                str(finding.found) if finding.outcome in ("issue", "tip") else "",
            )
            for finding in self.sorted()
        ]
        return paragraph(summary(self)) + table(heads, rows)


def audit(evidence: Evidence, ignore: Collection[str] = ()) -> Audit:
    """Run the quick checks.

    Args:
        evidence: the pictures and what one pass gathered of them.
        ignore: codes of checks to leave out.

    Raises:
        UsageError: no such check.
    """
    codes = {check.code for check in CHECKS} | {*BY_FEATURES, *DEEP}
    if unknown := [code for code in ignore if code.upper() not in codes]:
        raise UsageError("check.no_such_check", found=unknown[0], known=", ".join(sorted(codes)))
    left_out = {code.upper() for code in ignore}
    findings = [Finding(check.code, "ignored") if check.code in left_out else check(evidence) for check in CHECKS]
    return Audit(evidence.dataset, tuple(findings), evidence)


def title(finding: Finding) -> str:
    """What a check is about, in a few words."""
    return sentence_of(finding, "title")


def sentence_of(finding: Finding, kind: str, page: str = " (--page F.html)") -> str:
    """One of a check's sentences: ``title``, ``means`` or ``do``; ``page`` says which page, or how one is got."""
    return say(f"check.{finding.code.lower()}.{kind}", **{"page": page, **finding.values})


def remark(finding: Finding) -> str:
    """What a check that found nothing remarks: its numbers, or why it was not made; often nothing."""
    if "reason" in finding.values:
        return str(finding.values["reason"])
    key = f"check.{finding.code.lower()}.passed"
    return say(key, **finding.values) if finding.outcome == "passed" and finding.values and has_sentence(key) else ""


def summary(audit: Audit) -> str:
    """One line: how many pictures, and what the checks came to."""
    return say(
        "check.summary",
        origin=audit.dataset.origin,
        n=len(audit.dataset),
        checks=len(audit.findings),
        issues=len(audit.issues),
        tips=len(audit.tips),
    )


def _plain(value: Any) -> Any:
    return value if isinstance(value, (bool, int, float)) else str(value)
