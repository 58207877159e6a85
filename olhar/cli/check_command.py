"""What ``olhar check`` takes and prints: what was found, what to do about it, and what was looked for."""

from collections.abc import Sequence
from typing import Any

import click
from rich.padding import Padding
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import say, typed, visible
from olhar.cli.flags import decimal, option
from olhar.cli.printing import console, print_json, print_next
from olhar.data.checks.audit import DEEP, Audit, remark, sentence_of, summary, title
from olhar.data.checks.findings import Finding

_NAMES = 3
_MARKS = {"issue": ("!", "red"), "tip": ("-", "yellow")}


def flags() -> list[click.Parameter]:
    """The flags of ``check``."""
    return [
        option("--deep", is_flag=True),
        option("--minutes", type=decimal, default=0.0, metavar="X", help=say("cli.flag.check_minutes")),
        option("--page", metavar="F.html"),
        option("--keep", metavar="F.csv"),
        option("--write-keep", metavar="F.csv"),
        option("--strict", is_flag=True),
        option("--fit", metavar="stretch|crop|pad", default="stretch", help=say("cli.flag.check_fit")),
        option("--size", type=int, default=0, metavar="N", help=say("cli.flag.check_size")),
        option("--ignore", multiple=True, metavar="CHK012"),
    ]


def run(data: str, strict: bool, as_json: bool, **wanted: Any) -> int:
    """Check DATA and print what was found; 1 where ``strict`` and something is to be mended.

    Raises:
        UsageError: minutes without what takes them.
    """
    if wanted["minutes"] and not wanted["deep"]:
        raise UsageError("cli.only_with", flag="--minutes", other="--deep")
    from olhar.cli.printing import progress
    from olhar.verbs.check import check

    audit = check(data, progress=progress(), **wanted)
    if as_json:
        print_json(audit.to_dict())
    else:
        print_audit(audit, data, wanted["page"], wanted["write_keep"] or wanted["keep"])
    return 1 if strict and audit.issues else 0


def print_audit(audit: Audit, data: str, page: str | None = None, keep: str | None = None) -> None:
    """The table, the names of the first pictures, and what to look at and type next."""
    out = console()
    out.print(Text(summary(audit), "bold"))
    for finding in audit.sorted():
        if finding.outcome in _MARKS:
            _finding(audit, finding)
    if not audit.issues:
        out.print(f"\n{say('check.all_well')}")
    out.print()
    for outcome in ("passed", "not_applicable", "skipped", "ignored"):
        if others := audit.of(outcome):
            out.print(Text(say(f"check.{outcome}", names=_listed(others)), "dim"))
    for finding in audit.findings:
        if finding.code in DEEP and (said := remark(finding)):
            out.print(Text(f"{title(finding)}: {said}", "dim"))
    if compared := audit.evidence.survey.near.compared:
        out.print(Text(say("check.compared", n=compared), "dim"))
    print_next(*filter(None, [page]), f"olhar train {typed(data)}{f' --keep {typed(keep)}' if keep else ''}")


def _finding(audit: Audit, finding: Finding) -> None:
    out = console()
    mark, colour = _MARKS[finding.outcome]
    head = Text(f"\n{mark} {say(f'check.outcome.{finding.outcome}')}  ", colour)
    out.print(head + Text(f"{title(finding)}  ", "bold not dim") + Text(finding.code, "dim"))
    for line in (str(finding.found), *_pictures(audit, finding), sentence_of(finding, "do")):
        out.print(Padding(Text(line), (0, 0, 0, 4), expand=False))


def _pictures(audit: Audit, finding: Finding) -> list[str]:
    if "first" in finding.values:
        return []
    names = [visible(name) for name in audit.names(finding, _NAMES)]
    rest = len(finding.cases) - _NAMES
    return [", ".join([*names, *([say("check.more", n=rest)] if rest > 0 else [])])] if names else []


def _listed(findings: Sequence[Finding]) -> str:
    return ", ".join(title(one) for one in findings)
