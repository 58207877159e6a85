"""JSON that is one object, as rows: an entry a picture, a class a picture, a list of pictures a class or part, a column each.

Forms: ``{"0": {"path": "a.jpg", "label": "cat"}}``; ``{"a.jpg": "cat"}``; ``{"cat": ["a.jpg"]}``, ``{"train": ["a.jpg"]}``;
``{"path": {"0": "a.jpg"}, "label": {"0": "cat"}}``, as pandas writes it; ``{"data": [...]}``, a list within; labelling tools'.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from olhar.data.layout import is_picture, part_of
from olhar.data.tables.column_names import LABELS, PATHS, is_one_of
from olhar.data.tables.tool_exports import json_export_rows
from olhar.data.tables.tool_rows import Row

_ENOUGH, _LONG = 0.9, 8


def json_entries(text: str, where: str, wanted: str | None) -> list[Row] | None:
    """The rows of a text that is one JSON object of some form above; None where it is none.

    Args:
        text: all of it.
        where: what to call it.
        wanted: the column of the class that a person names.

    Raises:
        DataError: COCO's form, with boxes; a tool's, with several classes a picture.
    """
    try:
        value: Any = json.loads(text)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not value:
        return None
    entries: Mapping[str, Any] = value
    if (exported := json_export_rows(entries, where, wanted)) is not None:
        return exported
    forms = (_columns, _objects, _names, _lists, _list_within)
    return next((rows for form in forms if (rows := form(entries))), None)


def _columns(entries: Mapping[str, Any]) -> list[Row] | None:
    """A column each, its cells in a list or by the row's number."""
    if not (any(is_one_of(name, PATHS) for name in entries) and any(is_one_of(name, LABELS) for name in entries)):
        return None
    columns = [[*cells.values()] if isinstance(cells, dict) else cells for cells in entries.values()]
    if not all(isinstance(cells, list) for cells in columns) or len({*map(len, columns)}) > 1:
        return None
    return [dict(zip(entries, cells, strict=True)) for cells in zip(*columns, strict=True)]


def _objects(entries: Mapping[str, Any]) -> list[Row] | None:
    """An object each; its key is a column too where it may be the name of a picture."""
    if not all(isinstance(entry, dict) for entry in entries.values()):
        return None
    rows = alike([flat(entry) for entry in entries.values()])
    keyed = {"key"} if _mostly(entries, is_picture) or all(len(key) >= _LONG for key in entries) else set[str]()
    return [{**dict.fromkeys(keyed, key), **row} for key, row in zip(entries, rows, strict=True)]


def _names(entries: Mapping[str, Any]) -> list[Row] | None:
    """The class of each picture by its name; a list of classes and their numbers has no pictures' names."""
    if not _mostly(entries, is_picture) or not all(isinstance(entry, (str, int)) for entry in entries.values()):
        return None
    return [{"name": name, "label": label} for name, label in entries.items()]


def _lists(entries: Mapping[str, Any]) -> list[Row] | None:
    """The pictures of each class; or of each part, where all keys say parts."""
    listed = [(key, name) for key, names in entries.items() if isinstance(names, list) for name in names]
    names = [name for _, name in listed if isinstance(name, str)]
    if (
        not all(isinstance(names, list) for names in entries.values())
        or len(names) < len(listed)
        or not _mostly(names, is_picture)
    ):
        return None
    column = "split" if all(map(part_of, entries)) else "label"
    return [{"name": name, column: key} for key, name in listed]


def _list_within(entries: Mapping[str, Any]) -> list[Row] | None:
    """The only list of objects; where there are several, it is a form of its own."""
    lists = [rows for rows in entries.values() if isinstance(rows, list)]
    if len(lists) != 1 or not lists[0] or not all(isinstance(row, dict) for row in lists[0]):
        return None
    return alike([flat(row) for row in lists[0]])


def flat(row: Mapping[str, Any]) -> Mapping[str, Any]:
    """An object with the cells of those in it beside its own: called as in there where that is what people call such a column.

    ``{"classe": {"tipo": "cat"}}`` has a column ``classe``, ``{"meta": {"label": "cat", "by": "ana"}}`` has ``label`` and
    ``meta.by``, which other rows may lack.
    """
    cells: dict[str, Any] = {}
    for name, value in row.items():
        marks = name.endswith("attributes")  # as tools write that mark regions
        if marks or not isinstance(value, dict) or any(isinstance(cell, (dict, list)) for cell in value.values()):
            cells.setdefault(name, value)
            continue
        for inner, cell in value.items():
            said = is_one_of(inner, (*LABELS, *PATHS)) and inner not in row
            alone = len(value) == 1 and is_one_of(name, LABELS)
            cells.setdefault(inner if said else name if alone else f"{name}.{inner}", cell)
    return cells


def alike(rows: Sequence[Mapping[str, Any]]) -> list[Row]:
    """The rows with the columns of all, nothing where one lacks it."""
    header = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in header} for row in rows]


def _mostly(names: Mapping[str, Any] | Sequence[str], holds: Callable[[str], bool]) -> bool:
    return len(names) > 1 and sum(map(holds, names)) >= _ENOUGH * len(names)
