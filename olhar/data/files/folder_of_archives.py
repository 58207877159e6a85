"""A folder whose pictures lie in archives, as ``Files``: each archive as if it lay unpacked in a folder of its own name."""

import posixpath
import re
from array import array
from collections import Counter
from collections.abc import Generator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import BinaryIO

from olhar.base.errors import DataError
from olhar.data import layout
from olhar.data.dataset import Source
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, FileSource, NameIndex, Whole

_ENDING = re.compile(r"\.(zip|tar(\.(gz|bz2|xz))?|tgz|tbz2|txz)$", re.IGNORECASE)
_SAMPLES = re.compile(r"(?<=[^/])-samples( ?\(\d+\))?$")
"""What Teachable Machine writes behind the class, and a browser behind a name that it has written before."""


class FolderOfArchives(Whole):
    """The files of a folder, and in place of each archive those in it; without what is excluded.

    Args:
        folder: the folder, the archives among its files.
        archives: each archive by its place among those files.
        excluded: what to leave out, by names as they stand here.
    """

    archive = False

    def __init__(self, folder: Files, archives: Mapping[int, Files], excluded: Excluded | None = None) -> None:
        self.name, self.origin = folder.name, folder.origin
        self.hidden: Sequence[tuple[str, int]] = getattr(folder, "hidden", ())
        self.archives = [folder.names[row] for row in archives]
        self._folder, self._pieces = folder, [folder, *archives.values()]
        above = ["", *(f"{name}/" for name in unpacked_names(self.archives, _taken(folder.names)))]
        self.empty_folders = [top + path for top, files in zip(above, self._pieces, strict=True) for path in files.empty_folders]
        self.names: list[str] = []
        self._piece, self._row = array("q"), array("q")
        for piece, files in enumerate(self._pieces):
            rows = [row for row in range(len(files.names)) if piece or row not in archives]
            self.names += [above[piece] + files.names[row] for row in rows]
            self._piece.extend([piece] * len(rows))
            self._row.extend(rows)
        if excluded is not None:
            self._keep(excluded.kept(self.names, further=True))
        self._by_name = NameIndex(self.names)

    def _keep(self, places: Sequence[int]) -> None:
        self.names = [self.names[place] for place in places]
        self._piece, self._row = (array("q", [column[place] for place in places]) for column in (self._piece, self._row))

    def _at(self, index: int) -> tuple[Files, int]:
        return self._pieces[self._piece[index]], self._row[index]

    @contextmanager
    def _naming(self, index: int) -> Generator[None]:
        """An archive names its members without itself; here the whole name tells which of several ``0.jpg`` it was."""
        try:
            yield
        except DataError as error:
            error.values["where" if "where" in error.values else "name"] = self.names[index]
            raise

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        files, row = self._at(index)
        with self._naming(index):
            return files.read(row)

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        files, row = self._at(index)
        return files.head(row, n)

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        files, row = self._at(index)
        with self._naming(index):
            return files.open(row)

    def size(self, index: int) -> int:
        """See ``Files``."""
        files, row = self._at(index)
        return files.size(row)

    def stamp(self, index: int) -> bytes:
        """See ``Files``: an archive's stamp opens with the name that it knows, so the whole name stands before it."""
        files, row = self._at(index)
        return self.names[index].encode("utf-8", "surrogateescape") + b"\0" + files.stamp(row)

    def has(self, name: str) -> bool:
        """See ``Files``."""
        return self._by_name.index(name) >= 0 or self._folder.has(name)

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return FileSource(self, [self._by_name.index(name) for name in names])


def is_archive_name(path: str) -> bool:
    """Whether a file is called as a zip or a tar."""
    return _ENDING.search(path) is not None


def unpacked_name(path: str) -> str:
    """The folder that an archive would be unpacked into: ``Rock-samples.zip`` gives ``Rock``."""
    return _SAMPLES.sub("", _ENDING.sub("", path))


def unpacked_names(archives: Sequence[str], taken: Set[str] = frozenset()) -> list[str]:
    """A folder for each archive; one whose folder is there already, or is another's too, is called by its whole name."""
    folders = [*map(unpacked_name, archives)]
    often = Counter(folders)
    return [path if often[folder] > 1 or folder in taken else folder for path, folder in zip(archives, folders, strict=True)]


def _taken(names: Sequence[str]) -> set[str]:
    """The files and folders that are there, but for what systems leave behind."""
    seen = {name for name in names if not layout.hidden(name)}
    above = seen
    while above := {folder for path in above if (folder := posixpath.dirname(path))} - seen:
        seen |= above
    return seen
