"""Parquet tables, as Hugging Face and others write them: pictures as bytes, as paths, or as pixels. Read by polars.

Labels are read at once; pictures some rows at a time, when they are wanted.
"""

import posixpath
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.data.dataset import Dataset, Source
from olhar.data.files.files import Files, first_bytes, non_pictures
from olhar.data.formats.columns import ColumnRole, Columns, path_of, roles
from olhar.data.formats.dataframes import as_picture, is_path, unit_scaled_cells
from olhar.data.formats.parquet_file import PARQUET, class_names, column_of, schema_of, small_columns
from olhar.data.formats.pixels import LOOKED_AT
from olhar.data.formats.tables import part_of_name, select_tables
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_options import ReadOptions

_ROWS, _HELD = 256, 4


@dataclass(frozen=True)
class ParquetSource:
    """Pictures in one column of a Parquet file. The chunks read last are kept, so that reading in order reads each once."""

    files: Files
    index: int
    column: str
    unit: bool
    lock: threading.Lock = field(default_factory=threading.Lock)
    held: "OrderedDict[int, list[Any]]" = field(default_factory=OrderedDict)

    def read(self, index: int) -> bytes | Pixels:
        """The bytes or the pixels of row ``index``.

        Raises:
            PictureError: the row holds no picture, or cannot be read.
        """
        chunk, place = divmod(index, _ROWS)
        name = posixpath.basename(self.files.names[self.index])
        try:
            with self.lock:
                cells = self._chunk(chunk)
            return as_picture(cells[place], self.unit)
        except (ValueError, IndexError, DataError) as error:
            raise PictureError("data.row_pixels", where=name, row=index + 1) from error

    def _chunk(self, chunk: int) -> list[Any]:
        if chunk not in self.held:
            self.held[chunk] = column_of(self.files, self.index, self.column, chunk * _ROWS, _ROWS)
            if len(self.held) > _HELD:
                self.held.popitem(last=False)
        return self.held[chunk]

    def fingerprint(self) -> Iterator[bytes]:
        """The stamp of the file, and the column."""
        yield self.files.stamp(self.index) + f"{self.column} {self.unit}".encode()


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """The Parquet files among ``files`` that belong together.

    Raises:
        DataError: damaged, or without the columns that are needed.
    """
    candidates = non_pictures(files)
    indices = [index for index in candidates if first_bytes(files, index, 4) == PARQUET]
    if not indices:
        return None
    names = [posixpath.basename(files.names[index]) for index in indices]
    columns = [roles(schema_of(files, i), options, name) for i, name in zip(indices, names, strict=True)]
    complete = [i for i, has in enumerate(columns) if "label" in has and ("image" in has or "path" in has or "pixels" in has)]
    if not complete:
        missing = "data.no_label_column" if "label" not in columns[0] else "data.no_picture_column"
        shown = ", ".join(schema_of(files, indices[0])[:10])
        raise DataError(missing, where=names[0], found=shown)
    chosen = [complete[i] for i in select_tables([columns[i] for i in complete], [names[i] for i in complete], files.name)]
    pieces = [_piece(files, indices[i], columns[i], len(chosen) > 1 and "part" not in columns[i]) for i in chosen]
    return assemble(files.origin, pieces, len(candidates) - len(chosen))


def _piece(files: Files, index: int, columns: Mapping[ColumnRole, str], by_name: bool) -> Piece:
    name = posixpath.basename(files.names[index])
    small: dict[ColumnRole, str] = {role: columns[role] for role in ("label", "part", "group") if role in columns}
    table = small_columns(files, index, list(small.values()))
    gathered = Columns(name)
    labels = _named(table[small["label"]], class_names(files, index, small["label"]))
    for row, label in enumerate(labels):
        cells: dict[ColumnRole, Any] = {role: table[column][row] for role, column in small.items()}
        gathered.add(row + 1, cells | {"label": label})
    gathered.finish()
    n = len(labels)
    source, where = _pictures(files, index, columns, n)
    part: Any = part_of_name(name) if by_name else ""
    return Piece(source, where, gathered.labels, [part] * n if by_name else gathered.parts, gathered.groups, gathered.unclassed())


def _pictures(files: Files, index: int, columns: Mapping[ColumnRole, str], n: int) -> tuple[Source, Sequence[str]]:
    name = posixpath.basename(files.names[index])
    column = columns.get("pixels") or columns.get("image") or columns["path"]
    first = column_of(files, index, column, 0, LOOKED_AT)
    if first and all(is_path(cell) for cell in first):
        folder = posixpath.dirname(files.names[index])
        cells = column_of(files, index, column, 0, None)
        paths = [path_of(cell, folder, name, row + 1) for row, cell in enumerate(cells)]
        if not any(map(files.has, paths)):
            raise DataError("data.no_files", where=name, n=n, first=paths[0])
        return files.pictures(paths), paths
    try:
        unit = unit_scaled_cells(first)
    except ValueError as error:
        raise DataError("data.column_type", where=name, column=column) from error
    return ParquetSource(files, index, column, unit), [f"{name}:{row + 1}" for row in range(n)]


def _named(labels: list[Any], names: Sequence[str]) -> list[Any]:
    return named_labels(labels, names) if names and all(isinstance(label, int) for label in labels) else labels
