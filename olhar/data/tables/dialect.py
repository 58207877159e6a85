"""How a table of text is written, by its first bytes: its encoding, what lies between its cells, and lines before it begins."""

import codecs
import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

Encoding = Literal["utf-8", "utf-16-le", "utf-16-be", "cp1252"]
MARKS = (",", ";", "\t", "|")
BLANKS, FIRST_BLANKS, LAST_BLANKS, WHOLE = " ", " first", " last", ""
"""Stand for any run of blanks between cells, for the first or the last run in a line alone, and for lines that are one cell."""

_SEP_LINE = re.compile(r"\s*sep=(.)\s*", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a]")
_LOOKED_AT = 200
_BOMS: tuple[tuple[bytes, Encoding], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


@dataclass(frozen=True)
class Dialect:
    """How a table is written.

    Attributes:
        encoding: of its text.
        bom: the bytes before its text.
        separator: between cells, or one of ``BLANKS``, ``FIRST_BLANKS``, ``LAST_BLANKS`` and ``WHOLE``.
        skipped: lines before its first row: ``sep=;``, comments behind ``#``, and the number of rows, as CelebA has it.
        cells: how many a row has.
    """

    encoding: Encoding = "utf-8"
    bom: int = 0
    separator: str = ","
    skipped: int = 0
    cells: int = 1

    def rows(self, lines: Iterable[str]) -> Iterator[list[str]]:
        """The cells of each row; a quoted cell may go over several lines, and an empty line is an empty row."""
        if self.separator == BLANKS:
            return (line.split() for line in lines)
        if self.separator == FIRST_BLANKS:
            return (line.strip().split(None, 1) for line in lines)
        if self.separator == LAST_BLANKS:
            return (line.strip().rsplit(None, 1) for line in lines)
        if self.separator == WHOLE:
            return ([line.strip()] if line.strip() else [] for line in lines)
        return csv.reader(lines, delimiter=self.separator, skipinitialspace=True)

    def columns(self, text: str, width: int) -> list[list[str]] | None:
        """The cells of whole lines by columns, where they need no parsing; None where some may, or where there are none.

        A line's end becomes a cell of its own, so that each row must have one behind its cells.
        """
        mark, text = self.separator, text.replace("\r\n", "\n")
        odd = ('"', "\r", f"{mark} ", "\n ")
        if mark not in MARKS or width < 2 or text[:1] in ("", " ") or any(map(text.__contains__, odd)):
            return None
        cells = text.replace("\n", f"{mark}\n{mark}").split(mark)
        alike = cells[width :: width + 1] == ["\n"] * text.count("\n")
        return [cells[i : -1 : width + 1] for i in range(width)] if alike else None


def detect_dialects(head: bytes) -> list[Dialect]:
    """How a table that opens with ``head`` may be written, the likeliest first; none where it is no text.

    The encoding is what a byte-order mark says, else UTF-16 where every second byte is 0, else UTF-8, else cp1252, as Windows
    writes in western Europe and Brazil.
    """
    encoding, bom = detect_encoding(head)
    text = decoded(head[bom:], encoding)
    if _CONTROL.search(text) or not text.strip():
        return []
    lines = text.splitlines()
    lines = lines[:-1] if len(lines) > 1 and text[-1] not in "\r\n" else lines
    said = _SEP_LINE.fullmatch(lines[0])
    skipped = int(said is not None)
    while skipped < len(lines) and lines[skipped].startswith("#"):
        skipped += 1
    if len(lines) > skipped + 2 and lines[skipped].strip().isdecimal() and len(lines[skipped + 1].split()) > 1:
        skipped += 1
    rows = [line for line in lines[skipped : skipped + _LOOKED_AT] if line.strip()]
    written = Dialect(encoding, bom, skipped=skipped)
    separators = ([said[1]] if said else _separators(rows)) if rows else []
    return [replace(written, separator=mark, cells=max(1, next(iter(_widths(rows, mark)), 1))) for mark in separators]


def detect_encoding(head: bytes) -> tuple[Encoding, int]:
    """The encoding of text that opens with ``head``, and how many bytes its byte-order mark takes."""
    for mark, encoding in _BOMS:
        if head.startswith(mark):
            return encoding, len(mark)
    candidates: tuple[tuple[Encoding, int], ...] = (("utf-16-le", 1), ("utf-16-be", 0))
    for encoding, first in candidates:
        if len(head) > 3 and head[first:2000:2].count(0) > 0.4 * len(head[first:2000:2]) and 0 not in head[1 - first : 2000 : 2]:
            return encoding, 0
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return "cp1252", 0
    return "utf-8", 0


def decoded(data: bytes, encoding: Encoding) -> str:
    """Bytes as text; a letter cut off at the end is left out, and one that cp1252 does not know is shown as such."""
    return codecs.getincrementaldecoder(encoding)("replace" if encoding == "cp1252" else "ignore").decode(data)


def _separators(rows: list[str]) -> list[str]:
    """What may lie between the cells.

    A mark that gives every row as many cells, two at least; else one that gives the first row two and most rows as many (a row
    that has others is told when it is read); else blanks, of which a name may have some itself.
    """
    widths = {mark: _widths(rows, mark) for mark in (*MARKS, BLANKS)}
    several = [mark for mark, found in widths.items() if found[:1] > [1]]
    alike = [mark for mark in several if len(set(widths[mark])) == 1]
    most = [mark for mark in several if mark != BLANKS and 2 * Counter(widths[mark])[widths[mark][0]] >= len(widths[mark])]
    if [mark for mark in alike if mark != BLANKS] or (most and not alike):
        return [*(alike or most)[:1], *(mark for mark in alike[1:] if mark == BLANKS)]  # a name may have a comma: ``1,2.jpg 7``
    two = BLANKS in several and 2 * sum(n > 1 for n in widths[BLANKS]) > len(rows)  # else only the header has a blank
    return [*alike, *([FIRST_BLANKS, LAST_BLANKS] if two else []), WHOLE]


def _widths(rows: list[str], mark: str) -> list[int]:
    """How many cells each row has."""
    try:
        return [len(cells) for cells in Dialect(separator=mark).rows(rows) if cells]
    except csv.Error:
        return [0]
