"""Two tables, one of which names pictures and a thing each, and the other says what that thing is: joined by its id."""

import posixpath
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from itertools import islice

from olhar.base.errors import DataError
from olhar.data.files.files import first_bytes
from olhar.data.folders.words import tokens, words_of
from olhar.data.formats.workbook import is_workbook_name, sheets
from olhar.data.tables.column_names import LABELS, is_one_of, plain_name
from olhar.data.tables.dialect import detect_dialects
from olhar.data.tables.grid import Grid, read_grid
from olhar.data.tables.label_cells import holds_several
from olhar.data.tables.opener import Opener
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.values import present

_NAMES = ("nome", "name", "descricao", "description", "descripcion", "significado", "meaning", "titulo", "title", "nombre")
_IDS = words_of("id cod codigo code key chave num numero number no")
_HEAD, _LARGEST, _MOST = 1 << 16, 1 << 24, 16


def joined(tables: Sequence[PathTable], others: Sequence[int], opener: Opener) -> tuple[list[PathTable], list[str]]:
    """The tables, those whose own columns say no class with that of the table of things; and the names of tables so used.

    Args:
        tables: those that name pictures.
        others: tables that name none, and workbooks, of which another sheet may.
        opener: what they are opened with.
    """
    if not others or opener.options.label_column:
        return [*tables], []
    lacking = {table for table in tables if table.refusal is not None or not table.labels.said}
    things = [*_grids(others[:_MOST], opener)] if lacking else []
    found = [next(filter(None, (_with(table, grid) for grid in things if table in lacking)), table) for table in tables]
    return found, [table.partner for table in found]


def _grids(others: Sequence[int], opener: Opener) -> Iterator[Grid]:
    """The tables that name no pictures, as columns of text; what cannot be read is left."""
    for index in others:
        if opener.files.size(index) <= _LARGEST:
            of_form = _of_workbook if is_workbook_name(opener.files.names[index]) else _of_text
            with suppress(DataError):
                yield from of_form(opener, index)


def _of_workbook(opener: Opener, index: int) -> Iterator[Grid]:
    for _, rows in sheets(opener.files, index):
        header, *cells = [[cell.strip() for cell in row] for _, row in rows] or [[]]
        columns = dict(enumerate(map(list, zip(*cells, strict=True))))
        values = {i: {*column} for i, column in columns.items()}
        yield Grid(opener.files.names[index], tuple(header), columns, values, None, int, len(cells))


def _of_text(opener: Opener, index: int) -> Iterator[Grid]:
    for dialect in islice(detect_dialects(first_bytes(opener.files, index, _HEAD)), 1):
        yield read_grid(opener.files, index, dialect, True, range(dialect.cells))


def _with(table: PathTable, things: Grid) -> PathTable | None:
    """A table with the class of its things; None where no column of both is called alike, or nothing says a class of each."""
    keys = {i: name for i, name in enumerate(table.grid.header) if i in table.grid.columns and i != table.paths}
    for key, name in enumerate(things.header):
        own = next((i for i, header in keys.items() if _are_alike(header, name, things.name)), -1)
        if own >= 0 and key in things.columns and _identify(things.columns[key], table.grid.columns[own]):
            return _joined(table, things, own, key)
    return None


def _are_alike(header: str, key: str, file: str) -> bool:
    """Whether a column means the ids of a table: called as they are, or as the table (``id_plant``, ``id`` of ``plants.csv``)."""
    if plain_name(header) == plain_name(key):
        return True
    words = {*tokens(header)} - _IDS
    called = {*tokens(posixpath.splitext(posixpath.basename(file))[0])}
    return plain_name(key) in _IDS and bool(words) and all({word, f"{word}s", f"{word}es"} & called for word in words)


def _identify(ids: Sequence[str], cells: Sequence[str]) -> bool:
    """Whether each thing has one id, and nearly all cells are of one of them."""
    known, said = present({*ids}), present({*cells})
    return len(known) == sum(bool(each.strip()) for each in ids) > 1 and len(said) > 1 and {*said} <= {*known}


def _joined(table: PathTable, things: Grid, own: int, key: int) -> PathTable | None:
    named = [i for i in things.columns if i != key and is_one_of(things.header[i], LABELS)]
    named = named or [i for i in things.columns if i != key and plain_name(things.header[i]) in _NAMES]
    if len(named) != 1 or any(holds_several(text, things.values[named[0]], tags=False) for text in things.values[named[0]]):
        return None
    of = dict(zip(things.columns[key], (cell.strip() for cell in things.columns[named[0]]), strict=True))
    grid, last = table.grid, len(table.grid.header)
    classes = [of.get(cell, "") for cell in grid.columns[own]]
    columns, values = {**grid.columns, last: classes}, {**grid.values, last: {*classes}}
    called = things.header[named[0]] if grid.position(things.header[named[0]]) < 0 else "class"
    several = len({*grid.columns[own]}) > len({*classes})  # individuals of a class, of each of which all pictures stay together
    groups = table.options.group_column or (grid.header[own] if several else None)
    options = replace(table.options, label_column=called, group_column=groups)
    grid = replace(grid, header=(*grid.header, called), columns=columns, values=values)
    return replace(table, grid=grid, options=options, partner=things.name, key=grid.header[own])
