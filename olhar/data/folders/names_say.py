"""What the names of pictures say in all folders alike, so that the names may be the classes: told, or asked about."""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from itertools import combinations

from olhar.base.errors import DataError
from olhar.data.files.files import first_bytes, non_pictures
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.identifiers import is_nobodys_class
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import is_processing, tokens
from olhar.data.layout import NO_CLASS, plain

_LOOKED_AT = 256
"""So many pictures of a folder, from all over it, are looked at."""
_FEWEST, _ENOUGH, _EACH = 3, 0.8, 1.5
_TABLES, _MOST_TABLES, _HEAD = (".csv", ".tsv", ".txt"), 16, 1 << 16
_CELLS = re.compile(r"[,;\t]")
_STEPS = re.compile(r"[\s._()-]+")
_BEHIND = re.compile(r"\d+$")
_DOWNLOADS = re.compile(
    "downloads?|images|unnamed|oi[pf]|th|hqdefault|maxresdefault|shutterstock|istock(photo)?|gettyimages|pexels|unsplash|pixabay|"
    "depositphotos|adobestock|alamy|dreamstime|whatsapp|screen|screenshot|google|bing|baidu|flickr|imgur",
    re.IGNORECASE,
)
"""What programs and sites write in front of a number."""


def judge_names_alike(classes: Sequence[Folder], found: Found, **layout: str) -> None:
    """The same few words first or last in the names of nearly all pictures, each several times in most folders.

    Told, for they may be persons (``happy/ana_1``, ``sad/ana_1``) as well as classes (``convex/Cov_1``, ``linear/Cov_1``).

    Raises:
        DataError: it is so, and the folders hardly are classes: their numbers do not run (``20/200004_Aa1``), or one's name holds
            another's (``Postures/a (1)``, ``Postures with noise/a (1)``); or most words in front have words of their own behind
            (``Cov_Atlas_1``, ``Cov_Azar_1``, ``Reg_bat_1``). The folders are offered.
    """
    stems = [_some(folder, found) for folder in classes]
    words, names = _said(stems, 0) or _said(stems, -1), [folder.name for folder in classes]
    if words and (_numbers_that_do_not_run(names) or _one_within_another(names) or _divided(stems, words)):
        reading = reading_of(Folder("", ""), classes, **layout)
        told = {"where": found.files.origin, "folders": listed(names), "names": listed(words)}
        raise DataError("data.names_say_classes", **told).offering([reading])
    if words:
        found.note("reading.names_say", names=listed(words))


def _numbers_that_do_not_run(names: Sequence[str]) -> bool:
    numbers = sorted(int(name) for name in names if name.isdecimal())
    return len(numbers) == len(names) > 1 and numbers[-1] - numbers[0] >= len(numbers)


def _one_within_another(names: Sequence[str]) -> bool:
    words = sorted(map(tokens, names), key=len)
    return any(few == more[: len(few)] for few, more in combinations(words, 2) if len(more) > len(few) > 0)


def _divided(stems: Sequence[Sequence[str]], words: Collection[str]) -> bool:
    """Whether two words or more stand behind most of the words in front and behind no other, as behind a person none do."""
    behind = {(steps[0], steps[1]) for each in stems for stem in each if len(steps := _STEPS.split(stem)) > _FEWEST - 1}
    pairs = [(word, second) for word, second in behind if word in words and second.isalpha()]
    of_one = Counter(second for _, second in pairs)
    own = Counter(word for word, second in pairs if of_one[second] == 1)
    return 2 * sum(own[word] > 1 for word in words) > len(words)


def table_of(names: Collection[str], found: Found) -> str:
    """A table beside that has some of the folders in cells of their own, three at least, and more to say of them; empty: none."""
    texts = [index for index in non_pictures(found.files) if found.files.names[index].lower().endswith(_TABLES)]
    for index in texts[:_MOST_TABLES]:
        lines = first_bytes(found.files, index, _HEAD).decode("utf-8", "replace").splitlines()
        rows = [{cell.strip(' "') for cell in _CELLS.split(line)} for line in lines]
        if len({name for row in rows if len(row) >= _FEWEST for name in row} & {*names}) >= _FEWEST:
            return found.files.names[index]
    return ""


def _some(folder: Folder, found: Found) -> list[str]:
    rows = list(folder.rows())
    return [stem_of(name) for name in found.names(rows[:: max(1, len(rows) // _LOOKED_AT)])]


def _said(stems: Sequence[Sequence[str]], at: int) -> list[str]:
    """The words that most folders have, each several times, at one end of the names; none where too few names have them."""
    values = [[_word(stem, at) for stem in each] for each in stems]
    held = Counter(value for each in values for value in {*each})
    common = {value for value, n in held.items() if 2 * n > len(values) and _may_be_class(value)}
    own = [[value for value in each if value in common] for each in values]
    varied = [each for each in own if len({*each}) >= _FEWEST and len(each) >= _EACH * len({*each})]
    if len(common) < _FEWEST or 2 * len(varied) <= len(values):
        return []
    return sorted(common) if sum(map(len, own)) >= _ENOUGH * sum(map(len, values)) else []


def _word(stem: str, at: int) -> str:
    steps = [step for step in _STEPS.split(stem) if step]
    word = steps[at] if steps else ""
    word = _BEHIND.sub("", word) if at == 0 else word
    return "" if word == stem else word


def _may_be_class(value: str) -> bool:
    known = plain(value) in NO_CLASS or _DOWNLOADS.fullmatch(value) is not None
    return any(map(str.isalpha, value)) and not known and not is_nobodys_class(value) and not is_processing(value)
