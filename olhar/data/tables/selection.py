"""Which of several tables is meant, and what the others add: parts from lists, groups from a table of patients."""

import posixpath
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought
from olhar.data.pieces import class_key
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.tables.families import families_differ
from olhar.data.tables.lookup import many
from olhar.data.tables.part_lists import is_joint
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.spellings import respelled
from olhar.data.tables.spellings import shown as shown_spellings
from olhar.data.tables.values import present

_ENOUGH, _SHOWN = 0.9, 3
_OF_SEVERAL = ("table.moved", "table.cut")
"""Notes on one table that can be said of several at once."""
_BUT_FOR_ROWS = ("data.row_no_label", "data.several_labels", "table.measure", "table.measure_or_class", "table.parts_differ")


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


def gather(tables: Sequence[PathTable], where: str) -> Named | None:
    """What the tables that belong together say, with what the others add; None where none gives pictures classes.

    Raises:
        DataError: two tables say different things of one picture, or one says two.
    """
    tables = _with_fellows(tables)
    usable = [table for table in tables if table.refusal is None]
    if not usable or _a_guess(usable, tables) or _all_but_training(usable, tables):
        return None
    named = Named()
    chosen = _chosen([table for table in usable if not _is_guessed_beside(table, usable)])
    for table in chosen:
        _take(named, table, where, chosen)
    named.said = all(table.labels.said for table in chosen)
    named.notes[:0] = _used(named.tables)
    _respell(named)
    for table in tables:
        if table not in chosen:
            named.left_out.append(passed_over(table.name, 1, _why_not(table, named), pictures=False))
    named.notes = _merged(named.notes)
    return named


def _respell(named: Named) -> None:
    """Take the commonest spelling of a class that cells write in several ways; told."""
    spellings = respelled(Counter(named.classes.values()))
    if spellings:
        named.classes = {path: spellings.get(name, name) for path, name in named.classes.items()}
        named.notes.append(sentence("table.respelled", names=shown_spellings(spellings)))


def _why_not(table: PathTable, named: Named) -> str:
    """Why a table is passed over: of the usable ones, those that say parts are chosen before the others."""
    if table.refusal is not None:
        return "table.no_class_here"
    if table.part and not any(other.says_parts for other in named.tables):
        return "table.folds"
    return "table.other_kind" if named.classes.keys().isdisjoint(table.where) else "table.no_parts"


def _merged(notes: Sequence[Sentence]) -> list[Sentence]:
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


def _a_guess(usable: Sequence[PathTable], tables: Sequence[PathTable]) -> bool:
    """Whether nothing says that the usable ones' columns hold classes, and another table would, but for rows or measures.

    ``sex`` is not to be learnt where a table beside says yes or no to findings.
    """
    if any(table.labels.said for table in usable):
        return False
    return any(table.refusal is not None and table.refusal.key in _BUT_FOR_ROWS for table in tables)


def _is_guessed_beside(table: PathTable, usable: Sequence[PathTable]) -> bool:
    """Whether a table's column is a guess, and another says the classes of the same pictures by its name: a ``sex``."""
    if table.labels.said or table.split is not None:
        return False
    return any(other.labels.said and not {*other.where}.isdisjoint(table.where) for other in usable)


def _all_but_training(usable: Sequence[PathTable], tables: Sequence[PathTable]) -> bool:
    """Whether tables of other parts alone give classes, and one of training would but for what it says too much of."""
    if not all(table.part in ("validation", "test") for table in usable):
        return False
    refusals = [table.refusal.key for table in tables if table.part == "train" and table.refusal is not None]
    return any(key in (*_BUT_FOR_ROWS, "table.several_labels") for key in refusals)


def _with_fellows(tables: Sequence[PathTable]) -> list[PathTable]:
    """The tables; one that is too small to show by itself which column is the label takes that of others with the same columns.

    That is the training part's; or, where each table is of one class (``GT-00014.csv`` in each class folder), the column that
    is called so and differs between them.
    """
    said = {table.grid.header: table.labels.column for table in tables if table.part == "train" and table.refusal is None}
    alike: dict[tuple[str, ...], list[PathTable]] = {}
    for table in tables:
        if table.refusal is not None and table.refusal.key == "table.one_class":
            alike.setdefault(table.grid.header, []).append(table)
    joint = {header: column for header, group in alike.items() if header not in said and (column := _differing(group))}
    together = {id(table): column for header, column in joint.items() for table in alike[header]}
    return [replace(table, said=column) if (column := _said(table, said, together)) else table for table in tables]


def _said(table: PathTable, said: Mapping[tuple[str, ...], str], together: Mapping[int, str]) -> str | None:
    if table.refusal is not None and table.part in ("validation", "test") and table.grid.header in said:
        return said[table.grid.header]
    return together.get(id(table))


def _differing(tables: Sequence[PathTable]) -> str | None:
    """The label column that says one class in each of some tables, and not the same in all."""
    columns = {table.labels.column for table in tables}
    classes = {name for table in tables for name in table.labels.names}
    return columns.pop() if len(columns) == 1 and len(classes) > 1 else None


def _used(tables: Sequence[PathTable]) -> list[Sentence]:
    """From which tables the classes are, and from which column."""
    by_column: dict[str, list[str]] = {}
    for table in tables:
        by_column.setdefault(table.labels.column, []).append(table.name)
    return [
        sentence("table.used", table=shown(names), column=column) if column else sentence("table.one_hot", table=shown(names))
        for column, names in by_column.items()
    ]


def shown(names: Sequence[str]) -> str:
    """The first of some tables by name."""
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")


def _chosen(usable: Sequence[PathTable]) -> list[PathTable]:
    """Those with a column of parts; else those whose names say parts, training among them; else all.

    Where these deal pictures out several times over, as folds do, the one table that names all of theirs is meant.
    """
    with_column = [table for table in usable if table.split is not None]
    if with_column:
        return with_column
    by_name = sorted((table for table in usable if table.part), key=lambda table: (is_joint(table), table.name))
    if not any(table.part == "train" for table in by_name):
        return list(usable)
    whole = [table for table in usable if not table.part] if _overlap(by_name) else []
    union = {path for table in by_name for path in table.where} if len(whole) == 1 else set[str]()
    return whole if union and union <= {*whole[0].where} else by_name


def _overlap(tables: Sequence[PathTable]) -> bool:
    """Whether a picture is in two parts by tables that each say one."""
    parts: dict[str, str] = {}
    return any(parts.setdefault(path, table.part or "") != table.part for table in tables for path in table.where)


def _take(named: Named, table: PathTable, where: str, chosen: Sequence[PathTable]) -> None:
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


def groups_of_others(tables: Sequence[PathTable], pictures: Sequence[str]) -> tuple[Mapping[str, str], list[Sentence]]:
    """What another table says pictures were taken of, and what is to be told of it; nothing where no table knows nine in ten.

    Raises:
        DataError: several columns may say it.
    """
    for table in tables:
        if table.group is None:
            continue
        groups = {path: group for path, group in zip(table.where, table.groups, strict=True) if group}
        if sum(path in groups for path in pictures) >= _ENOUGH * len(pictures):
            column = table.grid.header[table.group.position]
            return groups, [sentence("table.group", table=table.name, column=column)]
    return {}, []
