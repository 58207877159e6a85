"""What the cells of a column say as classes: one a row, several in a cell, none; and whether they may be classes at all."""

import re
from collections import Counter
from collections.abc import Collection, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.folders.first_names import are_first_names
from olhar.data.folders.identifiers import is_counted_class, is_identifier
from olhar.data.folders.words import tokens
from olhar.data.layout import plain
from olhar.data.tables.blanks import n_missing
from olhar.data.tables.column_names import NO_CLASSES, TAGS, is_one_of
from olhar.data.tables.grid import Grid
from olhar.data.tables.values import as_classes, few, present

_SHOWN = 10
_SEVERAL = (";", "|")
_BY = re.compile(r".*[\s._-](por|by|at|em)")
"""How a column's name ends that says who did something, or where."""
_MOMENT = re.compile(r"(19|20)\d\d-\d\d-\d\d([T ]\d|$)|\d\d?[/.]\d\d?[/.](19|20)\d\d( |$)")
"""A day, or a moment of one."""
_ID = re.compile(r"(?!.*(?:class|label|rotulo|categor|especie|species))(?:id[\s._-].*|.*[\s._-]id)")
"""How a column is called that says which one of several things is shown."""
_COUNT = re.compile(r"(number|num|no|nr|count|quantidade|numero)[\s._-]+(of|de)[\s._-]|(num|total|cancelled)[\s._-]")
"""How a column's name begins that counts something."""


@dataclass(frozen=True)
class Labels:
    """The class of each row.

    Attributes:
        classes: one a row; empty where a row has none.
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

    @cached_property
    def n_missing(self) -> int:
        """How many rows have no class."""
        return self.classes.count("")


def may_be_class(grid: Grid, column: int, gaps: bool = False) -> bool:
    """Whether a column may hold classes by its values; with ``gaps``, where half of its cells at most say nothing."""
    name, values, n = grid.header[column], grid.values[column], len(grid)
    if gaps and 2 * (missing := n_missing(grid, column)) <= n:
        values, n = {*present(values)}, n - missing
    return (
        few(values, n)
        and not all(map(_MOMENT.match, present(values)))
        and not are_first_names(present(values))
        and not (_ID.fullmatch(plain(name)) and all(map(is_identifier, present(values))))
        and not is_one_of(name, NO_CLASSES)
        and _COUNT.match(plain(name)) is None
        and _BY.fullmatch(plain(name)) is None
    )


def count_things(values: Collection[str]) -> bool:
    """Whether values count things of one name: ``Jar 1``, ``Jar 2``; not grades."""
    words = [tokens(value) for value in values]
    one = len({each[:1] for each in words}) == 1 and all(len(each) == 2 and each[1].isdigit() for each in words)
    return len(words) > 1 and one and not words[0][0].isdigit() and not any(map(is_counted_class, values))


def text_of(grid: Grid, column: int) -> list[str]:
    """The text of a column, as it stands; empty where a row has none.

    Raises:
        DataError: most rows have none.
    """
    classes = as_classes(grid.columns[column])
    if 2 * classes.count("") > len(classes):
        raise DataError("data.row_no_label", where=grid.name, row=grid.row(classes.index("")))
    return classes


def single(grid: Grid, column: int) -> list[str]:
    """The classes of a column, one a row.

    Raises:
        DataError: most rows have none; one has several: apart by ``;`` or ``|``; by commas or blanks in a column of tags, or
            where each word is a class of other rows.
    """
    classes = text_of(grid, column)
    known, tags = set(classes), is_one_of(grid.header[column], TAGS)
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


def shown(header: Sequence[str]) -> str:
    """The first names of some columns."""
    more = ", ..." if len(header) > _SHOWN else ""
    return ", ".join(column.strip()[:20] for column in header[:_SHOWN]) + more


def readings_of(grid: Grid, columns: Sequence[int]) -> list[Reading]:
    """The columns that may be meant, each with what would come of it."""
    useful = [i for i in columns if i in grid.columns and 1 < len(grid.values[i]) <= max(2, len(grid) // 2)]
    return [Reading(_counts(grid, i), options={"label_column": grid.header[i]}) for i in useful if grid.header[i].strip()]


def _counts(grid: Grid, column: int) -> Sentence:
    counts = Counter(present(as_classes(grid.columns[column])))
    shown = ", ".join(f"{name[:20]} {n}" for name, n in sorted(counts.items())[:4])
    more = len(counts) - 4
    if more > 0:
        return sentence("table.reading_more", column=grid.header[column], classes=shown, n=more)
    return sentence("table.reading", column=grid.header[column], classes=shown)
