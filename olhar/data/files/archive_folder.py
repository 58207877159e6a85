"""A folder or a single file of an archive, as ``Files``: ``photos.zip/test``, ``photos.zip/labels.csv``."""

import posixpath
from collections.abc import Sequence
from typing import BinaryIO

from olhar.base.errors import DataError
from olhar.data.dataset import Source
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files


class ArchiveFolder:
    """A folder, or a single file, of an archive, or the whole (``""``); without what is excluded."""

    archive = True

    def __init__(self, files: Files, inside: str, excluded: Excluded | None = None) -> None:
        whole = {name: i for i, name in enumerate(files.names)}
        self._files, self._excluded = files, excluded
        if inside in whole:
            self._rows, self._folder = [whole[inside]], posixpath.dirname(inside)
            self.origin = posixpath.splitext(posixpath.basename(inside))[0]
            self.single = True
        else:
            self._rows, self._folder = [i for name, i in whole.items() if not inside or name.startswith(f"{inside}/")], inside
            self.origin = posixpath.basename(inside) or files.origin
            self.single = False
        if not self._rows:
            raise DataError("data.zip_no_such_folder", where=files.name, folder=inside)
        self.name = posixpath.basename(inside) or files.name
        start = len(self._folder) + 1 if self._folder else 0
        if excluded is not None and not self.single:
            self._rows = [self._rows[place] for place in excluded.kept([files.names[i][start:] for i in self._rows])]
        self.names = [files.names[i][start:] for i in self._rows]
        within = f"{self._folder}/" if self._folder else ""
        self.empty_folders = [path[start:] for path in files.empty_folders if path.startswith(within) and not self.single]

    def around(self) -> Files:
        """See ``Files``."""
        if self._folder or self._excluded:
            return ArchiveFolder(self._files, self._folder, self._excluded) if self.single else self
        return self._files if self.single else self

    def beside(self) -> Sequence[str]:
        """See ``Files``."""
        return [name for name in self.around().names if "/" not in name] if self.single else ()

    def read(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.read(self._rows[index])

    def head(self, index: int, n: int) -> bytes:
        """See ``Files``."""
        return self._files.head(self._rows[index], n)

    def open(self, index: int) -> BinaryIO:
        """See ``Files``."""
        return self._files.open(self._rows[index])

    def size(self, index: int) -> int:
        """See ``Files``."""
        return self._files.size(self._rows[index])

    def stamp(self, index: int) -> bytes:
        """See ``Files``."""
        return self._files.stamp(self._rows[index])

    def has(self, name: str) -> bool:
        """See ``Files``."""
        return self._files.has(posixpath.join(self._folder, name))

    def pictures(self, names: Sequence[str]) -> Source:
        """See ``Files``."""
        return self._files.pictures([posixpath.join(self._folder, name) for name in names])
