"""Zip archives as a place where pictures lie: nothing is unpacked to disk, and what is too large is not unpacked at all."""

import threading
import weakref
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from stat import S_ISLNK

from olhar.base.errors import DataError, PictureError

MEMBER_LIMIT = 256 * 2**20
"""A member that declares more bytes than this is refused."""
MEMBERS_LIMIT = 5_000_000
_UNIX = 3
_STORED, _DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
_BOX_DRAWINGS = range(0x2500, 0x25A0)


class ZipMembers:
    """The files of a zip, by position. Safe to read from several threads.

    Raises:
        DataError: not a zip, encrypted, or with members that climb, are links or stand there twice.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = threading.Lock()
        self._file = path.open("rb")
        weakref.finalize(self, self._file.close)
        try:
            with zipfile.ZipFile(self._file) as archive:
                members = [info for info in archive.infolist() if not info.is_dir()]
        except (zipfile.BadZipFile, NotImplementedError, ValueError, EOFError) as error:
            raise DataError("data.zip_damaged", where=path.name) from error
        self.members = members
        self.names = [_name(info) for info in members]
        self._refuse()

    def _refuse(self) -> None:
        if len(self.members) > MEMBERS_LIMIT:
            raise DataError("data.zip_crowded", where=self.path.name, n=len(self.members))
        if len(set(self.names)) < len(self.names):
            raise DataError("data.zip_twice", where=self.path.name, member=_first_twice(self.names))
        for info, name in zip(self.members, self.names, strict=True):
            if climbs(name):
                raise DataError("data.zip_climbs", where=self.path.name, member=name)
            if info.create_system == _UNIX and S_ISLNK(info.external_attr >> 16):
                raise DataError("data.zip_link", where=self.path.name, member=name)
            if info.flag_bits & 1:
                raise DataError("data.zip_encrypted", where=self.path.name, member=name)

    def read(self, index: int) -> bytes:
        """The bytes of one member, checked against their CRC.

        Raises:
            PictureError: damaged, or larger than it may be.
        """
        info = self.members[index]
        if info.file_size > MEMBER_LIMIT or info.compress_type not in (_STORED, _DEFLATED):
            raise PictureError("picture.member_refused", name=self.names[index], megabytes=info.file_size / 2**20)
        raw = self._raw(info)
        try:
            data = raw if info.compress_type == _STORED else zlib.decompressobj(-15).decompress(raw, info.file_size + 1)
        except zlib.error as error:
            raise PictureError("picture.damaged", name=self.names[index]) from error
        if len(data) != info.file_size or zlib.crc32(data) != info.CRC:
            raise PictureError("picture.damaged", name=self.names[index])
        return data

    def _raw(self, info: zipfile.ZipInfo) -> bytes:
        with self._lock:
            self._file.seek(info.header_offset + 26)
            lengths = self._file.read(4)
            self._file.seek(int.from_bytes(lengths[:2], "little") + int.from_bytes(lengths[2:], "little"), 1)
            return self._file.read(info.compress_size)

    def stamp(self, index: int) -> bytes:
        """What changes when the member changes: its name, size and CRC."""
        info = self.members[index]
        return f"{self.names[index]}\0{info.file_size}\0{info.CRC}\n".encode("utf-8", "surrogateescape")


class ZipSource:
    """Some members of a zip, as a dataset's source."""

    def __init__(self, archive: ZipMembers, members: Sequence[int]) -> None:
        self.archive = archive
        self.members = members

    def read(self, index: int) -> bytes:
        """The bytes of picture ``index``."""
        return self.archive.read(self.members[index])

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and CRC of every picture."""
        return map(self.archive.stamp, self.members)


def climbs(name: str) -> bool:
    """Whether a member's name leads out of the archive's own folder."""
    plain = name.replace("\\", "/")
    return plain.startswith("/") or ".." in plain.split("/") or plain[1:2] == ":"


def _name(info: zipfile.ZipInfo) -> str:
    """The member's name; without the UTF-8 flag, read as cp850 where cp437 gives box drawings (Windows in Portuguese)."""
    name = info.filename
    if name.isascii() or info.flag_bits & 0x800 or not any(ord(c) in _BOX_DRAWINGS for c in name):
        return name
    try:
        raw = name.encode("cp437")
        return raw.decode("cp850")
    except UnicodeError:
        return name


def _first_twice(names: Sequence[str]) -> str:
    seen: set[str] = set()
    return next(name for name in names if name in seen or seen.add(name))
