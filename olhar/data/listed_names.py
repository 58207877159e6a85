"""Names to show from lists that others made: ``cat_to_name.json``, ``labels.pbtxt``, synsets, ``classes.txt``."""

import re
from collections.abc import Mapping, Sequence

from olhar.base.class_lists import ClassList, ClassListError, parse_class_list
from olhar.base.errors import DataError
from olhar.data.pieces import class_key

_APART = re.compile(r"\s*[\t,;]\s*")


def listed_names(text: str, classes: Sequence[str] | None, where: str) -> Mapping[str, str]:
    """The name of each class by a list: by the number that it bears, or by its key.

    Args:
        text: of the list.
        classes: keys of the classes; None where they are not known.
        where: the file, for errors.

    Returns:
        A name for every class; where those are not known, for each that the list has.

    Raises:
        DataError: it is no list, a class is missing from it, or a number stands there twice.
    """
    if classes and (wide := _of_columns(text, classes)):
        return wide
    try:
        listed = parse_class_list(text)
    except ClassListError as error:
        raise DataError("data.names_line", where=where, row=error.line, found=error.found) from error
    if classes is None:
        return _table(listed, [str(place) for place in range(len(listed.names))], where)
    table = _table(listed, classes, where)
    if set(listed.names) == set(classes):
        return {key: key for key in classes}
    missing = next((key for key in classes if key not in table), None)
    if missing is not None:
        known = ", ".join(list(table)[:10]) or ", ".join(listed.names[:10])
        raise DataError("data.names_missing", where=where, name=missing, found=known)
    return {key: table[key] for key in classes}


def _of_columns(text: str, classes: Sequence[str]) -> Mapping[str, str]:
    """The names in the second of three columns or more, of which the first holds each class once; nothing where it is not so."""
    lines = [line for line in text.splitlines() if line.strip()]
    mark = next((mark for mark in ",;\t" if len({line.count(mark) for line in lines}) == 1 and lines[0].count(mark) > 1), "")
    rows = [[cell.strip() for cell in line.split(mark)] for line in lines] if mark else []
    table = {class_key(row[0]): row[1] for row in rows if class_key(row[0]) in classes and row[1]}
    return table if len(table) == len(classes) and len(rows) - len(table) in (0, 1) else {}


def _table(listed: ClassList, classes: Sequence[str], where: str) -> dict[str, str]:
    """The name of each key that the list has, numbers among the classes whatever their noughts in front."""
    if listed.keys:
        return {class_key(key): name for key, name in zip(listed.keys, listed.names, strict=True)}
    numbers = {int(key): key for key in classes if key.isdecimal()}
    if listed.indices:
        _require_once(listed, where)
        pairs = zip(listed.indices, listed.names, strict=True)
        return {numbers.get(index, str(index)): name for index, name in pairs}
    if len(listed.names) == len(classes) and set(numbers) == set(range(len(classes))):
        return {numbers[place]: name for place, name in enumerate(listed.names)}
    pairs = (_APART.split(name, maxsplit=1) for name in listed.names)
    return {class_key(pair[0]): pair[1] for pair in pairs if len(pair) == 2 and pair[1]}


def _require_once(listed: ClassList, where: str) -> None:
    seen = set[int]()
    for index, name, line in zip(listed.indices, listed.names, listed.lines, strict=True):
        if index in seen:
            raise DataError("data.names_line", where=where, row=line, found=f"{index} {name}"[:60])
        seen.add(index)
