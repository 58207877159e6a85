"""A folder as ``Files``: what lies below it, or one file in it."""

import os
import stat
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.data import layout
from olhar.data.dataset import Source
from olhar.data.files import MEMBER_LIMIT


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


def _stamp(root: Path, name: str) -> bytes:
    try:
        found = (root / name).stat()
    except (OSError, ValueError):
        return f"{name}\0gone\n".encode("utf-8", "surrogateescape")
    return f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
