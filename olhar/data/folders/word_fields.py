"""The one place of names of pictures at which words vary, numbers before and behind it: ``2023-05-01_cat_003``, ``img_dog_7``."""

import re
from collections import Counter
from collections.abc import Collection, Sequence

from olhar.data.folders.counted_names import several_things
from olhar.data.folders.first_names import are_first_names
from olhar.data.folders.identifiers import PLACES_AND_TIMES, counts_series, is_counted_class, is_nobodys_class
from olhar.data.folders.spelling import one_spelling
from olhar.data.layout import NO_CLASS, plain

_PIECE, _NUMBER = re.compile(r"[^\W\d_]+|\d+"), re.compile(r"\d+")
_DATE = re.compile(r"(?<!\d)(?:19|20)\d\d([-_.]?)\d\d?\1\d\d?(?!\d)")
_PLACE = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(PLACES_AND_TIMES))})[\s._-]?\d+(?![^\W_])")
_DIGITLESS = str.maketrans("", "", "0123456789")
_LOOKED_AT = 20_000
_MOST, _MEAN, _LONG, _TRIED = 200, 3, 3, 64

Words = tuple[str, ...]


def class_field(stems: Sequence[str]) -> list[str] | None:
    """The words that vary at one place alone, without what all have in common there; None where they are no classes.

    Of several words at one place (``cat_left``, ``cat_ana``) those that vary are meant, views and people's first names aside;
    plots, lots and days by number are passed over. A letter and a number count persons (``P01_sad``), unless a first name says
    who it is (``P01_ana_sad``), and a number that comes again beside each word may be the class (``0_jackson_1``): then nothing
    says it.
    """
    if len({len(_runs(stem)) for stem in stems[:_TRIED]}) != 1:
        return None
    dated = _DATE.sub("", "\0".join(stems))  # a name may have a line in it, but never this
    text = _without_places(dated)
    forms = _NUMBER.sub("0", text).split("\0")  # a few stand for all
    known = {form: _runs(form) for form in {*forms}}
    rows = [known[form] for form in forms]
    if len({*map(len, rows)}) != 1 or not rows[0]:
        return None
    columns = [column for column in zip(*rows, strict=True) if len({*column}) > 1]
    if len(columns) != 1:
        return None
    people, uncounted = _name_people(columns[0]), _without_counted(text, rows[0])
    counted = people or uncounted != dated  # then the numbers begin anew with each person or thing
    stems = uncounted.split("\0")
    persons = not people and any(_counts_persons(run) for run in rows[0])
    if persons or _two_things(stems) or (not counted and any(_cross(columns[0], stems, at) for at in (0, -1))):
        return None
    words = one_spelling([" ".join(run) for run in _bare(columns[0])])
    return words if _are_classes(words) else None


def _without_places(text: str) -> str:
    """Names without places and times by number: ``plot1``, ``Talhão 2``."""
    bare = plain(text)
    if len(bare) != len(text):
        return text
    ends = [0, *(end for match in _PLACE.finditer(bare) for end in match.span()), len(text)]
    return "".join(text[begin:end] for begin, end in zip(ends[::2], ends[1::2], strict=True))


def _without_counted(text: str, runs: Sequence[Words]) -> str:
    """Names without the numbers of what is counted by a word that all have: ``pan1``; not of grades, nor of words of cameras."""
    words = [run[-1] for run in runs if len(run[-1]) >= _LONG and plain(run[-1]) not in NO_CLASS]
    n = text.count("\0") + 1
    counted = [re.escape(word) for word in words if not is_counted_class(f"{word} 1") and text.count(word) >= n]
    return re.sub(rf"(?:{'|'.join(counted)})\d+", "", text) if counted else text


def _two_things(stems: Sequence[str]) -> bool:
    """Whether words between underscores vary at two places by themselves, views and first names aside: ``move_who``."""
    some = stems[:: max(1, len(stems) // _LOOKED_AT)]
    steps = [stem.split("_") for stem in "\0".join(some).translate(_DIGITLESS).split("\0")]
    if len({*map(len, steps)}) != 1:
        return False
    places = [column for column in zip(*steps, strict=True) if len({*column}) > 1 and not _beside_the_class(column)]
    return sum(min(Counter(column).values()) > 1 for column in places) > 1


def _name_people(runs: Sequence[Words]) -> bool:
    """Whether one word of several in each name is somebody's first name, at the same place."""
    words = {*map(len, runs)}
    return len(words) == 1 and max(words) > 1 and any(are_first_names({*column}) for column in zip(*runs, strict=True))


def _cross(runs: Sequence[Words], stems: Sequence[str], at: int) -> bool:
    """Whether the first or last number of the names comes again and again beside the same words: it may be the class as well."""
    numbers = [(_NUMBER.findall(stem) or [""])[at] for stem in stems]
    return len({*numbers}) > 1 and 2 * len({*zip(runs, numbers, strict=True)}) <= len(runs)


def _runs(stem: str) -> list[Words]:
    """The words between the numbers of a name, run by run; a run may be empty at its ends."""
    runs: list[list[str]] = [[]]
    for piece in _PIECE.findall(stem):
        if not piece.isdigit():
            runs[-1].append(piece)
        elif runs[-1]:
            runs.append([])
    return [tuple(run) for run in runs if run]


def _counts_persons(run: Words) -> bool:
    return len(run[-1]) == 1 or counts_series(f"{run[-1]} 1")


def _bare(runs: Sequence[Words]) -> list[Words]:
    """The words of each name without those that all begin or end with, and without views."""
    while len({run[:1] for run in runs}) == 1 and all(len(run) > 1 for run in runs):
        runs = [run[1:] for run in runs]
    while len({run[-1:] for run in runs}) == 1 and all(len(run) > 1 for run in runs):
        runs = [run[:-1] for run in runs]
    if len({*map(len, runs)}) == 1:
        columns = [column for column in zip(*runs, strict=True) if not _beside_the_class(column)]
        runs = [*zip(*columns, strict=True)] if columns else runs
    return [*runs]


def _beside_the_class(words: Words) -> bool:
    """Whether words say from where a picture was taken, or who took it, and not what it shows."""
    different = {*words}
    return all(map(is_nobodys_class, different)) or are_first_names(different)


def _are_classes(words: Sequence[str]) -> bool:
    counts: Collection[str] = Counter(words)
    if not 1 < len(counts) <= _MOST or len(words) < _MEAN * len(counts) or min(Counter(words).values()) < 2:
        return False
    if any(plain(word) in NO_CLASS or is_nobodys_class(word) for word in counts):
        return False
    return not several_things(counts) and 2 * sum(len(word) >= _LONG for word in counts) > len(counts)
