"""Grid: a text table of small cells as columns, read in one pass and bounded memory."""

import csv
import io
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from typing import BinaryIO

from olhar.base.errors import DataError
from olhar.data.files.files import Files, open_unpacked
from olhar.data.formats import records
from olhar.data.tables.dialect import Dialect

HEAD_ROWS = 1000
"""So many rows are looked at to find out which column is which."""
_CHUNK = 128
"""So many rows are held at once: they and their cells stay in the processor's cache, and are gone before they are counted."""
_MANY, _FEW = 8192, 0.75


@dataclass(frozen=True)
class Grid:
    """A table of text.

    Attributes:
        name: what to call it: its path below the data.
        header: what each column is called: by its first row, or by its number, from 1.
        columns: the cells of each column, by its position. A column of many values that was not asked for is left out.
        values: the different cells of each of them.
        dialect: how it is written; None for JSON.
        row: the number of the row, as an editor counts, of a place in the columns.
        n: how many rows there are.
    """

    name: str
    header: tuple[str, ...]
    columns: Mapping[int, Sequence[str]]
    values: Mapping[int, Set[str]]
    dialect: Dialect | None
    row: Callable[[int], int]
    n: int

    def __len__(self) -> int:
        return self.n

    @property
    def nameless(self) -> bool:
        """Whether its first row gives no names."""
        return all(name == str(i + 1) for i, name in enumerate(self.header))

    def position(self, column: str) -> int:
        """Where a column of that name or number stands; -1 where there is none."""
        wanted = column.strip().casefold()
        names = [name.strip().casefold() for name in self.header]
        return names.index(wanted) if wanted in names else -1


class _Column:
    """The cells of one column, equal ones kept once; given up where they are too many and it was not asked for.

    Of a plain column no cells are looked for among the others: in that of paths none are equal.
    """

    def __init__(self, wanted: bool, plain: bool) -> None:
        self.cells: list[str] | None = []
        self.values: dict[str, str] = {}
        self._wanted, self._plain = wanted, plain

    def add(self, cells: Sequence[str]) -> None:
        """Take the next cells."""
        if self.cells is None:
            return
        if self._plain:
            self.cells += cells
            return
        self.cells += map(self.values.setdefault, cells, cells)
        if not self._wanted and len(self.cells) >= _MANY and len(self.values) > _FEW * len(self.cells):
            self.cells = None


@contextmanager
def lines_of(file: BinaryIO, dialect: Dialect, where: str) -> Generator[Iterator[str]]:
    """The lines of a table's text, those before its first row left out; one longer than ``ROW_LIMIT`` comes in pieces.

    Raises:
        DataError: bytes that are no text of its encoding.
    """
    file.seek(dialect.bom)
    errors = "replace" if dialect.encoding == "cp1252" else "strict"
    text = io.TextIOWrapper(file, dialect.encoding, errors=errors, newline="")
    try:
        yield islice(iter(partial(text.readline, records.ROW_LIMIT), ""), dialect.skipped, None)
    except UnicodeDecodeError as error:
        text.detach()
        file.seek(dialect.bom)
        text = io.TextIOWrapper(file, dialect.encoding, errors="replace", newline="")
        odd = next((number for number, line in enumerate(text, 1) if "\ufffd" in line), 1)
        raise DataError("data.encoding", where=where, row=odd) from error
    finally:
        text.detach()


@contextmanager
def rows_of_file(file: BinaryIO, dialect: Dialect, where: str) -> Generator[Iterator[list[str]]]:
    """The rows of a table, empty ones left out.

    Raises:
        DataError: a line or a cell too long, or bytes that are no text of its encoding.
    """
    try:
        with lines_of(file, dialect, where) as lines:
            yield filter(None, dialect.rows(lines))
    except csv.Error as error:
        limit = csv.field_size_limit() / 2**20
        row = row_number(file, dialect, where, None)
        raise DataError("data.row_too_long", where=where, row=row, megabytes=limit) from error


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

    with suppress(csv.Error), lines_of(file, dialect, where) as lines:
        for row in dialect.rows(counted(lines)):
            if row and passed == place:
                return begun
            passed, begun = passed + bool(row), taken + 1
    return begun


def read_grid(files: Files, index: int, dialect: Dialect, named: bool, wanted: Sequence[int], paths: int = -1) -> Grid:
    """The whole of a table.

    Args:
        files, index: where it lies.
        dialect: how it is written.
        named: whether its first row is a header.
        wanted: the columns to keep however many values they have.
        paths: the column that names pictures; its ``values`` are left empty.

    Raises:
        DataError: a row with more or fewer cells than the first, one too long, or not of its encoding.
    """
    where = files.names[index]

    def number(place: int) -> int:
        with open_unpacked(files, index) as again:
            return row_number(again, dialect, where, place + named)

    with open_unpacked(files, index) as file, rows_of_file(file, dialect, where) as rows:
        first = next(rows, [])
        columns, n = [_Column(i in wanted, i == paths) for i in range(len(first))], 0
        for chunk in _chunks(rows, [] if named else [first]):
            _require_width(chunk, len(first), n, where, number)
            n += len(chunk)
            for column, cells in zip(columns, zip(*chunk, strict=True), strict=True):
                column.add(cells)
    header = tuple(cell.strip() for cell in first) if named else tuple(str(i + 1) for i in range(len(first)))
    kept = {i: column for i, column in enumerate(columns) if column.cells is not None}
    cells = {i: column.cells or [] for i, column in kept.items()}
    return Grid(where, header, cells, {i: column.values.keys() for i, column in kept.items()}, dialect, number, n)


def _chunks(rows: Iterator[list[str]], first: list[list[str]]) -> Generator[list[list[str]]]:
    chunk = first + list(islice(rows, _CHUNK))
    while chunk:
        yield chunk
        chunk = list(islice(rows, _CHUNK))


def _require_width(chunk: Sequence[Sequence[str]], width: int, before: int, where: str, number: Callable[[int], int]) -> None:
    if {*map(len, chunk)} == {width}:
        return
    place = next(i for i, row in enumerate(chunk) if len(row) != width)
    raise DataError("data.row_cells", where=where, row=number(before + place), n=width, found=len(chunk[place]))
