"""Labels without names of pictures: row 1 is the first of as many pictures with running numbers (GENKI)."""

from collections.abc import Sequence
from dataclasses import replace

from olhar.data.tables.column_names import LABELS, is_one_of
from olhar.data.tables.grid import Grid


def may_be_header(cells: Sequence[str]) -> bool:
    """Whether a first row gives names of columns: else a row too many would pass for one."""
    return any(is_one_of(cell, LABELS) for cell in cells)


def repeats(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether numbers that may name pictures (``1.jpg``) come again and again, as those of classes do."""
    cells = [row[column].strip() for row in rows[1:] if len(row) > column]
    return 2 * len({*cells}) <= len(cells) and all(map(str.isdecimal, cells))


def with_names(grid: Grid, pictures: Sequence[str]) -> Grid:
    """A table of as many rows as there are pictures, with these in a last column."""
    last, name = len(grid.header), str(len(grid.header) + 1) if grid.nameless else "file"
    columns, values = {**grid.columns, last: [*pictures]}, {**grid.values, last: set[str]()}
    return replace(grid, header=(*grid.header, name), columns=columns, values=values)
