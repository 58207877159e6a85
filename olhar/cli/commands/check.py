"""check: what is wrong with the pictures, what to do about it, and what was looked for."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

import click
from rich.padding import Padding
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import say, typed, undashed, visible
from olhar.cli.flags import argument, data_flags, decimal, file_word, on_flags, option, part_flags, read_options
from olhar.cli.printing import console, print_json, print_next, progress
from olhar.data.read_options import ReadOptions, without_options

if TYPE_CHECKING:
    from olhar.data.checks.audit import Audit
    from olhar.data.checks.findings import Finding

_MOST_NAMES = 3
_PAGE, _LIST = "check.html", "keep.csv"
"""What the next step calls the page, and the page its list."""
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
        *part_flags()[1:],
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
        teaches = all(finding.code != NOTHING_TO_LEARN for finding in audit.issues)
        _print(audit, settings["page"], settings["deep"], teaches)
        _print_next(audit, data, settings, teaches)
    return 1 if strict and audit.issues else 0


def _print_next(audit: "Audit", data: str, settings: dict[str, Any], teaches: bool) -> None:
    """The page where something waits for a decision, and the training that heeds the list that the page saves.

    Of more pictures than the page can list, the check writes the list.
    """
    from olhar.reporting.check_story import MOST_LISTED

    page, keep, n = settings["page"], settings["write_keep"] or settings["keep"], len(audit.dataset)
    saves, many = teaches and audit.to_decide and not keep, n > MOST_LISTED
    words, flags = (undashed(data), *(["--deep"] if settings["deep"] else [])), ReadOptions.from_dict(settings).flags
    wanted = ([] if page else ["--page", _PAGE]) + (["--write-keep", _LIST] if many else [])
    lines = [page] if page else []
    if saves and wanted:
        lines.append(_command("check", *words, *wanted, *flags))
    if teaches:
        keep = keep or (_LIST if saves else None)
        lines.append(_command("train", words[0], *(("--keep", keep) if keep else ()), *flags))
    if lines:
        print_next(*lines)
    if saves:
        console().print(Text(say("check.mend_list" if many else "check.save_list", n=n), "dim"))


def _command(*words: str) -> str:
    return " ".join(map(typed, ("olhar", *words)))


def _print(audit: "Audit", page: str | None, deep: bool, teaches: bool) -> None:
    """One line of summary, what was found with the names of the first pictures, and how many checks had nothing to say.

    Where nothing can be learnt, what must be mended first stands alone.
    """
    from olhar.data.checks.audit import summary

    out = console()
    out.print(Text(summary(audit), "bold"))
    for finding in audit.sorted():
        if finding.outcome == "issue" or (finding.outcome == "tip" and teaches):
            _print_finding(audit, finding, f" ({page or '--page F.html'})")
    if not audit.issues:
        out.print(f"\n{say('check.all_well')}")
    if teaches:
        out.print()
        for line in _without_findings(audit, deep, page or "--page F.html"):
            out.print(Text(line, "dim"))


def _without_findings(audit: "Audit", deep: bool, page: str) -> Iterator[str]:
    """The checks that were not made, with the reason; the numbers that ``--deep`` was asked for; the rest as a count."""
    from olhar.data.checks.audit import DEEP, remark, title

    if quiet := len(audit.of("passed")) + len(audit.of("not_applicable")):
        yield say("check.found_nothing", n=quiet, page=page)
    for outcome in ("skipped", "ignored"):
        if findings := audit.of(outcome):
            yield say(f"check.{outcome}", names=_titles(findings))
    for finding in audit.findings:
        if finding.code in DEEP and (deep or finding.outcome != "passed") and (text := remark(finding)):
            yield f"{title(finding)}: {text}"


def _print_finding(audit: "Audit", finding: "Finding", page: str) -> None:
    from olhar.data.checks.audit import sentence_of, title

    out = console()
    mark, colour = _MARKS[finding.outcome]
    head = Text(f"\n{mark} {say(f'check.outcome.{finding.outcome}')}  ", colour)
    out.print(head + Text(f"{title(finding)}  ", "bold not dim") + Text(finding.code, "dim"))
    for line in (str(finding.found), *_pictures(audit, finding), sentence_of(finding, "do", page)):
        out.print(Padding(Text(line), (0, 0, 0, 4), expand=False))


def _pictures(audit: "Audit", finding: "Finding") -> list[str]:
    """The names of its first pictures, unless its sentence names them: in a line, or a line a group that belongs together."""
    if finding.code == "CHK001":
        return _unreadable(finding)
    if "first" in finding.values:
        return []
    groups = [[audit.dataset.where[row] for row in case.rows] for case in finding.cases]
    if all(len(group) == 1 for group in groups):
        return [_in_a_line([name for group in groups for name in group])] if groups else []
    rest = len(groups) - _MOST_NAMES
    return [*map(_in_a_line, groups[:_MOST_NAMES]), *([say("check.of_groups", n=rest)] if rest > 0 else [])]


def _in_a_line(names: Sequence[str]) -> str:
    """The first names, and how many more there are."""
    rest = len(names) - _MOST_NAMES
    return ", ".join([*map(visible, names[:_MOST_NAMES]), *([say("check.more", n=rest)] if rest > 0 else [])])


def _unreadable(finding: "Finding") -> list[str]:
    """A line for each picture that the sentence before does not name, with the reason."""
    from olhar.data.cache.store import MOST_NAMED

    lines = [visible(str(case.values["reason"])) for case in finding.cases[1:MOST_NAMED]]
    rest = len(finding.cases) - MOST_NAMED
    return [*lines, *([say("check.more", n=rest)] if rest > 0 else [])]


def _titles(findings: Sequence["Finding"]) -> str:
    from olhar.data.checks.audit import title

    return ", ".join(map(title, findings))
