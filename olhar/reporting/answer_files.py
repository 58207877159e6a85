"""Answers as files: a table for a spreadsheet, a grid of pictures, and copies sorted into a folder a class."""

import io
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from olhar.base.camera_notes import tells_place, without_notes
from olhar.base.errors import UsageError
from olhar.base.files import safe_name, write_error, write_text, write_whole
from olhar.base.images import as_bytes, decode, upright
from olhar.base.levels import Levels
from olhar.base.types import StrPath
from olhar.bundle.answers import Answers
from olhar.data.dataset import Dataset
from olhar.evaluation.excel import excel
from olhar.reporting.grid import grid
from olhar.runs.samples import Sample

_SIDE, _MOST = 192, 200
UNKNOWN = "unknown"
"""The folder of pictures that a model does not know; it gets a number behind where a class is called so."""


def write_excel(answers: Answers, into: StrPath) -> Path:
    """Write a table that a spreadsheet of the language in use opens by a double click (``evaluation.excel``).

    Raises:
        UsageError: the file is called otherwise than a CSV.
        DataError: the file cannot be written.
    """
    refuse_excel(into)
    path = Path(into)
    with suppress(OSError):  # of which the writing tells
        path.parent.mkdir(parents=True, exist_ok=True)
    return write_text(path, excel(answers.predictions, answers.predictor.signature.names, answers.unreadable))


def refuse_excel(into: StrPath) -> None:
    """Refuse a name under which no spreadsheet would open a CSV.

    Raises:
        UsageError: it does not end in ``.csv``.
    """
    if Path(into).suffix.lower() != ".csv":
        raise UsageError("predict.excel_form", where=str(into))


def write_grid(answers: Answers, into: StrPath) -> Path:
    """Write a PNG of the pictures, at most 200, with class and probability beneath each, and the truth where it is known.

    Raises:
        UsageError: the file is called otherwise than a PNG.
        RunError: the file cannot be written.
    """
    refuse_grid(into)
    picture = grid(_samples(answers), answers.predictor.signature.names)
    path = Path(into)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_whole(path, picture)
    except OSError as error:
        raise write_error(into, error, len(picture)) from error
    return path


def refuse_grid(into: StrPath) -> None:
    """Refuse a name under which nobody would look for a picture.

    Raises:
        UsageError: it does not end in ``.png``.
    """
    if Path(into).suffix.lower() != ".png":
        raise UsageError("predict.grid_form", where=str(into))


@dataclass(frozen=True)
class Copies:
    """What came of copying pictures.

    Attributes:
        n: how many were copied.
        places: how many of the copies tell where they were taken.
        anew: how many were written anew, as PNG, so that nothing but their pixels is in them.
    """

    n: int
    places: int
    anew: int


def sort_into(answers: Answers, folder: StrPath, *, exif: bool = True) -> Copies:
    """Copy each picture into the folder of its class, or of none where the model does not know; nothing is moved or overwritten.

    A folder bears the name by which the model shows its class, as far as file systems take it.

    Args:
        answers: the pictures and what was said of them.
        folder: where the folders of the classes are made.
        exif: the copies are the files to the byte; False: without what cameras and programs wrote beside the pixels, such as
            the place, but for the orientation (``base.camera_notes``).

    Raises:
        RunError: the folder cannot be written.
    """
    root, places, anew = Path(folder), 0, 0
    signature = answers.predictor.signature
    names = _folders([*map(_legible, signature.names, signature.classes), UNKNOWN])
    predictions = answers.predictions
    places_of = np.where(predictions.answered, predictions.predicted, len(names) - 1)
    try:
        for row, answer in zip(answers.rows, places_of.tolist(), strict=True):
            data, name = _as_file(answers.data, row)
            if not exif:
                data, rewritten = without_notes(data)
                name = f"{name.rpartition('.')[0] or name}.png" if rewritten else name
                anew += rewritten
            places += tells_place(data)
            target = root / names[answer]
            target.mkdir(parents=True, exist_ok=True)
            _write_new(target / name, data)
    except OSError as error:
        raise write_error(folder, error) from error
    return Copies(len(answers.rows), places, anew)


def _samples(answers: Answers) -> list[Sample]:
    predictions = answers.predictions
    rows = range(min(_MOST, len(predictions)))
    return [
        Sample(
            predictions.pictures[i],
            _thumbnail(answers.data, answers.rows[i], answers.predictor.signature.levels),
            int(predictions.labels[i]),
            int(predictions.predicted[i]),
            float(predictions.confidence[i]),
        )
        for i in rows
    ]


def _thumbnail(data: Dataset, row: int, levels: Levels) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """The picture itself, upright, with a longer side of at most 192 pixels."""
    picture = data.read(row)
    if isinstance(picture, bytes):
        image = decode(picture, at_least=(_SIDE, _SIDE), levels=levels)
    else:
        image = upright(Image.fromarray(as_bytes(picture, levels)))
    image.thumbnail((_SIDE, _SIDE))
    return np.asarray(image.convert("RGB"))


def _legible(name: str, key: str) -> str:
    """What a class is called on disk: by the name that is shown; by its key where the name has no letter that files may bear."""
    return name if any(map(str.isalnum, name)) else key


def _folders(wanted: Sequence[str]) -> list[str]:
    """A safe folder name for each; two never share one."""
    names: list[str] = []
    for text in wanted:
        name = safe_name(text, spaces=True)
        folded = {folder.casefold() for folder in names}
        free = (name, *(f"{name}-{number}" for number in range(len(names), 2 * len(names) + 1)))
        names.append(next(one for one in free if one.casefold() not in folded))
    return names


def _as_file(data: Dataset, row: int) -> tuple[bytes, str]:
    picture = data.read(row)
    stem, dot, suffix = data.where[row].rpartition("/")[2].rpartition(".")
    if isinstance(picture, bytes):
        return picture, f"{safe_name(stem, 150)}.{safe_name(suffix)}" if dot else safe_name(suffix, 150)
    out = io.BytesIO()
    Image.fromarray(as_bytes(picture)).save(out, "PNG")
    return out.getvalue(), f"{safe_name(data.where[row], 150)}.png"


def _write_new(path: Path, data: bytes) -> None:
    """Write a file that is not there; where the name is taken, ``NAME-2`` and so on."""
    for n in range(1, 10**6):
        candidate = path if n == 1 else path.with_name(f"{path.stem}-{n}{path.suffix}")
        try:
            with candidate.open("xb") as file:
                file.write(data)
        except FileExistsError:
            continue
        return
