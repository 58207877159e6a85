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
        option("--pdf", is_flag=True),
        Flag(["--open", "open_page"], "own", is_flag=True, help=say("cli.flag.open")),
    ]


def run(folder: str, into: str | None, pdf: bool, open_page: bool, as_json: bool) -> int:
    """Write the page and print where it is.

    Raises:
        RunError: no such run, unfinished or damaged; or a PDF is wanted and there is no browser that prints.
    """
    from olhar.verbs.report import report

    page = report(folder, into, progress=progress())
    if open_page:
        click.launch(str(page.resolve()))
    if not pdf:
        return print_written("cli.report_written", page, as_json)
    from olhar.reporting.pdf import write_pdf

    return print_written("cli.report_written", write_pdf(page, page.with_suffix(".pdf")), as_json)
