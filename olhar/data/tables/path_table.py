"""PathTable: a text table that names pictures, and what each of its columns is."""

import posixpath
from collections.abc import Callable, Collection, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought, Part
from olhar.data.files.zip import leads_outside
from olhar.data.known_forms.detection import are_box_cells, are_box_columns
from olhar.data.read_options import ReadOptions
from olhar.data.tables.box_columns import box_columns
from olhar.data.tables.column_names import GROUPS, NUMBERS, is_one_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.label_cells import Labels
from olhar.data.tables.label_column import find_labels
from olhar.data.tables.other_columns import Column, find_group, find_split, individuals, parts_in
from olhar.data.tables.parts_of_names import parts_of_names
from olhar.data.tables.picture_names import Match
from olhar.data.tables.plain_paths import plain_paths
from olhar.data.tables.values import counts_rows, relation

_A_LIST = 8
"""In a table of more rows than these, of which each has a class of its own, classes are listed and not pictures."""


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
        folders: gives the names of class folders beside it.
        nameless: the numbers of rows that were left out, for they say something but name no picture.
        said: the label column that other tables with the same columns show, where this one alone does not.
        denied: why it gives no classes, for what other tables say.
        classes_by: the sentence that tells where its classes stand.
        partner: the table that says what its things are; empty where none does.
        key: the column by which both are joined.
    """

    index: int
    grid: Grid
    paths: int
    match: Match
    part: Part | None
    options: ReadOptions
    folders: Callable[[], Collection[str]]
    nameless: Collection[int] = ()
    said: str | None = None
    denied: DataError | None = None
    classes_by: str = "table.used"
    partner: str = ""
    key: str = ""

    @property
    def name(self) -> str:
        """Its path below the data."""
        return self.grid.name

    @cached_property
    def where(self) -> Sequence[str]:
        """The picture of each row; a row whose picture is not here keeps the path that it names (see ``absent``).

        Raises:
            DataError: a path that is empty, or leads out of the table's folder.
        """
        found = self._found
        if self.lacking:
            folder, cells, found = posixpath.dirname(self.name), plain_paths(self.grid.columns[self.paths]), [*found]
            for place, path in enumerate(found):
                if not path:
                    if not cells[place] or leads_outside(cells[place]) or "\0" in cells[place]:
                        row, text = self.grid.row(place), self.grid.columns[self.paths][place]
                        raise DataError("data.row_path", where=self.name, row=row, found=text[:80])
                    found[place] = f"{folder}/{cells[place]}" if folder else cells[place]
        return found

    @cached_property
    def absent(self) -> AbstractSet[str]:
        """The paths of rows to leave out, for their pictures are not here."""
        if not self.lacking:
            return frozenset()
        return {path for path, found in zip(self.where, self._found, strict=True) if not found}

    @cached_property
    def lacking(self) -> bool:
        """Whether the picture of some row is not here."""
        return "" in self._found

    @cached_property
    def _found(self) -> Sequence[str]:
        """The picture of each row, ``""`` where it is not here."""
        return self.match.find(plain_paths(self.grid.columns[self.paths]))

    @property
    def is_list(self) -> bool:
        """Whether it names pictures and says nothing else of them, but for numbers of rows."""
        return not self._free and len(self.grid.columns) == len(self.grid.header)

    @property
    def _free(self) -> list[int]:
        """The columns that may mean something: kept ones, but for the paths and for row numbers."""
        columns = self.grid.columns
        return [i for i in columns if i != self.paths and not (self._numbers_rows(i) and counts_rows(columns[i]))]

    def _numbers_rows(self, column: int) -> bool:
        """Whether a column may hold nothing but numbers of rows: it is called so, or has no name."""
        return is_one_of(self.grid.header[column], NUMBERS) or self.grid.header[column] == str(column + 1)

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
        wanted = self.options.label_column or self.said
        return find_labels(self.grid, free, wanted or None, self.folders, self._around)

    def _around(self) -> list[str]:
        """The name of the folder in which the picture of each row lies; ``""`` where it is not here."""
        return [posixpath.basename(posixpath.dirname(path)) for path in self._found]

    @cached_property
    def refusal(self) -> DataError | None:
        """Why it gives its pictures no classes; None where it does."""
        if self.denied is not None or self._is_of_boxes:
            return self.denied or DataError("known.boxes", where=self.name, file=posixpath.basename(self.name))
        try:
            labels = self.labels
        except DataError as error:
            return error
        if not self.options.label_column and are_box_cells(labels.classes):
            return DataError("known.boxes", where=self.name, file=posixpath.basename(self.name))
        if len(labels.names) < 2 and self.said is None:
            return DataError("table.one_class", where=self.name, name="".join(labels.names))
        if len(labels.names) == len(self.grid) > _A_LIST and not self.options.label_column:
            return DataError("table.one_each", where=self.name, column=labels.column)
        return None

    @property
    def _is_of_boxes(self) -> bool:
        """Whether a row is a box, of which a picture may have several, and nobody says which column is meant all the same."""
        if self.options.label_column:
            return False
        pictures = self.where  # what is wrong with a path is told first
        return (are_box_columns(self.grid.header) or bool(box_columns(self.grid))) and len({*pictures}) < len(pictures)

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
            if relation(classes, cells) in ("finer", "same"):
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
        return [*self._named_parts] or [self.part or ""] * len(self.grid)

    @cached_property
    def _named_parts(self) -> Sequence[Part]:
        """The parts that the names of its pictures say; none where something else says them."""
        return parts_of_names(self.where) if self.split is None and self.part is None else ()

    @property
    def says_parts(self) -> bool:
        """Whether it says parts by a column or by the names of its pictures, or is one by its name."""
        return self.split is not None or self.part is not None or bool(self._named_parts)

    @property
    def groups(self) -> list[str]:
        """The group of each row; none where it has no such column."""
        return [cell.strip() for cell in self.grid.columns[self.group.position]] if self.group else []

    def notes(self) -> list[Sentence]:
        """What is to be told of how it was read."""
        told, dialect = list[Sentence](), self.grid.dialect
        if dialect is not None and dialect.encoding == "cp1252":
            told.append(sentence("table.cp1252", table=self.name))
        elif dialect is not None and dialect.encoding != "utf-8":
            told.append(sentence("table.utf16", table=self.name))
        if self.match.cut:
            told.append(sentence("table.cut", table=self.name, cut=_rooted(self.grid, self.paths, self.match.cut)))
        elif self.match.moved:
            told.append(sentence("table.moved", table=self.name))
        told += self._of_partner()
        if self.match.numbered:
            told.append(sentence("table.numbered", table=self.name, first=self.where[0], last=self.where[-1]))
        if self._named_parts:
            told.append(sentence("table.parts_in_names", table=self.name))
        if self.absent:
            n = sum(path in self.absent for path in self.where)
            first = next(path for path in self.where if path in self.absent)
            told.append(sentence("table.missing", table=self.name, n=n, first=first))
        if self.nameless:
            told.append(sentence("table.nameless", table=self.name, n=len(self.nameless), first=min(self.nameless)))
        if self.labels.n_missing:
            row = self.grid.row(self.labels.classes.index(""))
            told.append(sentence("table.unclassed", table=self.name, n=self.labels.n_missing, first=row))
        told += self._repeated()
        if self.match.padded:
            told.append(sentence("table.padded", table=self.name, first=posixpath.basename(self.where[0])))
        if self.match.doubled:
            told.append(sentence("table.doubled", table=self.name))
        if self.group is not None and self.group.found:
            told.append(sentence("table.group", table=self.name, column=self.grid.header[self.group.position]))
        return told

    def _of_partner(self) -> list[Sentence]:
        """By what it is joined with the table of its things."""
        return [sentence("table.joined", table=self.name, other=self.partner, column=self.key)] if self.partner else []

    def _repeated(self) -> list[Sentence]:
        """That a column may tell one individual from another, where none is known to."""
        taken = {self.grid.position(self.labels.column), self.split.position if self.split else -1}
        free = [i for i in self._free if i not in taken] if self.group is None else []
        column = individuals(self.grid, free, self.labels.classes)
        if column < 0:
            return []
        name, n = self.grid.header[column], len(self.grid.values[column])
        return [sentence("table.repeated", table=self.name, column=name, n=n, of=len(self.grid))]


def _rooted(grid: Grid, paths: int, cut: str) -> str:
    """What was cut off, as it is written in the table."""
    first = grid.columns[paths][0].strip()
    start = max(first.replace("\\", "/").find(cut), len(first) - len(first.lstrip("/\\")))
    return first[: start + len(cut) + 1]
