"""Tables in memory, of polars or pandas: a label and a picture a row, as bytes, pixels or a path."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.data.dataset import Dataset, Source
from olhar.data.files.files import legible
from olhar.data.files.folder import FolderSource
from olhar.data.formats.columns import ColumnRole, Columns, as_text, roles
from olhar.data.formats.pixels import LOOKED_AT, Cell, picture, unit_scaled
from olhar.data.layout import is_picture
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import NOTHING_SAID, ReadOptions
from olhar.data.tables.grid import Grid
from olhar.data.tables.label_column import find_labels
from olhar.data.tables.name_tables import ENOUGH
from olhar.data.tables.values import counts_rows

_TRIED = 100


@dataclass(frozen=True)
class CellSource:
    """Pictures that are the cells of a column."""

    cells: Sequence[Any]
    unit: bool

    def read(self, index: int) -> bytes | Pixels:
        """The picture in cell ``index``.

        Raises:
            PictureError: it is none.
        """
        try:
            return as_picture(self.cells[index], self.unit)
        except ValueError as error:
            raise PictureError("data.row_pixels", where="DataFrame", row=index + 1) from error

    def fingerprint(self) -> Iterator[bytes]:
        """The cells themselves."""
        yield str(self.unit).encode()
        for index in range(len(self.cells)):
            try:
                content = self.read(index)
            except PictureError:
                yield b"?"
            else:
                yield blake2b(content if isinstance(content, bytes) else content.tobytes(), digest_size=16).digest()


def is_frame(data: Any) -> bool:
    """Whether something is a table in memory: of polars, pandas or the like."""
    return hasattr(type(data), "columns") and hasattr(data, "__getitem__") and not isinstance(data, Mapping)


def read(frame: Any, options: ReadOptions = NOTHING_SAID) -> Dataset:
    """A table in memory; ``options`` is what a person says of its columns.

    Raises:
        DataError: a column is missing, or a row says nothing that can be used.
    """
    if hasattr(frame, "collect"):  # polars' lazy kind
        frame = frame.collect()
    columns = [str(column) for column in frame.columns]
    role_columns = roles(columns, options, "DataFrame")
    if not {"label", "path"} <= role_columns.keys() and not {"pixels", "image"} & role_columns.keys():
        role_columns |= _by_cells(frame, columns, role_columns, options)
    column = role_columns.get("pixels") or role_columns.get("image") or role_columns.get("path")
    if "label" not in role_columns or column is None:
        missing = "data.no_label_column" if "label" not in role_columns else "data.no_picture_column"
        raise DataError(missing, where="DataFrame", found=", ".join(columns[:10]))
    cells = {role: list(frame[role_columns[role]]) for role in ("label", "part", "group") if role in role_columns}
    gathered = Columns("DataFrame")
    for row in range(len(cells["label"])):
        gathered.add(row + 1, {role: values[row] for role, values in cells.items()})
    gathered.finish()
    pictures = list(frame[column])
    source, where = _pictures(pictures, column)
    return assemble("table", [Piece(source, where, gathered.labels, gathered.parts, gathered.groups, gathered.unclassed())])


def _by_cells(frame: Any, columns: Sequence[str], known: Mapping[ColumnRole, str], options: ReadOptions) -> dict[ColumnRole, str]:
    """The columns of paths and of classes by what stands in them: paths are of files that are there, classes are of few values.

    Raises:
        DataError: several columns may hold the class.
    """
    cells = {i: list(map(as_text, frame[name])) for i, name in enumerate(columns) if _is_plain(frame[name])}
    path = known.get("path") or next((columns[i] for i, each in cells.items() if _are_files(each)), None)
    if path is None:
        return {}
    n, texts = len(frame[path]), {i: each for i, each in cells.items() if columns[i] != path}
    values = {i: {*each} for i, each in texts.items()}
    grid = Grid("DataFrame", tuple(columns), texts, values, None, lambda place: place + 1, n)
    taken = {known[role] for role in ("part", "group") if role in known}
    free = [i for i in texts if columns[i] not in taken and not counts_rows(texts[i])]
    label = known.get("label") or find_labels(grid, free, options.label_column, tuple).column
    return {"path": path, "label": label} if label else {}


def _is_plain(cells: Any) -> bool:
    """Whether a column holds texts, numbers and truths."""
    return all(cell is None or isinstance(cell, (str, int, float, np.generic, Path)) for cell in list(cells[:LOOKED_AT]))


def _are_files(cells: Sequence[str]) -> bool:
    """Whether nine in ten of some cells of a column, from all over it, are paths of files."""
    some = cells[:: max(1, len(cells) // _TRIED)]
    named = [cell for cell in some if is_picture(cell)]
    return bool(some) and len(named) >= ENOUGH * len(some) and sum(Path(cell).is_file() for cell in named) >= ENOUGH * len(some)


def _pictures(cells: Sequence[Any], column: str) -> tuple[Source, Sequence[str]]:
    first = cells[:LOOKED_AT]
    if first and all(is_path(cell) for cell in first):
        paths = [as_text(cell) for cell in cells]
        return FolderSource(Path(), paths), [legible(path) for path in paths]
    try:
        unit = unit_scaled_cells(first)
    except ValueError as error:
        raise DataError("data.column_type", where="DataFrame", column=column) from error
    return CellSource(cells, unit), [f"{column}:{row + 1}" for row in range(len(cells))]


def is_path(cell: Any) -> bool:
    """Whether a cell is a path rather than pixels: text in which something else stands than numbers."""
    return isinstance(cell, Path) or (isinstance(cell, str) and any(c.isalpha() or c == "/" for c in cell[:200]))


def unit_scaled_cells(cells: Sequence[Any]) -> bool:
    """Whether the pixels in some cells are shares of white; the cells are tried as pictures on the way.

    Raises:
        ValueError: a cell is no picture.
    """
    raw = [_raw(cell) for cell in cells]
    unit = unit_scaled([cell for cell in raw if not isinstance(cell, bytes)])
    for cell in cells:
        as_picture(cell, unit)
    return unit


def as_picture(cell: Any, unit: bool = False) -> bytes | Pixels:
    """A cell as a picture: encoded bytes, Hugging Face's ``{"bytes": ..., "path": ...}``, or pixels.

    Raises:
        ValueError: it is none.
    """
    raw = _raw(cell)
    return raw if isinstance(raw, bytes) else picture(raw, unit)


def _raw(cell: Any) -> bytes | Cell:
    if isinstance(cell, Mapping):
        cell = cell.get("bytes")
    if isinstance(cell, (bytes, bytearray)):
        return bytes(cell)
    values = cell.to_list() if hasattr(cell, "to_list") else cell
    if isinstance(values, (str, np.ndarray)):
        return values
    if not isinstance(values, Sequence):
        raise ValueError
    return list(values)
