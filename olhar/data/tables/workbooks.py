"""A workbook as a table that names pictures: the sheet that says classes, or sheets of one form together."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import chain

from olhar.base.errors import DataError
from olhar.data.folders.identifiers import is_nobodys_class
from olhar.data.folders.takers import are_takers
from olhar.data.folders.words import is_container
from olhar.data.formats.workbook import Numbered, sheets
from olhar.data.layout import plain
from olhar.data.tables.class_columns import of_class_columns
from olhar.data.tables.grid import Grid
from olhar.data.tables.label_cells import readings_of
from olhar.data.tables.opener import Opener
from olhar.data.tables.parts_said import part_said
from olhar.data.tables.path_column import PathColumn
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.rows import HEAD_ROWS
from olhar.data.tables.values import relation

_SHEET = "sheet"
"""What the column of the sheets' names is called."""
_UNNAMED = re.compile(r"(sheet|planilha|plan|pagina|folha|hoja|tabela|tabla|table|page)[\s_-]*\d*")


@dataclass(frozen=True, eq=False)
class _Sheet:
    """One that names pictures: the name of its tab, and how it is read."""

    name: str
    table: PathTable
    found: PathColumn


def of_workbook(opener: Opener, index: int) -> PathTable | None:
    """The sheet of a workbook that says classes, or names most pictures, with those of its form; None where none names any.

    Raises:
        DataError: the columns of one are called so that it should.
    """
    read = [sheet for name, rows in sheets(opener.files, index) if (sheet := _sheet(opener, index, name, rows))]
    best = max(read, key=lambda sheet: (sheet.table.refusal is None, len(sheet.table.grid)), default=None)
    if best is None:
        return None
    alike = [sheet for sheet in read if _form(sheet) == _form(best)]
    return _together(opener, index, alike) if len(alike) > 1 and _deal(alike) else best.table


def _sheet(opener: Opener, index: int, name: str, rows: Sequence[Numbered]) -> _Sheet | None:
    """A sheet, whose columns may stand below a title: their names are the first row of several cells."""
    where = opener.files.names[index]
    titles = next((i for i, (_, row) in enumerate(rows) if sum(bool(cell.strip()) for cell in row) > 1), len(rows))
    head = [[cell.strip() for cell in row] for _, row in rows[titles : titles + HEAD_ROWS]]
    if len(head) > 1 and (listed := of_class_columns(opener, index, _grid(where, head[0], rows[titles + 1 :]))):
        return _Sheet(name, listed, PathColumn(listed.paths, named=True, match=listed.match))
    found = opener.path_column(head, where) if head else None
    if found is None:
        opener.require_absent(head, where, first=titles + 2)
        return None
    header = head[0] if found.named else [str(i + 1) for i in range(len(head[0]))]
    grid = _grid(where, header, rows[titles + found.named :])
    return _Sheet(name, opener.table(index, grid, found), found)


def _grid(where: str, header: Sequence[str], rows: Sequence[Numbered]) -> Grid:
    columns = dict(enumerate(map(list, zip(*(row for _, row in rows), strict=True))))
    values, numbers = {i: {*column} for i, column in columns.items()}, [number for number, _ in rows]
    return Grid(where, tuple(header), columns, values, None, numbers.__getitem__, len(rows))


def _form(sheet: _Sheet) -> tuple[object, ...]:
    return (sheet.found.position, *(plain(name.strip()) for name in sheet.table.grid.header))


def _deal(alike: Sequence[_Sheet]) -> bool:
    """Whether no picture stands in two sheets."""
    named = [{*sheet.table.where} for sheet in alike]
    return len(set[str]().union(*named)) == sum(map(len, named))


def _together(opener: Opener, index: int, alike: Sequence[_Sheet]) -> PathTable:
    """Sheets of one form as one; their names are the parts, or the classes unless a column is called so: then it is asked."""
    names = [sheet.name for sheet in alike]
    if all(map(part_said, names)):
        return opener.table(index, _joined(alike, "split"), alike[0].found)
    said, whole = opener.options.label_column or "", opener.table(index, _joined(alike), alike[0].found)
    if (said and said.casefold() != _SHEET) or not _are_classes(names):
        return replace(whole, classes_by=alike[0].table.classes_by)
    by_sheet = opener.table(index, _joined(alike, _SHEET), alike[0].found)
    names_said = by_sheet.grid.columns[len(whole.grid.header)]
    if not said and whole.refusal is None and whole.labels.said and relation(whole.labels.classes, names_said) != "same":
        return replace(by_sheet, denied=_either(by_sheet, whole.labels.column))
    return replace(by_sheet, options=replace(opener.options, label_column=_SHEET), classes_by="table.by_sheet")


def _either(table: PathTable, column: str) -> DataError:
    """Both a column and the sheets' names may be the classes."""
    columns = [table.grid.position(column), table.grid.position(_SHEET)]
    error = DataError("table.several_labels", where=table.name, columns=f"{column}, {_SHEET}")
    return error.offering(readings_of(table.grid, columns))


def _joined(alike: Sequence[_Sheet], called: str = "") -> Grid:
    """The rows of all sheets, with a column of their names if it is to be ``called`` something."""
    grids = [sheet.table.grid for sheet in alike]
    kept = [i for i in grids[0].columns if all(i in grid.columns for grid in grids)]
    columns = {i: [*chain.from_iterable(grid.columns[i] for grid in grids)] for i in kept}
    header = grids[0].header
    if called:
        columns[len(header)] = [sheet.name.strip() for sheet in alike for _ in range(len(sheet.table.grid))]
        header = (*header, called)
    numbers = [grid.row(place) for grid in grids for place in range(len(grid))]
    values = {i: {*column} for i, column in columns.items()}
    return Grid(grids[0].name, header, columns, values, None, numbers.__getitem__, len(numbers))


def _are_classes(names: Sequence[str]) -> bool:
    """Whether sheets may be called after classes: not as programs call them, nor after people, lots, dates or parts."""
    nothing = (is_container(name) or is_nobodys_class(name) or _UNNAMED.fullmatch(plain(name.strip())) for name in names)
    return not any(nothing) and not are_takers(names) and all(any(map(str.isalpha, name)) for name in names)
