"""Tar archives, plain or packed, as a place where pictures lie: indexed once, never unpacked into files."""

import bz2
import gzip
import io
import lzma
import tarfile
import threading
import weakref
import zlib
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import IO, BinaryIO, cast

from olhar.base.errors import DataError, PictureError
from olhar.data.dataset import Source
from olhar.data.files.files import MEMBER_LIMIT, FileSource, NameIndex, Whole, legible, without_files
from olhar.data.files.spool import spooled, window
from olhar.data.files.zip import MEMBERS_LIMIT, refuse_names

_HEAD = 2**20
_PACKED_NAMES = (".tar.gz", ".tgz", ".tar.bz2", ".tbz2", ".tar.xz", ".txz")
"""A packed file of such a name that does not begin as a tar is a damaged one, and no other form of data."""
_PACKED = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz"}


class TarMembers(Whole):
    """The files of a tar, by position, as ``Files``. Safe to read from several threads.

    A plain tar is read in place. A packed one has no random access: it is unpacked once into memory or, from 32 MiB on, into a
    temporary file without a name.

    Raises:
        DataError: not a whole tar, or with members that climb, are links or devices, or stand there twice.
    """

    archive = True

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.origin = path.stem.removesuffix(".tar")
        self._lock = threading.Lock()
        self._changed = path.stat().st_mtime_ns
        self._file = _plain(path)
        weakref.finalize(self, self._file.close)
        self._starts, self._sizes, self._times = array("q"), array("q"), array("q")
        self.names: list[str] = []
        self._folders: list[str] = []
        try:
            self._index()
        except (tarfile.TarError, EOFError, OSError, ValueError, OverflowError, RecursionError) as error:
            raise DataError("data.not_whole", where=self.name) from error
        refuse_names(self.name, self.names)
        self._by_name = NameIndex(self.names)
        self.empty_folders = without_files(self._folders, self.names)

    def _index(self) -> None:
        size = self._file.seek(0, io.SEEK_END)
        self._file.seek(0)
        with tarfile.open(fileobj=cast(IO[bytes], _Sparing(self._file)), mode="r:", encoding="utf-8") as archive:
            for member in archive:
                archive.members = []  # pyright: ignore[reportAttributeAccessIssue]  # tarfile would keep a kilobyte of each
                if member.isdir():
                    self._folders += [_name(member)] if len(self._folders) < MEMBERS_LIMIT else []
                    continue
                self._refuse(member)
                if member.offset_data + member.size > size:
                    raise DataError("data.not_whole", where=self.name)
                self.names.append(_name(member))
                self._starts.append(member.offset_data)
                self._sizes.append(member.size)
                self._times.append(int(member.mtime))
                if len(self.names) >= MEMBERS_LIMIT:
                    raise DataError("data.zip_crowded", where=self.name, n=len(self.names))

    def _refuse(self, member: tarfile.TarInfo) -> None:
        if member.issym() or member.islnk():
            raise DataError("data.zip_link", where=self.name, member=member.name)
        if not member.isreg() or member.issparse():
            raise DataError("data.tar_odd", where=self.name, member=member.name)

    def read(self, index: int) -> bytes:
        """The bytes of one member.

        Raises:
            PictureError: cut off, or larger than it may be.
        """
        size = self._sizes[index]
        if size > MEMBER_LIMIT:
            raise PictureError("picture.member_refused", name=self.names[index], megabytes=size / 2**20)
        data = self.head(index, size)
        if len(data) != size:
            raise PictureError("picture.damaged", name=self.names[index])
        return data

    def head(self, index: int, n: int) -> bytes:
        """The first bytes of one member."""
        with self._lock:
            self._file.seek(self._starts[index])
            return self._file.read(min(n, self._sizes[index]))

    def open(self, index: int) -> BinaryIO:
        """One member, to be read in any order, in its place."""
        return window(self._file, self._lock, self._starts[index], self._sizes[index], self)

    def size(self, index: int) -> int:
        """The size of one member in bytes."""
        return self._sizes[index]

    def stamp(self, index: int) -> bytes:
        """Name, size, place and times of change; a tar has no checksum of what lies in it."""
        numbers = (self._sizes[index], self._times[index], self._starts[index], self._changed)
        return f"{self.names[index]}\0{numbers}\n".encode("utf-8", "surrogateescape")

    def has(self, name: str) -> bool:
        """Whether there is a member of that name."""
        return self._by_name.index(name) >= 0

    def pictures(self, names: Sequence[str]) -> Source:
        """The members of these names."""
        return FileSource(self, [self._by_name.index(name) for name in names])


class _Sparing:
    """A file that tarfile may read only headers from, so that a header of gigabytes takes no memory."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek, self.tell = file.seek, file.tell

    def read(self, n: int = -1) -> bytes:
        """At most a megabyte."""
        if not 0 <= n <= _HEAD:
            raise tarfile.ReadError
        return self._file.read(n)


def is_tar(path: Path) -> bool:
    """Whether a file is a tar, plain or packed, by its content."""
    method = ""
    try:
        with path.open("rb") as file:
            method = packing(file.read(6))
            file.seek(0)
            found = starts_as_tar((_unpacking(file, method) if method else file).read(tarfile.BLOCKSIZE))
    except (OSError, EOFError, zlib.error, lzma.LZMAError, ValueError):
        found = False
    return found or (bool(method) and path.name.lower().endswith(_PACKED_NAMES))


def packing(head: bytes) -> str:
    """``gzip``, ``bzip2``, ``xz``, or nothing."""
    return next((method for magic, method in _PACKED.items() if head.startswith(magic)), "")


def starts_as_tar(head: bytes) -> bool:
    """Whether a block is the header of a tar's member: its checksum says so, in tars of any age."""
    if len(head) < tarfile.BLOCKSIZE or not any(head):
        return False
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return False
    return True


def _plain(path: Path) -> BinaryIO:
    file = path.open("rb")
    method = packing(file.read(6))
    file.seek(0)
    if not method:
        return file
    with file, _unpacking(file, method) as stream:
        return spooled(stream, path.stat().st_size, path.name)


def _unpacking(file: BinaryIO, method: str) -> IO[bytes]:
    if method == "gzip":
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    if method == "bzip2":
        return cast(IO[bytes], bz2.BZ2File(file))
    return cast(IO[bytes], lzma.LZMAFile(file))


def _name(member: tarfile.TarInfo) -> str:
    """The member's name as text, with forward slashes and without a leading ``./``."""
    name = legible(member.name).replace("\\", "/")
    while name.startswith("./"):
        name = name[2:]
    return name
