"""Tables that say a picture by two columns, its folder and its name there: ``february;3.jpg``."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import permutations

from olhar.data.layout import is_picture
from olhar.data.tables.grid import Grid
from olhar.data.tables.name_tables import ENOUGH
from olhar.data.tables.picture_names import PictureNames

_WIDEST = 12


def folder_and_name(rows: Sequence[Sequence[str]], pictures: PictureNames) -> tuple[int, int] | None:
    """The columns of folders and of names in them, by the first rows of a table; None where they name no pictures so."""
    body = [row for row in rows[1:] if len(row) == len(rows[0])]
    for folder, name in permutations(range(min(len(rows[0]), _WIDEST)), 2) if body else ():
        named = sum(is_picture(row[name]) for row in body) >= ENOUGH * len(body)
        if named and pictures.match([*_joined((row[folder], row[name]) for row in body)], "", None, "end"):
            return folder, name
    return None


def with_whole_paths(grid: Grid, folder: int, name: int) -> Grid:
    """The table with the path of each row in a last column."""
    last = len(grid.header)
    paths = [*_joined(zip(grid.columns[folder], grid.columns[name], strict=True))]
    columns = {i: cells for i, cells in grid.columns.items() if i != name} | {last: paths}
    values = {i: cells for i, cells in grid.values.items() if i != name} | {last: {*paths}}
    return replace(grid, header=(*grid.header, "path"), columns=columns, values=values)


def _joined(pairs: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (f"{folder.strip()}/{name.strip()}" for folder, name in pairs)
