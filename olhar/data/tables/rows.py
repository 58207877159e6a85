"""Rows of a text table, read line by line in bounded memory."""

import csv
import io
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from itertools import chain, islice
from typing import BinaryIO, TextIO

from olhar.base.errors import DataError
from olhar.data.formats import records
from olhar.data.tables.dialect import Dialect

HEAD_ROWS = 1000
"""So many rows are looked at to find out which column is which."""
_CHUNK, _BLOCK = 128, 1 << 14
"""So many rows, or letters, are held at once: they and their cells stay in the processor's cache."""


@contextmanager
def text_of(file: BinaryIO, dialect: Dialect, where: str) -> Generator[TextIO]:
    """The text of a table from its first row on.

    Raises:
        DataError: bytes that are no text of its encoding.
    """
    file.seek(dialect.bom)
    errors = "replace" if dialect.encoding == "cp1252" else "strict"
    text = io.TextIOWrapper(file, dialect.encoding, errors=errors, newline="")
    try:
        for _ in range(dialect.skipped):
            text.readline(records.ROW_LIMIT)
        yield text
    except UnicodeDecodeError as error:
        text.detach()
        file.seek(dialect.bom)
        text = io.TextIOWrapper(file, dialect.encoding, errors="replace", newline="")
        odd = next((number for number, line in enumerate(text, 1) if "\ufffd" in line), 1)
        raise DataError("data.encoding", where=where, row=odd) from error
    finally:
        text.detach()


@contextmanager
def parsed_text(file: BinaryIO, dialect: Dialect, where: str) -> Generator[TextIO]:
    """The same, to be parsed.

    Raises:
        DataError: a line or a cell too long, or bytes that are no text of its encoding.
    """
    try:
        with text_of(file, dialect, where) as text:
            yield text
    except csv.Error as error:
        limit = csv.field_size_limit() / 2**20
        row = row_number(file, dialect, where, None)
        raise DataError("data.row_too_long", where=where, row=row, megabytes=limit) from error


def lines_of(text: TextIO) -> Iterator[str]:
    """The lines of a text; one longer than ``ROW_LIMIT`` comes in pieces."""
    return iter(partial(text.readline, records.ROW_LIMIT), "")


@contextmanager
def rows_of_file(file: BinaryIO, dialect: Dialect, where: str) -> Generator[Iterator[list[str]]]:
    """The rows of a table, empty ones left out.

    Raises:
        DataError: as ``parsed_text``.
    """
    with parsed_text(file, dialect, where) as text:
        yield filter(None, dialect.rows(lines_of(text)))


def head_rows(file: BinaryIO, dialect: Dialect, where: str) -> list[list[str]]:
    """The first rows, blanks around the cells taken off."""
    with rows_of_file(file, dialect, where) as rows:
        return [[cell.strip() for cell in row] for row in islice(rows, HEAD_ROWS + 1)]


def row_number(file: BinaryIO, dialect: Dialect, where: str, place: int | None) -> int:
    """The number of a row, as an editor counts: of the row at ``place``, or of the last that can be read."""
    taken, begun, passed = dialect.skipped, dialect.skipped + 1, 0

    def counted(lines: Iterator[str]) -> Generator[str]:
        nonlocal taken
        for line in lines:
            taken += 1
            yield line

    with suppress(csv.Error), text_of(file, dialect, where) as text:
        for row in dialect.rows(counted(lines_of(text))):
            if row and passed == place:
                return begun
            passed, begun = passed + bool(row), taken + 1
    return begun


def column_chunks(
    text: TextIO, dialect: Dialect, width: int, unequal: Callable[[int, int], DataError]
) -> Generator[Sequence[Sequence[str]]]:
    """The columns of a table, some rows at a time; they are parsed from the first on that needs it.

    Args:
        text: what is left to be read.
        dialect: how it is written.
        width: how many cells each row has.
        unequal: what to raise of a row, by its place, that has so many others.
    """
    n, pending = 0, text.read(_BLOCK)
    while (columns := dialect.columns(pending[: pending.rfind("\n") + 1], width)) is not None:
        yield columns
        n, pending = n + len(columns[0]), pending[pending.rfind("\n") + 1 :] + text.read(_BLOCK)
    lines = chain(io.StringIO(pending + text.readline(records.ROW_LIMIT), newline=""), lines_of(text))
    rows = filter(None, dialect.rows(lines))
    while chunk := list(islice(rows, _CHUNK)):
        if {*map(len, chunk)} != {width}:
            place = next(i for i, row in enumerate(chunk) if len(row) != width)
            raise unequal(n + place, len(chunk[place]))
        n += len(chunk)
        yield list(zip(*chunk, strict=True))
