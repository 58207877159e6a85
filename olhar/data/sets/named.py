"""Data sets by name: what each is, whence it comes, and how it becomes a Dataset with names in the person's language."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from olhar.base.errors import DataError
from olhar.base.progress import Progress
from olhar.base.texts import has_sentence, say, sentence
from olhar.data.cache.folder import RECORD, downloads
from olhar.data.dataset import Dataset
from olhar.data.sets import download
from olhar.data.sets.download import Remote, fetch


@dataclass(frozen=True)
class NamedSet:
    """A set that is read by its name; its sentences are ``sets.NAME.about``, ``.licence`` and ``.class.KEY``.

    Attributes:
        name: what the person types.
        pictures: how many there are.
        classes: their keys, sorted.
        remote: the file to download; None where the person must bring their own copy.
        page: where a person reads about it, or gets their copy.
        aliases: what its files call a class, to its key; upper and lower case are the same.
        flip: whether a mirrored picture is still of its class.
        files: names by which an own copy is known, the best first.
    """

    name: str
    pictures: int
    classes: tuple[str, ...]
    remote: Remote | None
    page: str
    aliases: Mapping[str, str] = field(default_factory=dict[str, str])
    flip: bool | None = None
    files: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where its files lie."""
        return downloads(self.name)

    @property
    def licence(self) -> str:
        """What may be done with it, in the language in use."""
        return _said(self.name, "licence")

    @property
    def about(self) -> str:
        """What it is, in the language in use."""
        return _said(self.name, "about")

    def names(self) -> tuple[str, ...]:
        """The classes' names to show, in the language in use."""
        return tuple(_said(self.name, f"class.{key}") or key for key in self.classes)

    def here(self) -> Path | None:
        """Its file, where it is here already."""
        if self.remote is None:
            return _own(self)
        path = self.folder / self.remote.name
        return path if path.is_file() and download.record(path) else None


def load(wanted: NamedSet, read: Callable[[Path], Dataset], progress: Progress) -> Dataset:
    """A set, downloaded where it is not here yet.

    Args:
        wanted: which.
        read: the reader of all forms of data.
        progress: where to tell the licence, and how far the download is.

    Raises:
        DataError: it cannot be downloaded, must be brought by the person, or holds other classes than it should.
    """
    path = wanted.here() or _get(wanted, progress)
    found = _with_own_classes(read(path), wanted, path)
    return replace(found, origin=wanted.name, names=wanted.names(), licence=wanted.licence, flip=wanted.flip)


def _get(wanted: NamedSet, progress: Progress) -> Path:
    if wanted.remote is None:
        example = str(wanted.folder / wanted.files[0])
        raise DataError("sets.bring", name=wanted.name, page=wanted.page, where=example, file=wanted.files[0])
    if not download.known(wanted.folder / wanted.remote.name, wanted.remote):
        progress.line(sentence("sets.before", name=wanted.name, host=wanted.remote.host, megabytes=wanted.remote.size / 1e6))
        progress.line(sentence("sets.licence", licence=wanted.licence, page=wanted.page))
    return fetch(wanted.remote, wanted.folder, progress)


def _own(wanted: NamedSet) -> Path | None:
    """The person's own copy: the best known name, else the only thing that lies there, else the folder itself."""
    if not wanted.folder.is_dir():
        return None
    there = [path for path in sorted(wanted.folder.iterdir()) if path.name[0] != "." and not path.name.endswith(RECORD)]
    best = [path for name in wanted.files for path in there if path.name == name]
    return best[0] if best else there[0] if len(there) == 1 else wanted.folder if there else None


def _with_own_classes(found: Dataset, wanted: NamedSet, path: Path) -> Dataset:
    """The same pictures under the set's own keys, in the set's own order."""
    aliases = {alias.casefold(): key for alias, key in wanted.aliases.items()}
    keys = [aliases.get(name.casefold(), name.casefold()) for name in found.classes]
    unknown = [name for name, key in zip(found.classes, keys, strict=True) if key not in wanted.classes]
    if unknown or not keys:
        raise DataError("sets.other", name=wanted.name, where=path.name, found=", ".join(unknown[:5]) or "-", page=wanted.page)
    table = np.array([*(wanted.classes.index(key) for key in keys), -1], dtype=np.int64)
    return replace(found, classes=wanted.classes, labels=table[found.labels])


def _said(name: str, what: str) -> str:
    key = f"sets.{name}.{what}"
    return say(key) if has_sentence(key) else ""
