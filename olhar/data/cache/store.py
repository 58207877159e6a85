"""Decoded pictures, packed once into one memory-mapped uint8 array, keyed by content, size and resize rule.

A store is a folder of the person's cache: ``pixels.npy``, ``hashes.npy``, ``rows.npy``, ``store.json``. It is written under
another name and renamed when whole, so that a kill at any moment leaves either no store or a whole one.
"""

import json
import os
from array import array
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from functools import partial
from hashlib import blake2b
from pathlib import Path
from typing import IO, Any

import numpy as np
from numpy.typing import NDArray

from olhar.base import lock
from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels
from olhar.base.levels import FULL, Levels
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Fit
from olhar.base.texts import Sentence
from olhar.data.cache.content_hash import ContentHashes, content_hash
from olhar.data.cache.decoding import PackingRule, decoded
from olhar.data.cache.folder import cache_folder, store_place
from olhar.data.cache.on_demand import OnDemand, PixelRows
from olhar.data.cache.writing import MARK, use_store, write_store
from olhar.data.dataset import Dataset

__all__ = ["BadPicture", "Packed", "cache_folder", "content_hash", "pack", "store_key"]

RULE = 3
"""Raised whenever ``base.images`` would give other pixels, so that no store outlives its rule."""

MOST_NAMED = 20
"""So many of the pictures that cannot be read are named in a terminal and on a page."""

_CHUNK = 256
_BUFFER = 2**20


@dataclass(frozen=True)
class BadPicture:
    """A picture that was left out, and why: an error's key and values, so that it can be told in any language."""

    where: str
    key: str
    values: dict[str, Any]

    @property
    def reason(self) -> Sentence:
        """One line for a person, that names the picture."""
        return Sentence(self.key, self.values)


@dataclass(frozen=True)
class Packed:
    """A dataset's pictures at one size.

    Attributes:
        pixels: uint8 (N, H, W, C), memory-mapped, read-only; or decoded on demand.
        hashes: 16 bytes of content hash a picture.
        rows: int64 (N,): the row of each picture in the dataset; bad ones are missing.
        bad: the pictures that were left out.
        fresh: whether it was packed just now, or found packed.
    """

    pixels: PixelRows
    hashes: ContentHashes
    rows: NDArray[np.int64]
    bad: tuple[BadPicture, ...]
    fresh: bool
    held: lock.FileLock | None = field(default=None, repr=False, compare=False)
    """While this lives, no process takes the store away."""

    @property
    def array(self) -> Pixels:
        """The pixels of all, where they are stored.

        Raises:
            TypeError: they are decoded on demand.
        """
        if isinstance(self.pixels, OnDemand):
            raise TypeError
        return self.pixels


def pack(  # noqa: PLR0913 (what decides the pixels, and who is told)
    dataset: Dataset,
    size: tuple[int, int],
    channels: int,
    fit: Fit,
    advance: Callable[[int], object] = bool,
    strict: bool = False,
    *,
    levels: Levels = FULL,
    whole: bool = False,
    runner: Runner = HERE,
) -> Packed:
    """Every picture of ``dataset`` at one size, decoded now or found decoded.

    Args:
        dataset: N pictures.
        size: height and width, in pixels.
        channels: 1 or 3.
        fit: the resize rule.
        advance: is told how many pictures more are done.
        strict: stop at the first bad picture.
        levels: black and white of more than 8 bits.
        whole: JPEGs are decoded whole.
        runner: where they are decoded; the pixels are the same bytes.

    Raises:
        UsageError: the cache's limit is not a number.
        DataError: the disk is full; more than 10 and more than 5% of the pictures are bad; or one is, where ``strict``.
    """
    rule = PackingRule((*size, channels), fit, levels, whole)
    folder = store_place(store_key(dataset, size, channels, fit, levels, whole))
    existing = _open(folder, fresh=False)
    packed = existing or _write(folder, dataset, rule, advance, runner)
    if existing:
        advance(len(dataset))
    refuse_too_many_bad(dataset, packed.rows, packed.bad, strict)
    return packed


def store_key(
    dataset: Dataset, size: tuple[int, int], channels: int, fit: Fit, levels: Levels = FULL, whole: bool = False
) -> str:
    """The name of a store: a hash of the pictures' fingerprints and of the rule."""
    further = ("" if levels == FULL else f" {levels.integers} {levels.floats}") + (" whole" if whole else "")
    digest = blake2b(f"{RULE} {size[0]}x{size[1]}x{channels} {fit}{further}\n".encode(), digest_size=16)
    for stamp in dataset.source.fingerprint():
        digest.update(stamp)
    return digest.hexdigest()


def _write(folder: Path, dataset: Dataset, rule: PackingRule, advance: Callable[[int], object], runner: Runner) -> Packed:
    needed = len(dataset) * (int(np.prod(rule.shape)) + 24)
    fill = partial(_fill, dataset=dataset, rule=rule, advance=advance, runner=runner)
    return write_store(folder, needed, fill, lambda place: _open(place, fresh=True))


def _fill(draft: Path, dataset: Dataset, rule: PackingRule, advance: Callable[[int], object], runner: Runner) -> None:
    """Write all files of a store. Pixels go through the file, not a map of it: a full disk is then an error, no crash."""
    hashes, rows, bad = bytearray(), array("q"), list[BadPicture]()
    with (draft / "pixels.npy").open("wb", buffering=_BUFFER) as file:
        _header(file, (len(dataset), *rule.shape))
        for row, result in enumerate(decoded(dataset, rule, runner)):
            if isinstance(result, PictureError):
                bad.append(BadPicture(dataset.where[row], result.key, result.values))
            else:
                file.write(np.ascontiguousarray(result[0]).data)
                hashes += result[1]
                rows.append(row)
            if row % _CHUNK == _CHUNK - 1 or row == len(dataset) - 1:
                advance(row % _CHUNK + 1)
        _header(file, (len(rows), *rule.shape))
        file.flush()
        os.fsync(file.fileno())
    np.save(draft / "hashes.npy", np.frombuffer(hashes, np.uint8).reshape(-1, 16))
    np.save(draft / "rows.npy", np.frombuffer(rows, np.int64))
    about: dict[str, Any] = {
        "olhar": 1,
        "rule": RULE,
        "origin": dataset.origin,
        "shape": [len(rows), *rule.shape],
        "fit": rule.fit,
        "bad": [asdict(picture) for picture in bad],
    }
    (draft / MARK).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def _header(file: IO[bytes], shape: tuple[int, ...]) -> None:
    """The head of a ``.npy`` at the file's start; NumPy pads it so that another number of rows does not change its length."""
    file.seek(0)
    np.lib.format.write_array_header_1_0(file, {"descr": "|u1", "fortran_order": False, "shape": shape})


def _open(folder: Path, fresh: bool) -> Packed | None:
    try:
        held, about = use_store(folder, fresh)
        pixels = np.load(folder / "pixels.npy", mmap_mode="r")
        hashes, rows = np.load(folder / "hashes.npy"), np.load(folder / "rows.npy")
        bad = tuple(BadPicture(**picture) for picture in about["bad"])
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return Packed(pixels[: len(rows)], ContentHashes(hashes), rows, bad, fresh, held)


def refuse_too_many_bad(dataset: Dataset, good: NDArray[np.int64], bad: Sequence[BadPicture], strict: bool) -> None:
    """See to it that no more pictures are left out than a person would shrug at.

    Args:
        dataset: all pictures.
        good: the rows of those that can be read.
        bad: those that were left out.
        strict: not one may be.

    Raises:
        DataError: more than 10 and more than 5% are bad, or all of a class; or one is, where ``strict``.
    """
    first = next(iter(bad), None)
    if first is None:
        return
    if strict or (len(bad) > 10 and len(bad) > 0.05 * len(dataset)):
        raise DataError("data.bad_pictures", where=dataset.origin, n=len(bad), total=len(dataset), first=first.reason)
    alive = set(dataset.labels[good].tolist())
    for label, name in enumerate(dataset.classes):
        if label not in alive:
            raise DataError("data.class_all_bad", where=dataset.origin, name=name, first=first.reason)
