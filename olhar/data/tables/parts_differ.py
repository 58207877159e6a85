"""Tables of several parts that say different things: a ``male`` of True and False beside a ``Sex`` of M and F is no class."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.tables.column_names import plain_name
from olhar.data.tables.path_table import PathTable

_SHOWN = 4


def agreeing(tables: Sequence[PathTable], where: str) -> list[PathTable]:
    """The tables; those of parts whose label columns have neither a name nor a class in common give no classes any more."""
    labelled = [table for table in tables if table.part and table.refusal is None]
    said = {table.part for table in labelled if table.labels.said}
    labelled = [table for table in labelled if table.labels.said or table.part not in said]  # a guess gives way to what is said
    apart = [pair for pair in combinations(labelled, 2) if _differ(*pair)]
    if not apart:
        return [*tables]
    differing = [table for table in labelled if any(table in pair for pair in apart)]
    columns = ", ".join(f"{table.name}: {table.labels.column}" for table in differing[:_SHOWN])
    error = DataError("table.parts_differ", where=where, columns=columns).offering(
        [_reading(table) for table in differing[:_SHOWN]]
    )
    return [replace(table, denied=error) if table in differing else table for table in tables]


def _differ(one: PathTable, other: PathTable) -> bool:
    if one.part == other.part or plain_name(one.labels.column) == plain_name(other.labels.column):
        return False
    return one.labels.names.isdisjoint(other.labels.names)


def _reading(table: PathTable) -> Reading:
    column = table.labels.column
    classes = ", ".join(name[:20] for name in sorted(table.labels.names)[:_SHOWN])
    return Reading(sentence("table.reading", column=column, classes=classes), options={"label_column": column})
