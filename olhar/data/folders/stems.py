"""What the names of pictures say: whether they are more than running numbers, and the class that they carry."""

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Sequence

from olhar.data.folders.counted_names import are_persons, classes_before_numbers, several_things
from olhar.data.folders.fields import classes_before_fields
from olhar.data.folders.identifiers import is_nobodys_class
from olhar.data.folders.spelling import one_spelling
from olhar.data.folders.word_fields import class_field
from olhar.data.folders.words import part_said, tokens, without_copies
from olhar.data.layout import NO_CLASS, plain

_NUMBER = re.compile(r"\d+")
_DENSE = 4
_SHAPES = 2
_FIRST = re.compile(r"(.*?[^\W\d_])[\s._-]*\(?\d+\)?")
_HASHED = re.compile(r"(.*?[^\W\d_])[\s._-]+(?=[^\W_]*\d)[0-9a-f]{8,}(?:-[0-9a-f]{4,})*", re.IGNORECASE)
_LETTER, _FEWEST_LETTERS = re.compile(r"([A-Za-z])\d.*"), 10
_LAST = re.compile(r"\(?\d+\)?[\s._-]+([^\W\d_](?:.*[^\W\d_])?)")
_SAID = re.compile(r"(?:^|[\s._-])(?:class|classe|label|rotulo|rótulo)[\s._-]?(\d+)(?=[\s._-]|$)", re.IGNORECASE)
_FRONT, _WRITTEN = re.compile(r"([^\W\d_]+)[\s._-]+(.+)"), NO_CLASS | {"label", "class", "classe", "rotulo"}
_TAKEN = re.compile(r"(19|20)\d{6}[\s._-]?\d{4,9}([\s._-]?\(?\d{1,3}\)?)?")
_SHORTEST = 2
_MOST, _TRIED = 200, 64
_FIELD, _CODES = re.compile(r"[^\W\d_]+|\d+"), 30
"""Of more different values than these, most must stand in half of the folders."""


def stem_of(name: str) -> str:
    """The name of a picture without folders and ending, in NFC."""
    name = name[name.rfind("/") + 1 :]
    dot = name.rfind(".")
    stem = name[:dot] if dot > 0 else name
    return stem if stem.isascii() else unicodedata.normalize("NFC", stem)


def running(stems: Collection[str]) -> bool:
    """Whether names are running numbers, which agree between any two folders by chance: ``0``, ``img_1``, ``IM-0007``.

    They have one or two forms once numbers are taken out, and the numbers lie close together.
    """
    if len({_NUMBER.sub("#", stem) for stem in stems}) > _SHAPES:
        return False
    numbers = [int(match[-1]) for stem in stems if (match := _NUMBER.findall(stem))]
    several = any(len(_NUMBER.findall(stem)) > 1 for stem in stems)
    return not several and max(numbers, default=0) <= _DENSE * len(stems) + 100


def classes_in_names(paths: Sequence[str]) -> list[str] | None:
    """The class that each picture's own name carries, or None.

    A number is called so (``id_1_label_3``); or the same few words stand first (``cat.12``, ``glioma12``, ``cat (3)``) or last
    (``001_happy``) in all names, beside running numbers or a hash; two words at least, with two pictures each, none of them what
    cameras and programs write; or one letter of the alphabet each (``a1.JPG0dim``). Else the class is all before the last number
    (``device0-12``), or before two underscores (``obj10__0``).
    """
    stems = without_copies([*map(stem_of, paths)])
    if (said := _numbers_said(stems)) is not None:
        return said
    for pattern in (_FIRST, _LAST, _HASHED):
        if not all(map(pattern.fullmatch, stems[:_TRIED])):
            continue
        matches = [pattern.fullmatch(stem) for stem in stems]
        words = one_spelling([match[1] for match in matches if match is not None])
        if len(words) == len(stems) and _are_classes(words) and not are_persons({*words}):
            return _without_front(words)
    return _letters(stems) or classes_before_numbers(stems) or classes_before_fields(stems) or class_field(stems)


def _without_front(words: Sequence[str]) -> list[str]:
    """The words without what cameras and programs write in front of all of them: ``img_cat``, ``label_dog``."""
    fronts = [_FRONT.fullmatch(word) for word in words]
    said = {plain(match[1]) for match in fronts if match is not None}
    if None in fronts or len(said) > 1 or not said <= _WRITTEN:
        return [*words]
    return [match[2] for match in fronts if match is not None]


def _letters(stems: Sequence[str]) -> list[str] | None:
    """The letter with which each name begins, before a number, where they are ten or more of the alphabet without a gap."""
    letters = [match[1] for match in map(_LETTER.fullmatch, stems) if match is not None]
    places = sorted({ord(letter) for letter in letters})
    run = len(places) >= _FEWEST_LETTERS and places[-1] - places[0] < len(places)
    return letters if run and len(letters) == len(stems) >= 2 * len(places) else None


def _numbers_said(stems: Sequence[str]) -> list[str] | None:
    """The number that each name calls its label or class, two different ones at least, each of two pictures on average."""
    said = [match[1] for match in map(_SAID.search, stems) if match is not None]
    return said if len(said) == len(stems) and 1 < len({*said}) <= len(stems) / 2 else None


def _are_classes(words: Sequence[str]) -> bool:
    counts = Counter(words)
    if len(counts) < 2 or min(counts.values()) < 2 or len(counts) > _MOST or all(map(is_nobodys_class, counts)):
        return False
    if several_things(counts):
        return False
    return not any(plain(word) in NO_CLASS or (len(word) < _SHORTEST and word.isascii()) or word[0].isdigit() for word in counts)


def numbers_in_names(paths: Iterable[str]) -> bool:
    """Whether the names carry several numbers each, of which one may be the class: ``20_0_1_20170116``."""
    return all(len(_NUMBER.findall(stem_of(path).split(".")[0])) > 1 for path in paths)


def written_by_cameras(paths: Iterable[str]) -> bool:
    """Whether the names are a day and a time, alone or behind a word of cameras and programs: ``IMG_20210304_101112``."""
    return all(
        _TAKEN.fullmatch(stem) or plain(tokens(stem)[0] if tokens(stem) else "") in NO_CLASS for stem in map(stem_of, paths)
    )


def codes_in(tops: Sequence[str], stems: Sequence[Sequence[str]]) -> bool:
    """Whether the names in some folders say more than the folder and a running number, and the same things in most folders.

    Args:
        tops: the names of the folders.
        stems: the names of the pictures in each.

    Returns:
        Whether at one place of all names there are words or numbers of which each stands in half of the folders, two in most;
        numbers say something only where they stand there several times in a folder, as running numbers do not.
    """
    fields = [_fields(top, stem) for top, each in zip(tops, stems, strict=True) for stem in each]
    width = Counter(map(len, fields)).most_common(1)[0][0] if fields else 0
    rows = [[row for stem in each if len(row := _fields(top, stem)) == width] for top, each in zip(tops, stems, strict=True)]
    return any(_says([[row[place] for row in each] for each in rows]) for place in range(width))


def words_in(tops: Sequence[str], stems: Sequence[Sequence[str]]) -> bool:
    """Whether the names in some folders are the folder's and two words more, each of which varies in most folders."""
    if not all(stem.casefold().startswith(top.casefold()) for top, each in zip(tops, stems, strict=True) for stem in each):
        return False
    rows = [
        [[word for word in _fields(top, stem) if not word.isdigit()] for stem in each]
        for top, each in zip(tops, stems, strict=True)
    ]
    if len({len(row) for each in rows for row in each}) != 1:
        return False
    return sum(_says([[row[place] for row in each] for each in rows]) for place in range(len(rows[0][0]))) > 1


def _fields(top: str, stem: str) -> list[str]:
    """The words and numbers of a name behind that of its folder."""
    return _FIELD.findall(stem[len(top) :] if stem.casefold().startswith(top.casefold()) else stem)


def _says(values: Sequence[Sequence[str]]) -> bool:
    """Whether the values at one place of the names, folder by folder, are of a few that most folders have."""
    held = Counter(value for each in values for value in set(each))
    common = {value for value, n in held.items() if 2 * n >= len(values)}
    if len(common) < 2 or len(held) > max(_CODES, 2 * len(common)):
        return False
    varied = sum(len(common & set(each)) > 1 for each in values)
    numbers = all(value.isdigit() for value in common)
    repeated = sum(len(set(each)) < len(each) for each in values)
    return 2 * varied > len(values) and (not numbers or 2 * repeated > len(values))


def named_after(paths: Sequence[str], classes: Collection[str]) -> list[str] | None:
    """The class that each name opens or ends with, where each has exactly one: ``A_test`` is A, ``paper-hires2`` is paper."""
    known = {tokens(name): name for name in classes}
    named: list[str] = []
    for path in paths:
        words = [word for word in tokens(stem_of(path)) if not word.isdigit() and part_said(word) is None]
        found = _opening(tuple(words), known) or _opening(tuple(words), known, last=True)
        if found is None:
            return None
        named.append(found)
    return named


def _opening(words: tuple[str, ...], known: dict[tuple[str, ...], str], *, last: bool = False) -> str | None:
    """The longest class with whose words a name opens, or ends."""
    for n in range(len(words), 0, -1):
        piece = words[-n:] if last else words[:n]
        if piece in known:
            return known[piece]
    return None
