"""report: the page of a run, written again: in another language, or to another place."""

import click

from olhar.base.texts import say
from olhar.cli.flags import Flag, argument, option
from olhar.cli.printing import print_written, progress


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("folder", "run"),
        option("--into", metavar="F.html", help=say("cli.flag.report_into")),
        Flag(["--open", "open_page"], "own", is_flag=True, help=say("cli.flag.open")),
    ]


def run(folder: str, into: str | None, open_page: bool, as_json: bool) -> int:
    """Write the page and print where it is."""
    from olhar.verbs.report import report

    page = report(folder, into, progress=progress())
    if open_page:
        click.launch(str(page.resolve()))
    return print_written("cli.report_written", page, as_json)
