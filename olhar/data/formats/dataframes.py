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
from olhar.data.formats.columns import Columns, as_text, roles
from olhar.data.formats.pixels import LOOKED_AT, Cell, picture, unit_scaled
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import NOTHING_SAID, ReadOptions


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
    return assemble("table", [Piece(source, where, gathered.labels, gathered.parts, gathered.groups)])


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
