"""Which column of a table holds the class: the one that is named, columns of 0 and 1, or the one of few values."""

import posixpath
import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.layout import plain
from olhar.data.tables.box_columns import box_columns
from olhar.data.tables.column_names import GROUPS, LABELS, NO_CLASSES, TAGS, is_one_of, rank
from olhar.data.tables.grid import Grid
from olhar.data.tables.measures import has_fractions, measures, says_who, wide_numbers
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.values import are_flags, are_signs, as_classes, few, filled, relation, whole_numbers

_SHOWN, _MOST_CLASSES = 10, 1000
_SEVERAL = (";", "|")

_COUNT = re.compile(r"(number|num|no|nr|count|quantidade|numero)[\s._-]+(of|de)[\s._-]|(num|total|cancelled)[\s._-]")
"""How a column's name begins that counts something."""


@dataclass(frozen=True)
class Labels:
    """The class of each row.

    Attributes:
        classes: one a row; empty where the row has none.
        column: the name of the column; empty where each class has a column.
        said: whether a person, or the column's name, says that it holds the class.
    """

    classes: list[str]
    column: str
    said: bool

    @cached_property
    def names(self) -> Set[str]:
        """The different classes."""
        return {*self.classes} - {""}


def find_labels(grid: Grid, free: Sequence[int], wanted: str | None, folders: Callable[[], Collection[str]]) -> Labels:
    """The class of each row.

    Args:
        grid: the table.
        free: the columns that are nothing else (the path, the part, a group, row numbers).
        wanted: the column that a person names; its text is taken as it stands.
        folders: gives the names of class folders beside the table: a column that holds them is the label.

    Raises:
        DataError: no column holds a class, several may, a row has several classes, or most have none.
    """
    if wanted is not None:
        return Labels(_text(grid, _wanted(grid, wanted)), wanted, said=True)
    named = [i for i in free if is_one_of(grid.header[i], LABELS) and len(grid.values[i]) > 1 and not has_fractions(grid, i)]
    if not named:
        boxes = box_columns(grid)
        if boxes and boxes >= {*free}:
            raise DataError("known.boxes", where=grid.name, file=posixpath.basename(grid.name))
        free = [i for i in free if i not in boxes]
        one_hot = _one_hot(grid, free)
        if one_hot:
            return one_hot
    column = _candidate(grid, free, named, folders)
    said = column in named or _holds(grid.values[column], folders()) or (_is_list(grid) and part_of_table(grid.name) is not None)
    return Labels(_single(grid, column), grid.header[column], said)


def _wanted(grid: Grid, wanted: str) -> int:
    position = grid.position(wanted)
    if position < 0:
        raise DataError("table.no_such_column", where=grid.name, column=wanted, found=_shown(grid.header))
    return position


def _candidate(grid: Grid, free: Sequence[int], named: Sequence[int], folders: Callable[[], Collection[str]]) -> int:
    """The one column that holds the class.

    Raises:
        DataError: none, or several that say different things.
    """
    columns = named or [i for i in free if _holds(grid.values[i], folders())]
    columns = columns or _by_values(grid, free)
    columns = columns or _numbers_alone(grid, free)
    columns = columns or [i for i in free if is_one_of(grid.header[i], TAGS)]
    columns = columns or [i for i in free if is_one_of(grid.header[i], LABELS) and not has_fractions(grid, i)]
    measured = [] if columns else measures(grid, free) or wide_numbers(grid, free)
    if measured:
        column = grid.header[measured[0]]
        raise DataError("table.measure", where=grid.name, column=column).offering(_readings(grid, free))
    if not columns:
        raise DataError("table.no_label", where=grid.name, found=_shown(grid.header)).offering(_readings(grid, free))
    apart = _apart(grid, columns)
    if len(apart) > 1:
        names = ", ".join(grid.header[i] for i in apart[:_SHOWN])
        raise DataError("table.several_labels", where=grid.name, columns=names).offering(_readings(grid, apart))
    return apart[0]


def _by_values(grid: Grid, free: Sequence[int]) -> list[int]:
    """The columns whose values may be classes.

    Raises:
        DataError: they only say who is shown, beside a column that measures something.
    """
    columns = [i for i in free if _may_be_class(grid, i)]
    measured = measures(grid, free) if columns and all(says_who(grid, i) for i in columns) else []
    if measured:
        names = {"measure": grid.header[measured[0]], "column": grid.header[columns[0]]}
        raise DataError("table.measure_or_class", where=grid.name, **names).offering(_readings(grid, columns))
    return columns


def _is_list(grid: Grid) -> bool:
    """Whether each row is a path and one word, without names of columns: of a part, nothing else than the class is said so."""
    return [name for name in grid.header if not is_one_of(name, GROUPS)] == ["1", "2"]


def _numbers_alone(grid: Grid, free: Sequence[int]) -> list[int]:
    """The only column beside the paths of a list without names of columns, where it holds numbers of classes, some not there.

    ``a.tif 15`` says nothing but a class; under a name (``age``, ``steering``) such numbers would measure something.
    """
    if not _is_list(grid) or len(free) != 1 or 2 * len(grid.values[free[0]]) > len(grid):
        return []
    numbers = whole_numbers(grid.values[free[0]]) or [-1]
    return [*free] if len(numbers) > 1 and min(numbers) >= 0 and max(numbers) < _MOST_CLASSES else []


def _may_be_class(grid: Grid, column: int) -> bool:
    name = grid.header[column]
    return few(grid.values[column], len(grid)) and not is_one_of(name, NO_CLASSES) and _COUNT.match(plain(name)) is None


def _apart(grid: Grid, columns: Sequence[int]) -> list[int]:
    """One column of each set that says the same of every row: words before numbers, then by name."""
    wordy = sorted(columns, key=lambda i: (whole_numbers(grid.values[i]) is not None, rank(grid.header[i], LABELS)))
    apart: list[int] = []
    for i in wordy:
        if not any(relation(grid.columns[i], grid.columns[kept]) == "same" for kept in apart):
            apart.append(i)
    return apart


def _holds(values: Collection[str], folders: Collection[str]) -> bool:
    """Whether the values of a column are names of class folders, two at least."""
    held = filled(values)
    return len(held) > 1 and held <= {*folders}


def _one_hot(grid: Grid, free: Sequence[int]) -> Labels | None:
    """The classes of a table in which each has a column of 0 and 1; None where it is no such table.

    Raises:
        DataError: a row with several classes or none; columns of 1 and -1, which are attributes.
    """
    values = {i: grid.values[i] for i in free}
    signed = [i for i in free if are_signs(values[i])]
    if len(signed) > 1 and any(whole_numbers(values[i]) != [1] for i in signed):
        names = _shown([grid.header[i] for i in signed])
        raise DataError("table.attributes", where=grid.name, columns=names, n=len(signed)).offering(_readings(grid, signed))
    flags = [i for i in free if are_flags(values[i])]
    others = [i for i in free if i not in flags and _may_be_class(grid, i)]
    if len(flags) < 2:
        return None
    names = [grid.header[i].strip() for i in flags]
    ones = [{value: whole_numbers([value]) == [1] for value in values[i]} for i in flags]
    rows = list(zip(*([table[cell] for cell in grid.columns[i]] for i, table in zip(flags, ones, strict=True)), strict=True))
    odd = next((place for place, row in enumerate(rows) if sum(row) != 1), None)
    if odd is None:
        return Labels([names[row.index(True)] for row in rows], "", said=True)
    if others:
        return None
    several = next((place for place, row in enumerate(rows) if sum(row) > 1), None)
    if several is None:
        raise DataError("data.row_no_label", where=grid.name, row=grid.row(odd))
    found = ", ".join(name for name, one in zip(names, rows[several], strict=True) if one)
    readings = _readings(grid, flags)
    raise DataError("data.several_labels", where=grid.name, row=grid.row(several), found=found[:60]).offering(readings)


def _text(grid: Grid, column: int) -> list[str]:
    """The text of a column, as it stands; empty in rows without it, which are half of all at most.

    Raises:
        DataError: more rows have none.
    """
    classes = as_classes(grid.columns[column])
    if 2 * classes.count("") > len(classes):
        raise DataError("data.row_no_label", where=grid.name, row=grid.row(classes.index("")))
    return classes


def _single(grid: Grid, column: int) -> list[str]:
    """The classes of a column, one a row.

    Raises:
        DataError: most rows have none, or one has several: apart by ``;`` or ``|``; by commas or blanks in a column of tags, or
            where each word is a class of other rows.
    """
    classes = _text(grid, column)
    known, tags = {*classes} - {""}, is_one_of(grid.header[column], TAGS)
    several = {text for text in known if holds_several(text, known, tags)}
    if several:
        place = next(i for i, text in enumerate(classes) if text in several)
        only = [Reading(_counts(grid, column), options={"label_column": grid.header[column]})]
        row, found = grid.row(place), classes[place][:60]
        if tags:
            raise DataError("table.tags", where=grid.name, row=row, column=grid.header[column], found=found).offering(only)
        raise DataError("data.several_labels", where=grid.name, row=row, found=found).offering(only)
    return classes


def holds_several(text: str, known: Collection[str], tags: bool) -> bool:
    """Whether a cell says several classes: apart by a mark, several numbers, several words that are classes of other rows."""
    for mark in _SEVERAL:
        if mark in text and sum(1 for piece in text.split(mark) if piece.strip()) > 1:
            return True
    words = text.split()
    if len(words) > 1 and all(word.isdecimal() for word in words):
        return True
    for pieces in ([piece.strip() for piece in text.split(",")], words):
        if len(pieces) > 1 and (tags or all(piece in known for piece in pieces)):
            return True
    return False


def _shown(header: Sequence[str]) -> str:
    more = ", ..." if len(header) > _SHOWN else ""
    return ", ".join(column.strip()[:20] for column in header[:_SHOWN]) + more


def _readings(grid: Grid, columns: Sequence[int]) -> list[Reading]:
    """The columns that may be meant, each with what would come of it."""
    useful = [i for i in columns if i in grid.columns and 1 < len(grid.values[i]) <= max(2, len(grid) // 2)]
    return [Reading(_counts(grid, i), options={"label_column": grid.header[i]}) for i in useful if grid.header[i].strip()]


def _counts(grid: Grid, column: int) -> Sentence:
    counts = Counter(filter(None, as_classes(grid.columns[column])))
    shown = ", ".join(f"{name[:20]} {n}" for name, n in sorted(counts.items())[:4])
    more = len(counts) - 4
    if more > 0:
        return sentence("table.reading_more", column=grid.header[column], classes=shown, n=more)
    return sentence("table.reading", column=grid.header[column], classes=shown)
