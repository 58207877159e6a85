"""Text tables as such: how one is known by its first bytes, what its rows say, and its rows of pixels as pictures."""

import posixpath
import re
import threading
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from itertools import islice
from typing import Any, BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.formats.columns import ColumnRole, roles
from olhar.data.formats.pixels import picture
from olhar.data.formats.records import Record, TextForm, csv_cells, json_object, records

SEPARATORS = (",", ";", "\t", "|")
HEAD = 1 << 16
_PIXEL = re.compile(r"(pixel|px|p)?[ _]?\d+(x\d+)?")
_WIDE, _LEAST = "pixel0 ...", 16


@dataclass(frozen=True)
class Table:
    """A text table that is understood.

    Attributes:
        files, index: where it lies.
        form: how its rows follow each other.
        roles: the column of each role.
        header: the names of the columns of a CSV.
        separator: of a CSV.
        wide: where each pixel has a column of its own (``pixel0``, ``pixel1`` ...), their positions.
    """

    files: Files
    index: int
    form: TextForm
    roles: Mapping[ColumnRole, str]
    header: tuple[str, ...] = ()
    separator: str = ","
    wide: tuple[int, ...] = ()

    @property
    def name(self) -> str:
        """What to call it in an error."""
        return posixpath.basename(self.files.names[self.index])

    def cells(self, record: Record) -> dict[ColumnRole, Any]:
        """The cells of a row that play a role.

        Raises:
            DataError: the row has too few or too many cells, or lacks a column.
        """
        if self.form != "csv":
            named_cells = json_object(record, self.name)
        else:
            row = csv_cells(record, self.separator, self.name)
            if len(row) != len(self.header):
                raise DataError("data.row_cells", where=self.name, row=record.row, n=len(self.header), found=len(row))
            named_cells: dict[str, Any] = dict(zip(self.header, row, strict=True))
            if self.wide:
                named_cells[_WIDE] = " ".join(row[i] for i in self.wide)
        for role, column in self.roles.items():
            if column not in named_cells and role != "group":
                raise DataError("data.row_lacks", where=self.name, row=record.row, column=column)
        return {role: named_cells.get(column) for role, column in self.roles.items()}

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


def detect_table(files: Files, index: int) -> Table | None:
    """A table with a label and a picture in each row, or None."""
    head = first_bytes(files, index, HEAD).removeprefix(b"\xef\xbb\xbf").lstrip()
    if head[:1] in (b"{", b"["):
        form: TextForm = "lines" if head[:1] == b"{" else "array"
        first = _first(files, index, form)
        return _complete(Table(files, index, form, roles(first))) if first else None
    if b"\0" in head.partition(b"\n")[0] or not head:
        return None
    for separator in SEPARATORS:
        header = _header(head, separator)
        columns, wide = roles(header), _wide(header)
        if wide and "pixels" not in columns:
            columns["pixels"] = _WIDE
        table = Table(files, index, "csv", columns, tuple(header), separator, wide if columns.get("pixels") == _WIDE else ())
        if _complete(table):
            return table
    return None


def _header(head: bytes, separator: str) -> list[str]:
    try:
        return csv_cells(Record(1, 0, head.split(b"\n", 1)[0]), separator, "")
    except DataError:
        return []


def _wide(header: Sequence[str]) -> tuple[int, ...]:
    """The columns of a table in which each pixel has its own; none where they are too few to be a picture."""
    pixel_columns = tuple(i for i, name in enumerate(header) if _PIXEL.fullmatch(name.strip().casefold()))
    return pixel_columns if len(pixel_columns) >= _LEAST else ()


def _first(files: Files, index: int, form: TextForm) -> dict[str, Any] | None:
    with suppress(DataError), open_unpacked(files, index) as file:
        for record in records(file, form, ""):
            return json_object(record, "")
    return None


def _complete(table: Table) -> Table | None:
    return table if "label" in table.roles and ("pixels" in table.roles or "path" in table.roles) else None
