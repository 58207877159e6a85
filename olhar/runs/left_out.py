"""The pictures of a run that could not be read: ``left-out.csv``, a row a picture with the reason; a run without any has none."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass

from olhar.base.cells import guarded, unguarded
from olhar.base.parsing import parsing
from olhar.data.cache.store import BadPicture
from olhar.runs.damage import damaged
from olhar.runs.folder import LEFT_OUT, RunFolder

_COLUMNS = ("picture", "reason")


@dataclass(frozen=True)
class LeftOut:
    """A picture that could not be read, and why, in the language of the day of the training."""

    picture: str
    reason: str


def write_left_out(run: RunFolder, bad: Sequence[BadPicture]) -> None:
    """Name the pictures that were left out; where there is none, nothing is written.

    Raises:
        RunError: it cannot be written.
    """
    if not bad:
        return
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([guarded(picture.where), guarded(str(picture.reason))] for picture in bad)
    run.write(LEFT_OUT, out.getvalue().encode("utf-8", "backslashreplace"))


def read_left_out(run: RunFolder) -> list[LeftOut]:
    """The pictures that were left out.

    Raises:
        RunError: the file is damaged.
    """
    if not (run.path / LEFT_OUT).is_file():
        return []
    with parsing(damaged(run.path, LEFT_OUT), csv.Error):
        rows = csv.DictReader(io.StringIO(run.read(LEFT_OUT)))
        return [LeftOut(unguarded(row["picture"]), unguarded(row["reason"])) for row in rows]
