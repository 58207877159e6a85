"""Tables in which each class has a column, of 0 and 1 or of marks."""

from collections.abc import Sequence

from olhar.base.errors import DataError
from olhar.data.tables.grid import Grid
from olhar.data.tables.label_cells import Labels, may_be_class, readings_of, shown
from olhar.data.tables.values import are_flags, are_marks, are_signs, is_yes, whole_numbers

_FEW, _SOME = 0.1, 0.25
"""So many rows at most may have no class, and are left out; more where people put marks, which nothing else explains."""


def one_hot(grid: Grid, free: Sequence[int]) -> Labels | None:
    """The classes of a table in which each has a column of 0 and 1, or of marks (an ``x``); None where it is no such table.

    Raises:
        DataError: a row with several classes, many with none; columns of 1 and -1, which are attributes.
    """
    values = {i: grid.values[i] for i in free}
    signed = [i for i in free if are_signs(values[i])]
    if len(signed) > 1 and any(whole_numbers(values[i]) != [1] for i in signed):
        names = shown([grid.header[i] for i in signed])
        raise DataError("table.attributes", where=grid.name, columns=names, n=len(signed)).offering(readings_of(grid, signed))
    flags = [i for i in free if are_flags(values[i])]
    flags = flags if len(flags) > 1 else [i for i in free if are_marks(values[i])]
    others = [i for i in free if i not in flags and may_be_class(grid, i)]
    if len(flags) < 2:
        return None
    names = [grid.header[i].strip() for i in flags]
    ones = [{value: is_yes(value) for value in values[i]} for i in flags]
    rows = list(zip(*([table[cell] for cell in grid.columns[i]] for i, table in zip(flags, ones, strict=True)), strict=True))
    odd = next((place for place, row in enumerate(rows) if sum(row) != 1), None)
    if odd is None:
        return Labels([names[row.index(True)] for row in rows], "", said=True)
    marked = not are_flags(values[flags[0]])
    several = next((place for place, row in enumerate(rows) if sum(row) > 1), None)
    unmarked = sum(not any(row) for row in rows)
    if several is None and unmarked <= (_SOME if marked else 0 if others else _FEW) * len(rows):
        return Labels([names[row.index(True)] if any(row) else "" for row in rows], "", said=True)
    if others or marked:
        return None
    if several is None:  # so many may be a class of their own, such as what is healthy
        raise DataError("data.row_no_label", where=grid.name, row=grid.row(odd))
    found = ", ".join(name for name, one in zip(names, rows[several], strict=True) if one)
    readings = readings_of(grid, flags)
    raise DataError("data.several_labels", where=grid.name, row=grid.row(several), found=found[:60]).offering(readings)
