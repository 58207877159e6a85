"""PathTable: a text table that names pictures, and what each of its columns is."""

import posixpath
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought, Part
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.files.zip import leads_outside
from olhar.data.formats.columns import as_text
from olhar.data.formats.records import json_object, records
from olhar.data.read_options import ReadOptions
from olhar.data.tables.column_names import GROUPS, NUMBERS, TAGS, is_one_of
from olhar.data.tables.dialect import Dialect, detect_dialects
from olhar.data.tables.grid import Grid, head_rows, read_grid
from olhar.data.tables.label_column import Labels, find_labels
from olhar.data.tables.other_columns import Column, find_group, find_split, parts_in
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.path_column import PathColumn, find_path_column, named_path_column
from olhar.data.tables.picture_names import Match, PictureNames, plain_path
from olhar.data.tables.values import counts_rows, refines, same_partition

HEAD = 1 << 16


@dataclass(frozen=True, eq=False)
class PathTable:
    """A table that names pictures.

    Attributes:
        index: which file it is.
        grid: its cells.
        paths: the column that names the pictures.
        match: how they are named.
        part: what the table's name or its folder says.
        options: what a person says of its columns.
        folders: names of class folders beside it.
    """

    index: int
    grid: Grid
    paths: int
    match: Match
    part: Part | None
    options: ReadOptions
    folders: Collection[str]

    @property
    def name(self) -> str:
        """Its path below the data."""
        return self.grid.name

    @cached_property
    def where(self) -> list[str]:
        """The picture of each row; a row whose picture is not there keeps the path that it names.

        Raises:
            DataError: a path that is empty, or leads out of the table's folder.
        """
        folder, find = posixpath.dirname(self.name), self.match.find
        cells = [plain_path(cell) for cell in self.grid.columns[self.paths]]
        found = [find(cell) for cell in cells]
        if "" in found:
            for place, path in enumerate(found):
                if not path:
                    if not cells[place] or leads_outside(cells[place]) or "\0" in cells[place]:
                        row, text = self.grid.row(place), self.grid.columns[self.paths][place]
                        raise DataError("data.row_path", where=self.name, row=row, found=text[:80])
                    found[place] = f"{folder}/{cells[place]}" if folder else cells[place]
        return found

    @property
    def _free(self) -> list[int]:
        """The columns that may mean something: kept ones, but for the paths and for row numbers."""
        columns = self.grid.columns
        return [
            i for i in columns if i != self.paths and not (is_one_of(self.grid.header[i], NUMBERS) and counts_rows(columns[i]))
        ]

    @cached_property
    def split(self) -> Column | None:
        """The column of parts."""
        return find_split(self.grid, self._free, self.options.split_column)

    @cached_property
    def labels(self) -> Labels:
        """The class of each row.

        Raises:
            DataError: none, several columns, several classes in a row.
        """
        taken = {self.split.position} if self.split else set[int]()
        free = [i for i in self._free if i not in taken and not is_one_of(self.grid.header[i], GROUPS)]
        return find_labels(self.grid, free, self.options.label_column, self.folders)

    @cached_property
    def refusal(self) -> DataError | None:
        """Why it gives its pictures no classes; None where it does."""
        try:
            labels = self.labels
        except DataError as error:
            return error
        if len(set(labels.classes)) < 2:
            return DataError(
                "table.one_class", where=self.name, column=labels.column, name=labels.classes[0] if labels.classes else ""
            )
        return None

    @cached_property
    def group(self) -> Column | None:
        """The column of groups; one that keeps whole classes together is the class, not what pictures were taken of.

        Raises:
            DataError: several, and none holds the others.
        """
        label = self.grid.position(self.labels.column) if self.refusal is None else -1
        taken = {label, self.split.position if self.split else -1}
        found = find_group(self.grid, [i for i in self._free if i not in taken], self.options.group_column)
        if found and found.found and self.refusal is None:
            cells, classes = self.grid.columns[found.position], self.labels.classes
            if refines(classes, cells) or same_partition(classes, cells):
                return None
        return found

    @property
    def parts(self) -> list[Brought]:
        """The part of each row: by its column, else by the table's name or folder; ``""`` where nothing says.

        Raises:
            DataError: a row's part is none.
        """
        if self.split is not None:
            return parts_in(self.grid, self.split)
        return [self.part or ""] * len(self.grid)

    @property
    def says_parts(self) -> bool:
        """Whether it says parts by a column, or is one by its name."""
        return self.split is not None or self.part is not None

    @property
    def groups(self) -> list[str]:
        """The group of each row; none where it has no such column."""
        return [cell.strip() for cell in self.grid.columns[self.group.position]] if self.group else []

    def notes(self) -> list[Sentence]:
        """What is to be told of how it was read."""
        told: list[Sentence] = []
        dialect = self.grid.dialect
        if dialect is not None and dialect.encoding == "cp1252":
            told.append(sentence("table.cp1252", table=self.name))
        elif dialect is not None and dialect.encoding != "utf-8":
            told.append(sentence("table.utf16", table=self.name))
        if self.match.cut:
            told.append(sentence("table.cut", table=self.name, cut=_rooted(self.grid, self.paths, self.match.cut)))
        elif self.match.moved:
            told.append(sentence("table.moved", table=self.name))
        if self.group is not None and self.group.found:
            told.append(sentence("table.group", table=self.name, column=self.grid.header[self.group.position]))
        return told


def _rooted(grid: Grid, paths: int, cut: str) -> str:
    """What was cut off, as it is written in the table."""
    first = grid.columns[paths][0].strip()
    return first[: len(cut) + len(first) - len(first.lstrip("/\\")) + 1]


def open_table(
    files: Files, index: int, pictures: PictureNames, options: ReadOptions, folders: Collection[str]
) -> PathTable | None:
    """A file as a table that names pictures; None where it is none.

    Raises:
        DataError: a column that a person names is not there; a row that cannot be read.
    """
    head = first_bytes(files, index, HEAD)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] in (b"{", b"["):
        return _of_json(files, index, pictures, options, folders)
    for dialect in detect_dialects(head):
        found = _of_text(files, index, dialect, pictures, options, folders)
        if found is not None:
            return found
    return None


def _of_text(  # noqa: PLR0913 (each is needed)
    files: Files, index: int, dialect: Dialect, pictures: PictureNames, options: ReadOptions, folders: Collection[str]
) -> PathTable | None:
    where = files.names[index]
    with open_unpacked(files, index) as file:
        rows = head_rows(file, dialect, where)
    part = part_of_table(where)
    found = _path_column(rows, pictures, where, part, options)
    if found is None:
        return None
    wanted = [
        i for i, name in enumerate(rows[0]) if i == found.position or is_one_of(name, (*GROUPS, *TAGS)) or _said(name, i, options)
    ]
    grid = read_grid(files, index, dialect, found.named, wanted)
    return _table(index, grid, found, pictures, part, options, folders)


def _path_column(
    rows: Sequence[Sequence[str]], pictures: PictureNames, where: str, part: Part | None, options: ReadOptions
) -> PathColumn | None:
    if not rows or not pictures.paths:
        return None
    found = find_path_column(rows, pictures, where, part, options.path_column)
    return found or named_path_column(rows, pictures, where, part)


def _said(name: str, position: int, options: ReadOptions) -> bool:
    said = (options.label_column, options.split_column, options.group_column)
    return any(column.strip().casefold() in (name.strip().casefold(), str(position + 1)) for column in said if column)


def _table(  # noqa: PLR0913 (each is needed)
    index: int,
    grid: Grid,
    found: PathColumn,
    pictures: PictureNames,
    part: Part | None,
    options: ReadOptions,
    folders: Collection[str],
) -> PathTable:
    """The table, its pictures matched once more now that all cells are there: what they share may be less."""
    cells, folder = grid.columns[found.position], posixpath.dirname(grid.name)
    again: Callable[..., Match | None] = pictures.match
    match = again(cells, folder, part, far=False) or again(cells, folder, part, far=True) or pictures.best(cells, folder, part)
    return PathTable(index, grid, found.position, match or found.match, part, options, folders)


def _of_json(
    files: Files, index: int, pictures: PictureNames, options: ReadOptions, folders: Collection[str]
) -> PathTable | None:
    """JSON lines or a list of objects, as columns of text; a list in a cell is told apart by ``|``."""
    where = files.names[index]
    form = "array" if first_bytes(files, index, HEAD).lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"[" else "lines"
    with open_unpacked(files, index) as file:
        first = next(iter(records(file, form, where)), None)
    if first is None:
        return None
    try:
        header = list(json_object(first, where))
    except DataError:
        return None
    with open_unpacked(files, index) as file:
        rows = [(record.row, json_object(record, where)) for record in records(file, form, where)]
    lacking = next(((number, name) for number, row in rows for name in header if name not in row), None)
    cells = [[_cell(row.get(name)) for name in header] for _, row in rows]
    found = _path_column([header, *cells[:1000]], pictures, where, part_of_table(where), options)
    if found is None:
        return None
    if lacking:
        raise DataError("data.row_lacks", where=where, row=lacking[0], column=lacking[1])
    columns = {i: [row[i] for row in cells] for i in range(len(header))}
    grid = Grid(where, tuple(header), columns, None, lambda place: rows[place][0], len(rows))
    return _table(index, grid, found, pictures, part_of_table(where), options, folders)


def _cell(value: object) -> str:
    if isinstance(value, list):
        return "|".join(_cell(each) for each in value)
    return as_text(value) if not isinstance(value, dict) else ""
