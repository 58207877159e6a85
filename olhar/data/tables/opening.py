"""A file as a table that names pictures, of CSV's kind or of JSON; or why one that seems to be such a table names none."""

import posixpath
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, BinaryIO, Literal

from olhar.base.errors import DataError
from olhar.data.dataset import Part
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.files.zip import leads_outside
from olhar.data.formats.columns import as_text, roles
from olhar.data.formats.parquet_file import PARQUET, class_names, plain_columns, schema_of, small_columns
from olhar.data.formats.records import json_object, records
from olhar.data.read_options import ReadOptions
from olhar.data.tables.array_lists import ENDINGS as ARRAYS
from olhar.data.tables.array_lists import columns_of, named_rows, numbered_rows
from olhar.data.tables.blanks import without_nameless_rows
from olhar.data.tables.column_names import GROUPS, LABELS, PATHS, TAGS, is_one_of, rank
from olhar.data.tables.dialect import Dialect, detect_dialects
from olhar.data.tables.entries import refuse_entries
from olhar.data.tables.folder_rows import Below, folder_column, spread
from olhar.data.tables.grid import Grid, read_grid
from olhar.data.tables.ground_truth import classified
from olhar.data.tables.json_entries import json_entries
from olhar.data.tables.label_studio import answered
from olhar.data.tables.localisation import BOXES, with_class_alone
from olhar.data.tables.mentions import LARGEST
from olhar.data.tables.name_tables import WAYS
from olhar.data.tables.namesake import near_or_far, nearer
from olhar.data.tables.number_columns import number_columns, with_pictures
from olhar.data.tables.numbered import may_be_header, repeats, with_names
from olhar.data.tables.padded import padded_column
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.path_column import PathColumn, covering_column, named_path_column
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.picture_names import Match, PictureNames
from olhar.data.tables.picture_notes import Notes, note_rows
from olhar.data.tables.plain_paths import plain_paths
from olhar.data.tables.rows import HEAD_ROWS, head_rows
from olhar.data.tables.tool_exports import ENDINGS, export_rows
from olhar.data.tables.tool_rows import Row
from olhar.data.tables.values import whole_numbers

_HEAD = 1 << 16
_BLANK = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True)
class Opener:
    """What every table is opened with.

    Attributes:
        files: where they lie.
        pictures: those that they may name.
        options: what a person says of the columns.
        folders: gives the names of class folders.
    """

    files: Files
    pictures: PictureNames
    options: ReadOptions
    folders: Callable[[], Collection[str]]

    def open(self, index: int) -> PathTable | None:
        """A file as a table that names pictures; None where it is none.

        Raises:
            DataError: a column that a person names is not there; a row that cannot be read; of a file that was named alone or
                whose columns are called so, that it names no picture.
        """
        head = first_bytes(self.files, index, _HEAD)
        if (parquet := head.startswith(PARQUET)) or self.files.names[index].lower().endswith(ARRAYS):
            return self._of_parquet(index) if parquet else self._of_arrays(index)
        exported = export_rows(self.files, index, head, self.options.label_column)
        if exported is not None:
            return self._of_entries(index, exported)
        if head.lstrip(_BLANK)[:1] in (b"{", b"["):
            array = head.lstrip(_BLANK)[:1] == b"["
            entries = None if array else self._entries(index)
            return self._of_json(index, array=array) if entries is None else self._of_entries(index, entries)
        if self.files.names[index].lower().endswith(ENDINGS):
            return None
        for dialect in detect_dialects(head):
            found = self._of_text(index, dialect)
            if found is not None:
                return found
        return None

    def open_notes(self, notes: Notes) -> PathTable | None:
        """Files that tell of one picture each, all as one table; None where they say no classes.

        Raises:
            DataError: several classes for one picture.
        """
        return self._of_entries(notes.first, note_rows(self.files, notes), notes.name)

    def _of_text(self, index: int, dialect: Dialect) -> PathTable | None:
        where = self.files.names[index]
        rows = list[list[str]]()
        with suppress(*(() if self.files.single else (DataError,))), open_unpacked(self.files, index) as file:
            rows = head_rows(file, dialect, where)
        found = self._path_column(rows, where) if rows else None
        if found and repeats(rows, found.position) and (lines := self._of_lines(index, dialect, rows[0])):
            return lines
        if found is None and (of_folders := folder_column(rows, self.pictures.folders) if rows else None):
            return self._of_folders(index, dialect, rows, *of_folders)
        if found is None and (order := number_columns(rows, self.pictures.paths) if rows else None):
            return self._of_numbers(index, dialect, order)
        if found is None:
            if rows and (lines := self._of_lines(index, dialect, rows[0])):
                return lines
            self._require_absent(rows, where, first=2)
            return None
        wanted = [i for i, name in enumerate(rows[0]) if i == found.position or self._is_wanted(name, i)]
        try:
            grid = read_grid(self.files, index, dialect, found.named, wanted, found.position)
        except DataError as error:
            if error.key != "data.encoding" or dialect.encoding != "utf-8" or dialect.bom:
                raise
            grid = read_grid(self.files, index, replace(dialect, encoding="cp1252"), found.named, wanted, found.position)
        return self._table(index, with_class_alone(grid), found)

    def _of_folders(self, index: int, dialect: Dialect, rows: Sequence[Sequence[str]], i: int, below: Below) -> PathTable | None:
        """A table whose rows name folders, as one of the pictures in them."""
        whole = read_grid(self.files, index, dialect, not below(rows[0][i]), [i])
        grid = spread(whole, i, below, self.pictures.paths)
        match = self.pictures.match(grid.columns[i], "", None, "whole")
        return self._table(index, grid, PathColumn(i, named=not whole.nameless, match=match)) if match else None

    def _of_numbers(self, index: int, dialect: Dialect, order: Sequence[int]) -> PathTable | None:
        """A table whose numbers make the names of the pictures."""
        grid = with_pictures(read_grid(self.files, index, dialect, True, [*order]), order, self.pictures.paths)
        return self._whole(index, grid)

    def _of_lines(self, index: int, dialect: Dialect, first: Sequence[str]) -> PathTable | None:
        """A table that names no picture, and has a row for each of those with running numbers, under a header perhaps."""
        pictures = self.pictures.by_number
        if not pictures:
            return None
        with suppress(DataError):
            grid = read_grid(self.files, index, dialect, may_be_header(first), ())
            if len(grid) == len(pictures):
                return self._numbered(self._whole(index, with_names(grid, pictures)))
        return None

    def _of_arrays(self, index: int) -> PathTable | None:
        """Lists in MATLAB's or NumPy's form."""
        columns = columns_of(self.files, index)
        for rows in named_rows(columns):
            head = [[*rows[0]], *([*row.values()] for row in rows[:HEAD_ROWS])]
            found = self._path_column(head, self.files.names[index])
            if found and not repeats(head, found.position):
                return self._of_entries(index, rows)
        rows = numbered_rows(columns, self.pictures.by_number)
        return self._numbered(self._of_entries(index, rows)) if rows else None

    def _whole(self, index: int, grid: Grid) -> PathTable | None:
        """A table whose last column holds whole paths."""
        last = len(grid.header) - 1
        match = self.pictures.match(grid.columns[last], "", None, "whole")
        return self._table(index, grid, PathColumn(last, named=not grid.nameless, match=match)) if match else None

    def _numbered(self, table: PathTable | None) -> PathTable | None:
        """A table of running numbers, if it says a class or a part, or a person is to say which of its columns does."""
        if table is None:
            return None
        table = replace(table, match=replace(table.match, numbered=True))
        refusal = table.refusal
        if refusal is None and min(whole_numbers(table.labels.names) or [0]) > 1:  # counts of people, say
            return None
        return table if refusal is None or table.split or (refusal.readings and refusal.key == "table.several_labels") else None

    def _of_json(self, index: int, *, array: bool) -> PathTable | None:
        """JSON lines or a list of objects, as columns of text; a list in a cell is told apart by ``|``."""
        where, form = self.files.names[index], "array" if array else "lines"
        header, head, plain = list[str](), list[list[str]](), True
        with suppress(*(() if self.files.single else (DataError,))), open_unpacked(self.files, index) as file:
            for _, row in islice(_rows(file, form, where), HEAD_ROWS):
                header = header or list(row)
                plain = plain and not any(isinstance(row.get(name), (list, dict)) for name in header if is_one_of(name, PATHS))
                if "pixels" in roles(header):
                    return None
                head.append([_cell(row.get(name)) for name in header])
        lone = len(head) == 1 and not array and not self.files.single  # one object: settings, or a form that is not known
        found = self._path_column([header, *head], where) if header and not lone else None
        if found is None:
            if plain and not lone:
                self._require_absent([header, *head], where, first=1)
            return None
        with open_unpacked(self.files, index) as file:
            rows = [*_rows(file, form, where)]
        lacking = next(((number, name) for number, row in rows for name in header if name not in row), None)
        if lacking:
            raise DataError("data.row_lacks", where=where, row=lacking[0], column=lacking[1])
        columns = {i: [_cell(row[name]) for _, row in rows] for i, name in enumerate(header)}
        values = {i: {*cells} for i, cells in columns.items()}
        grid = Grid(where, tuple(header), columns, values, None, lambda place: rows[place][0], len(rows))
        return self._table(index, grid, found)

    def _of_parquet(self, index: int) -> PathTable | None:
        """The columns of texts and numbers of a Parquet file; None where its other columns hold pictures."""
        where, header = self.files.names[index], plain_columns(self.files, index)
        if not header or {"pixels", "image"} & roles(schema_of(self.files, index)).keys():
            return None
        head = small_columns(self.files, index, header, HEAD_ROWS)
        rows = [header, *(list(map(_cell, row)) for row in zip(*head.values(), strict=True))]
        found = self._path_column(rows, where)
        if found is None:
            self._require_absent(rows, where, first=1)
            return None
        cells = small_columns(self.files, index, header)
        columns = {i: self._named(index, name, cells[name]) for i, name in enumerate(header)}
        values = {i: {*column} for i, column in columns.items()}
        n = len(columns[found.position])
        return self._table(index, Grid(where, tuple(header), columns, values, None, lambda place: place + 1, n), found)

    def _named(self, index: int, column: str, cells: Sequence[object]) -> list[str]:
        """Cells as text, numbers by the names that Hugging Face's schema gives them."""
        names = class_names(self.files, index, column)
        return [names[cell] if isinstance(cell, int) and 0 <= cell < len(names) else _cell(cell) for cell in cells]

    def _entries(self, index: int) -> list[Row] | None:
        """The rows of a JSON object; None of JSON lines, of which there are several, and of one that is too large.

        Raises:
            DataError: COCO's form, with boxes; a tool's, with several classes a picture.
        """
        if self.files.size(index) > LARGEST:
            return None
        with open_unpacked(self.files, index) as file:
            text = file.read(LARGEST).decode("utf-8-sig", "replace")
        return json_entries(text, self.files.names[index], self.options.label_column)

    def _of_entries(self, index: int, entries: Sequence[Row], name: str = "") -> PathTable | None:
        if not entries:
            return None
        where, header = name or self.files.names[index], [*entries[0]]
        cells = [[_cell(entry.get(name)) for name in header] for entry in entries]
        found = self._path_column([header, *cells[:HEAD_ROWS]], where)
        if found is None:
            self._require_absent([header, *cells[:HEAD_ROWS]], where, first=1)
            return None
        columns = dict(enumerate(map(list, zip(*cells, strict=True))))
        values = {i: {*column} for i, column in columns.items()}
        return self._table(index, Grid(where, tuple(header), columns, values, None, lambda place: place + 1, len(cells)), found)

    def _path_column(self, rows: Sequence[Sequence[str]], where: str) -> PathColumn | None:
        if not self.pictures.paths:
            return None
        part, wanted = part_of_table(where), self.options.path_column
        found = near_or_far(rows, self.pictures, where, part, wanted)
        found = found or (padded_column(rows, self.pictures.paths) if not wanted else None)
        found = found or named_path_column(rows, self.pictures, where, part)
        return found or (covering_column(rows, self.pictures, where, part) if not wanted else None)

    def _is_wanted(self, name: str, position: int) -> bool:
        """Whether a column is kept however many values it has."""
        said = (self.options.label_column, self.options.split_column, self.options.group_column)
        by_hand = any(column.strip().casefold() in (name.strip().casefold(), str(position + 1)) for column in said if column)
        return by_hand or is_one_of(name, (*GROUPS, *TAGS, BOXES))

    def _table(self, index: int, grid: Grid, found: PathColumn) -> PathTable:
        """The table, its pictures matched once more now that all cells are there: what they share may be less."""
        part: Part | None = part_of_table(grid.name)
        grid, nameless = without_nameless_rows(grid, found.position)
        match = found.match if found.match.padded else self._match(grid, found, part)
        return PathTable(index, grid, found.position, match, part, self.options, self.folders, nameless)

    def _match(self, grid: Grid, found: PathColumn, part: Part | None) -> Match:
        cells, folder, pictures = grid.columns[found.position], posixpath.dirname(grid.name), self.pictures
        matches = (pictures.match(cells, folder, part, how) for how in WAYS)
        match = next(filter(None, matches), None) or pictures.best(cells, folder, part) or found.match
        return replace(nearer(match, cells, pictures, grid.name), partial=found.match.partial)

    def _require_absent(self, rows: Sequence[Sequence[str]], where: str, first: int) -> None:
        """Whether a table that names no picture here does not say by its columns' names that it should.

        Raises:
            DataError: it does; a path leads out of the data, or none of those that it names is there.
        """
        header = rows[0] if rows else ()
        named = sorted((i for i, name in enumerate(header) if is_one_of(name, PATHS)), key=lambda i: rank(header[i], PATHS))
        if not named or len(rows) < 2 or not any(is_one_of(name, LABELS) for name in header):
            return
        cells = [row[named[0]].strip() if len(row) > named[0] else "" for row in rows[1:]]
        for place, cell in enumerate(cells):
            if not cell or leads_outside(plain_paths([cell])[0]) or "\0" in cell:
                raise DataError("data.row_path", where=where, row=place + first, found=cell[:80])
        if self.pictures.ambiguous(cells):
            raise DataError("table.ambiguous", where=where, first=cells[0])
        refuse_entries(rows, cells, self.pictures.paths, where)
        raise DataError("data.no_files", where=where, n=len(cells), first=cells[0])


def _rows(file: BinaryIO, form: Literal["array", "lines"], where: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """The objects of a JSON list or of JSON lines, each with its number; labelling tools' as a picture and its class."""
    return classified(answered((record.row, json_object(record, where)) for record in records(file, form, where)))


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "|".join(_cell(each) for each in value)
    return as_text(value) if not isinstance(value, dict) else ""
