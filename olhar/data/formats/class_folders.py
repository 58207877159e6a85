"""Folders of pictures, and archives of them: the class of a picture is its folder, or stands in its own name."""

import re
from collections import Counter
from dataclasses import replace
from weakref import WeakKeyDictionary

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, listing, non_pictures
from olhar.data.folders.folder_reading import FolderReading
from olhar.data.folders.found import counted, listed
from olhar.data.folders.rules import read_folders
from olhar.data.folders.stems import stem_of
from olhar.data.other_files import named_in, other_files, without_files
from olhar.data.pieces import Piece, assemble
from olhar.data.read_options import ReadOptions

NAMES_SAY = ("reading.from_names", "reading.from_names_all", "reading.from_form", "reading.from_legend")
_MARKED, _NOTES = 0.9, (".json", ".xml")
"""What marks things on a picture; plain text may do so too beside names that say a class, but in folders be a crop's place."""
_NUMBERED = re.compile(r".*(?<![^\W_])\d+(?![^\W_])")
_READINGS: WeakKeyDictionary[Files, tuple[ReadOptions, FolderReading]] = WeakKeyDictionary()
"""What the first of the two readers here has understood, for the second, as long as the files are at hand."""


def class_folders(files: Files, options: ReadOptions) -> Dataset | None:
    """``train/rose/1.jpg`` or ``rose/1.jpg``; two classes at least, for a single folder may hold what a table tells of."""
    if not listing(files).pictures:
        return None
    reading = _reading(files, options)
    several = len({name for name in reading.classes if name is not None}) > 1
    if several and reading.in_folders and not options.layout and _mark_things(files, reading, _NOTES):
        raise _marked(files, reading)
    return _dataset(files, reading) if (several and reading.in_folders) or options.layout else None


def loose_pictures(files: Files, options: ReadOptions) -> Dataset | None:
    """``cat.12.jpg``; else a single folder, or pictures of unknown class."""
    reading = _reading(files, options)
    if not reading.rows:
        return None
    if not reading.in_folders and _mark_things(files, reading, (*_NOTES, ".txt")):
        shown = listed(sorted({name for name in reading.classes if name is not None}))
        why = DataError("data.names_with_masks", where=files.origin, classes=shown)
        return replace(_dataset(files, _bare(reading)), why_unlabelled=why)
    return _dataset(files, reading)


def _bare(reading: FolderReading) -> FolderReading:
    """The same pictures without classes."""
    notes = tuple(note for note in reading.notes if note.key not in NAMES_SAY)
    return replace(reading, classes=(None,) * len(reading.rows), notes=notes)


def _marked(files: Files, reading: FolderReading) -> DataError:
    """Why folders of pictures that each have a mask and a text of their own are asked about."""
    counts = sorted(Counter(name for name in reading.classes if name is not None).items())
    way = Reading(
        sentence("reading.way", classes=counted(counts)), "", {"layout": "part/class" if any(reading.parts) else "class"}
    )
    return DataError("data.folders_with_masks", where=files.origin, folders=listed([name for name, _ in counts])).offering([way])


def _mark_things(files: Files, reading: FolderReading, notes: tuple[str, ...]) -> bool:
    """Whether there are classes, but nine in ten pictures have a mask and a text of their own: what is on them is marked.

    Where there is a training part it alone counts: contests keep those of the others.
    """
    masks = sum(place.n for place in reading.passed_over if place.why.key == "reading.why_masks")
    rows = [row for row, part in zip(reading.rows, reading.parts, strict=True) if part == "train"] or reading.rows
    enough = _MARKED * len(rows)
    if masks < enough or None in reading.classes:
        return False
    noted = {_counted(files.names[i]) for i in non_pictures(files) if files.names[i].lower().endswith(notes)}
    return sum(_counted(files.names[row]) in noted for row in rows) >= enough


def _counted(name: str) -> str:
    """The name up to its last number: ``aachen_000002_012438`` of a picture and of what was drawn on it; else the whole stem."""
    stem = stem_of(name)
    match = _NUMBERED.match(stem)
    return match[0] if match is not None else stem


def _reading(files: Files, options: ReadOptions) -> FolderReading:
    known = _READINGS.get(files)
    if known is None or known[0] != options:
        known = _READINGS[files] = options, read_folders(files, options)
    return known[1]


def _dataset(files: Files, reading: FolderReading) -> Dataset:
    names = [files.names[i] for i in reading.rows]
    groups = reading.groups if any(reading.groups) else ()
    piece = Piece(files.pictures(names), names, reading.classes, reading.parts, groups)
    others = other_files([files.names[i] for i in listing(files).others])
    left_out = [*reading.passed_over, *without_files(others, {*named_in(reading.notes)})]
    return assemble(files.origin, [piece], reading.others, left_out, reading.notes)
