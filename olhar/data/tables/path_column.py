"""Which column of a table names the pictures, by its cells; and with that, whether the first row gives the columns' names."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import Part
from olhar.data.layout import is_picture
from olhar.data.tables.column_names import LABELS, NUMBERS, PATHS, is_one_of, rank
from olhar.data.tables.name_tables import ENOUGH, WAYS
from olhar.data.tables.picture_names import Match, PictureNames
from olhar.data.tables.plain_paths import plain_paths
from olhar.data.tables.values import counts_rows

_WIDEST = 200
"""A table of more columns than these is one of pixels."""
_HALF, _LONG = 0.5, 8


@dataclass(frozen=True)
class PathColumn:
    """The column that names the pictures.

    Attributes:
        position: of the column.
        named: whether the first row gives the columns' names.
        match: how its cells name pictures.
    """

    position: int
    named: bool
    match: Match


def find_path_column(
    rows: Sequence[Sequence[str]],
    pictures: PictureNames,
    where: str,
    part: Part | None,
    wanted: str | None,
    folder: str | None = None,
) -> PathColumn | None:
    """The column of a table's first rows whose cells name pictures, those with a picture's ending first; None: there is none.

    Args:
        rows: the first rows, a header perhaps among them.
        pictures: those of the data.
        where: the table's path.
        part: what the table's name says.
        wanted: the column that a person names.
        folder: from which the cells are paths, if not from the table's own.

    Raises:
        DataError: there is no column of the name that a person gives, or two name different pictures.
    """
    width = len(rows[0])
    if width > _WIDEST and wanted is None:
        return None
    positions = range(width) if wanted is None else [_position(rows[0], wanted, where)]
    folder = where.rpartition("/")[0] if folder is None else folder
    whole = [i for i in positions if _have_endings(_cells(rows, i))]
    for how, some in product(WAYS, (whole, [i for i in positions if i not in whole])):
        matches = {i: pictures.match(_cells(rows, i), folder, part, how) for i in some}
        if found := {i: match for i, match in matches.items() if match is not None}:
            i = _chosen(rows, found, where)
            return PathColumn(i, _is_header(rows, i, found[i]), found[i])
    return None


def named_path_column(rows: Sequence[Sequence[str]], pictures: PictureNames, where: str, part: Part | None) -> PathColumn | None:
    """The column whose name says that it holds paths, where some of its cells name a picture though too few do."""
    named = sorted((i for i, name in enumerate(rows[0]) if is_one_of(name, PATHS)), key=lambda i: rank(rows[0][i], PATHS))
    for i in named[:1]:
        cells = [row[i] for row in rows[1:] if len(row) > i]
        match = pictures.best(cells, where.rpartition("/")[0], part)
        if match is not None:
            return PathColumn(i, named=True, match=match)
    return None


def covering_column(rows: Sequence[Sequence[str]], pictures: PictureNames, where: str, part: Part | None) -> PathColumn | None:
    """The column half of whose cells name pictures, too long to do so by chance; the pictures of the others are missing."""
    if len(rows[0]) > _WIDEST:
        return None
    found: dict[int, Match] = {}
    for i in range(len(rows[0])):
        cells = [row[i] for row in rows[1:] if len(row) > i]
        if cells and len({*cells}) == len(cells) and all(len(cell) >= _LONG or is_picture(cell) for cell in cells):
            match = pictures.best(cells, where.rpartition("/")[0], part)
            if match is not None and match.share >= _HALF:
                found[i] = match
    if not found:
        return None
    i = max(found, key=lambda i: found[i].share)
    return PathColumn(i, _is_header(rows, i, found[i]), replace(found[i], partial=True))


def _cells(rows: Sequence[Sequence[str]], column: int) -> list[str]:
    """The cells of a column below the first row, which may be a header; of a single row its own."""
    return [row[column] for row in rows[1:] if len(row) > column] or [rows[0][column]]


def _position(first: Sequence[str], wanted: str, where: str) -> int:
    names = [name.strip().casefold() for name in first]
    if wanted.strip().casefold() in names:
        return names.index(wanted.strip().casefold())
    if wanted.strip().isdecimal() and 1 <= int(wanted) <= len(first):
        return int(wanted) - 1
    raise DataError("table.no_such_column", where=where, column=wanted, found=", ".join(name[:20] for name in first[:10]))


def _is_header(rows: Sequence[Sequence[str]], position: int, match: Match) -> bool:
    """Whether the first row gives names: its cell names no picture as the others do, or is what people call such a column."""
    cell = rows[0][position]
    return len(rows) > 1 and (is_one_of(cell, PATHS) or not match.find(plain_paths([cell]))[0])


def _chosen(rows: Sequence[Sequence[str]], found: dict[int, Match], where: str) -> int:
    """The column that is meant, of several that name pictures.

    The one that is called so, then the one with most different cells; row numbers last.

    Raises:
        DataError: two are left that name different pictures.
    """
    cells = {i: _cells(rows, i) for i in found}
    named = [i for i in found if rank(rows[0][i], PATHS) < len(PATHS)]
    if named:
        return min(named, key=lambda i: rank(rows[0][i], PATHS))
    unnumbered = [i for i in found if not (is_one_of(rows[0][i], NUMBERS) and counts_rows(cells[i]))] or list(found)
    most = max(len(set(cells[i])) for i in unnumbered)
    left = [i for i in unnumbered if len(set(cells[i])) == most]
    pictures = {i: found[i].find(plain_paths(cells[i])) for i in left}
    if any(pictures[i] != pictures[left[0]] for i in left[1:]):
        raise _several(rows[0], [rows[0][i] for i in left], where)
    return left[0]


def _several(header: Sequence[str], names: Sequence[str], where: str) -> DataError:
    """Why two columns of pictures leave open which is meant; with the column that is called as classes are, if there is one."""
    labels = sorted((name for name in header if rank(name, LABELS) < len(LABELS)), key=lambda name: rank(name, LABELS))
    label = {"label_column": labels[0]} if labels else {}
    readings = [Reading(sentence("table.reading_path", column=name), options={"path_column": name, **label}) for name in names]
    values = {"where": where, "columns": ", ".join(names)}
    if not labels:
        return DataError("table.several_paths", **values).offering(readings)
    return DataError("table.several_paths_and_class", **values, label=labels[0]).offering(readings)


def _have_endings(cells: Sequence[str]) -> bool:
    return sum(map(is_picture, cells)) >= ENOUGH * len(cells) > 0
