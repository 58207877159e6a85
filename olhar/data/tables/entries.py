"""Tables whose names stand for several pictures each: ``a1`` for ``a1_red.png``, ``a1_green.png``, ``a1_blue.png``."""

import re
from collections.abc import Mapping, Sequence

from olhar.base.errors import DataError
from olhar.data.tables.column_names import LABELS, TAGS, is_one_of
from olhar.data.tables.label_cells import holds_several

_ENOUGH, _SHOWN = 0.9, 2
_BEHIND = re.compile(r"[\s._-]+[^\s._-]+\.\w+$")


def refuse_entries(rows: Sequence[Sequence[str]], cells: Sequence[str], paths: Sequence[str], where: str) -> None:
    """Refuse a table of which nine in ten names are what several pictures' names begin with.

    Args:
        rows: its first rows, the header among them.
        cells: its names of pictures, that of each row below the header.
        paths: the pictures.
        where: what to call it.

    Raises:
        DataError: it is so; where some rows have several classes, that is told too.
    """
    found = _by_front({*cells}, paths)
    if sum(len(found.get(cell, ())) > 1 for cell in cells) < _ENOUGH * len(cells):
        return
    first = next(cell for cell in cells if len(found.get(cell, ())) > 1)
    shown = ", ".join(sorted(found[first])[:_SHOWN]) + (", ..." if len(found[first]) > _SHOWN else "")
    several = _row_of_several(rows)
    if several is None:
        raise DataError("table.several_files", where=where, first=first, pictures=shown)
    row, text = several
    raise DataError("table.several_files_and_classes", where=where, first=first, pictures=shown, row=row, found=text[:60])


def _by_front(fronts: set[str], paths: Sequence[str]) -> Mapping[str, list[str]]:
    """The names of the pictures that begin with each of some fronts, behind which a mark and one word stand."""
    found: dict[str, list[str]] = {}
    for path in paths:
        name = path[path.rfind("/") + 1 :]
        if (front := _BEHIND.sub("", name)) in fronts:
            found.setdefault(front, []).append(name)
    return found


def _row_of_several(rows: Sequence[Sequence[str]]) -> tuple[int, str] | None:
    """The first row that says several classes, by its number as an editor counts, and what it says."""
    columns = [i for i, name in enumerate(rows[0]) if is_one_of(name, LABELS) or is_one_of(name, TAGS)]
    for i in columns:
        known, tags = {row[i] for row in rows[1:] if len(row) > i}, is_one_of(rows[0][i], TAGS)
        for place, row in enumerate(rows[1:], 2):
            if len(row) > i and holds_several(row[i], known, tags):
                return place, row[i]
    return None
