"""Grid: a text table of small cells as columns, read in one pass and bounded memory."""

from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from itertools import chain

from olhar.base.errors import DataError
from olhar.data.files.files import Files, open_unpacked
from olhar.data.tables.dialect import Dialect
from olhar.data.tables.rows import column_chunks, lines_of, parsed_text, row_number

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

    def unequal(place: int, n: int) -> DataError:
        return DataError("data.row_cells", where=where, row=number(place + 1 - named), n=len(first), found=n)

    with open_unpacked(files, index) as file, parsed_text(file, dialect, where) as text:
        first = next(filter(None, dialect.rows(lines_of(text))), [])
        columns, n = [_Column(i in wanted, i == paths) for i in range(len(first))], 0
        begun = [] if named else [[[cell] for cell in first]]
        for chunk in chain(begun, column_chunks(text, dialect, len(first), unequal)):
            n += len(chunk[0])
            for column, cells in zip(columns, chunk, strict=True):
                column.add(cells)
    header = tuple(cell.strip() for cell in first) if named else tuple(str(i + 1) for i in range(len(first)))
    kept = {i: column for i, column in enumerate(columns) if column.cells is not None}
    cells = {i: column.cells or [] for i, column in kept.items()}
    return Grid(where, header, cells, {i: column.values.keys() for i, column in kept.items()}, dialect, number, n)
