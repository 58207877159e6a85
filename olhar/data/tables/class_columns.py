"""A column a class, as people keep lists by hand: ``raw``, ``done``, ``burnt``, and the names of pictures below each."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

from olhar.data.folders.identifiers import is_nobodys_class
from olhar.data.tables.column_names import GROUPS, LABELS, PATHS, SPLITS, is_one_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.name_tables import WAYS
from olhar.data.tables.opener import Opener
from olhar.data.tables.path_column import PathColumn
from olhar.data.tables.path_table import PathTable

_NO_CLASSES = (*PATHS, *LABELS, *SPLITS, *GROUPS)


def may_be_lists(header: Sequence[str]) -> bool:
    """Whether the names of columns may be those of classes: words, and none of them what tables call their columns."""
    words = [name.strip() for name in header]
    named = all(any(map(str.isalpha, name)) and not is_one_of(name, _NO_CLASSES) for name in words)
    return len(words) > 1 and named and len({*words}) == len(words) and not any(map(is_nobodys_class, words))


def of_class_columns(opener: Opener, index: int, grid: Grid) -> PathTable | None:
    """A table of which all cells name pictures, none twice, and not as many below each name: those are compared.

    None where it is none.
    """
    cells = {i: [cell.strip() for cell in column] for i, column in grid.columns.items()}
    named = [cell for cell in chain.from_iterable(cells.values()) if cell]
    uneven = any(not all(column) for column in cells.values())
    if not uneven or len(cells) < len(grid.header) or len({*named}) < len(named) or not may_be_lists(grid.header):
        return None
    match = next(filter(None, (opener.pictures.match(named, "", None, how) for how in WAYS)), None)
    if match is None:
        return None
    table = opener.table(index, _as_rows(grid, cells), PathColumn(0, named=True, match=match))
    return replace(table, classes_by="table.one_hot")


def _as_rows(grid: Grid, cells: Mapping[int, Sequence[str]]) -> Grid:
    rows = [*_rows(grid, cells)]
    columns = {0: [path for _, path, _ in rows], 1: [name for _, _, name in rows]}
    values = {i: {*column} for i, column in columns.items()}
    return Grid(grid.name, ("path", "class"), columns, values, grid.dialect, lambda place: rows[place][0], len(rows))


def _rows(grid: Grid, cells: Mapping[int, Sequence[str]]) -> Iterator[tuple[int, str, str]]:
    for i, column in cells.items():
        for place, cell in enumerate(column):
            if cell:
                yield grid.row(place), cell, grid.header[i].strip()
