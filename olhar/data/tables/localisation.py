"""ImageNet's table of boxes, all of one class in each picture: ``LOC_val_solution.csv`` says the class of every picture."""

import re
from dataclasses import replace

from olhar.data.tables.column_names import plain_name
from olhar.data.tables.grid import Grid

BOXES = "predictionstring"
_HEADER = ["imageid", BOXES]
_ONE_CLASS = re.compile(r"\s*(n\d{8})(?:\s+-?\d+){4}(?:\s+\1(?:\s+-?\d+){4})*\s*")
"""``n01440764 10 20 30 40`` once or several times, always of the same synset."""


def with_class_alone(grid: Grid) -> Grid:
    """The table with the synset in the place of the boxes; another table, or one with a picture of two, as it is."""
    if [*map(plain_name, grid.header)] != _HEADER or 1 not in grid.columns:
        return grid
    found = [match[1] for match in map(_ONE_CLASS.fullmatch, grid.columns[1]) if match is not None]
    if len(found) < len(grid):
        return grid
    names = {name: name for name in found}
    cells = [names[name] for name in found]
    return replace(grid, columns={**grid.columns, 1: cells}, values={**grid.values, 1: names.keys()})
