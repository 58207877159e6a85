"""A file as a table that names pictures, whatever its form; or why one that seems to be such a table names none."""

from collections.abc import Callable

from olhar.data.files.files import first_bytes
from olhar.data.formats.parquet_file import PARQUET
from olhar.data.formats.workbook import is_workbook_name
from olhar.data.tables.array_lists import ENDINGS as ARRAYS
from olhar.data.tables.dialect import detect_dialects
from olhar.data.tables.opener import Opener
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.picture_notes import Notes, note_rows
from olhar.data.tables.row_forms import json_rows, of_arrays, of_entries, of_json, of_parquet
from olhar.data.tables.text_form import of_text
from olhar.data.tables.tool_exports import ENDINGS, export_rows
from olhar.data.tables.workbooks import of_workbook

_HEAD = 1 << 16
_BLANK = b"\xef\xbb\xbf \t\r\n"


def open_table(opener: Opener, index: int) -> PathTable | None:
    """A file as a table that names pictures; None where it is none.

    Raises:
        DataError: a column that a person names is not there; a row that cannot be read; of a file that was named alone or
            whose columns are called so, that it names no picture.
    """
    head = first_bytes(opener.files, index, _HEAD)
    if (of_bytes := _of_bytes(opener.files.names[index].lower(), head)) is not None:
        return of_bytes(opener, index)
    exported = export_rows(opener.files, index, head, opener.options.label_column)
    if exported is not None:
        return of_entries(opener, index, exported)
    if head.lstrip(_BLANK)[:1] in (b"{", b"["):
        array = head.lstrip(_BLANK)[:1] == b"["
        entries = None if array else json_rows(opener, index)
        return of_json(opener, index, array=array) if entries is None else of_entries(opener, index, entries)
    if opener.files.names[index].lower().endswith(ENDINGS):
        return None
    for dialect in detect_dialects(head):
        found = of_text(opener, index, dialect)
        if found is not None:
            return found
    return None


def _of_bytes(name: str, head: bytes) -> Callable[[Opener, int], PathTable | None] | None:
    """What opens a file that is no text."""
    if head.startswith(PARQUET):
        return of_parquet
    return of_workbook if is_workbook_name(name) else of_arrays if name.endswith(ARRAYS) else None


def open_notes(opener: Opener, notes: Notes) -> PathTable | None:
    """Files that tell of one picture each, all as one table; None where they say no classes.

    Raises:
        DataError: several classes for one picture.
    """
    return of_entries(opener, notes.first, note_rows(opener.files, notes), notes.name)
