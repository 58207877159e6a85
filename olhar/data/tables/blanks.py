"""Cells, rows and columns that say nothing: what spreadsheets leave behind a table, and pictures that nobody has classed yet."""

from collections.abc import Collection
from dataclasses import replace

from olhar.data.tables.grid import Grid
from olhar.data.tables.values import is_missing


def n_missing(grid: Grid, column: int) -> int:
    """How many cells of a column say nothing."""
    return sum(grid.columns[column].count(value) for value in grid.values[column] if is_missing(value))


def without_nameless_rows(grid: Grid, paths: int) -> tuple[Grid, Collection[int]]:
    """The table without the rows that name no picture, and the numbers of those of them that say something else.

    Those of a table in which most rows do are left: its column is another than it seems.
    """
    names = grid.columns[paths]
    blank = {place for place, name in enumerate(names) if not name.strip()} if not all(names) else set[int]()
    if not blank or 2 * len(blank) > len(grid):
        return grid, ()
    speak = [grid.row(place) for place in sorted(blank) if any(cells[place].strip() for cells in grid.columns.values())]
    kept = [place for place in range(len(grid)) if place not in blank]
    columns = {i: [cells[place] for place in kept] for i, cells in grid.columns.items()}
    values = {i: {*columns[i]} if grid.values[i] else grid.values[i] for i in columns}
    return replace(grid, columns=columns, values=values, row=lambda place: grid.row(kept[place]), n=len(kept)), speak
