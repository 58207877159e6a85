"""A list of pictures a class, which bears its name: ``cats.txt``, ``dogs.txt``."""

import posixpath
from collections.abc import Sequence
from dataclasses import replace

from olhar.base.texts import Sentence, sentence
from olhar.data.folders.identifiers import is_nobodys_class
from olhar.data.folders.words import tokens, words_of
from olhar.data.tables.named import Named, shown
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.selection import gather

_ENOUGH = 0.9
_NO_CLASS = words_of(
    "all todos todas bad broken corrupt corrupted duplicate duplicates duplicados exclude excluded ignore ignored remove removed "
    "keep kept selected sample samples subset seen unseen labeled labelled unlabeled unlabelled easy hard clean noisy source "
    "target missing order sorted shuffled query gallery fold split set subconjunto"
)
"""What a list may be called that is a choice of pictures, and no class."""
_LIST = words_of("list lists lista listas file files filename filenames names image images imagens paths txt csv")
_COLUMN = "class"


def of_class_lists(tables: Sequence[PathTable], n: int, where: str) -> Named | None:
    """What lists say that name pictures and no more: two at least, of no picture two, of nine in ten of the ``n`` pictures.

    None where one speaks of a part, or of a choice of pictures, and where other tables lie there.
    """
    lists = {table: _class_of(table) for table in tables if table.is_list}
    names = [name for name in lists.values() if name]
    if len(lists) < len(tables) or len({*names}) < max(2, len(tables)) or not _deal(tables, n):
        return None
    named = gather([_with_class(table, name) for table, name in lists.items()], where)
    if named is not None:
        named.notes = [_note([table.name for table in tables]), *(note for note in named.notes if note.key != "table.used")]
    return named


def _class_of(table: PathTable) -> str:
    """The class that the list's name says; empty where it says none."""
    stem = posixpath.splitext(posixpath.basename(table.name))[0]
    words = {word for word in tokens(stem) if not word.isdigit()} - _LIST
    said = bool(words) and table.part is None and not words & _NO_CLASS and not is_nobodys_class(stem)
    return _without_list(stem) if said else ""


def _without_list(stem: str) -> str:
    """``cats`` of ``cats_list``."""
    head, _, last = stem.replace("-", "_").rpartition("_")
    return head if head and last.casefold() in _LIST else stem


def _deal(tables: Sequence[PathTable], n: int) -> bool:
    """Whether they name nearly all pictures, and none twice."""
    rows = [path for table in tables for path in {*table.where} - table.absent]
    return len({*rows}) == len(rows) >= _ENOUGH * n


def _with_class(table: PathTable, name: str) -> PathTable:
    grid, last = table.grid, len(table.grid.header)
    columns, values = {**grid.columns, last: [name] * len(grid)}, {**grid.values, last: {name}}
    return replace(table, grid=replace(grid, header=(*_header(table), _COLUMN), columns=columns, values=values))


def _header(table: PathTable) -> tuple[str, ...]:
    """The names of a list's columns; lists with and without a header are to be alike."""
    return tuple("path" if i == table.paths else str(i + 1) for i in range(len(table.grid.header)))


def _note(names: Sequence[str]) -> Sentence:
    return sentence("table.class_lists", table=shown(names))
