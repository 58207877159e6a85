"""Tables of text, CSV and JSON: which of them belong together, and the pictures and labels of each.

Of a table of pixels only labels and the places of the rows are kept; a row is read again when its picture is wanted.
"""

import posixpath
import re
from array import array
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from itertools import pairwise
from typing import Any, BinaryIO

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, first_bytes, listing, non_pictures
from olhar.data.formats.columns import ColumnRole, Columns, path_of, roles
from olhar.data.formats.pixels import LOOKED_AT, picture, unit_scaled
from olhar.data.formats.recoded import first_text, open_recoded
from olhar.data.formats.records import TextForm, csv_cells, json_object, records
from olhar.data.formats.text_table import HEAD, SEPARATORS, RowSource, Table, detect_table
from olhar.data.pieces import Piece, assemble
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables.class_numbers import names_of_numbers
from olhar.data.tables.column_names import is_form
from olhar.data.tables.partners import partners
from olhar.data.tables.parts_said import part_said

_TOLD = {"cp1252": "table.cp1252", "utf-16-le": "table.utf16", "utf-16-be": "table.utf16"}
_COMPARED = 1 << 20
_IDX = b"\0\0\x08"
"""How MNIST's files of bytes open."""
_HASH = re.compile(r"(?<![^\W_])(?=[a-f]*\d)[0-9a-f]{8,}(?![^\W_])")


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """The tables of pixels among ``files``: the one with a column of parts, or all of one form.

    Fewer pictures without classes than rows may lie beside them: they are illustrations, and told.

    Raises:
        DataError: a row that cannot be read, or columns that are missing from the only file there is.
    """
    candidates = non_pictures(files)
    tables = [table for table in (detect_table(files, index, options.label_column) for index in candidates) if table is not None]
    if not tables:
        if len(files.names) == 1 and candidates:
            _explain_lone_file(files, candidates[0])
        return None
    tables, again = _once(files, tables)
    names = [table.name for table in tables]
    chosen = [
        tables[i] for i in select_tables([table.roles for table in tables], names, files.name, [len(t.wide) for t in tables])
    ]
    said = options.label_column
    if said is not None and all(table.roles["label"].strip().casefold() != said.strip().casefold() for table in chosen):
        shown = ", ".join(column.strip()[:20] for column in chosen[0].header[:10])
        raise DataError("table.no_such_column", where=chosen[0].name, column=said, found=shown)
    read_so = [_in_its_encoding(table, len(chosen) > 1 and "part" not in table.roles) for table in chosen]
    chosen, pieces = [table for table, _ in read_so], [piece for _, piece in read_so]
    unused = [table for table in tables if table.index not in {each.index for each in chosen}]
    others = [index for index in candidates if index not in {table.index for table in (*tables, *again)}]
    illustrations = len(listing(files).pictures)
    if illustrations >= sum(len(piece.where) for piece in pieces):
        return None
    left_out = [passed_over("", illustrations, "table.illustrations")] if illustrations else []
    left_out += [passed_over(table.name, 1, "table.same_again", pictures=False) for table in again]
    left_out += [passed_over(table.name, 1, "table.other_kind", pictures=False) for table in unused]
    left_out += _left_out(files, others)
    pieces, notes = _named(files, pieces)
    told = [sentence(_TOLD[table.encoding], table=table.name) for table in chosen if table.encoding != "utf-8"]
    return assemble(files.origin, pieces, len(candidates) - len(chosen) - len(again), left_out, [*told, *notes, *partners(files)])


def _once(files: Files, tables: Sequence[Table]) -> tuple[list[Table], list[Table]]:
    """The tables, and those that lie there a second time (``train.csv``, ``train/train.csv``), by name, size and head."""
    kept: dict[tuple[str, int, bytes], Table] = {}
    for table in tables:
        same = posixpath.basename(table.name), files.size(table.index), first_bytes(files, table.index, _COMPARED)
        kept.setdefault(same, table)
    first = {table.index for table in kept.values()}
    return list(kept.values()), [table for table in tables if table.index not in first]


def _named(files: Files, pieces: Sequence[Piece]) -> tuple[Sequence[Piece], list[Sentence]]:
    """The pieces, with the names of a list in place of classes that are numbers; and what is to be told of it."""
    around, classes = files.around(), {label for piece in pieces for label in piece.labels if label is not None}
    names, notes = names_of_numbers(around, non_pictures(around), classes)
    return [replace(piece, labels=[names.get(label or "", label) for label in piece.labels]) for piece in pieces], notes


def _left_out(files: Files, others: Sequence[int]) -> Iterator[PassedOver]:
    """What lies beside tables of pixels: forms, tables without classes, and the files of MNIST's form together."""
    for index in others:
        name = files.names[index]
        if name.lower().endswith((".csv", ".tsv")):
            why = "table.form" if is_form(posixpath.basename(name)) else "table.no_class_here"
            yield passed_over(name, 1, why, pictures=False)
    idx = [index for index in others if first_bytes(files, index, len(_IDX)) == _IDX]
    if idx:
        yield passed_over(files.names[idx[0]], len(idx), "table.second_form", pictures=False)


def select_tables(
    columns: Sequence[Mapping[ColumnRole, str]], names: Sequence[str], where: str, widths: Sequence[int] = ()
) -> list[int]:
    """Which tables belong together: those that bring parts, else those whose names tell of one, else all; of one series.

    Of one series are tables whose names have the same words but for parts and numbers, or further ones, and whose rows have as
    many cells (``widths``).

    Raises:
        DataError: tables of several kinds, and nothing says which is meant.
    """
    with_parts = [i for i, roles_there in enumerate(columns) if "part" in roles_there]
    named_for_a_part = [i for i, name in enumerate(names) if part_of_name(name)]
    chosen = with_parts or named_for_a_part or list(range(len(names)))
    series = sorted((_words(names[i]) for i in chosen), key=len)
    apart = any(not one <= other for one, other in pairwise(series)) or len({widths[i] for i in chosen if widths}) > 1
    if apart:
        readings = [Reading(sentence("table.reading_table", table=names[i]), below=names[i]) for i in chosen]
        raise DataError("data.several_tables", where=where, tables=", ".join(names[:4]), first=names[0]).offering(readings)
    return chosen


def _words(name: str) -> frozenset[str]:
    """The words of a table's name but for those that say parts, numbers, and a hash as Hugging Face puts one behind."""
    return frozenset(word for word in re.split(r"[\W\d_]+", _HASH.sub("", name.casefold())) if word and part_of_name(word) == "")


def part_of_name(name: str) -> str:
    """The part that a table's file name says: ``train-00000-of-00002.parquet``, ``sign_mnist_test.csv``, ``teste.csv``."""
    return part_said(posixpath.splitext(posixpath.basename(name))[0]) or ""


def _in_its_encoding(table: Table, by_name: bool) -> tuple[Table, Piece]:
    """A table with its pictures; one that turns out far down not to be in UTF-8 is read as Windows writes it."""
    try:
        return table, _piece(table, by_name)
    except DataError as error:
        said = first_bytes(table.files, table.index, len(BOM_UTF8)) == BOM_UTF8
        if error.key != "data.encoding" or table.encoding != "utf-8" or said:
            raise
    windows = replace(table, encoding="cp1252")
    return windows, _piece(windows, by_name)


def _piece(table: Table, by_name: bool) -> Piece:
    with ExitStack() as undo:
        file = undo.enter_context(table.open())
        if "pixels" not in table.roles:
            raise _no_files(table, file)
        piece = _pixels(table, file)
        undo.pop_all()  # its source reads on
    if not by_name:
        return piece
    part: Any = part_of_name(table.name)
    return Piece(piece.source, piece.where, piece.labels, [part] * len(piece.where), piece.groups, piece.unclassed)


def _no_files(table: Table, file: BinaryIO) -> DataError:
    """A table of paths that gets here names no picture that is there."""
    columns, paths, folder = Columns(table.name), list[str](), posixpath.dirname(table.files.names[table.index])
    for record in table.rows(file):
        row_cells = table.cells(record)
        paths.append(path_of(row_cells["path"], folder, table.name, record.row))
        columns.add(record.row, row_cells)
    return DataError("data.no_files", where=table.name, n=len(paths), first="".join(paths[:1]))


def _pixels(table: Table, file: BinaryIO) -> Piece:
    columns, looked_at = Columns(table.name), list[Any]()
    starts, sizes, numbers = array("q"), array("q"), array("q")
    for record in table.rows(file):
        row_cells = table.cells(record)
        columns.add(record.row, row_cells)
        if len(looked_at) < LOOKED_AT:
            _require_picture(row_cells["pixels"], table.name, record.row)
            looked_at.append(row_cells["pixels"])
        for column, value in ((starts, record.start), (sizes, len(record.data)), (numbers, record.row)):
            column.append(value)
    columns.finish()
    where = [f"{table.name}:{row}" for row in numbers]
    source = RowSource(table, file, starts, sizes, numbers, unit_scaled(looked_at))
    return Piece(source, where, columns.labels, columns.parts, columns.groups, columns.unclassed())


def _require_picture(cell: Any, where: str, row: int) -> None:
    """A first row that is no picture is told at once: the column is another than it seems."""
    try:
        picture(cell)
    except (ValueError, TypeError) as error:
        raise DataError("data.row_pixels", where=where, row=row) from error


def _explain_lone_file(files: Files, index: int) -> None:
    """Say what is wrong with the only file there is, where it is meant as a table."""
    name = posixpath.basename(files.names[index])
    head, encoding = first_text(files, index, HEAD)
    ending = posixpath.splitext(name.lower().removesuffix(".gz"))[1]
    if ending not in (".csv", ".tsv", ".json", ".jsonl", ".ndjson"):
        return
    form: TextForm = "csv" if ending in (".csv", ".tsv") else "array" if head.lstrip()[:1] == b"[" else "lines"
    with open_recoded(files, index, encoding) as file:
        record = next(records(file, form, name), None)
    if record is None:
        raise DataError("data.no_pictures", where=name, n=0)
    separator = max(SEPARATORS, key=lambda mark: record.data.count(mark.encode()))
    header = csv_cells(record, separator, name) if form == "csv" else list(json_object(record, name))
    columns = roles(header)
    if {"label", "path"} <= columns.keys():  # the table is here, the pictures are not
        table = Table(files, index, form, columns, tuple(header), separator, encoding=encoding)
        with table.open() as file:
            raise _no_files(table, file)
    missing = "data.no_label_column" if "label" not in columns else "data.no_picture_column"
    shown = ", ".join(column.strip()[:20] for column in header[:10])
    raise DataError(missing, where=name, found=shown)
