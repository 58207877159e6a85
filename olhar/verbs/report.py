"""report: a run -> one HTML page and its figures, as often as wanted, with no need of the pictures."""

from pathlib import Path

from olhar.base.files import write_error, write_whole
from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.texts import speaking
from olhar.base.types import StrPath
from olhar.reporting.page import render
from olhar.reporting.run_report import story, write_report
from olhar.runs.folder import RunFolder


@tells_paths
def report(run: StrPath, into: StrPath | None = None, language: str | None = None, progress: Progress | None = None) -> Path:
    """Write the report of a finished run.

    Args:
        run: the run folder.
        into: the HTML file; by default ``report.html`` in the run.
        language: ``en`` or ``pt-BR``; by default the one in use.
        progress: where to tell which files of the run are damaged, so that the report goes without them.

    Returns:
        Where the page is.

    Raises:
        RunError: no such run, unfinished or damaged, or the page cannot be written.
    """
    folder = RunFolder.open(run)
    with speaking(language):
        told = story(folder)
        for line in told.lost:
            (progress or default_progress()).line(line)
        if into is None:
            return write_report(folder, told)
        page = render(told)
    try:
        write_whole(Path(into), page.encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise write_error(into, error, len(page)) from error
    return Path(into)
