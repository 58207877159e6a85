"""Classes that a table gives as numbers, named by a list beside it: ``classes.txt`` with a line a number.

A JSON that names each (``label_num_to_disease_map.json``) is told of; ``--names`` shows its names.
"""

import posixpath
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from olhar.base.class_lists import ClassListError, parse_class_list
from olhar.base.texts import Sentence, sentence
from olhar.data.files.files import Files, first_bytes
from olhar.data.pieces import class_key
from olhar.data.tables.array_lists import columns_of
from olhar.data.tables.column_names import plain_name
from olhar.data.tables.dialect import decoded, detect_encoding

LISTS = ("classes", "labels", "classnames", "names", "labelnames", "categories", "labelmap", "rotulos", "classeslist", "synsets")
_ENDINGS, _ARRAYS = (".txt", ".names", ".pbtxt"), ".mat"
_INDEXED = ".json"
_LARGEST = 1 << 20
_OF_A_RUN = "request.json"
"""A run that lies below the data keeps its own labels, which are names to show."""


@dataclass(frozen=True)
class _List:
    """Names of numbers: those from ``first`` on, the first of which the list itself calls ``own``."""

    names: tuple[str, ...]
    first: int
    own: int | None


def names_of_numbers(files: Files, others: Sequence[int], classes: Collection[str]) -> tuple[Mapping[str, str], list[Sentence]]:
    """The name of each number, and what is to be told of it; no names where the classes are no numbers, or where not exactly one
    list among the ``others`` names them, from 0 or from 1. Numbers between may have no pictures.
    """
    if not classes or not all(name.isascii() and name.isdigit() and str(int(name)) == name for name in classes):
        return {}, []
    numbers = {*map(int, classes)}
    ours = {posixpath.dirname(name) for name in files.names if posixpath.basename(name) == _OF_A_RUN}
    lists = [index for index in others if posixpath.dirname(files.names[index]) not in ours]
    found = {files.names[index]: names for index in lists if (names := _names(files, index, numbers))}
    taken = {where: names for where, names in found.items() if not where.lower().endswith(_INDEXED)}
    if len({(each.names, each.first) for each in taken.values()}) != 1:
        return {}, [sentence("table.names_beside", names=where) for where in list(found)[:1] if where not in taken]
    where, each = next(iter(taken.items()))
    key = "table.numbers_shifted" if each.own not in (None, each.first) else "table.numbers_named"
    return {str(n): name for n, name in enumerate(each.names, each.first)}, [sentence(key, names=where, first=each.first)]


def _names(files: Files, index: int, numbers: Collection[int]) -> _List | None:
    """The name of each number in a list; None where it is none, or names others."""
    stem, ending = posixpath.splitext(posixpath.basename(files.names[index]))
    if ending.lower() == _ARRAYS:
        return _names_in_arrays(files, index, numbers)
    indexed = ending.lower() == _INDEXED
    if not indexed and (ending.lower() not in _ENDINGS or plain_name(stem) not in LISTS):
        return None
    head = first_bytes(files, index, _LARGEST)
    encoding, bom = detect_encoding(head)
    try:
        listed = parse_class_list(decoded(head[bom:], encoding)).ordered()
    except ClassListError:
        return None
    names = tuple(class_key(name) for name in listed.names)
    if len({*names}) < len(names) or (indexed and not listed.indices):
        return None
    own = listed.indices[0] if listed.indices else None
    first = _first_number(len(names), own, numbers)
    return None if first is None or (indexed and own) else _List(names, first, own)


def _names_in_arrays(files: Files, index: int, numbers: Collection[int]) -> _List | None:
    """The names in MATLAB's list, which is called as one: ``class_names`` of ``cars_meta.mat``."""
    lists = [cells for name, cells in columns_of(files, index).items() if plain_name(name) in LISTS]
    names = tuple(map(class_key, lists[0])) if len(lists) == 1 else ()
    first = _first_number(len(names), None, numbers) if len({*names}) == len(names) > 1 else None
    return None if first is None or any(name.isdecimal() for name in names) else _List(names, first, None)


def _first_number(n: int, own: int | None, numbers: Collection[int]) -> int | None:
    """The number that the first of ``n`` names belongs to, which its list calls ``own``; None where that is not certain.

    Names from 1 belong to numbers from 0 where there are as many of those, without gaps: no other way fits.
    """
    whole = len(numbers) == n
    if own != 1 and max(numbers) + 1 == n:
        return 0
    if own == 1 and whole and {*numbers} == {*range(n)}:
        return 0
    from_one = min(numbers) > 0 and max(numbers) == n
    return 1 if from_one and (own == 1 or (own is None and whole)) else None
