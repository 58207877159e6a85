"""Excel's workbooks (``.xlsx``, ECMA-376): the rows of each sheet as text, numbers and dates as they are kept."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar
from xml.parsers.expat import ExpatError, ParserCreate

from olhar.base.errors import OlharError
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.files.zip import ZipMembers, starts_as_zip

ENDINGS = (".xlsx", ".xlsm")
_BOOK, _LINKS, _TEXTS = "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/sharedStrings.xml"
_LARGEST = 256 << 20
"""Bytes of XML of one member; a sheet of a million rows has about a hundred million."""
_WIDEST = 256
"""Cells further right are not kept: a single one would make every row as wide."""
Numbered = tuple[int, list[str]]
"""A row by its number, as Excel shows it; all of a sheet are as wide as the widest."""
_LETTERS = re.compile(r"[A-Z]+")


def is_workbook_name(name: str) -> bool:
    """Whether a file is called as a workbook."""
    return name.lower().endswith(ENDINGS)


def sheets(files: Files, index: int) -> Iterator[tuple[str, list[Numbered]]]:
    """The name of each sheet and its rows that say something; none of a file that is damaged, protected or something else."""
    if not starts_as_zip(first_bytes(files, index, 4)):
        return
    try:
        book = ZipMembers(Path(files.names[index]), open_unpacked(files, index))
        texts = _parsed(book, _TEXTS, _Texts()).found if book.has(_TEXTS) else []
        for name, member in _members(book):
            yield name, _parsed(book, member, _Sheet(texts)).table()
    except (OlharError, ExpatError, LookupError, ValueError):
        return


class _Handler:
    """What is done at each piece of XML; names come without what stands before their colon."""

    def begin(self, element: str, of: Mapping[str, str]) -> None:
        """An element begins."""

    def text(self, element: str, data: str) -> None:
        """A piece of the text within an element."""

    def end(self, element: str) -> None:
        """An element ends."""


_AnyHandler = TypeVar("_AnyHandler", bound=_Handler)


@dataclass
class _Links(_Handler):
    """Where each sheet lies, and in which order their tabs stand."""

    places: dict[str, str] = field(default_factory=dict[str, str])
    tabs: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])

    def begin(self, element: str, of: Mapping[str, str]) -> None:
        """A sheet of the book, or what one of its links leads to."""
        if element == "Relationship":
            self.places[of["Id"]] = of["Target"].removeprefix("/").removeprefix("xl/")
        elif element == "sheet":
            self.tabs += [(of.get("name", ""), value) for name, value in of.items() if name.endswith(":id")]


@dataclass
class _Texts(_Handler):
    """The texts that cells point to; how they are to be read aloud is none of them."""

    found: list[str] = field(default_factory=list[str])
    aloud: bool = False

    def begin(self, element: str, of: Mapping[str, str]) -> None:
        """A text, or how it is read."""
        del of
        if element == "si":
            self.found.append("")
        self.aloud = self.aloud or element == "rPh"

    def text(self, element: str, data: str) -> None:
        """What stands in one of its runs."""
        if element == "t" and not self.aloud:
            self.found[-1] += data

    def end(self, element: str) -> None:
        """What is read aloud is over."""
        self.aloud = self.aloud and element != "rPh"


@dataclass
class _Sheet(_Handler):
    """The cells of each row by their columns."""

    texts: Sequence[str]
    rows: dict[int, dict[int, str]] = field(default_factory=dict[int, dict[int, str]])
    row: int = 0
    column: int = -1
    points: bool = False
    cell: str = ""

    def begin(self, element: str, of: Mapping[str, str]) -> None:
        """A row, or a cell of it: in the column that it names, else in the next one."""
        if element == "row":
            self.row, self.column = int(of.get("r", self.row + 1)), -1
        elif element == "c":
            letters = _LETTERS.match(of.get("r", ""))
            self.column = _number(letters[0]) if letters else self.column + 1
            self.points, self.cell = of.get("t") == "s", ""

    def text(self, element: str, data: str) -> None:
        """What the cell holds."""
        if element in ("v", "t"):
            self.cell += data

    def end(self, element: str) -> None:
        """The cell is whole."""
        if element == "c" and self.cell and self.column < _WIDEST:
            self.rows.setdefault(self.row, {})[self.column] = self.texts[int(self.cell)] if self.points else self.cell

    def table(self) -> list[Numbered]:
        """The rows that hold something, all of one width."""
        width = max(map(max, self.rows.values()), default=-1) + 1
        return [(number, [row.get(i, "") for i in range(width)]) for number, row in self.rows.items()]


def _members(book: ZipMembers) -> list[tuple[str, str]]:
    """The name of each sheet and the member that holds it, in the order of their tabs."""
    places, tabs = _parsed(book, _LINKS, _Links()).places, _parsed(book, _BOOK, _Links()).tabs
    return [(name, f"xl/{places[tab]}") for name, tab in tabs if "worksheets/" in places[tab]]


def _number(letters: str) -> int:
    """``A`` is 0, ``AA`` 26."""
    n = 0
    for letter in letters:
        n = 26 * n + ord(letter) - ord("A") + 1
    return n - 1


def _parsed(book: ZipMembers, name: str, handler: _AnyHandler) -> _AnyHandler:
    """What a handler has made of a member of XML.

    Raises:
        ExpatError: it is damaged.
        ValueError: it is too large, or declares a type of document, in which entities could grow without bounds.
    """
    index, within = book.names.index(name), [""]
    if book.size(index) > _LARGEST:
        raise ValueError(name)

    def begin(element: str, of: Mapping[str, str]) -> None:
        within.append(element.rpartition(":")[2])
        handler.begin(within[-1], of)

    def end(element: str) -> None:
        handler.end(element.rpartition(":")[2])
        within.pop()

    parser = ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = lambda data: handler.text(within[-1], data)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(book.read(index), True)
    return handler


def _refuse_doctype(*_: object) -> None:
    raise ValueError
