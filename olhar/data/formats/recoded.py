"""Text files as UTF-8: what is in UTF-16 or cp1252 is written anew, into memory or a nameless file."""

import codecs
import os
from typing import IO, BinaryIO, cast

from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.files.spool import spooled
from olhar.data.tables.dialect import Encoding, decoded, detect_encoding


def first_text(files: Files, index: int, n: int) -> tuple[bytes, Encoding]:
    """The first bytes of a file as UTF-8 and what it is written in; bytes that are no text stay as they are."""
    head = first_bytes(files, index, n)
    encoding, bom = detect_encoding(head)
    if encoding == "utf-8" or (encoding == "cp1252" and b"\0" in head):
        return head.removeprefix(codecs.BOM_UTF8), "utf-8"
    return decoded(head[bom:], encoding).encode(), encoding


def open_recoded(files: Files, index: int, encoding: Encoding) -> BinaryIO:
    """A file that is written in ``encoding``, to be read in any order as UTF-8.

    Raises:
        DataError: it is not written so, or there is no room for it.
    """
    file = open_unpacked(files, index)
    if encoding == "utf-8":
        return file
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(detect_encoding(first_bytes(files, index, 4))[1])
        return spooled(cast(IO[bytes], _Recoded(file, encoding)), size, files.names[index])


class _Recoded:
    """A file's text in UTF-8, a little at a time."""

    def __init__(self, file: BinaryIO, encoding: Encoding) -> None:
        self._file = file
        self._decoder = codecs.getincrementaldecoder(encoding)("replace" if encoding == "cp1252" else "strict")

    def read(self, n: int) -> bytes:
        """About ``n`` bytes, none at the end."""
        while data := self._file.read(n):
            if text := self._decoder.decode(data):
                return text.encode("utf-8", "replace")
        self._decoder.decode(b"", final=True)
        return b""
