"""check: what is wrong with the pictures, what to do about it, and what was looked for."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.padding import Padding
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import say, typed, undashed, visible
from olhar.cli.flags import argument, data_flags, decimal, file_word, on_flags, option, read_options
from olhar.cli.printing import console, print_json, print_next, progress
from olhar.data.read_options import ReadOptions, without_options

if TYPE_CHECKING:
    from olhar.data.checks.audit import Audit
    from olhar.data.checks.findings import Finding

_MOST_NAMES = 3
_MARKS = {"issue": ("!", "red"), "tip": ("-", "yellow")}


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("data", "data"),
        option("--deep", is_flag=True),
        option("--minutes", type=decimal, default=0.0, metavar=say("cli.word.minutes"), help=say("cli.flag.check_minutes")),
        option("--page", metavar=file_word(".html")),
        option("--keep", metavar=file_word(".csv")),
        option("--write-keep", metavar=file_word(".csv")),
        option("--strict", is_flag=True),
        option("--fit", metavar="stretch|crop|pad", default="stretch", help=say("cli.flag.check_fit")),
        option("--size", type=int, default=0, metavar=say("cli.word.pixels"), help=say("cli.flag.check_size")),
        option("--ignore", multiple=True, metavar=say("cli.word.code")),
        *on_flags(),
        *data_flags(),
    ]


def run(data: str, strict: bool, as_json: bool, **settings: Any) -> int:
    """Check DATA and print what was found; 1 where ``strict`` and something is to be mended.

    Raises:
        UsageError: minutes without what takes them.
    """
    if settings["minutes"] and not settings["deep"]:
        raise UsageError("cli.only_with", flag="--minutes", other="--deep")
    from olhar.data.checks.classes import NOTHING_TO_LEARN
    from olhar.verbs.check import check

    settings = without_options(settings) | read_options(settings)
    audit = check(data, progress=progress(), **settings)
    if as_json:
        print_json(audit.to_dict())
    else:
        _print(audit, settings["page"])
        keep = settings["write_keep"] or settings["keep"]
        flags = ReadOptions.from_dict(settings).flags
        train = " ".join(map(typed, ("olhar", "train", undashed(data), *(("--keep", keep) if keep else ()), *flags)))
        teaches = all(finding.code != NOTHING_TO_LEARN for finding in audit.issues)
        if lines := [*filter(None, [settings["page"]]), *([train] if teaches else [])]:
            print_next(*lines)
    return 1 if strict and audit.issues else 0


def _print(audit: "Audit", page: str | None) -> None:
    """One line of summary, what is to be mended with the names of the first pictures, and what was well."""
    from olhar.data.checks.audit import DEEP, remark, summary, title

    out = console()
    out.print(Text(summary(audit), "bold"))
    for finding in audit.sorted():
        if finding.outcome in _MARKS:
            _print_finding(audit, finding, f" ({page or '--page F.html'})")
    if not audit.issues:
        out.print(f"\n{say('check.all_well')}")
    out.print()
    for outcome in ("passed", "not_applicable", "skipped", "ignored"):
        if findings := audit.of(outcome):
            out.print(Text(say(f"check.{outcome}", names=_titles(findings)), "dim"))
    for finding in audit.findings:
        if finding.code in DEEP and (text := remark(finding)):
            out.print(Text(f"{title(finding)}: {text}", "dim"))
    if compared := audit.evidence.survey.near.compared:
        out.print(Text(say("check.compared", n=compared), "dim"))


def _print_finding(audit: "Audit", finding: "Finding", page: str) -> None:
    from olhar.data.checks.audit import sentence_of, title

    out = console()
    mark, colour = _MARKS[finding.outcome]
    head = Text(f"\n{mark} {say(f'check.outcome.{finding.outcome}')}  ", colour)
    out.print(head + Text(f"{title(finding)}  ", "bold not dim") + Text(finding.code, "dim"))
    for line in (str(finding.found), *_pictures(audit, finding), sentence_of(finding, "do", page)):
        out.print(Padding(Text(line), (0, 0, 0, 4), expand=False))


def _pictures(audit: "Audit", finding: "Finding") -> list[str]:
    """The names of its first pictures in a line, unless its sentence names them; those that cannot be read with the reason."""
    if finding.code == "CHK001":
        return _unreadable(finding)
    if "first" in finding.values:
        return []
    names = [visible(name) for name in audit.names(finding, _MOST_NAMES)]
    rest = len(finding.cases) - _MOST_NAMES
    return [", ".join([*names, *([say("check.more", n=rest)] if rest > 0 else [])])] if names else []


def _unreadable(finding: "Finding") -> list[str]:
    """A line for each picture that the sentence before does not name, with the reason."""
    from olhar.data.cache.store import MOST_NAMED

    lines = [visible(str(case.values["reason"])) for case in finding.cases[1:MOST_NAMED]]
    rest = len(finding.cases) - MOST_NAMED
    return [*lines, *([say("check.more", n=rest)] if rest > 0 else [])]


def _titles(findings: Sequence["Finding"]) -> str:
    from olhar.data.checks.audit import title

    return ", ".join(map(title, findings))
