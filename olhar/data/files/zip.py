"""Zip archives as a place where pictures lie: nothing is unpacked to disk, and what is too large is not unpacked at all."""

import io
import struct
import threading
import weakref
import zipfile
import zlib
from collections.abc import Sequence
from pathlib import Path
from stat import S_ISLNK
from typing import IO, BinaryIO, cast

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, PictureError
from olhar.data.dataset import Source
from olhar.data.files.files import MEMBER_LIMIT, FileSource, NameIndex, Whole, without_files
from olhar.data.files.spool import spooled, unpacked_limit, window

MEMBERS_LIMIT = 1_000_000
"""An archive of so many members, or more, is refused."""
_UNIX = 3
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_BOX_DRAWINGS = range(0x2500, 0x25A0)
_END, _END_64, _END_SIZE, _LONGEST_COMMENT = b"PK\x05\x06", b"PK\x06\x06", 22, 1 << 16
_ENTRY = b"PK\x01\x02"
"""With it an entry of the directory begins; so does a zip whose directory comes first, or is all that there is."""
_HEADER = 30
"""Bytes of the shortest header of a member."""
_SHORTEST = 47
"""Bytes of a directory's shortest entry."""


class ZipMembers(Whole):
    """The files of a zip, by position, as ``Files``. Safe to read from several threads.

    Args:
        path: the zip, or what to call it.
        file: where its bytes are, if not in ``path``.

    Raises:
        DataError: not a zip, encrypted, or with members that climb, are links, overlap or stand there twice.
    """

    archive = True

    def __init__(self, path: Path, file: BinaryIO | None = None) -> None:
        self.path, self.name, self.origin = path, path.name, path.stem
        self._lock = threading.Lock()
        self._file = file or path.open("rb")
        weakref.finalize(self, self._file.close)
        try:
            _refuse_crowds(self._file, self.name)
            with zipfile.ZipFile(self._file) as archive:
                entries = archive.infolist()
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError, OSError, struct.error) as error:
            raise DataError("data.zip_damaged", where=path.name) from error
        members = [info for info in entries if not info.is_dir()]
        self.names = [_name(info) for info in members]
        self.empty_folders = without_files((_name(info) for info in entries if info.is_dir()), self.names)
        refuse_names(self.name, self.names)
        for info, name in zip(members, self.names, strict=True):
            _refuse_member(info, name, self.name)
        numbers = [(i.header_offset, i.compress_size, i.file_size, i.CRC, i.compress_type) for i in members]
        self._table = np.array(numbers, dtype=np.int64).reshape(-1, 5)  # a fifth of what zipfile keeps of a member
        _refuse_overlaps(self._table, self._file.seek(0, io.SEEK_END), self.names, self.name)
        self._by_name = NameIndex(self.names)

    def read(self, index: int) -> bytes:
        """The bytes of one member, checked against their CRC.

        Raises:
            PictureError: damaged, or larger than it may be.
        """
        offset, packed, size, crc, method = self._table[index].tolist()
        if size > MEMBER_LIMIT or method not in (_STORED, _DEFLATED):
            raise PictureError("picture.member_refused", name=self.names[index], megabytes=size / 2**20)
        with self._lock:
            self._file.seek(self._start(offset))
            raw = self._file.read(packed)
        try:
            data = raw if method == _STORED else zlib.decompressobj(-15).decompress(raw, size + 1)
        except zlib.error as error:
            raise PictureError("picture.damaged", name=self.names[index]) from error
        if len(data) != size or zlib.crc32(data) != crc:
            raise PictureError("picture.damaged", name=self.names[index])
        return data

    def _start(self, header: int) -> int:
        """Where the bytes of a member begin; under the lock.

        Raises:
            PictureError: the directory leads to a place that there is not.
        """
        try:
            self._file.seek(header + 26)
            lengths = self._file.read(4)
        except (OSError, ValueError, OverflowError) as error:
            raise PictureError("picture.damaged", name=self.name) from error
        return header + 30 + int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little")

    def head(self, index: int, n: int) -> bytes:
        """The first bytes of one member."""
        offset, packed, _, _, method = self._table[index].tolist()
        try:
            with self._lock:
                self._file.seek(self._start(offset))
                raw = self._file.read(min(packed, n + 1024))
            return raw[:n] if method == _STORED else zlib.decompressobj(-15).decompress(raw, n) if method == _DEFLATED else b""
        except (zlib.error, PictureError):
            return b""

    def open(self, index: int) -> BinaryIO:
        """One member, to be read in any order: in its place where it is stored, else unpacked once.

        Raises:
            DataError: damaged, or it unpacks to more than it should.
        """
        offset, packed, size, _, method = self._table[index].tolist()
        if method not in (_STORED, _DEFLATED):
            raise PictureError("picture.member_refused", name=self.names[index], megabytes=size / 2**20)
        if size > unpacked_limit(packed):
            raise DataError("data.bomb", where=self.names[index], megabytes=unpacked_limit(packed) / 2**20)
        with self._lock:
            start = self._start(offset)
        stretch = window(self._file, self._lock, start, packed, self)
        return stretch if method == _STORED else spooled(cast(IO[bytes], _Inflated(stretch)), packed, self.names[index])

    def size(self, index: int) -> int:
        """The size of one member in bytes."""
        return int(self._table[index, 2])

    def stamp(self, index: int) -> bytes:
        """What changes when the member changes: its name, size and CRC."""
        _, _, size, crc, _ = self._table[index].tolist()
        return f"{self.names[index]}\0{size}\0{crc}\n".encode("utf-8", "surrogateescape")

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return self._by_name.index(name) >= 0

    def pictures(self, names: Sequence[str]) -> Source:
        """The members of these names."""
        return FileSource(self, [self._by_name.index(name) for name in names])


class _Inflated:
    """What comes out of deflated bytes, a little at a time."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._machine = file, zlib.decompressobj(-15)

    def read(self, n: int) -> bytes:
        """At most ``n`` bytes, none at the end."""
        while not self._machine.eof:
            packed = self._machine.unconsumed_tail or self._file.read(1 << 16)
            data = self._machine.decompress(packed, n)
            if data:
                return data
            if not packed:
                raise EOFError
        return b""


def refuse_names(where: str, names: Sequence[str]) -> None:
    """Refuse an archive with too many members, with the same name twice, or with one that climbs.

    Raises:
        DataError: it is refused, with the reason.
    """
    if len(names) >= MEMBERS_LIMIT:
        raise DataError("data.zip_crowded", where=where, n=len(names))
    refuse_twice(where, names)
    for name in names:
        if leads_outside(name):
            raise DataError("data.zip_climbs", where=where, member=name)


def refuse_twice(where: str, names: Sequence[str]) -> None:
    """Refuse what holds the same name twice.

    Raises:
        DataError: it does.
    """
    if len(set(names)) < len(names):
        raise DataError("data.zip_twice", where=where, member=_first_twice(names))


def leads_outside(name: str) -> bool:
    """Whether a member's name leads out of the archive's own folder (path traversal)."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":"


def is_zip(path: Path) -> bool:
    """Whether a file is a zip, by its content."""
    with path.open("rb") as file:
        return starts_as_zip(file.read(4))


def starts_as_zip(head: bytes) -> bool:
    """Whether the first bytes are those of a zip."""
    return head[:4] in (b"PK\x03\x04", b"PK\x05\x06", _ENTRY)


def _refuse_member(info: zipfile.ZipInfo, name: str, where: str) -> None:
    if info.create_system == _UNIX and S_ISLNK(info.external_attr >> 16):
        raise DataError("data.zip_link", where=where, member=name)
    if info.flag_bits & 1:
        raise DataError("data.zip_encrypted", where=where, member=name)


def _refuse_overlaps(table: NDArray[np.int64], size: int, names: Sequence[str], where: str) -> None:
    """Each member has bytes of its own: many that share some would unpack to more than the file could ever hold.

    Args:
        table: offset of the header and packed size of each member, in its first columns.
        size: of the whole file.
        names: of the members.
        where: names the file.

    Raises:
        DataError: two members share bytes, or one lies outside the file.
    """
    starts, ends = table[:, 0], table[:, 0] + _HEADER + table[:, 1]
    if ((starts < 0) | (ends > size)).any():
        raise DataError("data.zip_damaged", where=where)
    order = np.argsort(starts, kind="stable")
    shared = np.flatnonzero(ends[order[:-1]] > starts[order[1:]])
    if len(shared):
        raise DataError("data.zip_overlap", where=where, member=names[int(order[shared[0] + 1])])


def _refuse_crowds(file: BinaryIO, where: str) -> None:
    """Count the members before a table of a million rows is made; a large directory is not taken at its word."""
    size = file.seek(0, io.SEEK_END)
    tail_start = file.seek(max(0, size - _END_SIZE - _LONGEST_COMMENT))
    tail = file.read()
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + _END_SIZE:
        return
    n, directory = struct.unpack("<HI", tail[at + 10 : at + 16])
    at64 = tail.rfind(_END_64, 0, at)
    if n == 0xFFFF and at64 >= 0 and len(tail) >= at64 + 48:
        at = at64
        n, directory = struct.unpack("<QQ", tail[at + 32 : at + 48])
    if n < MEMBERS_LIMIT and directory >= MEMBERS_LIMIT * _SHORTEST:
        n = _counted(file, max(0, tail_start + at - directory), tail_start + at)
    if n >= MEMBERS_LIMIT:
        raise DataError("data.zip_crowded", where=where, n=n)


def _counted(file: BinaryIO, at: int, end: int) -> int:
    """How many members a directory lists, up to the limit."""
    n = 0
    while at < end and n < MEMBERS_LIMIT:
        file.seek(at)
        head = file.read(_SHORTEST)
        if head[:4] != _ENTRY or len(head) < _SHORTEST:
            break
        at += 46 + sum(struct.unpack("<HHH", head[28:34]))
        n += 1
    return n


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name, with forward slashes; without the UTF-8 flag, as cp850 where cp437 gives box drawings."""
    name = info.filename
    if not name.isascii() and not info.flag_bits & 0x800 and any(ord(c) in _BOX_DRAWINGS for c in name):
        try:
            name = name.encode("cp437").decode("cp850")  # Windows in Portuguese
        except UnicodeError:
            name = info.filename
    return name.replace("\\", "/")


def _first_twice(names: Sequence[str]) -> str:
    earlier: set[str] = set()
    return next(name for name in names if name in earlier or earlier.add(name))
