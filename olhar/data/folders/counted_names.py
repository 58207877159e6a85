"""Names that end in a running number, behind a class that may have numbers of its own: ``device0-12``, ``brick 2x2 003L``."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import groupby

from olhar.data.folders.identifiers import are_identifiers, is_counted_class, is_nobodys_class
from olhar.data.layout import NO_CLASS, plain

_COUNTED = re.compile(r"(.*[^\W_])[\s._-]+\(?(\d+)\)?([LR]?)")
_CODED = re.compile(r"(.*\d.*)[\s._-]+(\d{1,2})")
_STEPS = re.compile(r"[\s._-]+")
_UNDERSCORES = re.compile("_+")
_LONG = re.compile(r"[^\W\d_]{4}")
_WORD, _LETTERS = re.compile(r"[^\W\d_]{3,}"), re.compile(r"[^\W\d_]+")
_HASH = re.compile(r"(?=.*\d)[0-9a-f]{6,}", re.IGNORECASE)
_NUMBER = re.compile(r"\d+")
_AMOUNT = re.compile(
    r"(?:r\$ ?|us\$ ?|\$|€|£)?\d+(?:[.,]\d+)? ?(?:c|ct|cts|cents?|centavos?|centimos?|euros?|eur|reais|real|brl|usd|"
    r"dolar(?:es)?|p|pence|pounds?|rupees?|rs|pesos?|mm|cm|ml|kg|g|v|w)|(?:r\$ ?|us\$ ?|\$|€|£)\d+(?:[.,]\d+)?",
    re.IGNORECASE,
)
"""An amount of money, and sizes: coins and screws are told apart by them."""
_MEAN, _SPAN, _MOST, _CODES, _TRIED = 3, 2, 200, 10, 64


def classes_before_numbers(stems: Sequence[str]) -> list[str] | None:
    """What stands before the last number of each name, where it is a class; None where it is not, or not in all of them.

    The numbers of each class run, and most classes differ by more than one number: what does not (``scene1``, ``scene2``), a
    person with what he does (``s0001_happy``), dates, hashes, and what cameras write are none. ``L`` and ``R`` behind the number
    are views; ``grade1``, ``grade2`` are classes.
    """
    if not all(map(_COUNTED.fullmatch, stems[:_TRIED])):
        return None
    matches = [_COUNTED.fullmatch(stem) for stem in stems]
    found = [(match[1], int(match[2]), match[3]) for match in matches if match is not None]
    if len(found) < len(stems):
        return None
    numbers = {name: sorted((view, n) for _, n, view in each) for name, each in groupby(sorted(found), lambda row: row[0])}
    if not 1 < len(numbers) <= _MOST or len(stems) < _MEAN * len(numbers) or not all(map(_run, numbers.values())):
        return None
    return [name for name, _, _ in found] if _are_classes(numbers) else None


def are_persons(names: Collection[str]) -> bool:
    """Whether names with numbers in them count persons or series, or cross them with what is shown: ``P01_sad``, ``P02_sad``."""
    numbered = [name for name in names if _NUMBER.search(name)]
    if 2 * len(numbered) <= len(names):
        return False
    return 2 * _counted([*names]) >= len(names) or several_things(names)


def end_in_codes(stems: Sequence[str]) -> bool:
    """Whether each name ends in one of a few numbers, behind another that no name has twice: ``CXR_0001_0``, ``CXR_0002_1``.

    Views of one thing share what stands before them; these do not, and the last number may say the class as well as anything.
    """
    matches = [match for stem in stems if (match := _CODED.fullmatch(stem))]
    codes = Counter(match[2] for match in matches)
    once = len({match[1] for match in matches}) == len(stems)
    return once and 1 < len(codes) <= _CODES and min(codes.values()) > 1


def _run(counted: Sequence[tuple[str, int]]) -> bool:
    """Whether the numbers of each view of one class are two or more, none twice, and lie close together."""
    views = [[n for _, n in each] for _, each in groupby(counted, lambda pair: pair[0])]
    return len(counted) > 1 and all(len({*ns}) == len(ns) and ns[-1] - ns[0] < _SPAN * len(ns) for ns in views)


def _are_classes(numbers: Mapping[str, object]) -> bool:
    if all(map(_AMOUNT.fullmatch, numbers)):
        return True
    steps = [_STEPS.split(name) for name in numbers]
    if all(is_counted_class(name) and _LONG.match(name) for name in numbers):
        return True
    if are_identifiers([*numbers]) or not all(map(_says_something, steps)) or any(map(is_nobodys_class, numbers)):
        return False
    words = {tuple(_LETTERS.findall(name.casefold())) for name in numbers}
    return len(words) > 1 and 2 * _counted([*numbers]) < len(numbers) and not several_things(numbers)


def _counted(names: Sequence[str]) -> int:
    """How many names have another that differs by one number alone: ``cat1``, ``cat2``; not ``1 brick 2x4``, ``3 brick 2x2``."""
    without = [[name[: m.start()] + "#" + name[m.end() :] for m in _NUMBER.finditer(name)] for name in names]
    held = Counter(form for forms in without for form in forms)
    return sum(any(held[form] > 1 for form in forms) for forms in without)


def _says_something(steps: Sequence[str]) -> bool:
    """Whether a step of a name has a word that is neither a camera's nor a part of a hash."""
    words = (word for step in steps if not _HASH.fullmatch(step) for word in _WORD.findall(step))
    return any(plain(word) not in NO_CLASS for word in words)


def several_things(names: Iterable[str]) -> bool:
    """Whether two places of names vary by themselves, as persons and what they do: nothing says which is the class."""
    names = [*names]
    return any(_vary([mark.split(name) for name in names]) for mark in (_STEPS, _UNDERSCORES))


def _vary(steps: Sequence[Sequence[str]]) -> bool:
    """Whether values at two places come again, each beside several of the others."""
    if len({*map(len, steps)}) != 1:
        return False
    places = [Counter(column) for column in zip(*steps, strict=True)]
    return sum(len(values) > 1 and min(values.values()) > 1 for values in places) > 1
