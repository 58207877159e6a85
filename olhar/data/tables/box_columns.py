"""Columns of a table that hold the corners of boxes, by their cells: no names of columns say so, and they are never the class."""

from collections.abc import Sequence, Set
from itertools import islice, pairwise

from olhar.data.tables.grid import Grid
from olhar.data.tables.values import whole_numbers

_FOUR, _ENOUGH = 4, 0.95


def box_columns(grid: Grid) -> Set[int]:
    """Four columns of whole numbers beside each other: the corners of a box, or the only ones in a table without names."""
    numbers = [i for i in grid.columns if grid.values[i] and whole_numbers(grid.values[i]) is not None]
    runs = [numbers[start : start + _FOUR] for start in range(len(numbers) - _FOUR + 1)]
    runs = [run for run in runs if all(after - before == 1 for before, after in pairwise(run))]
    corners = [run for run in runs if _are_corners(*(grid.columns[i] for i in run))]
    if grid.nameless and len(runs) == 1 and len(numbers) == _FOUR:
        corners = runs
    return {i for run in corners[:1] for i in run}


def _are_corners(left: Sequence[str], top: Sequence[str], right: Sequence[str], bottom: Sequence[str]) -> bool:
    """Whether in nearly all rows the second corner lies right of and below the first; looked at until too many do not."""
    rows = zip(*(map(float, cells) for cells in (left, top, right, bottom)), strict=True)
    odd = (True for x1, y1, x2, y2 in rows if x1 >= x2 or y1 >= y2)
    return not any(islice(odd, int(len(left) - _ENOUGH * len(left)), None))
