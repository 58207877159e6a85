"""Folders of MATLAB's files, one picture each with its class: ``1.mat``, ``2.mat`` with ``cjdata.image`` and ``cjdata.label``.

Of an array's path the last step says what it is, as in files of many pictures; ``cjdata.PID`` is the patient, who stays together.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, PictureError
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, listing
from olhar.data.formats.array_files import array_file
from olhar.data.formats.array_names import ArrayRole, meaning
from olhar.data.formats.columns import as_text
from olhar.data.formats.npy import NamedArray, spread
from olhar.data.formats.pixels import LOOKED_AT, Scale, scale_of, scaled_picture
from olhar.data.pieces import Piece, assemble, class_key
from olhar.data.read_as import passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables.column_names import GROUPS, is_one_of
from olhar.data.tables.parts_said import part_of_table

Role = Literal["picture", "label", "group"]
_ROLES: Mapping[ArrayRole, Role] = {"pictures": "picture", "labels": "label"}
_GROUPS = (*GROUPS, "pid")
_SAMPLED, _SMALLEST, _LONGEST = 5, 8, 4096


@dataclass(frozen=True)
class MatlabPictures:
    """Pictures that are files of MATLAB's, one each."""

    files: Files
    rows: Sequence[int]
    scale: Scale

    def read(self, index: int) -> NDArray[Any]:
        """The pixels of picture ``index``.

        Raises:
            PictureError: damaged, or no picture.
        """
        row = self.rows[index]
        try:
            return scaled_picture(np.ascontiguousarray(_arrays(self.files, row)["picture"].load()), self.scale)
        except (DataError, ValueError, KeyError) as error:
            raise PictureError("picture.damaged", name=self.files.names[row]) from error

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and time of change of every file, and how they are read."""
        yield self.scale.encode()
        yield from (self.files.stamp(row) for row in self.rows)


def read(files: Files, options: ReadOptions) -> Dataset | None:  # noqa: ARG001 (there is nothing to be told)
    """The MATLAB files among ``files``, where by the first looks each holds one picture with its class; else None.

    Raises:
        DataError: one is damaged, or says several classes.
    """
    others = listing(files).others
    rows = sorted((row for row in others if files.names[row].lower().endswith(".mat")), key=lambda row: files.names[row])
    looks = [_holds_one(files, rows[place]) for place in spread(len(rows), _SAMPLED)] if len(rows) > 1 else []
    if 2 * sum(looks) <= len(looks):
        return None
    said = {row: _said(files, row) for row in rows}
    kept = [row for row, (pictures, label, _) in said.items() if pictures and label is not None]
    bare = sum(pictures and label is None for pictures, label, _ in said.values())
    names = [files.names[row] for row in kept]
    parts: list[Brought] = [part_of_table(name) or "" for name in names]
    groups = [said[row][2] for row in kept]
    piece = Piece(_source(files, kept), names, [said[row][1] for row in kept], parts, groups if any(groups) else ())
    left_out = [passed_over("", bare, "reading.why_no_class")] if bare else []
    return assemble(files.origin, [piece], len(others) - len(kept) - bare, left_out)


def _holds_one(files: Files, row: int) -> bool:
    """Whether a file holds a picture and one class; a damaged one holds nothing."""
    with suppress(DataError):
        arrays = _arrays(files, row)
        return "picture" in arrays and "label" in arrays and math.prod(arrays["label"].shape) == 1
    return False


def _arrays(files: Files, row: int) -> dict[Role, NamedArray]:
    """The arrays of a file that say something, by what they are.

    Raises:
        DataError: damaged.
    """
    file = array_file(files, row)
    if file is None:
        raise DataError("data.not_whole", where=files.names[row])
    found: dict[Role, NamedArray] = {}
    for name, opened in file.arrays.items():
        role = _role(re.split(r"[./]", name)[-1])
        array = opened() if role is not None and role not in found else None
        if role is not None and array is not None and (role != "picture" or _is_picture(array.shape)):
            found[role] = array
    return found


def _role(name: str) -> Role | None:
    """What the last step of an array's path says."""
    said = meaning(name)
    return "group" if is_one_of(name, _GROUPS) else _ROLES.get(said[0]) if said is not None else None


def _is_picture(shape: Sequence[int]) -> bool:
    return len(shape) in (2, 3) and min(shape[:2]) >= _SMALLEST and set(shape[2:]) <= {1, 3}


def _said(files: Files, row: int) -> tuple[bool, str | None, str]:
    """Whether a file holds a picture, its class, and what it is of; the file is closed again.

    Raises:
        DataError: damaged, or several classes.
    """
    arrays, name = _arrays(files, row), files.names[row]
    label = _values(arrays["label"]) if "label" in arrays else []
    if len(label) > 1:
        raise DataError("data.several_labels", where=name, row=1, found=str(label)[:60])
    group = _values(arrays["group"]) if "group" in arrays else []
    texts = [class_key(as_text(values[0])) if len(values) == 1 else "" for values in (label, group)]
    return "picture" in arrays, texts[0] or None, texts[1]


def _values(array: NamedArray) -> list[Any]:
    """The values of a small array; none of a large one, which says no class."""
    return array.load().reshape(-1).tolist() if math.prod(array.shape) <= _LONGEST else []


def _source(files: Files, rows: Sequence[int]) -> MatlabPictures:
    """The pictures, by what the values of some of them mean.

    Raises:
        DataError: they are no pictures.
    """
    some = [_arrays(files, rows[place])["picture"].load().reshape(-1) for place in spread(len(rows), LOOKED_AT)]
    try:
        return MatlabPictures(files, rows, scale_of(np.concatenate(some)))
    except ValueError as error:
        raise DataError("data.array_shape", where=files.names[rows[0]], found=str(some[0].shape)) from error
