"""The split of a run on disk: ``split.csv``, a row a picture, by which the same division can be made again."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass

from olhar.base.cells import guarded
from olhar.base.parsing import parsing
from olhar.base.types import StrPath
from olhar.data.dataset import PARTS, Part
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

NAME = "split.csv"
_PARTS: dict[str, Part] = {part: part for part in PARTS}
_RANK: dict[Part, int] = {part: rank for rank, part in enumerate(PARTS)}
_DIGITS = 32
"""Of a content's hash, in hexadecimal."""
_COLUMNS = ("picture", "label", "part", "content", "group")


@dataclass(frozen=True)
class SplitRow:
    """A picture of a run: its name, class, part, content hash, and that of its group's first, empty where it is alone."""

    picture: str
    label: str
    part: Part
    content: bytes
    group: bytes


def to_csv(rows: Iterable[tuple[str, str, Part, bytes, bytes]]) -> str:
    """The text of ``split.csv``, its cells ``guarded``.

    Args:
        rows: name, class, part and content hash of each picture, and the content hash of the first picture of its group, empty
            where it is alone.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for name, label, part, content, group in rows:
        writer.writerow((guarded(name), guarded(label), part, content.hex(), group.hex()))
    return out.getvalue()


def read_split(path: StrPath) -> dict[bytes, Part]:
    """The part of each content in a run's split; where it stands in several, training wins over validation, and that over test.

    Raises:
        RunError: not a run, or its ``split.csv`` is missing or damaged.
    """
    parts: dict[bytes, Part] = {}
    for content, part in rows(RunFolder.open(path)):
        earlier = parts.get(content, part)
        parts[content] = part if _RANK[part] < _RANK[earlier] else earlier
    return parts


def rows(run: RunFolder) -> list[tuple[bytes, Part]]:
    """Content hash and part of each picture, as ``split.csv`` has them.

    Raises:
        RunError: it is missing or damaged: a row that is none is no row passed over.
    """
    with parsing(damaged(run.path, NAME)):
        cells, (content, part) = _cells(run, "content", "part")
        return [(bytes.fromhex(row[content]), _PARTS[row[part]]) for row in cells]


def split_rows(run: RunFolder) -> list[SplitRow]:
    """Each picture with all that ``split.csv`` says of it.

    Raises:
        RunError: it is missing or damaged.
    """
    with parsing(damaged(run.path, NAME)):
        cells, (picture, label, part, content, group) = _cells(run, *_COLUMNS)
        return [
            SplitRow(row[picture], row[label], _PARTS[row[part]], bytes.fromhex(row[content]), bytes.fromhex(row[group]))
            for row in cells
        ]


def _cells(run: RunFolder, *columns: str) -> tuple[list[list[str]], list[int]]:
    """The rows below the head, and the places of some columns."""
    head, *rest = csv.reader(io.StringIO(run.read(NAME), newline=""), strict=True)
    content = head.index("content")
    if any(len(row) != len(head) or len(row[content]) != _DIGITS for row in rest):
        raise ValueError(NAME)
    return rest, [head.index(column) for column in columns]
