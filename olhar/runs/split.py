"""The split of a run on disk: ``split.csv``, a row a picture, by which the same division can be made again."""

import csv
import io
from collections.abc import Iterable

from olhar.base.errors import RunError
from olhar.base.types import StrPath
from olhar.data.dataset import PARTS, Part
from olhar.runs.folder import RunFolder

NAME = "split.csv"
_PARTS: dict[str, Part] = {part: part for part in PARTS}
_RANK: dict[Part, int] = {part: rank for rank, part in enumerate(PARTS)}
_COLUMNS = ("picture", "label", "part", "content", "group")


def to_csv(rows: Iterable[tuple[str, str, Part, bytes, bytes]]) -> str:
    """The text of ``split.csv``.

    Args:
        rows: name, class, part and content hash of each picture, and the content hash of the first picture of its group, empty
            where it is alone.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    writer.writerows([name, label, part, content.hex(), group.hex()] for name, label, part, content, group in rows)
    return out.getvalue()


def read_split(path: StrPath) -> dict[bytes, Part]:
    """The part of each content in a run's split; where it stands in several, training wins over validation, and that over test.

    Raises:
        RunError: not a run, or its ``split.csv`` is missing or damaged.
    """
    run = RunFolder.open(path)
    parts: dict[bytes, Part] = {}
    try:
        for row in csv.DictReader(io.StringIO(run.read(NAME))):
            content = bytes.fromhex(row["content"])
            part = _PARTS[row["part"]]
            earlier = parts.get(content, part)
            parts[content] = part if _RANK[part] < _RANK[earlier] else earlier
    except (KeyError, ValueError, TypeError, csv.Error) as error:
        raise RunError("run.no_split", where=str(path)) from error
    return parts
