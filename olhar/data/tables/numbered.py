"""Labels without names of pictures: row 1 is the first of as many pictures with running numbers (GENKI)."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from olhar.data.tables.column_names import LABELS, is_one_of
from olhar.data.tables.grid import Grid

_ID = re.compile(r"\s*(?:\d+|[\w-]*[^\W\d_][\w-]*)\s*")


def may_be_header(cells: Sequence[str]) -> bool:
    """Whether a first row gives names of columns: else a row too many would pass for one."""
    return any(is_one_of(cell, LABELS) for cell in cells)


def repeats(rows: Sequence[Sequence[str]], column: int) -> bool:
    """Whether numbers that may name pictures (``1.jpg``) come again and again, as those of classes do."""
    cells = [row[column].strip() for row in rows[1:] if len(row) > column]
    return 2 * len({*cells}) <= len(cells) and all(map(str.isdecimal, cells))


def in_another_order(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a column tells the rows apart, by numbers that do not count them or by names of something else."""
    columns = zip(*rows[1:], strict=False)
    return any(len({*cells}) == len(cells) > 1 and all(map(_ID.fullmatch, cells)) and not _count_on(cells) for cells in columns)


def _count_on(cells: Sequence[str]) -> bool:
    numbers = [int(cell) for cell in cells if cell.strip().isdecimal()]
    return len(numbers) == len(cells) and all(later - one == 1 for one, later in pairwise(numbers))


def with_names(grid: Grid, pictures: Sequence[str]) -> Grid:
    """A table of as many rows as there are pictures, with these in a last column."""
    last, name = len(grid.header), str(len(grid.header) + 1) if grid.nameless else "file"
    columns, values = {**grid.columns, last: [*pictures]}, {**grid.values, last: set[str]()}
    return replace(grid, header=(*grid.header, name), columns=columns, values=values)
