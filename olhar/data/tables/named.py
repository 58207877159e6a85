"""What tables say of pictures, picture by picture, and what is to be told of it."""

import posixpath
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought
from olhar.data.pieces import class_key
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.tables.families import families_differ
from olhar.data.tables.lookup import many
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.spellings import respelled
from olhar.data.tables.spellings import shown as shown_spellings
from olhar.data.tables.values import present

_SHOWN = 3
_OF_SEVERAL = ("table.moved", "table.cut")
"""Notes on one table that can be said of several at once."""


@dataclass
class Named:
    """What tables say of pictures, picture by picture.

    Attributes:
        classes: the class of each picture.
        parts: the part of each that has one.
        groups: the group of each that has one.
        said: whether a column's name, or a person, says that it holds the class.
        unclassed: pictures that a table names and says no class of.
        tables: the tables that say the classes.
        notes: what is to be told of how they were read.
        left_out: tables that were passed over, and why.
    """

    classes: dict[str, str] = field(default_factory=dict[str, str])
    parts: dict[str, Brought] = field(default_factory=dict[str, Brought])
    groups: dict[str, str] = field(default_factory=dict[str, str])
    said: bool = True
    unclassed: set[str] = field(default_factory=set[str])
    tables: list[PathTable] = field(default_factory=list[PathTable])
    notes: list[Sentence] = field(default_factory=list[Sentence])
    left_out: list[PassedOver] = field(default_factory=list[PassedOver])


def take(named: Named, table: PathTable, where: str, chosen: Sequence[PathTable]) -> None:
    """Add what one table says; a table that says of known pictures the same is passed over.

    Raises:
        DataError: it says something else of a picture.
    """
    classes = _one_each(table)
    if table.absent:
        classes = {path: name for path, name in classes.items() if path not in table.absent}
    known = [path for path in classes if path in named.classes] if named.classes else []
    differing = next((path for path in known if named.classes[path] != classes[path]), None)
    if differing is not None:
        if (families := families_differ(chosen, where)) is not None:
            raise families
        names = ", ".join(other.name for other in chosen[:4])
        readings = [_reading(other) for other in chosen]
        raise DataError("data.several_tables", where=where, tables=names, first=chosen[0].name).offering(readings)
    if len(known) == len(classes):
        named.left_out.append(passed_over(table.name, 1, "table.same_again", pictures=False))
        return
    named.tables.append(table)
    rows, parts = table.where, table.parts
    if any(parts):
        named.parts |= {path: part for path, part in zip(rows, parts, strict=True) if part and path not in named.classes}
    named.classes = classes | named.classes if named.classes else classes
    named.groups |= {path: group for path, group in zip(rows, table.groups, strict=False) if group}
    if table.labels.n_missing:
        named.unclassed |= {path for path, name in zip(rows, table.labels.classes, strict=True) if not name}
    named.notes += table.notes()
    again = len(rows) - len({*rows}) if len(rows) > len(classes) else 0
    if again:
        named.notes.append(sentence("table.again", table=table.name, n=again))


def _one_each(table: PathTable) -> dict[str, str]:
    """The class of each picture of a table.

    Raises:
        DataError: a picture has two.
    """
    keys = {name: class_key(name) for name in table.labels.names}
    if table.labels.n_missing:
        keys[""] = ""
    classes = many(table.where, map(keys.__getitem__, table.labels.classes))
    if len(classes) == len(table.where):
        return {path: name for path, name in classes.items() if name} if table.labels.n_missing else classes
    classes = {}
    for path, name in zip(table.where, map(class_key, table.labels.classes), strict=True):
        if name and classes.setdefault(path, name) != name:
            first, second = _rows_of(table, path, name)
            found = f"{classes[path]}, {name}"
            raise DataError("table.two_classes", where=table.name, picture=path, first=first, second=second, found=found)
    return classes


def _rows_of(table: PathTable, path: str, name: str) -> tuple[int, int]:
    places = [i for i, other in enumerate(table.where) if other == path and table.labels.classes[i]]
    second = next(i for i in places if class_key(table.labels.classes[i]) == name)
    return table.grid.row(places[0]), table.grid.row(second)


def _reading(table: PathTable) -> Reading:
    counts = Counter(present(table.labels.classes))
    shown = ", ".join(f"{name[:20]} {n}" for name, n in sorted(counts.items())[:4])
    return Reading(sentence("table.reading", column=posixpath.basename(table.name), classes=shown), below=table.name)


def respell(named: Named) -> None:
    """Take the commonest spelling of a class that cells write in several ways; told."""
    spellings = respelled(Counter(named.classes.values()))
    if spellings:
        named.classes = {path: spellings.get(name, name) for path, name in named.classes.items()}
        named.notes.append(sentence("table.respelled", names=shown_spellings(spellings)))


def merged(notes: Sequence[Sentence]) -> list[Sentence]:
    """The notes; of those that differ in the table alone, the first stands for all."""
    tables: dict[tuple[str, str], list[str]] = {}
    first: dict[tuple[str, str], Sentence] = {}
    for note in notes:
        rest = {name: value for name, value in note.values.items() if name != "table"}
        same = (note.key, repr(rest if note.key in _OF_SEVERAL else note.values))
        first.setdefault(same, note)
        tables.setdefault(same, []).append(note.values.get("table", ""))
    return [
        note if len(tables[same]) == 1 else sentence(note.key, **{**note.values, "table": shown(tables[same])})
        for same, note in first.items()
    ]


def used(tables: Sequence[PathTable]) -> list[Sentence]:
    """From which tables the classes are, and from which column, or that each has a column or a sheet."""
    alike: dict[tuple[str, str], list[str]] = {}
    for table in tables:
        key = table.classes_by if table.labels.column else "table.one_hot"
        alike.setdefault((key, table.labels.column if key == "table.used" else ""), []).append(table.name)
    return [sentence(key, table=shown(names), **({"column": column} if column else {})) for (key, column), names in alike.items()]


def shown(names: Sequence[str]) -> str:
    """The first of some tables by name."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
