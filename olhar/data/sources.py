"""What a person calls DATA -> a Dataset: folders, zips, and sets by name. One reader each, in one table of readers."""

import os
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.base.progress import Progress, shown
from olhar.base.texts import say
from olhar.data import layout
from olhar.data.archive import MEMBER_LIMIT, ZipMembers, ZipSource
from olhar.data.dataset import UNLABELLED, Dataset, Source
from olhar.data.named import load
from olhar.data.shelf import SETS


def read(data: str | os.PathLike[str], *, progress: Progress | None = None) -> Dataset:
    """Find out what ``data`` is and list its pictures; none is decoded.

    Args:
        data: a folder, a zip, a folder inside a zip (``photos.zip/test``), or the name of a set (``digits``).
        progress: where to tell of a set that is downloaded; by default a terminal or a notebook, where somebody may be looking.

    Raises:
        DataError: there is no such thing, or it holds no pictures.
    """
    text = os.fspath(data)
    path = Path(text).expanduser()
    if text in NAMED and not path.exists():
        return NAMED[text]()
    if text in SETS and not path.exists():
        return load(SETS[text], read, progress or shown())
    if path.is_dir():
        return _folder(path)
    archive, inside = _archive_part(path)
    if archive is not None:
        return _zip(archive, inside)
    raise _unknown(text, path)


def labelled(dataset: Dataset) -> Dataset:
    """The dataset itself, where it can teach: every picture has a class, and there are at least two.

    Raises:
        DataError: pictures without a class, or one class only.
    """
    loose = np.flatnonzero(dataset.labels == UNLABELLED)
    if len(loose) == len(dataset):
        raise DataError("data.no_classes", where=dataset.origin)
    if len(loose):
        raise DataError("data.loose_pictures", where=dataset.origin, n=len(loose), example=dataset.where[int(loose[0])])
    if len(dataset.classes) < 2:
        raise DataError("data.one_class", where=dataset.origin, name="".join(dataset.classes))
    return dataset


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
            if path.stat().st_size > MEMBER_LIMIT:
                raise PictureError("picture.member_refused", name=self.files[index], megabytes=path.stat().st_size / 2**20)
            return path.read_bytes()
        except OSError as error:
            raise PictureError("picture.vanished", name=self.files[index]) from error

    def fingerprint(self) -> Iterator[bytes]:
        """Name, size and time of change of every picture."""
        for name in self.files:
            try:
                found = (self.root / name).stat()
            except OSError:
                yield f"{name}\0gone\n".encode("utf-8", "surrogateescape")
            else:
                yield f"{name}\0{found.st_size}\0{found.st_mtime_ns}\n".encode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class ArraySource:
    """Pictures that are arrays already: uint8 (N, H, W) or (N, H, W, C)."""

    pixels: Pixels

    def read(self, index: int) -> Pixels:
        """The pixels of picture ``index``."""
        return self.pixels[index]

    def fingerprint(self) -> Iterator[bytes]:
        """The pixels themselves."""
        yield str(self.pixels.shape).encode()
        yield self.pixels.tobytes()


@dataclass(frozen=True)
class JoinedSource:
    """Several datasets, one after the other."""

    datasets: Sequence[Dataset]
    starts: Sequence[int]

    def read(self, index: int) -> bytes | Pixels:
        """The picture at ``index`` of all of them."""
        which = bisect_right(self.starts, index) - 1
        return self.datasets[which].read(index - self.starts[which])

    def fingerprint(self) -> Iterator[bytes]:
        """The fingerprints of all of them."""
        for dataset in self.datasets:
            yield from dataset.source.fingerprint()


def join(datasets: Sequence[Dataset], names: Sequence[str]) -> Dataset:
    """Several datasets as one; their pictures are called by what the person typed, and by their names inside."""
    classes = tuple(sorted({key for one in datasets for key in one.classes}))
    moved = {key: index for index, key in enumerate(classes)}
    tables = [np.array([moved[key] for key in one.classes] + [UNLABELLED], dtype=np.int64)[one.labels] for one in datasets]
    starts = np.cumsum([0, *(len(one) for one in datasets[:-1])]).tolist()
    alone = [len(one) == 1 and not one.classes for one in datasets]
    return Dataset(
        origin=datasets[0].origin,
        source=JoinedSource(datasets, starts),
        where=[
            name if single else f"{name.rstrip('/')}/{where}"
            for one, name, single in zip(datasets, names, alone, strict=True)
            for where in one.where
        ],
        classes=classes,
        labels=np.concatenate(tables),
        brought=[part for one in datasets for part in one.brought],
        groups=[group for one in datasets for group in one.groups or [""] * len(one)]
        if any(one.groups for one in datasets)
        else (),
    )


def digits() -> Dataset:
    """1,797 handwritten digits, 8x8 gray, that ship with scikit-learn (UCI, Alpaydin and Kaynak 1998; CC BY 4.0)."""
    from sklearn.datasets import load_digits

    found: Any = load_digits()
    pixels = np.round(found.images * (255 / 16)).astype(np.uint8)
    return Dataset(
        origin="digits",
        source=ArraySource(pixels),
        where=[f"digit-{i:04}" for i in range(len(pixels))],
        classes=tuple("0123456789"),
        labels=found.target.astype(np.int64),
        brought=("",) * len(pixels),
        licence="CC BY 4.0",
        flip=False,
    )


NAMED: dict[str, Callable[[], Dataset]] = {"digits": digits}


def _folder(root: Path) -> Dataset:
    return _from_listing(_files(root), lambda rows, files: FolderSource(root, [files[i] for i in rows]), root.resolve().name)


def _files(root: Path) -> list[str]:
    """Relative POSIX paths below ``root``. Links to folders are not followed, so that a loop ends."""
    found: list[str] = []
    for folder, below, files in os.walk(root):
        below[:] = sorted(name for name in below if not layout.hidden(name))
        inside = Path(folder).relative_to(root).as_posix()
        found += (name if inside == "." else f"{inside}/{name}" for name in files)
    return found


def _zip(path: Path, inside: str) -> Dataset:
    archive = ZipMembers(path)
    names = [name.replace("\\", "/") for name in archive.names]
    if inside:
        kept = [i for i, name in enumerate(names) if name.startswith(f"{inside}/")]
        if not kept:
            raise DataError("data.zip_no_such_folder", where=path.name, folder=inside)
    else:
        kept = list(range(len(names)))
    shown = [names[i].removeprefix(f"{inside}/") for i in kept]
    origin = inside.rsplit("/", 1)[-1] if inside else path.stem
    return _from_listing(shown, lambda rows, _: ZipSource(archive, [kept[i] for i in rows]), origin)


def _from_listing(files: list[str], source: Callable[[Sequence[int], list[str]], Source], origin: str) -> Dataset:
    found = layout.understand(files)
    if not found.rows:
        raise DataError("data.no_pictures", where=origin, n=found.passed_over)
    classes = tuple(sorted({name for name in found.classes if name is not None}))
    index = {name: i for i, name in enumerate(classes)}
    return Dataset(
        origin=unicodedata.normalize("NFC", origin),
        source=source(found.rows, files),
        where=[files[i] for i in found.rows],
        classes=classes,
        labels=np.array([UNLABELLED if name is None else index[name] for name in found.classes], dtype=np.int64),
        brought=found.parts,
        passed_over=found.passed_over,
    )


def _archive_part(path: Path) -> tuple[Path | None, str]:
    """The zip that a path names or leads into, and the folder inside."""
    for candidate in (path, *path.parents):
        if candidate.is_file():
            if is_zip(candidate):
                return candidate, path.relative_to(candidate).as_posix().removeprefix(".")
            return None, ""
    return None, ""


def is_zip(path: Path) -> bool:
    """Whether a file is a zip, by its content."""
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _unknown(text: str, path: Path) -> DataError:
    if path.is_file():
        return DataError("data.not_understood", where=path.name)
    near = get_close_matches(text, [*NAMED, *SETS, *_neighbours(path)], 1)
    hint = say("data.did_you_mean", name=near[0]) if near else ""
    return DataError("data.not_found", where=text, hint=hint)


def _neighbours(path: Path) -> list[str]:
    if not path.parent.is_dir():
        return []
    return [os.fspath(path.parent / entry.name) for entry in path.parent.iterdir()]
