"""Files by name, wherever they lie: every reader reads through these, and so works in a folder as in an archive."""

import gzip
import os
import threading
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import IO, BinaryIO, Protocol, Self, cast
from weakref import WeakKeyDictionary

from olhar.base.errors import PictureError
from olhar.data import layout
from olhar.data.dataset import Source
from olhar.data.files.spool import spooled

MEMBER_LIMIT = 256 * 2**20
"""A picture of more bytes than this is refused."""
MOST_OTHERS = 1000
"""So many files that are no pictures are looked at."""


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
    def empty_folders(self) -> Sequence[str]:
        """Paths of the folders in which nothing lies, as far as that is told."""
        ...

    @property
    def archive(self) -> bool:
        """Whether they lie in an archive."""
        ...

    @property
    def single(self) -> bool:
        """Whether they are one file that was named, and not all that lies there."""
        ...

    def around(self) -> "Files":
        """All that lies in the folder of a file alone and below; else the files themselves."""
        ...

    def beside(self) -> Sequence[str]:
        """The names of the files in the folder of a file alone, itself among them; else nothing."""
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

    def size(self, index: int) -> int:
        """The size of one file in bytes; -1 where it cannot be known."""
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


def without_files(folders: Iterable[str], names: Sequence[str]) -> list[str]:
    """Those of an archive's own entries for folders in and below which nothing lies."""
    wanted = sorted({folder.strip("/") for folder in folders})
    filled = {name.rpartition("/")[0] for name in names} | {folder.rpartition("/")[0] for folder in wanted}
    for path in list(filled):
        while path := path.rpartition("/")[0]:
            filled.add(path)
    return [folder for folder in wanted if folder not in filled]


_LISTINGS: WeakKeyDictionary[Files, layout.Listing] = WeakKeyDictionary()


class Whole:
    """What ``Files`` say that are all that lies there."""

    single = False

    def around(self) -> Self:
        """See ``Files``."""
        return self

    def beside(self) -> Sequence[str]:
        """See ``Files``."""
        return ()


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


class NameIndex:
    """Looks an archive's files up by name; names from a Mac and from Windows are one."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._table: dict[str, int] | None = None
        self._lock = threading.Lock()

    def index(self, name: str) -> int:
        """The position of a file, -1 where there is none."""
        with self._lock:
            if self._table is None:
                self._table = {unicodedata.normalize("NFC", entry): i for i, entry in enumerate(self._names)}
                self._table |= {entry: i for i, entry in enumerate(self._names)}
        return self._table.get(name, self._table.get(unicodedata.normalize("NFC", name), -1))


def legible(path: str) -> str:
    """A path as text that every file can hold: a step of it that is not UTF-8 is read as Windows wrote it."""
    return path if path.isascii() else "/".join(map(_as_text, path.split("/")))


def _as_text(step: str) -> str:
    try:
        return step.encode("utf-8", "surrogateescape").decode("utf-8")
    except UnicodeDecodeError as error:
        return error.object.decode("cp1252", "replace")
    except UnicodeEncodeError:  # half of a pair, which Windows lets stand in a name
        return step.encode("utf-8", "replace").decode("utf-8")


def non_pictures(files: Files) -> list[int]:
    """The files that are neither pictures by their name nor what systems leave behind; at most a thousand."""
    return listing(files).others[:MOST_OTHERS]


def hidden_pictures(files: Files) -> list[tuple[str, int]]:
    """Where pictures lie that are hidden, and how many: in hidden folders, or as ``._1.jpg`` beside others (``*/.*``)."""
    folders: Sequence[tuple[str, int]] = getattr(files, "hidden", ())
    seen = listing(files)
    n_hidden = len(files.names) - len(seen.pictures) - len(seen.others)
    names = [name for name in files.names if layout.is_picture(name) and layout.hidden(name)] if n_hidden else []
    return [*folders, *([(names[0] if len(names) == 1 else "*/.*", len(names))] if names else [])]


def listing(files: Files) -> layout.Listing:
    """Where the pictures stand among ``names``, and the other files; found out once for all readers."""
    known = _LISTINGS.get(files)
    if known is None:
        known = _LISTINGS[files] = layout.sorted_out(files.names)
    return known


def open_unpacked(files: Files, index: int) -> BinaryIO:
    """A file to be read in any order; what gzip packed is unpacked."""
    file = files.open(index)
    if file.read(2) != b"\x1f\x8b":
        file.seek(0)
        return file
    packed = file.seek(0, os.SEEK_END)
    file.seek(0)
    with file, gzip.open(file) as stream:
        return spooled(cast(IO[bytes], stream), packed, files.names[index])


def first_bytes(files: Files, index: int, n: int) -> bytes:
    """The first bytes of a file, at most ``n``; of what gzip packed, those inside."""
    head = files.head(index, n + 1024)
    if head[:2] != b"\x1f\x8b":
        return head[:n]
    try:
        return zlib.decompressobj(31).decompress(head, n)
    except zlib.error:
        return b""
