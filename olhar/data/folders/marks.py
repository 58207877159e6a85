"""Notes of their own that pictures have, and what these mark: points, or boxes of things that stand in every folder alike."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.files.files import first_bytes, non_pictures
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.identifiers import counts_series, is_counted_class, is_date, is_identifier
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import CONTAINERS, MASKS, is_verdict, tokens
from olhar.data.known_forms.detection import yolo_classes

_FEWEST, _ENOUGH, _LOOKED_AT, _HEAD = 3, 0.8, 32, 1 << 16
_POINTS, _BOXES = (".pts",), (".txt", ".xml", ".json")
_SAY_NOTHING = CONTAINERS | MASKS
_NAMED = {".xml": re.compile(rb"<name>\s*([^<]+?)\s*</name>"), ".json": re.compile(rb'"label"\s*:\s*"([^"]+)"')}


def have_notes(classes: Sequence[Folder], found: Found) -> bool:
    """Whether folders that count or date, three at least, hold pictures that each have a note.

    Beside them as many other files as pictures are notes, whatever they are called; elsewhere those of their names are, where
    the folder counts a series (``batch_1``) or is a date, as a number alone may be a class (``78``).
    """
    counted = [f for f in classes if (is_identifier(f.name) or counts_series(f.name)) and not is_counted_class(f.name)]
    others = non_pictures(found.files)
    if len(counted) < max(_FEWEST, _ENOUGH * len(classes)) or len(others) < _ENOUGH * sum(folder.count for folder in counted):
        return False
    beside = Counter(posixpath.dirname(found.files.names[index]) for index in others)
    notes = _notes(found, (*_BOXES, *_POINTS))
    apart = [f for f in counted if (counts_series(f.name) or is_date(f.name)) and len(_of(f, notes, found)) >= _ENOUGH * f.count]
    return len({*(f.path for f in apart), *(f.path for f in counted if beside[f.path] >= f.count)}) >= _FEWEST


def refuse_marked(classes: Sequence[Folder], found: Found, **layout: str) -> None:
    """Folders whose pictures each have a note that marks points, or two things or more that most folders have alike (``car``).

    Judgements are classes all the same, and so are folders whose notes name the folder or one thing alone.

    Raises:
        DataError: it is so; the folders are offered.
    """
    names = [folder.name for folder in classes]
    if len(non_pictures(found.files)) < _ENOUGH * sum(folder.count for folder in classes) or all(map(is_verdict, names)):
        return
    marked = _points(classes, found) or _things(classes, found)
    if marked:
        told = {"where": found.files.origin, "folders": listed(names), "marked": marked}
        raise DataError("data.marked_alike", **told).offering([reading_of(Folder("", ""), classes, **layout)])


def _points(classes: Sequence[Folder], found: Found) -> Sentence | None:
    notes = _notes(found, _POINTS)
    all_have = bool(notes) and all(len(_of(folder, notes, found)) >= _ENOUGH * folder.count for folder in classes)
    return sentence("data.points") if all_have else None


def _things(classes: Sequence[Folder], found: Found) -> str:
    """The things that boxes name in most folders, each on several pictures; nothing where they are fewer than two."""
    notes = _notes(found, _BOXES)
    own = [_of(folder, notes, found) for folder in classes]
    if any(len(each) < _ENOUGH * folder.count for each, folder in zip(own, classes, strict=True)):
        return ""
    counts = [Counter(thing for index in _some(each) for thing in _named(index, found)) for each in own]
    held = Counter(thing for each in counts for thing, n in each.items() if n > 1)
    alike = sorted(thing for thing, n in held.items() if n > 1 and 2 * n > len(classes))
    return listed(alike) if len(alike) > 1 else ""


def _some(indices: Sequence[int]) -> Sequence[int]:
    return indices[:: max(1, len(indices) // _LOOKED_AT)]


def _named(index: int, found: Found) -> Iterable[str]:
    """The things that one note names, each once: by the first number of YOLO's lines, or by name."""
    data, ending = first_bytes(found.files, index, _HEAD), posixpath.splitext(found.files.names[index].lower())[1]
    if ending == ".txt":
        return {*yolo_classes(data)}
    return {name.decode("utf-8", "replace") for name in _NAMED[ending].findall(data)}


def _notes(found: Found, endings: tuple[str, ...]) -> Mapping[str, int]:
    """Other files by what they are called beside words of pictures and labels."""
    names = found.files.names
    return {_key(names[index]): index for index in non_pictures(found.files) if names[index].lower().endswith(endings)}


def _of(folder: Folder, notes: Mapping[str, int], found: Found) -> list[int]:
    """The notes of the pictures in a folder, by folders and name, or by name where all notes lie together."""
    own = (notes.get(_key(name), notes.get(stem_of(name))) for name in found.names(folder.rows()))
    return [index for index in own if index is not None]


def _key(path: str) -> str:
    """``day/1`` of ``images/day/1.jpg`` and of ``labels/day/1.txt``."""
    steps = [step for step in path.split("/")[:-1] if not _SAY_NOTHING.issuperset(tokens(step))]
    return "/".join([*steps, stem_of(path)])
