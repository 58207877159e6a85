"""Pictures in a slow or far folder (a mounted drive, a share) -> the same pictures, copied once into the cache.

Whether a folder is slow is measured, not guessed from its path: by the median time of opening and reading a few pictures.
"""

import json
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base import lock
from olhar.base.errors import DataError, PictureError
from olhar.base.progress import Progress
from olhar.base.texts import file_size, sentence
from olhar.data.cache.folder import cache_folder, kept_stores, size_limit, store_place
from olhar.data.cache.writing import MARK, use_store, write_store
from olhar.data.dataset import Dataset, Selection, Source

SLOW = 0.02
"""Seconds a picture, from which on a folder counts as slow: a disk takes about 0.001, a mounted drive 0.1 and more."""

_TRIED, _FEWEST, _AT_ONCE = 8, 32, 16
_ENDING = "-near"


@dataclass(frozen=True)
class NearSource:
    """Pictures copied into one file of the cache; those that could not be read are asked of the source again.

    Attributes:
        far: where they came from.
        file: their bytes, one after the other.
        ends: int64 (N + 1,): where each begins and ends in it.
        stamps: the fingerprint of ``far``.
        held: keeps the copy from being taken away.
    """

    far: Source
    file: Path
    ends: NDArray[np.int64]
    stamps: tuple[bytes, ...]
    held: lock.FileLock | None = field(default=None, compare=False, repr=False)

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The encoded bytes of picture ``index``.

        Raises:
            PictureError: it could not be read when it was copied, and cannot now.
        """
        start, end = (int(place) for place in self.ends[index : index + 2])
        if start == end:
            return self.far.read(index)
        with self.file.open("rb") as file:
            file.seek(start)
            return file.read(end - start)

    def fingerprint(self) -> Iterator[bytes]:
        """That of where they came from, so that all that is kept of those pictures serves these."""
        return iter(self.stamps)


def near(dataset: Dataset, progress: Progress) -> Dataset:
    """The dataset itself, or, where its pictures come slowly, one that reads a copy of them in the cache.

    Args:
        dataset: any; pictures in memory and copies stay where they are.
        progress: who is told that it is slow, once, and how far the copying is.

    Raises:
        UsageError: the cache's limit is not a number.
    """
    if _is_near(dataset.source) or len(dataset) < _FEWEST:
        return dataset
    kept = _kept(dataset)
    if kept is not None:
        return replace(dataset, source=kept)
    seconds, size = _tried(dataset)
    needed = int(size * len(dataset))
    if seconds < SLOW:
        return dataset
    about: dict[str, Any] = {"milliseconds": 1000 * seconds, "size": file_size(needed), "name": dataset.origin}
    if needed > size_limit():
        progress.line(sentence("far.no_room", **about))
        return dataset
    progress.line(sentence("far.slow", where=str(cache_folder()), **about))
    return _copied(dataset, needed, progress)


def _is_near(source: Source) -> bool:
    return _is_near(source.source) if isinstance(source, Selection) else isinstance(source, NearSource)


def _tried(dataset: Dataset) -> tuple[float, float]:
    """The median seconds that a picture takes, and its mean size in bytes; 0 seconds where they lie in memory."""
    took: list[float] = []
    sizes: list[int] = []
    for row in ((np.arange(_TRIED) + 0.5) * len(dataset) / _TRIED).astype(int).tolist():
        begun = time.perf_counter()
        try:
            picture = dataset.read(row)
        except PictureError:
            continue
        if not isinstance(picture, bytes):
            return 0.0, 0.0
        took.append(time.perf_counter() - begun)
        sizes.append(len(picture))
    return (median(took), float(np.mean(sizes))) if took else (0.0, 0.0)


def _kept(dataset: Dataset) -> NearSource | None:
    """The copy of an earlier time, if there is one."""
    if not kept_stores(f"*{_ENDING}"):
        return None
    stamps = tuple(dataset.source.fingerprint())
    return _open(store_place(_name(stamps)), dataset, stamps)


def _copied(dataset: Dataset, needed: int, progress: Progress) -> Dataset:
    """Copy all pictures; where the cache cannot be written, that is said and they stay where they are."""
    stamps = tuple(dataset.source.fingerprint())
    try:
        source = write_store(
            store_place(_name(stamps)),
            needed,
            lambda draft: _fill(draft, dataset, progress),
            lambda place: _open(place, dataset, stamps),
        )
    except DataError as error:
        progress.line(sentence(error.key, **error.values))
        return dataset
    return replace(dataset, source=source)


def _fill(draft: Path, dataset: Dataset, progress: Progress) -> None:
    """Several at once, as it is the waiting that takes long; in pieces, so that memory stays bounded."""
    ends = [0]
    rows = iter(range(len(dataset)))
    with (
        progress.stage(sentence("far.copying"), len(dataset)) as advance,
        (draft / "pictures.bin").open("wb") as file,
        ThreadPoolExecutor(_AT_ONCE) as pool,
    ):
        while piece := list(islice(rows, 4 * _AT_ONCE)):
            for picture in pool.map(lambda row: _bytes(dataset, row), piece):
                file.write(picture)
                ends.append(ends[-1] + len(picture))
                advance(1)
    np.save(draft / "ends.npy", np.array(ends, np.int64))
    about = {"origin": dataset.origin, "shape": [len(dataset)]}
    (draft / MARK).write_text(json.dumps(about), encoding="utf-8")


def _bytes(dataset: Dataset, row: int) -> bytes:
    try:
        picture = dataset.read(row)
    except PictureError:
        return b""  # it is asked again, and told then
    return picture if isinstance(picture, bytes) else b""


def _open(folder: Path, dataset: Dataset, stamps: tuple[bytes, ...]) -> NearSource | None:
    try:
        held, _ = use_store(folder, fresh=False)
        ends: NDArray[np.int64] = np.load(folder / "ends.npy", allow_pickle=False)
        whole = len(ends) == len(dataset) + 1 and (folder / "pictures.bin").stat().st_size == ends[-1]
    except (OSError, ValueError):
        return None
    return NearSource(dataset.source, folder / "pictures.bin", ends, stamps, held) if whole else None


def _name(stamps: tuple[bytes, ...]) -> str:
    digest = blake2b(b"near 1\n", digest_size=16)
    for stamp in stamps:
        digest.update(stamp)
    return f"{digest.hexdigest()}{_ENDING}"
