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
from olhar.data.sets.remote import Remote


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
        return _text(self.name, "licence")

    @property
    def about(self) -> str:
        """What it is, in the language in use."""
        return _text(self.name, "about")

    def names(self) -> tuple[str, ...]:
        """The classes' names to show, in the language in use."""
        return tuple(_text(self.name, f"class.{key}") or key for key in self.classes)

    def here(self) -> Path | None:
        """Its file, where it is here already."""
        if self.remote is None:
            return _own_copy(self)
        from olhar.data.sets import download  # it speaks http, which takes its time to import

        path = self.folder / self.remote.name
        return path if path.is_file() and download.download_record(path) else None


def load_named_set(named_set: NamedSet, read: Callable[[Path], Dataset], progress: Progress) -> Dataset:
    """A set, downloaded where it is not here yet.

    Args:
        named_set: which.
        read: the reader of all forms of data.
        progress: where to tell the licence, and how far the download is.

    Raises:
        DataError: it cannot be downloaded, must be brought by the person, or holds other classes than it should.
    """
    path = named_set.here() or _download(named_set, progress)
    dataset = _with_set_classes(read(path), named_set, path)
    return replace(dataset, origin=named_set.name, names=named_set.names(), licence=named_set.licence, flip=named_set.flip)


def _download(named_set: NamedSet, progress: Progress) -> Path:
    from olhar.data.sets import download

    remote = named_set.remote
    if remote is None:
        example = str(named_set.folder / named_set.files[0])
        raise DataError("sets.bring", name=named_set.name, page=named_set.page, where=example, file=named_set.files[0])
    if not download.is_complete(named_set.folder / remote.name, remote):
        progress.line(sentence("sets.before", name=named_set.name, host=remote.host, megabytes=remote.size / 1e6))
        progress.line(sentence("sets.licence", licence=named_set.licence, page=named_set.page))
    return download.fetch(remote, named_set.folder, progress)


def _own_copy(named_set: NamedSet) -> Path | None:
    """The person's own copy: the best known name, else the only thing that lies there, else the folder itself."""
    if not named_set.folder.is_dir():
        return None
    present = [path for path in sorted(named_set.folder.iterdir()) if path.name[0] != "." and not path.name.endswith(RECORD)]
    best = [path for name in named_set.files for path in present if path.name == name]
    return best[0] if best else present[0] if len(present) == 1 else named_set.folder if present else None


def _with_set_classes(dataset: Dataset, named_set: NamedSet, path: Path) -> Dataset:
    """The same pictures under the set's own keys, in the set's own order."""
    aliases = {alias.casefold(): key for alias, key in named_set.aliases.items()}
    keys = [aliases.get(name.casefold(), name.casefold()) for name in dataset.classes]
    unknown = [name for name, key in zip(dataset.classes, keys, strict=True) if key not in named_set.classes]
    if unknown or not keys:
        strange = ", ".join(unknown[:5]) or "-"
        raise DataError("sets.other", name=named_set.name, where=path.name, found=strange, page=named_set.page)
    table = np.array([*(named_set.classes.index(key) for key in keys), -1], dtype=np.int64)
    return replace(dataset, classes=named_set.classes, labels=table[dataset.labels])


def _text(name: str, field_name: str) -> str:
    key = f"sets.{name}.{field_name}"
    return say(key) if has_sentence(key) else ""
