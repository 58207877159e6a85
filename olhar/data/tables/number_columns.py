"""Columns whose numbers make the names of the pictures: ``suite_id``, ``sample_id``, ``code`` of ``input_1_10_3.jpg``."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import product
from math import prod

from olhar.data.folders.stems import stem_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.name_tables import ENOUGH

_NUMBER = re.compile(r"\d+")
_MOST_ORDERS = 64
_PLENTY = 0.5

Numbers = tuple[int, ...]


def number_columns(rows: Sequence[Sequence[str]], paths: Sequence[str]) -> tuple[int, ...] | None:
    """The columns that hold, in this order, the numbers in the names of pictures, two at least; None where not one order does.

    Args:
        rows: the first of a table, that of the columns' names in front.
        paths: the pictures.
    """
    known = numbered(paths)
    if len(known) < _PLENTY * len(paths) or len(rows) < 2:
        return None
    columns = {i: [int(cell) for cell in cells] for i, cells in enumerate(zip(*rows[1:], strict=False)) if _are_numbers(cells)}
    held = [{*values} for values in zip(*known, strict=True)]
    fitting = [[i for i, cells in columns.items() if values.issuperset(cells)] for values in held]
    if prod(map(len, fitting)) > _MOST_ORDERS:
        return None
    orders = [order for order in product(*fitting) if len({*order}) == len(order)]
    found = [order for order in orders if _share(columns, order, known) >= ENOUGH]
    return found[0] if len(found) == 1 else None


def numbered(paths: Sequence[str]) -> Mapping[Numbers, str]:
    """Pictures by the numbers in their names; none where names differ in more than that, or have fewer than two numbers."""
    stems = [stem_of(path) for path in paths]
    if len({_NUMBER.sub("#", stem) for stem in stems}) != 1 or stems[0].count("#") or len(_NUMBER.findall(stems[0])) < 2:
        return {}
    return {tuple(map(int, _NUMBER.findall(stem))): path for stem, path in zip(stems, paths, strict=True)}


def with_pictures(grid: Grid, order: Sequence[int], paths: Sequence[str]) -> Grid:
    """The table with the picture of each row in a last column, without the rows that have none."""
    known = numbered(paths)
    names = [known.get(tuple(map(int, row)), "") for row in zip(*(grid.columns[i] for i in order), strict=True)]
    places = [place for place, name in enumerate(names) if name]
    columns = {i: [cells[place] for place in places] for i, cells in grid.columns.items()}
    last = len(grid.header)
    columns[last] = [names[place] for place in places]
    return replace(
        grid,
        header=(*grid.header, "picture"),
        columns=columns,
        values={**grid.values, last: {*columns[last]}},
        row=lambda place: grid.row(places[place]),
        n=len(places),
    )


def _are_numbers(cells: Sequence[str]) -> bool:
    return all(cell.isascii() and cell.isdigit() for cell in cells)


def _share(columns: Mapping[int, Sequence[int]], order: Sequence[int], known: Mapping[Numbers, str]) -> float:
    rows = [*zip(*(columns[i] for i in order), strict=True)]
    return sum(row in known for row in rows) / len(rows)
