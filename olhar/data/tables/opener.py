"""What every table is opened with: how its columns that name pictures are found, and what it comes to."""

import posixpath
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from olhar.base.errors import DataError
from olhar.data.dataset import Part
from olhar.data.files.files import Files
from olhar.data.files.zip import leads_outside
from olhar.data.read_options import ReadOptions
from olhar.data.tables.blanks import without_nameless_rows
from olhar.data.tables.column_names import GROUPS, LABELS, PATHS, TAGS, is_one_of, rank
from olhar.data.tables.entries import refuse_entries
from olhar.data.tables.grid import Grid
from olhar.data.tables.localisation import BOXES
from olhar.data.tables.name_tables import WAYS
from olhar.data.tables.namesake import near_or_far, nearer
from olhar.data.tables.padded import padded_column
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.path_column import PathColumn, covering_column, named_path_column
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.picture_names import Match, PictureNames
from olhar.data.tables.plain_paths import plain_paths


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

    def path_column(self, rows: Sequence[Sequence[str]], where: str) -> PathColumn | None:
        """The column that names pictures, by the first rows of a table; None: there is none.

        Raises:
            DataError: no column is called as a person says, or two name different pictures.
        """
        if not self.pictures.paths:
            return None
        part, wanted = part_of_table(where), self.options.path_column
        found = near_or_far(rows, self.pictures, where, part, wanted)
        found = found or (padded_column(rows, self.pictures.paths) if not wanted else None)
        found = found or named_path_column(rows, self.pictures, where, part)
        return found or (covering_column(rows, self.pictures, where, part) if not wanted else None)

    def is_wanted(self, name: str, position: int) -> bool:
        """Whether a column is kept however many values it has."""
        said = (self.options.label_column, self.options.split_column, self.options.group_column)
        by_hand = any(column.strip().casefold() in (name.strip().casefold(), str(position + 1)) for column in said if column)
        return by_hand or is_one_of(name, (*GROUPS, *TAGS, BOXES))

    def table(self, index: int, grid: Grid, found: PathColumn) -> PathTable:
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

    def require_absent(self, rows: Sequence[Sequence[str]], where: str, first: int) -> None:
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
