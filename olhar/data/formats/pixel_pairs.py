"""Tables of pixels whose classes stand in tables of their own, row by row: ``ARDIS_train_2828.csv``, ``ARDIS_train_labels.csv``.

A table that is called one of labels holds a class a row, or noughts with a single one; a table of pixels, numbers alone, as
many a row as a picture has. Which belong together, the parts in their names say, and that they have as many rows.
"""

import posixpath
import re
from array import array
from collections.abc import Sequence
from contextlib import ExitStack
from itertools import islice
from math import isfinite
from typing import Any

from olhar.base.errors import DataError
from olhar.base.texts import Sentence
from olhar.data.dataset import Brought, Dataset, Part
from olhar.data.files.files import Files, listing, non_pictures
from olhar.data.formats.array_names import meaning_in_file
from olhar.data.formats.columns import as_text
from olhar.data.formats.pixels import LOOKED_AT, picture, shape_of_picture, unit_scaled
from olhar.data.formats.recoded import first_text, open_recoded
from olhar.data.formats.records import csv_cells, records
from olhar.data.formats.text_table import SEPARATORS, WIDE, RowSource, Table
from olhar.data.pieces import Piece, assemble, class_key
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables.class_numbers import names_of_numbers
from olhar.data.tables.parts_said import part_of_table

_TEXT = re.compile(r"\.(csv|tsv|txt|dat)(\.gz)?$", re.IGNORECASE)
_HEAD, _SMALLEST = 1 << 20, 64
_SEPARATORS = (*SEPARATORS, " ")


def read(files: Files, options: ReadOptions) -> Dataset | None:  # noqa: ARG001 (there is nothing to be told)
    """The tables of pixels among ``files`` with the classes of each in another; None where there are none, or pictures lie there.

    Raises:
        DataError: not as many classes as pictures, several for one, or a row that cannot be read.
    """
    texts = [] if listing(files).pictures else [i for i in non_pictures(files) if _TEXT.search(files.names[i])]
    labels = [index for index in texts if _says_classes(files.names[index])]
    tables = [table for index in texts if labels and index not in labels and (table := _pixel_table(files, index)) is not None]
    pairs = _paired(tables, [(part_of_table(files.names[index]), index) for index in labels])
    if not pairs:
        return None
    pieces, notes = _named(files, [_piece(table, index) for table, index in pairs])
    taken = {table.index for table, _ in pairs}
    bare = [files.names[table.index] for table in tables if table.index not in taken]
    left_out = [passed_over(name, 1, "table.no_class_here", pictures=False) for name in bare]
    return assemble(files.origin, pieces, len(non_pictures(files)) - 2 * len(pairs), left_out, notes)


def _says_classes(name: str) -> bool:
    said = meaning_in_file(_TEXT.sub("", name), "", alone=True)
    return said is not None and said.role == "labels"


def _pixel_table(files: Files, index: int) -> Table | None:
    """A table of as many numbers a row as a picture has, with or without names of columns above them; else None."""
    head, encoding = first_text(files, index, _HEAD)
    lines = head.decode("ascii", "replace").splitlines()[:2]
    for separator in _SEPARATORS if len(lines) == 2 else ():
        first, second = (line.strip().split(separator) for line in lines)
        if len(first) == len(second) >= _SMALLEST and _is_picture(second):
            header, named = tuple(map(str, range(len(first)))), not _is_picture(first) or _counts(first)
            wide = tuple(range(len(first)))
            return Table(files, index, "csv", {"pixels": WIDE}, header, separator, wide, named, encoding)
    return None


def _is_picture(cells: Sequence[str]) -> bool:
    try:
        shape_of_picture(len(cells))
        picture(" ".join(cells))
    except ValueError:
        return False
    return True


def _counts(cells: Sequence[str]) -> bool:
    """Whether numbers are those of columns: 0, 1, 2 and so on, or from 1."""
    return [*cells] in ([str(i + first) for i in range(len(cells))] for first in (0, 1))


def _paired(tables: Sequence[Table], labels: Sequence[tuple[Part | None, int]]) -> list[tuple[Table, int]]:
    """Each table of pixels with the one table of classes of its part; none where two are of one part."""
    parts = [part_of_table(table.files.names[table.index]) for table in tables]
    if len(set(parts)) < len(parts) or len({part for part, _ in labels}) < len(labels):
        return []
    of_part = dict(labels)
    return [(table, of_part[part]) for table, part in zip(tables, parts, strict=True) if part in of_part]


def _piece(table: Table, labels_index: int) -> Piece:
    starts, sizes, numbers = array("q"), array("q"), array("q")
    looked_at: list[Any] = []
    with ExitStack() as undo:
        file = undo.enter_context(table.open())
        for record in table.rows(file):
            if len(looked_at) < LOOKED_AT:
                looked_at.append(table.cells(record)["pixels"])
            for column, value in ((starts, record.start), (sizes, len(record.data)), (numbers, record.row)):
                column.append(value)
        unit = _unit_scaled(table, looked_at)
        undo.pop_all()  # its source reads on
    source = RowSource(table, file, starts, sizes, numbers, unit)
    labels = _labels(table.files, labels_index, len(numbers))
    parts: list[Brought] = [part_of_table(table.files.names[table.index]) or ""] * len(numbers)
    return Piece(source, [f"{table.name}:{row}" for row in numbers], labels, parts)


def _unit_scaled(table: Table, cells: Sequence[Any]) -> bool:
    try:
        return unit_scaled(cells)
    except ValueError as error:
        raise DataError("data.row_pixels", where=table.name, row=1) from error


def _labels(files: Files, index: int, n: int) -> list[str]:
    """The classes of ``n`` pictures, the first row left out where there is one more.

    Raises:
        DataError: another number of them, or several classes for one picture.
    """
    name = posixpath.basename(files.names[index])
    head, encoding = first_text(files, index, _HEAD)
    separator = _separator(head.partition(b"\n")[0].decode("ascii", "replace").strip())
    with open_recoded(files, index, encoding) as file:
        found = records(file, "csv", name)
        rows = list(islice(found, n + 1))
        more = sum(1 for _ in found)
    if more or len(rows) < n:
        raise DataError("data.arrays_unequal", where=name, n=n, found=f"({len(rows) + more},)")
    return [_label(csv_cells(record, separator, name), name, record.row) for record in rows[len(rows) - n :]]


def _separator(line: str) -> str:
    """What stands between the cells of a line; a blank only between numbers, for a class may have two words."""
    marked = max(SEPARATORS, key=line.count)
    return " " if marked not in line and all(_number(word) is not None for word in line.split()) else marked


def _label(cells: Sequence[str], where: str, row: int) -> str:
    """A class as text: a number without its noughts, or the place of a single one among noughts."""
    texts = [class_key(cell) if (number := _number(cell)) is None else as_text(number) for cell in cells]
    ones = [place for place, text in enumerate(texts) if text == "1"]
    if len(texts) > 1 and (len(ones) != 1 or {*texts} != {"0", "1"}):
        raise DataError("data.several_labels", where=where, row=row, found=" ".join(texts)[:60])
    if not texts[0]:
        raise DataError("data.row_no_label", where=where, row=row)
    return str(ones[0]) if len(texts) > 1 else texts[0]


def _number(cell: str) -> float | None:
    try:
        number = float(cell)
    except ValueError:
        return None
    return number if isfinite(number) else None


def _named(files: Files, pieces: Sequence[Piece]) -> tuple[list[Piece], list[Sentence]]:
    """The pieces, with the names of a list in place of classes that are numbers; and what is to be told of it."""
    names, notes = names_of_numbers(files, non_pictures(files), {label for piece in pieces for label in piece.labels if label})
    named = [[names.get(label or "", label) for label in piece.labels] for piece in pieces]
    return [Piece(piece.source, piece.where, labels, piece.parts) for piece, labels in zip(pieces, named, strict=True)], notes
