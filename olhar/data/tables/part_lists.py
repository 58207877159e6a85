"""Lists that deal pictures out to parts: ``meta/train.txt`` with a picture a line, and CUB's ``train_test_split.txt``."""

import posixpath
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import dataclass, field

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought, Part
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.tables.dialect import BLANKS, Dialect, detect_encoding
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.picture_names import PictureNames
from olhar.data.tables.plain_paths import plain_paths
from olhar.data.tables.rows import rows_of_file

_SPLIT, _IMAGES = "train_test_split.txt", "images.txt"
_PLENTY = 0.5
_HEAD, _SHOWN = 4096, 4

_NUMBERED = re.compile(r"(\d+)\.\w+$")

Parts = Mapping[str, Brought]
Lists = Mapping[PathTable, AbstractSet[str]]


@dataclass(frozen=True)
class Dealt:
    """The part of each picture by lists.

    Attributes:
        parts: of each picture that one names; nothing where none deals pictures out.
        notes: what is to be told of it.
        tables: the lists that were used.
    """

    parts: Parts = field(default_factory=dict[str, Brought])
    notes: Sequence[Sentence] = ()
    tables: Sequence[PathTable] = ()


def listed_parts(tables: Sequence[PathTable], pictures: Collection[str]) -> Dealt:
    """The parts that lists of pictures say by their names, of the ``pictures`` that teach; nothing where they say none.

    A list of training and validation together stands for training where there is none of training alone. Where only the other
    parts have a list, the rest is for training, unless a list that says no part names some of it. Of numbered lists that deal out
    the same pictures in several ways the first way is taken; others that deal one picture out twice are not used, and told.
    """
    by_column = next((table for table in tables if table.split is not None and table.refusal is not None), None)
    if by_column is not None and (found := _of_column(by_column, pictures)):
        return found
    lists = {table: set(table.where) for table in tables if table.part and table.split is None}
    single = [table for table in lists if not is_joint(table)]
    if any(table.part == "train" for table in single):
        lists = {table: paths for table, paths in lists.items() if table in single}
    if not lists:
        return Dealt()
    parts, twice = _merged(lists)
    ways: Sequence[Lists] = _numbered_ways(lists) if twice else ()
    if len(ways) > 1:
        lists = ways[0]
        parts, twice = _merged(lists)
    if twice:
        return Dealt(notes=[sentence("table.lists_overlap", tables=_names(lists), picture=twice)])
    if "train" not in parts.values():
        if any(table.is_list and not table.part and parts.keys().isdisjoint(table.where) for table in tables):
            return Dealt()
        parts |= {path: "train" for path in pictures if path not in parts}
    taught = [parts.get(path) for path in pictures]
    if len(taught) - taught.count(None) < _PLENTY * len(taught) or "train" not in taught or {*taught} == {"train"}:
        return Dealt()
    notes = [sentence("table.ways", n=len(ways))] if ways else []
    return Dealt(parts, [sentence("table.lists", tables=_names(lists)), *notes], list(lists))


def _merged(lists: Lists) -> tuple[dict[str, Brought], str]:
    """The part of each picture, and the first by name that is in two; empty where none is."""
    parts: dict[str, Brought] = {}
    for table, paths in lists.items():
        twice = min((path for path in paths if parts.get(path, table.part) != table.part), default=None)
        if twice is not None:
            return {}, twice
        parts |= dict.fromkeys(paths, table.part or "")
    return parts, ""


def _numbered_ways(lists: Lists) -> Sequence[Lists]:
    """The ways in which numbered lists deal out the same pictures: ``train1.txt``, ``test1.txt``, ``train2.txt`` ..."""
    numbers = {table: match[1] for table in lists if (match := _NUMBERED.search(table.name)) is not None and table.is_list}
    ways = [{table: lists[table] for table in numbers if numbers[table] == way} for way in sorted({*numbers.values()}, key=int)]
    alike = len({frozenset(table.part for table in way) for way in ways}) == 1
    return ways if alike and len(numbers) == len(lists) > len(ways) else []


def _of_column(table: PathTable, teaching: Collection[str]) -> Dealt | None:
    """The parts by a table that says them and no classes; None where it deals too few pictures out, or a cell is no part."""
    with suppress(DataError):
        parts = dict(zip(table.where, table.parts, strict=True))
        if len({*zip(table.where, table.parts, strict=True)}) > len(parts):  # each fold deals all of them out anew
            return Dealt(notes=[sentence("table.folds_of_parts", table=table.name)])
        if sum(path in parts for path in teaching) >= _PLENTY * len(teaching) and "train" in parts.values():
            return Dealt(parts, [sentence("table.lists", tables=table.name)], [table])
    return None


def is_joint(table: PathTable) -> bool:
    """Whether a list is of training and validation together."""
    return "trainval" in table.name.casefold().replace("_", "").replace("-", "")


def _names(tables: Iterable[PathTable]) -> str:
    names = [table.name for table in tables]
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def numbered_split(pictures: PictureNames) -> tuple[Parts, list[Sentence]]:
    """The parts of a set that numbers its pictures in one list, and says by number in another which are for training."""
    files = pictures.files
    names = {files.names[index]: index for index in pictures.others}
    for name, index in names.items():
        folder, base = posixpath.split(name)
        images = names.get(posixpath.join(folder, _IMAGES))
        if base != _SPLIT or images is None:
            continue
        said: dict[str, Part] = {number: "train" if flag == "1" else "test" for number, flag in _pairs(files, index)}
        paths = dict(_pairs(files, images))
        match = pictures.match(list(paths.values()), folder, None, "whole")
        match = match or pictures.match(list(paths.values()), folder, None, "end")
        if match is None:
            continue
        pictures_found = match.find(plain_paths(paths.values()))
        found: dict[str, Part] = {
            path: said[number] for number, path in zip(paths, pictures_found, strict=True) if number in said
        }
        found.pop("", None)
        parts: Parts = dict(found)
        if len(set(parts.values())) > 1:
            return parts, [sentence("table.lists", tables=f"{name}, {files.names[images]}")]
    return {}, []


def _pairs(files: Files, index: int) -> list[tuple[str, str]]:
    """The two cells of each line; other lines are passed over."""
    head = first_bytes(files, index, _HEAD)
    if b"\0" in head:
        return []
    dialect = Dialect(*detect_encoding(head), separator=BLANKS)
    with open_unpacked(files, index) as file, rows_of_file(file, dialect, files.names[index]) as rows:
        return [(row[0], row[1]) for row in rows if len(row) == 2]
