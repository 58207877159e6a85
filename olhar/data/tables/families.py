"""Tables of several kinds of class for the same pictures, each with its parts: ``variant_train``, ``family_train``."""

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import PARTS
from olhar.data.folders.found import counted
from olhar.data.pieces import class_key
from olhar.data.read_as import joined
from olhar.data.tables.partners import series
from olhar.data.tables.path_table import PathTable

Families = Mapping[str, Sequence[PathTable]]


def families_differ(tables: Sequence[PathTable], where: str) -> DataError | None:
    """The error that offers each family of tables, where their names differ by more than parts; None where they are one."""
    found: dict[tuple[str, ...], list[PathTable]] = {}
    for table in tables:
        found.setdefault(series(posixpath.basename(table.name)), []).append(table)
    names = _names([*found])
    families = dict(zip(names, found.values(), strict=True))
    if len(families) < 2 or any(len(each) < 2 or not {*_parts(each)} >= {"train"} for each in families.values()):
        return None
    readings = [_reading(name, families) for name in sorted(families, key=lambda name: -len(_classes(families[name])))]
    return DataError("table.families", where=where, families=", ".join(families)).offering(readings)


def _names(every: Sequence[tuple[str, ...]]) -> list[str]:
    """What to call each family: its words that not all have."""
    shared = set.intersection(*({*words} for words in every))
    return [" ".join(word for word in words if word not in shared) or " ".join(words) for words in every]


def _parts(tables: Sequence[PathTable]) -> list[str]:
    return [part for part in PARTS if any(table.part == part for table in tables)]


def _classes(tables: Sequence[PathTable]) -> Mapping[str, int]:
    """How many pictures each class has, by all tables of a family."""
    classes = {path: name for table in tables for path, name in zip(table.where, table.labels.classes, strict=True)}
    return Counter(map(class_key, classes.values()))


def _reading(name: str, families: Families) -> Reading:
    parts = joined("reading.list", [sentence(f"train.part_{part}") for part in _parts(families[name])])
    what = sentence("table.reading_family", name=name, parts=parts, classes=counted(sorted(_classes(families[name]).items())))
    others = [table for other, tables in families.items() if other != name for table in tables]
    before = others[0].options.exclude
    patterns = [_pattern(tables, families[name]) for other, tables in families.items() if other != name]
    return Reading(what, options={"exclude": ",".join([*([before] if before else []), *patterns])})


def _pattern(tables: Sequence[PathTable], kept: Sequence[PathTable]) -> str:
    """What leaves some tables out, and none of those that are ``kept``."""
    names = [posixpath.basename(table.name) for table in tables]
    front = posixpath.commonprefix(names)
    alone = front and not any(posixpath.basename(table.name).startswith(front) for table in kept)
    return f"{front}*" if alone else ",".join(names)
