"""What numbers in the names of pictures say beside their folders, so that they may be the classes: asked about."""

import re
from collections import Counter
from collections.abc import Sequence
from itertools import islice

from olhar.base.errors import DataError
from olhar.data.folders.fields import classes_before_fields
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.identifiers import are_levels
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder, content, few

_LOOKED_AT = 1024
"""So many pictures of a folder are looked at."""
_FEWEST, _EACH, _MOST, _FEW, _SIDES = 3, 1.5, 10, 10, 2
_NUMBER, _LEADING = re.compile(r"\d+"), re.compile(r"(\d{1,2})[\s._-]+(.*\d.*)")


def refuse_levels(classes: Sequence[Folder], found: Found, **layout: str) -> None:
    """Folders that count how strong something is (``Rain-1``, ``Rain-3``), and the names in them say another thing in numbers.

    Raises:
        DataError: some numbers tell the folders apart, and others are the same in all of them (``01_05_09_03_0001``).
    """
    names = [folder.name for folder in classes]
    if not are_levels(names):
        return
    numbers = [[_NUMBER.findall(stem) for stem in _some(folder, found)] for folder in classes]
    if said := _crossing(numbers):
        told = {"where": found.files.origin, "folders": listed(names), "names": listed(said)}
        raise DataError("data.names_say_classes", **told).offering([reading_of(Folder("", ""), classes, **layout)])


def _some(folder: Folder, found: Found) -> list[str]:
    return [stem_of(name) for name in found.names(islice(folder.rows(), _LOOKED_AT))]


def _crossing(numbers: Sequence[Sequence[Sequence[str]]]) -> list[str]:
    """The numbers that stand at one place in all folders, each several times, where others tell the folders apart; else none."""
    if len({len(row) for each in numbers for row in each}) != 1:
        return []
    folders = [list(zip(*each, strict=True)) for each in numbers]
    own = [tuple("".join({*column}) if len({*column}) == 1 else "" for column in columns) for columns in folders]
    if len({*own}) < len(own):
        return []
    for columns in zip(*folders, strict=True):
        held = [{*column} for column in columns]
        shared = set.intersection(*held)
        repeated = all(len(column) >= _EACH * len({*column}) for column in columns)
        if repeated and len(shared) >= _FEWEST and 2 * len(shared) > max(map(len, held)):
            return sorted(shared)
    return []


def without_scenes(root: Folder, found: Found) -> Folder:
    """The folder whose names set the class apart by two underscores, where a few pictures lie beside it; else ``root``."""
    if len(root.folders) < _SIDES:
        return root
    most = max(root.kids, key=lambda kid: kid.count)
    rest = [kid for kid in root.kids if kid is not most]
    if not few(sum(kid.count for kid in rest), most.count) or classes_before_fields(_some(most, found)) is None:
        return root
    if any("__" in stem for kid in rest for stem in _some(kid, found)):
        return root
    for kid in rest:
        found.pass_over(kid, "reading.why_no_class")
    root.without(rest)
    return content(most)


def refuse_leading_numbers(root: Folder, found: Found, **layout: str) -> None:
    """One of a few numbers in front of all names in a folder (``0__2017.png``, ``1__2018.png``), and a few pictures beside it.

    Raises:
        DataError: it is so; the folders are offered.
    """
    most = max(root.kids, key=lambda kid: kid.count)
    rest = [kid for kid in root.kids if kid is not most]
    beside = [stem for kid in rest for stem in _some(kid, found)]
    if not rest or _FEW * len(beside) > most.count or any(map(_LEADING.fullmatch, beside)):
        return
    if said := _leading(_some(most, found)):
        told = {"folder": most.path, "names": listed(said), "others": listed([kid.name for kid in rest])}
        reading = reading_of(Folder("", ""), root.kids, **layout)
        raise DataError("data.names_of_one", where=found.files.origin, **told).offering([reading])


def _leading(stems: Sequence[str]) -> list[str]:
    """The numbers that stand in front of all names, a few of them, before what no two names have; else none."""
    matches = [match for stem in stems if (match := _LEADING.fullmatch(stem)) is not None]
    counts = Counter(match[1] for match in matches)
    once = len({match[2] for match in matches}) == len(stems)
    return sorted(counts) if once and 1 < len(counts) <= _MOST and min(counts.values()) > 1 else []
