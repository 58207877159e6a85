"""Which level of folders is the class: what a person says, tops that are groups, an index of letters, else the first."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import Brought
from olhar.data.folders.found import Found, Place, counted, listed
from olhar.data.folders.identifiers import (
    are_pieces_of_one,
    are_rounds,
    is_counted_class,
    is_date,
    is_identifier,
    is_nobodys_class,
    worded,
)
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import is_container, is_verdict, part_said, tokens
from olhar.data.layout import plain

_FEWEST_TOPS, _MOST_CLASSES = 5, 50
_LEVELS = ("part", "class", "group", "*")
_LETTERS, _BEHIND_LETTERS = 2, 3
_DEEP, _ALIKE, _LONG = 3, 3, 4
_CASE = re.compile(r"(.*?[^\W\d_])[\s._-]*\d+")


def said_levels(layout: str) -> list[str]:
    """The levels of ``--layout``.

    Raises:
        DataError: a level that is none of the four, or named twice.
    """
    levels = [level.strip() for level in layout.strip().strip("/").split("/")]
    named = [level for level in levels if level != "*"]
    wrong = [level for level in levels if level not in _LEVELS]
    if wrong or len(set(named)) < len(named):
        raise DataError("data.layout_level", layout=layout, found=wrong[0] if wrong else named[-1])
    return levels


def by_layout(root: Folder, levels: Sequence[str], found: Found) -> Iterator[Place]:
    """Rule 1: each picture by what a person says of the levels of folders; those that lie less deep have no class.

    Raises:
        DataError: no folder lies so deep.
    """
    deepest = list(_at(root, levels, found, Place(root)))
    if not any(place.label is not None for place in deepest) and "class" in levels:
        raise DataError(
            "data.layout_nothing",
            where=found.files.origin,
            layout="/".join(levels),
            folders=listed([kid.name for kid in root.kids]),
        )
    return iter(deepest)


def _at(folder: Folder, levels: Sequence[str], found: Found, so_far: Place) -> Iterator[Place]:
    if not levels:
        yield Place(folder, so_far.part, so_far.label, so_far.group)
        return
    if folder.pictures:
        yield Place(folder, so_far.part, so_far.label, so_far.group, alone=True)
    level, rest = levels[0], levels[1:]
    for kid in folder.kids:
        part: Brought = so_far.part
        if level == "part":
            said = part_said(kid.name)
            if said is None:
                found.pass_over(kid, "reading.why_no_part")
                continue
            part = said
        label = kid.name if level == "class" else so_far.label
        group = kid.name if level == "group" else so_far.group
        yield from _at(kid, rest, found, Place(kid, part, label, group))


def tops_are_groups(root: Folder, found: Found) -> list[Place] | None:
    """Rule 6: five or more tops like identifiers, and the same few names below them: these are the classes.

    A few dates (``2006``, ``2007``) are no groups, but where the classes are passed through.

    Raises:
        DataError: it could as well be the other way round.
    """
    tops = root.kids
    names = [top.name for top in tops]
    dated = all(map(is_date, names)) or are_rounds(names)
    counted = dated or (all(map(is_identifier, names)) and not worded(names))
    if not tops or root.pictures or any(top.flat for top in tops) or not counted:
        return None
    below = _names_below(tops) or (sorted({*held_below(tops)}) if dated else None)
    if below is None:
        return None
    if all(is_nobodys_class(name) for name in below):
        return None
    first, last = _readings(root, tops, below)
    enough = len(tops) >= _FEWEST_TOPS or _count_persons(tops, below)
    if dated and len(tops) < _FEWEST_TOPS and _names_below(tops) and not any(map(is_nobodys_class, below)):
        found.note("reading.sources", names=listed(names))
        return [Place(kid, "", kid.name) for top in tops for kid in content(top).kids]
    if not enough or _names_below(tops) is None or _say_something_else(below) or _as_well(tops, below):
        raise DataError(
            "data.class_or_group", where=found.files.origin, tops=listed([top.name for top in tops]), names=listed(below)
        ).offering([last, first] if dated else [first, last])
    found.note("reading.groups_from_tops", names=listed([top.name for top in tops]))
    return [Place(kid, "", kid.name, top.name) for top in tops for kid in content(top).kids]


def _say_something_else(below: Sequence[str]) -> bool:
    """Whether names say views, dates and the like; one of five may by chance: ``10_down`` beside nine other gestures."""
    return sum(map(is_nobodys_class, below)) > len(below) / 5


def _count_persons(tops: Sequence[Folder], below: Sequence[str]) -> bool:
    """Whether a few tops are long numbers, as of patients (``10253``, ``8863``), or numbers above more words, the same in all."""
    numbers = all(top.name.isdigit() for top in tops) and len(tops) > 1
    if numbers and all(len(top.name) >= _LONG and not is_date(top.name) for top in tops):
        return True
    alike = all({*content(top).folders} == {*below} for top in tops)
    padded = numbers and all(top.name.startswith("0") and len(top.name) > 1 for top in tops)
    return padded and alike and len(below) > len(tops) and worded(below)


def cases(root: Folder, found: Found) -> list[Place] | None:
    """Numbered cases of several classes, one of which is a judgement: ``AMD1``, ``AMD2``, ``NORMAL1``, ``NORMAL2``; else None."""
    split = [_CASE.fullmatch(top.name) for top in root.kids]
    words = [match[1] for match in split if match is not None]
    counts = Counter(words)
    if len(words) < len(split) or len(counts) < 2 or min(counts.values()) < 2 or not any(map(is_verdict, counts)):
        return None
    found.note("reading.cases", names=listed([top.name for top in root.kids]), classes=listed(sorted(counts)))
    return [Place(top, "", word, top.name) for top, word in zip(root.kids, words, strict=True)]


def held_below(tops: Sequence[Folder]) -> Iterator[str]:
    """The names of the folders in some folders, once wrappers are off."""
    return (name for top in tops for name in content(top).folders)


def _names_below(tops: Sequence[Folder]) -> list[str] | None:
    """The same few names below all tops: two at least, fewer than tops where there are many, most of them in half of the tops."""
    held = [set(content(top).folders) for top in tops]
    names = set.union(*held)
    counts = {name: sum(name in each for each in held) for name in names}
    if len(names) < 2 or len(names) > max(_MOST_CLASSES, len(tops)) or any(content(top).pictures for top in tops):
        return None
    return sorted(names) if sum(counts.values()) >= len(names) * len(tops) / 2 and max(counts.values()) > 1 else None


def _as_well(tops: Sequence[Folder], below: Sequence[str]) -> bool:
    """Whether the names below look like identifiers too, and nothing tells them from the tops."""
    if not all(map(is_identifier, below)) or all(map(is_counted_class, below)) or worded(below):
        return False
    if not all(name.isdigit() for name in below) or any(name.startswith("0") and len(name) > 1 for name in below):
        return True
    numbers = [int(top.name) for top in tops if top.name.isdigit()]
    running = len(numbers) == len(tops) and max(numbers) <= 2 * len(tops) + 1
    return running or len(below) >= len(tops)


def _readings(root: Folder, tops: Sequence[Folder], below: Sequence[str]) -> tuple[Reading, Reading]:
    first = Reading(sentence("reading.way", classes=counted((t.name, t.count) for t in tops)), root.path, {"layout": "class"})
    sums = [(name, sum(kid.count for top in tops for kid in content(top).kids if kid.name == name)) for name in below]
    return first, Reading(sentence("reading.way", classes=counted(sums)), root.path, {"layout": "group/class"})


def index_of_letters(root: Folder) -> list[Folder] | None:
    """The classes below an index, ``a/abbey``, ``b/beach``; None where the tops are no such index."""
    tops = root.kids
    letters = len(tops) >= _LETTERS and all(len(top.name) == 1 and top.name.isalpha() and not top.pictures for top in tops)
    kids = [(top, kid) for top in tops for kid in top.kids]
    words = [tokens(kid.name)[:1] for _, kid in kids]
    if not letters or len(kids) < _BEHIND_LETTERS or not all(word and len(word[0]) > 2 for word in words):
        return None
    alike = all(kid.name.casefold().startswith(top.name.casefold()) for top, kid in kids)
    return [kid for _, kid in kids] if alike else None


def index_of_sets(root: Folder) -> list[Folder] | None:
    """The classes below sets that they are named after, ``lung_image_sets/lung_aca``; None where it is not so."""
    kids: list[Folder] = []
    for top in root.kids:
        subject = tokens(top.name)[:1]
        inner = content(top)
        rest = top.name[len("".join(subject)) :]
        if not (is_container(rest) and any(map(str.isalpha, rest))) or top.flat or inner.pictures:
            return None
        if not all(tokens(kid.name)[:1] == subject and kid.name != top.name for kid in inner.kids):
            return None
        kids += inner.kids
    return kids if len(root.kids) > 1 and len({kid.name for kid in kids}) == len(kids) else None


def index_of_pieces(root: Folder) -> list[Folder] | None:
    """The classes below pieces of one set, each with classes of its own, ``Leaf/rust``, ``Leaf2/miner``; None: they are none."""
    tops = [content(top) for top in root.kids]
    kids = [kid for top in tops for kid in top.kids]
    pieces = are_pieces_of_one([*root.folders]) and all(len(top.folders) > 1 and not top.pictures for top in tops)
    return kids if pieces and len({plain(kid.name) for kid in kids}) == len(kids) and worded([kid.name for kid in kids]) else None


def last_level(root: Folder) -> Reading | None:
    """The reading of the last of three levels or more, where the same few names stand below all: ``lot/weather/day/empty``."""
    level, depth = [root], 0
    while level and all(folder.folders and not folder.pictures for folder in level):
        level, depth = [kid for folder in level for kid in folder.kids], depth + 1
    counts = Counter[str]()
    for folder in level:
        counts[folder.name] += folder.count
    few_names = 1 < len(counts) <= min(_MOST_CLASSES, len(level) / 2) and not all(map(is_nobodys_class, counts))
    if depth < _DEEP or not few_names or not all(folder.flat for folder in level):
        return None
    layout = "/".join(["*"] * (depth - 1) + ["class"])
    return Reading(sentence("reading.way", classes=counted(sorted(counts.items()))), root.path, {"layout": layout})


def tell_level_below(classes: Sequence[Folder], depth: int, before: str, found: Found) -> None:
    """Say that there are folders below the classes that could be classes too, and how they would be read.

    Names of persons and samples could not, unless all classes hold the very same (``good/Sample001``, ``bad/Sample001``).

    Args:
        classes: the folders that are the classes.
        depth: how many levels lie above them.
        before: the levels above in words of ``--layout``: ``part`` or nothing.
        found: where it is told.
    """
    held = [set(content(folder).folders) for folder in classes]
    alike = len(held) > 1 and len(held[0]) >= _ALIKE and all(each == held[0] for each in held)
    for folder in classes:
        inner, steps = folder, 1
        while not inner.pictures and len(inner.folders) == 1:
            inner, steps = inner.kids[0], steps + 1
        names = [kid.name for kid in inner.kids if not is_nobodys_class(kid.name)]
        if len(inner.folders) > 1 and names and (alike or not all(is_identifier(name) for name in names)):
            layout = "/".join([*([before] if before else []), *["*"] * (depth + steps - (1 if before else 0)), "class"])
            found.note("reading.level_below", path=f"{folder.name}/{names[0]}", name=folder.name, layout=layout)
            return
