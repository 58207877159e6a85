"""Text tables as such: how one is known by its first bytes, what its rows say, and its rows of pixels as pictures."""

import posixpath
import re
import threading
import weakref
from array import array
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from typing import Any, BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.files.files import Files
from olhar.data.formats.columns import ColumnRole, roles
from olhar.data.formats.pixels import picture, shape_of_picture
from olhar.data.formats.recoded import first_text, open_recoded
from olhar.data.formats.records import Record, TextForm, csv_cells, json_object, records
from olhar.data.tables.column_names import GROUPS, NUMBERS, PATHS, is_one_of
from olhar.data.tables.dialect import Encoding

SEPARATORS = (",", ";", "\t", "|")
HEAD = 1 << 16
_PIXEL = re.compile(r"(pixel|px|p)?[ _]?\d+(x\d+)?")
_NUMBER = re.compile(r"\d+(\.\d*)?")
WIDE, _LEAST = "pixel0 ...", 16


@dataclass(frozen=True)
class Table:
    """A text table that is understood.

    Attributes:
        files, index: where it lies.
        form: how its rows follow each other.
        roles: the column of each role.
        header: the names of the columns of a CSV, or their numbers from 1.
        separator: of a CSV.
        named: whether the first row of a CSV gives the names of the columns.
        encoding: what it is written in; all else here speaks of its text in UTF-8.
        wide: where each pixel has a column of its own (``pixel0``, ``pixel1`` ...), their positions.
    """

    files: Files
    index: int
    form: TextForm
    roles: Mapping[ColumnRole, str]
    header: tuple[str, ...] = ()
    separator: str = ","
    wide: tuple[int, ...] = ()
    named: bool = True
    encoding: Encoding = "utf-8"

    def open(self) -> BinaryIO:
        """Its text in UTF-8.

        Raises:
            DataError: it is not written as it begins, or there is no room for it.
        """
        return open_recoded(self.files, self.index, self.encoding)

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
                named_cells[WIDE] = " ".join(row[i] for i in self.wide)
        for role, column in self.roles.items():
            if column not in named_cells and role != "group":
                raise DataError("data.row_lacks", where=self.name, row=record.row, column=column)
        return {role: named_cells.get(column) for role, column in self.roles.items()}

    def rows(self, file: BinaryIO) -> Iterator[Record]:
        """All its rows, a header left out."""
        return islice(records(file, self.form, self.name), int(self.form == "csv" and self.named), None)


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


def detect_table(files: Files, index: int, label_column: str | None = None) -> Table | None:
    """A table with a label and a picture in each row, or None; ``label_column`` is what a person says of the label.

    Raises:
        DataError: pixels without names of columns, and either end may be the class.
    """
    head, encoding = first_text(files, index, HEAD)
    table = _detected(files, index, head.lstrip(), encoding, label_column)
    return replace(table, encoding=encoding) if table is not None else None


def _detected(files: Files, index: int, head: bytes, encoding: Encoding, label_column: str | None) -> Table | None:
    if head[:1] in (b"{", b"["):
        form: TextForm = "lines" if head[:1] == b"{" else "array"
        first = _first(files, index, form, encoding)
        return _complete(Table(files, index, form, _roles(list(first), label_column))) if first else None
    if b"\0" in head.partition(b"\n")[0] or not head:
        return None
    for separator in SEPARATORS:
        header = _header(head, separator)
        columns, wide = _roles(header, label_column), _wide(header)
        if wide and "pixels" not in columns:
            columns["pixels"] = WIDE
        rest = [name for i, name in enumerate(header) if i not in wide]
        numbers = rest and is_one_of(rest[0], (*PATHS, *GROUPS, *NUMBERS))
        if wide and len(rest) == 1 and not numbers:  # beside a column a pixel, the only other one is the class
            columns.setdefault("label", rest[0])
        wide = tuple(i for i in wide if header[i] != columns.get("label")) if columns.get("pixels") == WIDE else ()
        table = Table(files, index, "csv", columns, tuple(header), separator, wide)
        if _complete(table) and not all(map(_is_number, header)):
            return table
    rows = [line.decode("ascii", "replace").split(",") for line in head.splitlines()[:-1] or [head]]
    return _nameless(Table(files, index, "csv", {}), rows, label_column)


def _roles(header: Sequence[str], label_column: str | None) -> dict[ColumnRole, str]:
    """The column of each role, the label's as a person says."""
    columns = roles(header)
    said = next((name for name in header if label_column and name.strip().casefold() == label_column.strip().casefold()), None)
    return {**columns, "label": said} if said is not None else columns


def _nameless(table: Table, rows: Sequence[Sequence[str]], label_column: str | None) -> Table | None:
    """A table of numbers alone, as MNIST is given: the class, then a pixel a column. A first row with points among rows without
    is what pandas makes of a row in place of a header; the picture in it is lost.

    Raises:
        DataError: the class may stand first or last.
    """
    width = len(rows[0])
    if width <= _LEAST or not all(map(_is_number, rows[0])) or not _is_picture_size(width - 1):
        return None
    below = [row for row in rows[1:] if len(row) == width] or [rows[0]]
    named = any("." in cell for cell in rows[0]) and not any("." in cell for row in below for cell in row)
    header = tuple(cell.strip() for cell in rows[0]) if named else tuple(str(i + 1) for i in range(width))
    label = _label_end(table, header, below, label_column)
    wide = tuple(i for i in range(width) if i != label)
    return replace(table, roles={"label": header[label], "pixels": WIDE}, header=header, wide=wide, named=named)


def _label_end(table: Table, header: Sequence[str], rows: Sequence[Sequence[str]], label_column: str | None) -> int:
    if label_column is not None:
        if label_column.strip() in header:
            return header.index(label_column.strip())
        raise DataError("table.no_such_column", where=table.name, column=label_column, found=", ".join(header[:10]))
    first, last = ({row[i].strip() for row in rows} for i in (0, len(header) - 1))
    if len(last) > 1 and (len(last) < len(first) or len(first) == 1) and (len(first) == 1 or 2 * len(first) > len(rows) > 3):
        ends = (header[0], header[-1])
        readings = [Reading(sentence("table.reading_label", column=end), options={"label_column": end}) for end in ends]
        raise DataError("table.several_labels", where=table.name, columns=", ".join(ends)).offering(readings)
    return 0


def _is_number(cell: str) -> bool:
    return _NUMBER.fullmatch(cell.strip()) is not None


def _is_picture_size(n: int) -> bool:
    try:
        shape_of_picture(n)
    except ValueError:
        return False
    return True


def _header(head: bytes, separator: str) -> list[str]:
    try:
        return csv_cells(Record(1, 0, head.split(b"\n", 1)[0]), separator, "")
    except DataError:
        return []


def _wide(header: Sequence[str]) -> tuple[int, ...]:
    """The columns of a table in which each pixel has its own; none where they are too few to be a picture."""
    pixel_columns = tuple(i for i, name in enumerate(header) if _PIXEL.fullmatch(name.strip().casefold()))
    return pixel_columns if len(pixel_columns) >= _LEAST else ()


def _first(files: Files, index: int, form: TextForm, encoding: Encoding) -> dict[str, Any] | None:
    with suppress(DataError), open_recoded(files, index, encoding) as file:
        for record in records(file, form, ""):
            return json_object(record, "")
    return None


def _complete(table: Table) -> Table | None:
    shown = "pixels" in table.roles or ("path" in table.roles and table.files.single)  # of paths, others tell in a folder
    return table if "label" in table.roles and shown else None
