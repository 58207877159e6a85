"""Columns of numbers that measure something (an age, a weight): they are no classes, and tell what the others are for."""

import re
from collections.abc import Sequence

from olhar.data.tables.column_names import MEASURES, NO_CLASSES, NUMBERS, PATHS, WHO, is_one_of, plain_name
from olhar.data.tables.grid import Grid
from olhar.data.tables.values import are_numbers, counts_rows, few, present, whole_numbers

_MANY = 10
_NUMBERED = re.compile(r"(id|no|nr|num|number|numero|index|indice|code|codigo)")


def measures(grid: Grid, free: Sequence[int]) -> list[int]:
    """The columns that measure something: more than ten different numbers that are no classes, and not sizes, dates or places."""
    kept = [i for i in free if _measures(grid, i)]
    return kept + [i for i, name in enumerate(grid.header) if i not in grid.columns and is_one_of(name, MEASURES)]


def wide_numbers(grid: Grid, free: Sequence[int]) -> list[int]:
    """The columns of more than ten different numbers that count no rows, whatever they are called: sizes and places too."""
    wide = [i for i in free if len(grid.values[i]) > _MANY and are_numbers(present(grid.values[i]))]
    return [i for i in wide if not counts_rows(grid.columns[i]) and not _NUMBERED.fullmatch(_last_word(grid.header[i]))]


def has_fractions(grid: Grid, column: int) -> bool:
    """Whether a column holds many numbers, of which some are not whole: they measure, whatever the column is called."""
    values = present(grid.values[column])
    return len(values) > _MANY and are_numbers(values) and whole_numbers(values) is None


def says_who(grid: Grid, column: int) -> bool:
    """Whether a column says of whom a picture is (``sex``), which beside a measure is hardly what is to be learnt."""
    return is_one_of(grid.header[column], WHO)


def _measures(grid: Grid, column: int) -> bool:
    name, values = grid.header[column], present(grid.values[column])
    if is_one_of(name, MEASURES):
        return len(values) > _MANY and are_numbers(values)
    if grid.nameless or is_one_of(name, (*NO_CLASSES, *NUMBERS, *PATHS)) or _NUMBERED.fullmatch(_last_word(name)):
        return False
    many = len(values) > _MANY and are_numbers(values) and not few(values, len(grid))
    return many and not counts_rows(grid.columns[column])


def _last_word(name: str) -> str:
    """The last word of a column's name: ``no`` of ``Case No``, ``id`` of ``patientId``."""
    words = [word for word in re.split(r"[\W_]+|(?<=[a-z])(?=[A-Z])", name) if word]
    return plain_name(words[-1]) if words else ""
