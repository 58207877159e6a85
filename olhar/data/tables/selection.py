"""Which of several tables is meant, and what the others add: parts from lists, groups from a table of patients."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.read_as import passed_over
from olhar.data.tables.families import families_differ
from olhar.data.tables.named import Named, merged, respell, take, used
from olhar.data.tables.part_lists import is_joint
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.values import whole_numbers

_ENOUGH, _HALVES = 0.9, 4
_BUT_FOR_ROWS = ("data.row_no_label", "data.several_labels", "table.measure", "table.measure_or_class", "table.parts_differ")


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
    _refuse_numbers_anew(chosen, where)
    for table in chosen:
        take(named, table, where, chosen)
    named.said = all(table.labels.said for table in chosen)
    named.notes[:0] = used(named.tables)
    respell(named)
    for table in tables:
        if table not in chosen:
            named.left_out.append(passed_over(table.name, 1, _why_not(table, named), pictures=False))
    named.notes = merged(named.notes)
    return named


def _refuse_numbers_anew(chosen: Sequence[PathTable], where: str) -> None:
    """Tables of two halves of a set, each of which counts its classes from the same number on: ``fru_train``, ``veg_train``.

    Raises:
        DataError: it is so; each half is offered.
    """
    if len(chosen) < _HALVES or not all(whole_numbers(table.labels.names) for table in chosen):
        return
    families = families_differ(chosen, where)
    if families is not None and _mean_several_folders(chosen):
        raise DataError("table.families_anew", **families.values).offering(families.readings)


def _mean_several_folders(tables: Sequence[PathTable]) -> bool:
    """Whether each table gives a folder one number, and other tables give that number to folders of other names."""
    pairs = [
        {(path.rpartition("/")[0].rpartition("/")[2], name) for path, name in zip(table.where, table.labels.classes, strict=True)}
        for table in tables
    ]
    if any(len({name for _, name in each}) < len(each) for each in pairs):
        return False
    every = set[tuple[str, str]]().union(*pairs)
    return len({name for _, name in every}) < len(every)


def _why_not(table: PathTable, named: Named) -> str:
    """Why a table is passed over: of the usable ones, those that say parts are chosen before the others."""
    if table.refusal is not None:
        return "table.no_class_here"
    if table.part and not any(other.says_parts for other in named.tables):
        return "table.folds"
    return "table.other_kind" if named.classes.keys().isdisjoint(table.where) else "table.no_parts"


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


def _chosen(usable: Sequence[PathTable]) -> list[PathTable]:
    """Those with a column of parts; else those whose names say parts, training among them; else all.

    Where these deal pictures out several times over, as folds do, the one table that names all of theirs is meant.
    """
    with_column = [table for table in usable if table.split is not None]
    if with_column:
        named = {path for table in with_column for path in table.where}
        tests = [table for table in usable if table.split is None and table.part in ("validation", "test")]
        return [*with_column, *(table for table in tests if named.isdisjoint(table.where))]
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
