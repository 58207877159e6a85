"""What the columns of a table mean, by their names, and what a cell of each says: label, part, group, path."""

import math
import posixpath
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought, Part
from olhar.data.files.zip import leads_outside
from olhar.data.layout import part_of
from olhar.data.pieces import class_key
from olhar.data.read_options import NOTHING_SAID, ReadOptions
from olhar.data.tables.column_names import GROUPS, LABELS, SPLITS, WHOLE_PATHS, plain_name

ColumnRole = Literal["label", "part", "group", "path", "pixels", "image"]

_BYTES = ("image", "img", "imagem", "picture", "foto", "bytes")
_NAMES: dict[ColumnRole, tuple[str, ...]] = {
    "label": LABELS,
    "part": SPLITS,
    "group": GROUPS,
    "path": WHOLE_PATHS,
    "pixels": ("pixels", "pixel", "pixeis"),
    "image": _BYTES,
}
_SAID: dict[ColumnRole, str] = {"label": "label_column", "part": "split_column", "group": "group_column", "path": "path_column"}
_FER: dict[str, Part] = {"training": "train", "publictest": "validation", "privatetest": "test"}
_SEVERAL = (";", "|")


def roles(header: Iterable[str], options: ReadOptions = NOTHING_SAID, where: str = "") -> dict[ColumnRole, str]:
    """The column that plays each role: what a person says, else by its name without case, accents, blanks and marks.

    Raises:
        DataError: a column that a person names is not there.
    """
    columns = list(header)
    by_plain_name = {plain_name(name): name for name in reversed(columns)}
    role_columns: dict[ColumnRole, str] = {}
    for role, names in _NAMES.items():
        column = next((by_plain_name[name] for name in names if name in by_plain_name), None)
        if column is not None:
            role_columns[role] = column
    for role, option in _SAID.items():
        said = getattr(options, option)
        if said is not None:
            role_columns[role] = _said(columns, said, where)
    return role_columns


def _said(columns: Sequence[str], said: str, where: str) -> str:
    wanted = said.strip().casefold()
    column = next((name for name in columns if name.strip().casefold() == wanted), None)
    if column is None:
        shown = ", ".join(name.strip()[:20] for name in columns[:10])
        raise DataError("table.no_such_column", where=where, column=said, found=shown)
    return column


@dataclass
class Columns:
    """The small cells of a table, gathered row by row; they say what is wrong with a row, and which.

    Attributes:
        where: the table, for errors.
        labels, parts, groups: a cell a row; a label is None where the row has none.
    """

    where: str
    labels: list[str | None] = field(default_factory=list[str | None])
    parts: list[Brought] = field(default_factory=list[Brought])
    groups: list[str] = field(default_factory=list[str])
    _known: dict[str, str] = field(default_factory=dict[str, str])
    _unclassed: list[int] = field(default_factory=list[int])

    def add(self, row: int, cells: Mapping[Any, Any]) -> None:
        """Take the label, part and group of one row.

        Raises:
            DataError: several labels, or a part that is none.
        """
        label = self._label(row, cells["label"])
        if not label:
            self._unclassed.append(row)
        self.labels.append(self._known.setdefault(label, label) if label else None)  # a million rows share a few strings
        self.parts.append(self._part(row, cells["part"]) if "part" in cells else "")
        if "group" in cells:
            group = as_text(cells["group"])
            self.groups.append(self._known.setdefault(group, group))

    def _label(self, row: int, cell: Any) -> str:
        if hasattr(cell, "__len__") and not isinstance(cell, (str, bytes)):
            raise DataError("data.several_labels", where=self.where, row=row, found=str(cell)[:60])
        label = class_key(as_text(cell))
        if any(sum(1 for piece in label.split(mark) if piece.strip()) > 1 for mark in _SEVERAL):
            raise DataError("data.several_labels", where=self.where, row=row, found=label[:60])
        return label

    def _part(self, row: int, cell: Any) -> Part:
        text = as_text(cell).strip()
        part = _FER.get(text.casefold()) or part_of(text)
        if part is None:
            raise DataError("data.row_part", where=self.where, row=row, found=text[:60])
        return part

    def finish(self) -> None:
        """Look at the labels together: ``cat,dog`` beside ``cat`` and ``dog`` is two labels.

        Raises:
            DataError: it is, or most rows have none.
        """
        if 2 * len(self._unclassed) > len(self.labels):
            raise DataError("data.row_no_label", where=self.where, row=self._unclassed[0])
        for label in self._known:
            parts = [piece.strip() for piece in label.split(",")]
            if len(parts) > 1 and label in self.labels and all(piece in self._known for piece in parts):
                raise DataError("data.several_labels", where=self.where, row=self.labels.index(label) + 1, found=label[:60])

    def unclassed(self) -> Sentence | None:
        """What is to be told of rows without a label."""
        if not self._unclassed:
            return None
        return sentence("table.unclassed", table=self.where, n=len(self._unclassed), first=self._unclassed[0])


def path_of(cell: Any, folder: str, where: str, row: int) -> str:
    """A path as the table's folder sees it, below the whole.

    Raises:
        DataError: it is empty, absolute, or leads out of the table's folder.
    """
    text = as_text(cell).strip().replace("\\", "/")
    if not text or leads_outside(text) or "\0" in text:
        raise DataError("data.row_path", where=where, row=row, found=text[:80])
    path = f"{folder}/{text}" if folder else text
    return posixpath.normpath(path) if "./" in path or "//" in path else path


def as_text(cell: Any) -> str:
    """A cell as text: nothing and not-a-number are empty, 3.0 is 3."""
    if cell is None:
        return ""
    if isinstance(cell, float):
        return "" if math.isnan(cell) else str(int(cell)) if cell.is_integer() else str(cell)
    return cell.decode("utf-8", "replace") if isinstance(cell, bytes) else str(cell)
