"""report: a run -> one HTML page and its figures, as often as wanted, with no need of the pictures."""

from pathlib import Path

from olhar.base.files import write_error, write_whole
from olhar.base.texts import speaking
from olhar.base.types import StrPath
from olhar.reporting.page import render
from olhar.reporting.run_report import story, write_report
from olhar.runs.folder import RunFolder


def report(run: StrPath, into: StrPath | None = None, language: str | None = None) -> Path:
    """Write the report of a finished run.

    Args:
        run: the run folder.
        into: the HTML file; by default ``report.html`` in the run.
        language: ``en`` or ``pt-BR``; by default the one in use.

    Returns:
        Where the page is.

    Raises:
        RunError: no such run, unfinished, or the page cannot be written.
    """
    folder = RunFolder.open(run)
    with speaking(language):
        if into is None:
            return write_report(folder)
        page = render(story(folder))
    try:
        write_whole(Path(into), page.encode("utf-8"))
    except OSError as error:
        raise write_error(into, error, len(page)) from error
    return Path(into)
