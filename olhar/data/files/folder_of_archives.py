"""A folder whose pictures lie in archives, as ``Files``: each archive as if it lay unpacked in a folder of its own name."""

import re
from array import array
from collections import Counter
from collections.abc import Generator, Mapping, Sequence, Set
from contextlib import contextmanager
from typing import BinaryIO

from olhar.base.errors import DataError
from olhar.data.dataset import Source
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, FileSource, NameIndex, Whole, without_files
from olhar.data.files.zip import refuse_twice

_ENDING = re.compile(r"\.(zip|tar(\.(gz|bz2|xz))?|tgz|tbz2|txz)$", re.IGNORECASE)
_SAMPLES = re.compile(r"(?<=[^/])-samples( ?\(\d+\))?$")
"""What Teachable Machine writes behind the class, and a browser behind a name that it has written before."""


class FolderOfArchives(Whole):
    """The files of a folder, and in place of each archive those in it; without what is excluded.

    A folder's own file, which is no picture, stands in the place of an archive's of the same name.

    Args:
        folder: the folder, the archives among its files.
        archives: each archive by its place among those files.
        excluded: what to leave out, by names as they stand here.

    Raises:
        DataError: two archives bring files of one name.
    """

    archive = False

    def __init__(self, folder: Files, archives: Mapping[int, Files], excluded: Excluded | None = None) -> None:
        self.name, self.origin = folder.name, folder.origin
        self.hidden: Sequence[tuple[str, int]] = getattr(folder, "hidden", ())
        self.archives = [folder.names[row] for row in archives]
        self._folder, self._pieces = folder, [folder, *archives.values()]
        above = ["", *(f"{title}/" for title in _titles(self.archives, set(folder.names)))]
        empty = [top + path for top, files in zip(above, self._pieces, strict=True) for path in files.empty_folders]
        self.names: list[str] = []
        self._piece, self._row = array("q"), array("q")
        self._add(0, "", [row for row in range(len(folder.names)) if row not in archives])
        own = set(self.names)
        for piece, (top, files) in enumerate(zip(above[1:], self._pieces[1:], strict=True), 1):
            self._add(piece, top, [row for row, name in enumerate(files.names) if top + name not in own])
        refuse_twice(self.origin, self.names)
        self.empty_folders = without_files(empty, self.names)
        if excluded is not None:
            self._keep(excluded.kept(self.names, further=True))
        self._by_name = NameIndex(self.names)

    def _add(self, piece: int, top: str, rows: Sequence[int]) -> None:
        self.names += [top + self._pieces[piece].names[row] for row in rows]
        self._piece.extend([piece] * len(rows))
        self._row.extend(rows)

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


def _titles(archives: Sequence[str], paths: Set[str]) -> list[str]:
    """A folder for each archive; one that is a file's or another's folder too is called by the archive's whole name."""
    titles = [*map(unpacked_name, archives)]
    often = Counter(titles)
    return [path if often[title] > 1 or title in paths else title for path, title in zip(archives, titles, strict=True)]
