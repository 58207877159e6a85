"""Text tables, CSV and JSON: a picture's path, or its pixels, in each row.

Read by ``records`` row by row. Of a table of pixels only labels and the places of the rows are kept; a row is read again when
its picture is wanted.
"""

import posixpath
import threading
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.data.columns import Columns, Role, path_of, roles
from olhar.data.dataset import Dataset
from olhar.data.files import Files, opened, others, start
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble
from olhar.data.pixels import LOOKED_AT, picture, shares
from olhar.data.records import Form, Record, cells, records, values

_SEPARATORS = (",", ";", "\t", "|")
_HEAD = 1 << 16


@dataclass(frozen=True)
class Table:
    """A text table that is understood.

    Attributes:
        files, index: where it lies.
        form: how its rows follow each other.
        roles: the column of each role.
        header: the names of the columns of a CSV.
        separator: of a CSV.
    """

    files: Files
    index: int
    form: Form
    roles: Mapping[Role, str]
    header: tuple[str, ...] = ()
    separator: str = ","

    @property
    def name(self) -> str:
        """What to call it in an error."""
        return posixpath.basename(self.files.names[self.index])

    def cells(self, record: Record) -> dict[Role, Any]:
        """The cells of a row that play a role.

        Raises:
            DataError: the row has too few or too many cells, or lacks a column.
        """
        if self.form != "csv":
            found = values(record, self.name)
        else:
            row = cells(record, self.separator, self.name)
            if len(row) != len(self.header):
                raise DataError("data.row_cells", where=self.name, row=record.row, n=len(self.header), found=len(row))
            found = dict(zip(self.header, row, strict=True))
        for role, column in self.roles.items():
            if column not in found and role != "group":
                raise DataError("data.row_lacks", where=self.name, row=record.row, column=column)
        return {role: found.get(column) for role, column in self.roles.items()}

    def rows(self, file: BinaryIO) -> Iterator[Record]:
        """All its rows, the header left out."""
        return islice(records(file, self.form, self.name), int(self.form == "csv"), None)


@dataclass(frozen=True)
class RowSource:
    """Pictures that are rows of an open text table."""

    table: Table
    file: BinaryIO
    starts: "array[int]"
    sizes: "array[int]"
    numbers: "array[int]"
    unit: bool
    lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        weakref.finalize(self, self.file.close)

    def read(self, index: int) -> Pixels:
        """The pixels of row ``index``.

        Raises:
            PictureError: they are no picture.
        """
        with self.lock:
            self.file.seek(self.starts[index])
            data = self.file.read(self.sizes[index])
        record = Record(self.numbers[index], self.starts[index], data)
        try:
            return picture(self.table.cells(record)["pixels"], self.unit)
        except (ValueError, DataError) as error:
            raise PictureError("data.row_pixels", where=self.table.name, row=record.row) from error

    def fingerprint(self) -> Iterator[bytes]:
        """The stamp of the table, and where its rows are."""
        yield self.table.files.stamp(self.table.index) + str(self.unit).encode()
        yield blake2b(self.starts.tobytes(), digest_size=16).digest()


def read(files: Files) -> Dataset | None:
    """The tables among ``files``: the one with a column of parts, or all of one form.

    Raises:
        DataError: a row that cannot be read, or columns that are missing from the only file there is.
    """
    there = others(files)
    found = [table for table in (understand(files, index) for index in there) if table is not None]
    if not found:
        if len(files.names) == 1 and there:
            _complain(files, there[0])
        return None
    chosen = [found[i] for i in belonging([table.roles for table in found], [table.name for table in found], files.name)]
    return assemble(files.origin, [_piece(table, len(chosen) > 1) for table in chosen], len(there) - len(chosen))


def belonging(columns: Sequence[Mapping[Role, str]], names: Sequence[str], where: str) -> list[int]:
    """Which tables belong together: the first that brings parts, else those whose names tell of a part, else the only one.

    Raises:
        DataError: several, and nothing says which is meant.
    """
    bringing = [i for i, found in enumerate(columns) if "part" in found]
    told = [i for i, name in enumerate(names) if part_of_name(name)]
    if len(names) > 1 and not bringing and not told:
        raise DataError("data.several_tables", where=where, tables=", ".join(names[:4]), first=names[0])
    return bringing[:1] or told or [0]


def part_of_name(name: str) -> str:
    """The part that a table's file name opens with: ``train-00000-of-00002.parquet``, ``teste.csv``."""
    stem = posixpath.splitext(posixpath.basename(name))[0]
    return part_of(stem) or part_of(stem.replace("-", "_").split("_")[0]) or ""


def understand(files: Files, index: int) -> Table | None:
    """A table with a label and a picture in each row, or None."""
    head = start(files, index, _HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        form: Form = "lines" if head[:1] == b"{" else "array"
        first = _first(files, index, form)
        return _complete(Table(files, index, form, roles(first))) if first else None
    if b"\0" in head.partition(b"\n")[0] or not head:
        return None
    for separator in _SEPARATORS:
        header = _header(head, separator)
        table = Table(files, index, "csv", roles(header), tuple(header), separator)
        if _complete(table):
            return table
    return None


def _header(head: bytes, separator: str) -> list[str]:
    try:
        return cells(Record(1, 0, head.split(b"\n", 1)[0]), separator, "")
    except DataError:
        return []


def _first(files: Files, index: int, form: Form) -> dict[str, Any] | None:
    with suppress(DataError), opened(files, index) as file:
        for record in records(file, form, ""):
            return values(record, "")
    return None


def _complete(table: Table) -> Table | None:
    return table if "label" in table.roles and ("pixels" in table.roles or "path" in table.roles) else None


def _piece(table: Table, by_name: bool) -> Piece:
    with ExitStack() as undo:
        file = undo.enter_context(opened(table.files, table.index))
        piece = _pixels(table, file) if "pixels" in table.roles else _paths(table, file)
        if isinstance(piece.source, RowSource):
            undo.pop_all()  # it reads on
    if not by_name:
        return piece
    part: Any = part_of_name(table.name)
    return Piece(piece.source, piece.where, piece.labels, [part] * len(piece.where), piece.groups)


def _paths(table: Table, file: BinaryIO) -> Piece:
    columns, paths = Columns(table.name), list[str]()
    folder = posixpath.dirname(table.files.names[table.index])
    for record in table.rows(file):
        found = table.cells(record)
        paths.append(path_of(found["path"], folder, table.name, record.row))
        columns.add(record.row, found)
    columns.finish()
    if paths and not any(map(table.files.has, paths)):
        raise DataError("data.no_files", where=table.name, n=len(paths), first=paths[0])
    return Piece(table.files.pictures(paths), paths, columns.labels, columns.parts, columns.groups)


def _pixels(table: Table, file: BinaryIO) -> Piece:
    columns, looked_at = Columns(table.name), list[Any]()
    starts, sizes, numbers = array("q"), array("q"), array("q")
    for record in table.rows(file):
        found = table.cells(record)
        columns.add(record.row, found)
        if len(looked_at) < LOOKED_AT:
            _try(found["pixels"], table.name, record.row)
            looked_at.append(found["pixels"])
        for column, value in ((starts, record.start), (sizes, len(record.data)), (numbers, record.row)):
            column.append(value)
    columns.finish()
    where = [f"{table.name}:{row}" for row in numbers]
    return Piece(
        RowSource(table, file, starts, sizes, numbers, shares(looked_at)), where, columns.labels, columns.parts, columns.groups
    )


def _try(cell: Any, where: str, row: int) -> None:
    """A first row that is no picture is told at once: the column is another than it seems."""
    try:
        picture(cell)
    except (ValueError, TypeError) as error:
        raise DataError("data.row_pixels", where=where, row=row) from error


def _complain(files: Files, index: int) -> None:
    """Say what is wrong with the only file there is, where it is meant as a table."""
    name = posixpath.basename(files.names[index])
    head = start(files, index, _HEAD)
    ending = posixpath.splitext(name.lower().removesuffix(".gz"))[1]
    if ending not in (".csv", ".tsv", ".json", ".jsonl", ".ndjson"):
        return
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise DataError("data.encoding", where=name, row=1)
    form: Form = "csv" if ending in (".csv", ".tsv") else "array" if head.lstrip()[:1] == b"[" else "lines"
    with opened(files, index) as file:
        record = next(records(file, form, name), None)
    if record is None:
        raise DataError("data.no_pictures", where=name, n=0)
    separator = max(_SEPARATORS, key=lambda mark: record.data.count(mark.encode()))
    header = cells(record, separator, name) if form == "csv" else list(values(record, name))
    missing = "data.no_label_column" if "label" not in roles(header) else "data.no_picture_column"
    shown = ", ".join(each.strip()[:20] for each in header[:10])
    raise DataError(missing, where=name, found=shown)
