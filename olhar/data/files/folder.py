"""A folder as ``Files``: what lies below it, or one file in it."""

import os
import posixpath
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, count
from pathlib import Path
from typing import BinaryIO

from olhar.base.errors import DataError, PictureError
from olhar.data import layout
from olhar.data.dataset import Source
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import MEMBER_LIMIT, legible


@dataclass(frozen=True)
class FolderSource:
    """Picture files below a folder, by their names on the disk."""

    root: Path
    files: Sequence[str]

    def read(self, index: int) -> bytes:
        """The bytes of picture ``index``.

        Raises:
            PictureError: it vanished, may not be read, or is larger than it may be.
        """
        path, name = self.root / self.files[index], legible(self.files[index])
        try:
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):  # a pipe would keep us waiting for ever
                raise PictureError("picture.vanished", name=name)
            if status.st_size > MEMBER_LIMIT:
                raise PictureError("picture.member_refused", name=name, megabytes=status.st_size / 2**20)
            return path.read_bytes()
        except (OSError, ValueError) as error:
            raise PictureError("picture.vanished", name=name) from error

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and time of change of every picture."""
        return (_stamp(self.root, name) for name in self.files)


_RUN = frozenset(("request.json", "recipe.toml"))
"""What lies in the folder of each training, whose pictures and tables are Olhar's own."""


class FolderFiles:
    """The files below a folder, or one of them alone; ``names`` are those on the disk, which are shown as text."""

    archive = False

    def __init__(self, root: Path, names: Sequence[str], origin: str = "", empty: Sequence[str] = ()) -> None:
        self.empty_folders = [legible(name) for name in empty]
        self.root, self.names, self._files = root, _legible_names(names), names
        renamed = () if self.names is names else zip(self.names, names, strict=True)
        self._renamed = {shown: name for shown, name in renamed if shown != name}
        self.name = self.names[0] if origin else root.resolve().name
        self.origin = origin or self.name
        self.single = bool(origin)
        self.hidden: Sequence[tuple[str, int]] = ()
        self.runs: Sequence[str] = ()
        self._excluded: Excluded | None = None

    @classmethod
    def below(cls, root: Path, excluded: Excluded | None = None) -> "FolderFiles":
        """All of them but those that are ``excluded``, and what trainings wrote. Links are not followed: a loop ends."""
        names, empty = list[str](), list[str]()
        hidden, runs = list[tuple[str, int]](), list[str]()
        for folder, subfolders, files in os.walk(root):
            inside = Path(folder).relative_to(root).as_posix()
            above = "" if inside == "." else f"{inside}/"
            if above and _RUN.issubset(files):
                runs.append(legible(inside))
                subfolders.clear()
                continue
            left = [name for name in subfolders if layout.hidden(name)]
            hidden += ((above + name, _pictures_in(f"{folder}/{name}")) for name in left)
            subfolders[:] = sorted(set(subfolders).difference(left))
            if not subfolders and all(map(layout.hidden, files)):
                empty.append(inside)
            names += (above + name for name in files)
        found = cls(root, [names[place] for place in excluded.kept(names)] if excluded else names, empty=empty)
        found.runs = runs
        found.hidden = [(legible(place), n) for place, n in hidden if n]
        return found

    @classmethod
    def alone(cls, path: Path, excluded: Excluded | None = None) -> "FolderFiles":
        """One file; what it names lies in its own folder, and may be ``excluded``."""
        found = cls(path.parent, [path.name], path.stem)
        found._excluded = excluded
        return found

    def around(self) -> "FolderFiles":
        """See ``Files``."""
        return FolderFiles.below(self.root, self._excluded) if self.single else self

    def beside(self) -> Sequence[str]:
        """See ``Files``."""
        with suppress(OSError):
            return sorted(legible(entry.name) for entry in os.scandir(self.root) if self.single and entry.is_file())
        return ()

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        return FolderSource(self.root, self._files).read(index)

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        try:
            with self.open(index) as file:
                return file.read(n)
        except (DataError, OSError):
            return b""

    def path(self, index: int) -> Path:
        """Where a file lies."""
        return self.root / self._files[index]

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        path = self.path(index)
        try:
            if stat.S_ISREG(path.stat().st_mode):
                return path.open("rb")
        except (OSError, ValueError) as error:
            raise PictureError("picture.vanished", name=self.names[index]) from error
        raise PictureError("picture.vanished", name=self.names[index])

    def size(self, index: int) -> int:
        """See ``Files``."""
        try:
            return os.stat(f"{self.root}/{self._files[index]}").st_size  # noqa: PTH116 (a Path takes longer than the question)
        except (OSError, ValueError):
            return -1

    def stamp(self, index: int) -> bytes:
        """See ``Files``."""
        return _stamp(self.root, self._files[index])

    def has(self, name: str) -> bool:
        """See ``Files``."""
        try:
            return (self.root / self._renamed.get(name, name)).is_file()
        except (OSError, ValueError):
            return False

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return FolderSource(self.root, [self._renamed.get(name, name) for name in names] if self._renamed else names)


def _pictures_in(folder: str) -> int:
    """How many files right in a folder bear names of pictures."""
    try:
        with os.scandir(folder) as entries:
            return sum(layout.is_picture(entry.name) and not layout.hidden(entry.name) for entry in entries)
    except OSError:
        return 0


def _legible_names(names: Sequence[str]) -> Sequence[str]:
    """Each name as text. Where two then read alike, the one that had to be read otherwise than it stands gets a number."""
    if all(map(str.isascii, names)):
        return names
    shown = [legible(name) for name in names]
    renamed = [row for row, name in enumerate(names) if shown[row] != name]
    if not renamed:
        return names
    used = set(names)
    for row in renamed:
        stem, ending = posixpath.splitext(shown[row])
        free = chain((shown[row],), (f"{stem}-{n}{ending}" for n in count(2)))
        shown[row] = next(name for name in free if name not in used)
        used.add(shown[row])
    return shown


def _stamp(root: Path, name: str) -> bytes:
    try:
        status = (root / name).stat()
    except (OSError, ValueError):
        return f"{name}\0gone\n".encode("utf-8", "surrogateescape")
    return f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode("utf-8", "surrogateescape")
