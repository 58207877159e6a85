"""Rows that are no text with columns, as a table that names pictures: JSON, exports, Parquet, arrays."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, BinaryIO, Literal

from olhar.base.errors import DataError
from olhar.data.files.files import open_unpacked
from olhar.data.formats.columns import as_text, roles
from olhar.data.formats.parquet_file import class_names, plain_columns, schema_of, small_columns
from olhar.data.formats.records import json_object, records
from olhar.data.tables.array_lists import columns_of, named_rows, numbered_rows
from olhar.data.tables.column_names import PATHS, is_one_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.ground_truth import classified
from olhar.data.tables.json_entries import flat, json_entries
from olhar.data.tables.label_studio import answered
from olhar.data.tables.mentions import LARGEST
from olhar.data.tables.numbered import repeats
from olhar.data.tables.opener import Opener
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.rows import HEAD_ROWS
from olhar.data.tables.text_form import numbered
from olhar.data.tables.tool_rows import Row


def of_entries(opener: Opener, index: int, entries: Sequence[Row], name: str = "") -> PathTable | None:
    """Rows by the names of their columns; None where they name no pictures.

    Raises:
        DataError: their columns are called so that they should.
    """
    if not entries:
        return None
    where, header = name or opener.files.names[index], [*entries[0]]
    cells = [[_cell(entry.get(name)) for name in header] for entry in entries]
    found = opener.path_column([header, *cells[:HEAD_ROWS]], where)
    if found is None:
        opener.require_absent([header, *cells[:HEAD_ROWS]], where, first=1)
        return None
    columns = dict(enumerate(map(list, zip(*cells, strict=True))))
    values = {i: {*column} for i, column in columns.items()}
    return opener.table(index, Grid(where, tuple(header), columns, values, None, lambda place: place + 1, len(cells)), found)


def of_json(opener: Opener, index: int, *, array: bool) -> PathTable | None:
    """JSON lines or a list of objects, as columns of text; a list in a cell is told apart by ``|``."""
    where, form = opener.files.names[index], "array" if array else "lines"
    header, head, plain = list[str](), list[list[str]](), True
    with suppress(*(() if opener.files.single else (DataError,))), open_unpacked(opener.files, index) as file:
        for _, row in islice(_rows(file, form, where), HEAD_ROWS):
            header = header or list(row)
            plain = plain and not any(isinstance(row.get(name), (list, dict)) for name in header if is_one_of(name, PATHS))
            if "pixels" in roles(header):
                return None
            head.append([_cell(row.get(name)) for name in header])
    lone = len(head) == 1 and not array and not opener.files.single  # one object: settings, or a form that is not known
    found = opener.path_column([header, *head], where) if header and not lone else None
    if found is None:
        if plain and not lone:
            opener.require_absent([header, *head], where, first=1)
        return None
    with open_unpacked(opener.files, index) as file:
        rows = [*_rows(file, form, where)]
    columns = {i: [_cell(row.get(name)) for _, row in rows] for i, name in enumerate(header)}
    values = {i: {*cells} for i, cells in columns.items()}
    grid = Grid(where, tuple(header), columns, values, None, lambda place: rows[place][0], len(rows))
    return opener.table(index, grid, found)


def json_rows(opener: Opener, index: int) -> list[Row] | None:
    """The rows of a JSON object; None of JSON lines, of which there are several, and of one that is too large.

    Raises:
        DataError: COCO's form, with boxes; a tool's, with several classes a picture.
    """
    if opener.files.size(index) > LARGEST:
        return None
    with open_unpacked(opener.files, index) as file:
        text = file.read(LARGEST).decode("utf-8-sig", "replace")
    return json_entries(text, opener.files.names[index], opener.options.label_column)


def of_parquet(opener: Opener, index: int) -> PathTable | None:
    """The columns of texts and numbers of a Parquet file; None where its other columns hold pictures."""
    where, header = opener.files.names[index], plain_columns(opener.files, index)
    if not header or {"pixels", "image"} & roles(schema_of(opener.files, index)).keys():
        return None
    head = small_columns(opener.files, index, header, HEAD_ROWS)
    rows = [header, *(list(map(_cell, row)) for row in zip(*head.values(), strict=True))]
    found = opener.path_column(rows, where)
    if found is None:
        opener.require_absent(rows, where, first=1)
        return None
    cells = small_columns(opener.files, index, header)
    columns = {i: _named(opener, index, name, cells[name]) for i, name in enumerate(header)}
    values = {i: {*column} for i, column in columns.items()}
    n = len(columns[found.position])
    return opener.table(index, Grid(where, tuple(header), columns, values, None, lambda place: place + 1, n), found)


def _named(opener: Opener, index: int, column: str, cells: Sequence[object]) -> list[str]:
    """Cells as text, numbers by the names that Hugging Face's schema gives them."""
    names = class_names(opener.files, index, column)
    return [names[cell] if isinstance(cell, int) and 0 <= cell < len(names) else _cell(cell) for cell in cells]


def of_arrays(opener: Opener, index: int) -> PathTable | None:
    """Lists in MATLAB's or NumPy's form."""
    columns = columns_of(opener.files, index)
    for rows in named_rows(columns):
        head = [[*rows[0]], *([*row.values()] for row in rows[:HEAD_ROWS])]
        found = opener.path_column(head, opener.files.names[index])
        if found and not repeats(head, found.position):
            return of_entries(opener, index, rows)
    rows = numbered_rows(columns, opener.pictures.in_order(part_of_table(opener.files.names[index])))
    return numbered(of_entries(opener, index, rows)) if rows else None


def _rows(file: BinaryIO, form: Literal["array", "lines"], where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a JSON list or of JSON lines, each with its number; labelling tools' as a picture and its class."""
    objects = classified(answered((record.row, json_object(record, where)) for record in records(file, form, where)))
    return ((number, flat(row)) for number, row in objects)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "|".join(_cell(each) for each in value)
    return as_text(value) if not isinstance(value, dict) else ""
