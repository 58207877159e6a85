"""The records of a text table, one after the other, in bounded memory: CSV rows, JSON lines, the objects of a JSON array.

Each comes with its place in the file, so that a picture's row can be found again when it is wanted, and with its row number,
so that an error can name it.
"""

import json
import re
from collections.abc import Generator
from dataclasses import dataclass
from functools import cache
from typing import Any, BinaryIO, Literal

from olhar.base.errors import DataError

ROW_LIMIT = 16 * 2**20
"""A row of more bytes than this is refused; a picture of 1,000 x 1,000 colour pixels as text has about eleven million."""

TextForm = Literal["csv", "lines", "array"]
_CHUNK = 2**20
_ROW = re.compile(rb'[^"\n]*+(?:"[^"]*+"[^"\n]*+)*+\n')
_LINE = re.compile(rb"[^\n]*+\n")
_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)|[{}\[\]]', re.DOTALL)


@dataclass(frozen=True)
class Record:
    """One row: its number as an editor counts, its place in the file in bytes, and its bytes."""

    row: int
    start: int
    data: bytes


def records(file: BinaryIO, form: TextForm, where: str) -> Generator[Record]:
    """All records of an open file, blank ones left out.

    Raises:
        DataError: a row that is too long.
    """
    rows = _objects(file, where) if form == "array" else _rows(file, form == "csv", where)
    return (record for record in rows if record.data.strip())


def csv_cells(record: Record, separator: str, where: str) -> list[str]:
    """The cells of a CSV row.

    Raises:
        DataError: not UTF-8.
    """
    text = _text(record, where).rstrip("\r\n")
    if '"' not in text:
        return text.split(separator)
    fields: list[tuple[str, str]] = _field(separator).findall(text)
    return [quoted.replace('""', '"') if quoted else bare for quoted, bare in fields]


def json_object(record: Record, where: str) -> dict[str, Any]:
    """The object of a JSON record.

    Raises:
        DataError: not UTF-8, or not an object.
    """
    try:
        row = json.loads(_text(record, where))
    except (ValueError, RecursionError) as error:
        raise DataError("data.row_json", where=where, row=record.row) from error
    if not isinstance(row, dict):
        raise DataError("data.row_json", where=where, row=record.row)
    return row


def _text(record: Record, where: str) -> str:
    try:
        return record.data.decode("utf-8-sig" if record.start == 0 else "utf-8")
    except UnicodeDecodeError as error:
        raise DataError("data.encoding", where=where, row=record.row) from error


@cache
def _field(separator: str) -> re.Pattern[str]:
    apart = re.escape(separator)
    return re.compile(rf'(?:^|{apart})(?:"((?:[^"]++|"")*+)"|([^{apart}]*+))')


def _rows(file: BinaryIO, quoted: bool, where: str) -> Generator[Record]:
    buffer, start, row = b"", 0, 1
    while chunk := file.read(_CHUNK):
        buffer += chunk
        pattern, at = _ROW if quoted and b'"' in buffer else _LINE, 0
        while match := pattern.match(buffer, at):
            yield Record(row, start + at, match[0])
            row += match[0].count(b"\n")
            at = match.end()
        buffer, start = buffer[at:], start + at
        if len(buffer) > ROW_LIMIT:
            raise DataError("data.row_too_long", where=where, row=row, megabytes=ROW_LIMIT / 2**20)
    if buffer:
        yield Record(row, start, buffer)


def _objects(file: BinaryIO, where: str) -> Generator[Record]:
    """The objects right inside the outermost list."""
    buffer, start, row, depth, at, object_start = b"", 0, 1, 0, 0, -1
    while chunk := file.read(_CHUNK):
        buffer += chunk
        for token in _TOKEN.finditer(buffer, at):
            mark = token[0]
            if mark[:1] == b'"':
                if len(mark) < 2 or token.end() == len(buffer):
                    at = token.start()  # it may go on in the next chunk
                    break
                continue
            if mark in (b"{", b"["):
                object_start = token.start() if mark == b"{" and depth == 1 else object_start
                depth += 1
                continue
            depth -= 1
            if depth == 1 and object_start >= 0:
                yield Record(row, start + object_start, buffer[object_start : token.end()])
                row, object_start = row + 1, -1
        else:
            at = len(buffer)
        done = at if object_start < 0 else object_start
        buffer, start, at, object_start = buffer[done:], start + done, at - done, 0 if object_start >= 0 else -1
        if len(buffer) > ROW_LIMIT:
            raise DataError("data.row_too_long", where=where, row=row, megabytes=ROW_LIMIT / 2**20)
