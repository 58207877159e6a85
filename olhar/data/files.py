"""Files by name, wherever they lie: every reader reads through these, and so works in a folder as in an archive."""

import gzip
import os
import posixpath
import stat
import threading
import unicodedata
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, Protocol, cast

from olhar.base.errors import DataError, PictureError
from olhar.data import layout
from olhar.data.dataset import Source
from olhar.data.spool import spooled

MEMBER_LIMIT = 256 * 2**20
"""A picture of more bytes than this is refused."""
_LOOKED_AT = 1000


class Files(Protocol):
    """Files by name. Safe to read from several threads."""

    @property
    def name(self) -> str:
        """What to call the whole in an error: its last step."""
        ...

    @property
    def origin(self) -> str:
        """What to call the data."""
        ...

    @property
    def names(self) -> Sequence[str]:
        """Relative POSIX paths."""
        ...

    @property
    def archive(self) -> bool:
        """Whether they lie in an archive."""
        ...

    def read(self, index: int) -> bytes:
        """All bytes of one file.

        Raises:
            PictureError: gone, damaged, or larger than it may be.
        """
        ...

    def head(self, index: int, n: int) -> bytes:
        """The first bytes of one file; none where it cannot be read."""
        ...

    def open(self, index: int) -> BinaryIO:
        """One file, to be read in any order. Several threads share it under a lock of their own.

        Raises:
            DataError: gone, or it unpacks to more than it should.
        """
        ...

    def stamp(self, index: int) -> bytes:
        """What changes when the file changes."""
        ...

    def has(self, name: str) -> bool:
        """Whether there is a file of that name, also one that is not listed in ``names``."""
        ...

    def pictures(self, names: Sequence[str]) -> Source:
        """The files of these names as a dataset's source; those that are not there are named when they are read."""
        ...


@dataclass(frozen=True)
class FolderSource:
    """Picture files below a folder."""

    root: Path
    files: Sequence[str]

    def read(self, index: int) -> bytes:
        """The bytes of picture ``index``.

        Raises:
            PictureError: it vanished, may not be read, or is larger than it may be.
        """
        path = self.root / self.files[index]
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):  # a pipe would keep us waiting for ever
                raise PictureError("picture.vanished", name=self.files[index])
            if found.st_size > MEMBER_LIMIT:
                raise PictureError("picture.member_refused", name=self.files[index], megabytes=found.st_size / 2**20)
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise PictureError("picture.vanished", name=self.files[index]) from error

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and time of change of every picture."""
        return (_stamp(self.root, name) for name in self.files)


@dataclass(frozen=True)
class FileSource:
    """Some files of an archive as a dataset's source; index -1 stands for one that is not there."""

    files: Files
    rows: Sequence[int]

    def read(self, index: int) -> bytes:
        """The bytes of picture ``index``.

        Raises:
            PictureError: it is not there, damaged, or larger than it may be.
        """
        row = self.rows[index]
        if row < 0:
            raise PictureError("picture.vanished", name=self.files.name)
        return self.files.read(row)

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and checksum of every picture."""
        return (b"gone\n" if row < 0 else self.files.stamp(row) for row in self.rows)


class FolderFiles:
    """The files below a folder, or one of them alone."""

    archive = False

    def __init__(self, root: Path, names: Sequence[str], origin: str = "") -> None:
        self.root, self.names = root, names
        self.name = names[0] if origin else root.resolve().name
        self.origin = origin or self.name

    @classmethod
    def below(cls, root: Path) -> "FolderFiles":
        """All of them. Links to folders are not followed, so that a loop ends."""
        found: list[str] = []
        for folder, below, files in os.walk(root):
            below[:] = sorted(name for name in below if not layout.hidden(name))
            inside = Path(folder).relative_to(root).as_posix()
            found += (name if inside == "." else f"{inside}/{name}" for name in files)
        return cls(root, found)

    @classmethod
    def alone(cls, path: Path) -> "FolderFiles":
        """One file; what it names lies in its own folder."""
        return cls(path.parent, [path.name], path.stem)

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        return FolderSource(self.root, self.names).read(index)

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        try:
            with self.open(index) as file:
                return file.read(n)
        except (DataError, OSError):
            return b""

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        path = self.root / self.names[index]
        try:
            if stat.S_ISREG(path.stat().st_mode):
                return path.open("rb")
        except (OSError, ValueError) as error:
            raise PictureError("picture.vanished", name=self.names[index]) from error
        raise PictureError("picture.vanished", name=self.names[index])

    def stamp(self, index: int) -> bytes:
        """See ``Files``."""
        return _stamp(self.root, self.names[index])

    def has(self, name: str) -> bool:
        """See ``Files``."""
        try:
            return (self.root / name).is_file()
        except (OSError, ValueError):
            return False

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return FolderSource(self.root, names)


class Inside:
    """A folder, or a single file, of an archive."""

    archive = True

    def __init__(self, files: Files, inside: str) -> None:
        whole = {name: i for i, name in enumerate(files.names)}
        self._files = files
        if inside in whole:
            self._rows, self._folder = [whole[inside]], posixpath.dirname(inside)
            self.origin = posixpath.splitext(posixpath.basename(inside))[0]
        else:
            self._rows, self._folder = [i for name, i in whole.items() if name.startswith(f"{inside}/")], inside
            self.origin = posixpath.basename(inside)
        if not self._rows:
            raise DataError("data.zip_no_such_folder", where=files.name, folder=inside)
        self.name = posixpath.basename(inside)
        start = len(self._folder) + 1 if self._folder else 0
        self.names = [files.names[i][start:] for i in self._rows]

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.read(self._rows[index])

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        return self._files.head(self._rows[index], n)

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        return self._files.open(self._rows[index])

    def stamp(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.stamp(self._rows[index])

    def has(self, name: str) -> bool:
        """See ``Files``."""
        return self._files.has(posixpath.join(self._folder, name))

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return self._files.pictures([posixpath.join(self._folder, name) for name in names])


class Named:
    """Looks an archive's files up by name; names from a Mac and from Windows are one."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._table: dict[str, int] | None = None
        self._lock = threading.Lock()

    def index(self, name: str) -> int:
        """The position of a file, -1 where there is none."""
        with self._lock:
            if self._table is None:
                self._table = {unicodedata.normalize("NFC", each): i for i, each in enumerate(self._names)}
                self._table |= {each: i for i, each in enumerate(self._names)}
        return self._table.get(name, self._table.get(unicodedata.normalize("NFC", name), -1))


def others(files: Files) -> list[int]:
    """The files that are neither pictures by their name nor what systems leave behind; at most a thousand."""
    found = (i for i, name in enumerate(files.names) if not (layout.is_picture(name) or layout.hidden(name)))
    return [i for i, _ in zip(found, range(_LOOKED_AT), strict=False)]


def opened(files: Files, index: int) -> BinaryIO:
    """A file to be read in any order; what gzip packed is unpacked."""
    file = files.open(index)
    if file.read(2) != b"\x1f\x8b":
        file.seek(0)
        return file
    packed = file.seek(0, os.SEEK_END)
    file.seek(0)
    with file, gzip.open(file) as stream:
        return spooled(cast(IO[bytes], stream), packed, files.names[index])


def start(files: Files, index: int, n: int) -> bytes:
    """The first bytes of a file, at most ``n``; of what gzip packed, those inside."""
    found = files.head(index, n + 1024)
    if found[:2] != b"\x1f\x8b":
        return found[:n]
    try:
        return zlib.decompressobj(31).decompress(found, n)
    except zlib.error:
        return b""


def _stamp(root: Path, name: str) -> bytes:
    try:
        found = (root / name).stat()
    except (OSError, ValueError):
        return f"{name}\0gone\n".encode("utf-8", "surrogateescape")
    return f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
