"""Text with columns, as a table that names pictures: by paths, folders, numbers or by row."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.data.files.files import open_unpacked
from olhar.data.tables.class_columns import may_be_lists, of_class_columns
from olhar.data.tables.dialect import Dialect
from olhar.data.tables.folder_and_name import folder_and_name, with_whole_paths
from olhar.data.tables.folder_rows import Below, folder_column, spread
from olhar.data.tables.grid import Grid, read_grid
from olhar.data.tables.localisation import with_class_alone
from olhar.data.tables.name_tables import WAYS, How
from olhar.data.tables.number_columns import number_columns, with_pictures
from olhar.data.tables.numbered import in_another_order, may_be_header, repeats, with_names
from olhar.data.tables.opener import Opener
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.path_column import PathColumn
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.rows import head_rows
from olhar.data.tables.values import whole_numbers


def of_text(opener: Opener, index: int, dialect: Dialect) -> PathTable | None:
    """Text with columns, written in one way; None where it names no pictures.

    Raises:
        DataError: a row that cannot be read; its columns are called so that it should.
    """
    where = opener.files.names[index]
    rows = list[list[str]]()
    with suppress(*(() if opener.files.single else (DataError,))), open_unpacked(opener.files, index) as file:
        rows = head_rows(file, dialect, where)
    return _of_columns(opener, index, dialect, rows) or _of_rows(opener, index, dialect, rows)


def _of_rows(opener: Opener, index: int, dialect: Dialect, rows: Sequence[Sequence[str]]) -> PathTable | None:
    """A table with a row a picture, or a folder of them."""
    where = opener.files.names[index]
    found = opener.path_column(rows, where) if rows else None
    if found and repeats(rows, found.position) and (lines := _of_lines(opener, index, dialect, rows)):
        return lines
    if found is None:
        table = _of_several_columns(opener, index, dialect, rows) if rows else None
        if table is None:
            opener.require_absent(rows, where, first=2)
        return table
    wanted = [i for i, name in enumerate(rows[0]) if i == found.position or opener.is_wanted(name, i)]
    try:
        grid = read_grid(opener.files, index, dialect, found.named, wanted, found.position)
    except DataError as error:
        if error.key != "data.encoding" or dialect.encoding != "utf-8" or dialect.bom:
            raise
        grid = read_grid(opener.files, index, replace(dialect, encoding="cp1252"), found.named, wanted, found.position)
    return opener.table(index, with_class_alone(grid), found)


def _of_several_columns(opener: Opener, index: int, dialect: Dialect, rows: Sequence[Sequence[str]]) -> PathTable | None:
    """A table of which no column names pictures: folders are named, or several columns name one, or there is a row for each."""
    if of_folders := folder_column(rows, opener.pictures.folders):
        return _of_folders(opener, index, dialect, rows, *of_folders)
    if parts := folder_and_name(rows, opener.pictures):
        return whole(opener, index, with_whole_paths(read_grid(opener.files, index, dialect, True, parts), *parts), "end")
    if order := number_columns(rows, opener.pictures.paths):
        return _of_numbers(opener, index, dialect, order)
    return _of_lines(opener, index, dialect, rows)


def _of_columns(opener: Opener, index: int, dialect: Dialect, rows: Sequence[Sequence[str]]) -> PathTable | None:
    """A table with a column a class; the first row below the names shows what it is not."""
    first = [cell for cell in rows[1] if cell] if len(rows) > 1 and may_be_lists(rows[0]) else []
    if len(first) < 2 or not any(opener.pictures.match(first, "", None, how) for how in WAYS):
        return None
    with suppress(DataError):
        return of_class_columns(opener, index, read_grid(opener.files, index, dialect, True, [*range(len(rows[0]))]))
    return None


def _of_folders(
    opener: Opener, index: int, dialect: Dialect, rows: Sequence[Sequence[str]], i: int, below: Below
) -> PathTable | None:
    """A table whose rows name folders, as one of the pictures in them."""
    whole = read_grid(opener.files, index, dialect, not below(rows[0][i]), [i])
    grid = spread(whole, i, below, opener.pictures.paths)
    match = opener.pictures.match(grid.columns[i], "", None, "whole")
    return opener.table(index, grid, PathColumn(i, named=not whole.nameless, match=match)) if match else None


def _of_numbers(opener: Opener, index: int, dialect: Dialect, order: Sequence[int]) -> PathTable | None:
    """A table whose numbers make the names of the pictures."""
    grid = with_pictures(read_grid(opener.files, index, dialect, True, [*order]), order, opener.pictures.paths)
    return whole(opener, index, grid)


def _of_lines(opener: Opener, index: int, dialect: Dialect, rows: Sequence[Sequence[str]]) -> PathTable | None:
    """A table that names no picture, and has a row for each of those with running numbers, under a header perhaps."""
    pictures = opener.pictures.in_order(part_of_table(opener.files.names[index]))
    if not pictures or in_another_order(rows):
        return None
    with suppress(DataError):
        grid = read_grid(opener.files, index, dialect, may_be_header(rows[0]), ())
        if len(grid) == len(pictures):
            return numbered(whole(opener, index, with_names(grid, pictures)))
    return None


def whole(opener: Opener, index: int, grid: Grid, how: How = "whole") -> PathTable | None:
    """A table whose last column holds whole paths, or their ends."""
    last = len(grid.header) - 1
    match = opener.pictures.match(grid.columns[last], "", None, how)
    return opener.table(index, grid, PathColumn(last, named=not grid.nameless, match=match)) if match else None


def numbered(table: PathTable | None) -> PathTable | None:
    """A table of running numbers, if it says a class or a part, or a person is to say which of its columns does."""
    if table is None:
        return None
    table = replace(table, match=replace(table.match, numbered=True))
    refusal = table.refusal
    if refusal is None and min(whole_numbers(table.labels.names) or [0]) > 1:  # counts of people, say
        return None
    return table if refusal is None or table.split or (refusal.readings and refusal.key == "table.several_labels") else None
