"""Features kept in the cache as float16, keyed by each picture's content: a folder that has grown costs its new pictures only.

What one call computed is one store, written whole or not at all; several calls may write at once, and may write the same.
A store's name opens with what all its numbers hang on: body, size, fit, colours, views, and the rule of decoding.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from olhar.base import lock
from olhar.base.errors import PictureError
from olhar.base.levels import FULL
from olhar.base.progress import Advance, Progress
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.bodies.body import Body
from olhar.bodies.features import Features, Half, View, columns_of
from olhar.bodies.looking import AskedBody, compute
from olhar.data.cache.content_hash import ContentHashes
from olhar.data.cache.folder import kept_stores, stores
from olhar.data.cache.store import RULE as DECODING
from olhar.data.cache.store import BadPicture
from olhar.data.cache.writing import MARK, use_store, write_store
from olhar.data.checks.survey import Survey
from olhar.data.dataset import Dataset

_AT_ONCE = 4096
"""Pictures a store: half a minute of work on two cores."""


@dataclass(frozen=True)
class _Store:
    """What one call kept: content hashes as text of 16 bytes (m,), float16 (m, V, F), and the lock that keeps it there."""

    hashes: NDArray[np.bytes_]
    values: Half
    held: lock.FileLock


def features_of(
    dataset: Dataset,
    looks: Survey,
    body: Body,
    contract: Signature,
    views: Sequence[View],
    progress: Progress,
    *,
    runner: Runner = HERE,
) -> Features:
    """What a body says of every picture that can be read; what an earlier call computed is found.

    Args:
        dataset: the pictures.
        looks: which of them can be read, and their content hashes.
        body: what looks at them.
        contract: ``picture_contract``: their size, channels and fit.
        views: of each picture, the plain one first.
        progress: where to tell how far it is.
        runner: where what is missing is computed; the numbers are the same bytes.

    Raises:
        UsageError: the cache's limit is not a number.
        DataError: the disk is full.
    """
    work = _Work(dataset, looks, body, contract, tuple(views), runner)
    wanted = _texts(looks.hashes)
    kept = list(work.stores())
    whole = next((store for store in kept if np.array_equal(store.hashes, wanted)), None)
    if whole is not None:
        return work.features(whole.values, np.arange(len(wanted)), fresh=False, held=(whole.held,))
    missing = np.flatnonzero(_places(kept, wanted)[:, 0] < 0)
    first = missing[np.unique(wanted[missing], return_index=True)[1]]
    if len(first):
        kept += work.computed(np.sort(first), progress)
    return work.gathered(kept, wanted, fresh=len(first) > 0)


def is_kept(dataset: Dataset, looks: Survey, body: Body, contract: Signature, views: Sequence[View]) -> NDArray[np.bool_]:
    """bool (M,): which of the pictures' features an earlier call has kept; as ``features_of`` is asked."""
    kept = list(_Work(dataset, looks, body, contract, tuple(views)).stores())
    return _places(kept, _texts(looks.hashes))[:, 0] >= 0


@dataclass
class _Work:
    """A question for features under way."""

    dataset: Dataset
    looks: Survey
    body: Body
    contract: Signature
    views: tuple[View, ...]
    runner: Runner = HERE
    bad: dict[int, BadPicture] = field(default_factory=dict[int, BadPicture])

    @property
    def width(self) -> int:
        """Numbers a view."""
        return sum(self.body.blocks.values())

    @property
    def prefix(self) -> str:
        """What the names of all stores open with that hold such numbers."""
        contract = self.contract
        about = f"{self.body.key} {contract.shape} {contract.fit} {self.views} {DECODING} {contract.mean} {contract.std}"
        about += ("" if contract.levels == FULL else f" {contract.levels}") + (" whole" if contract.whole else "")
        return f"features-{blake2b(about.encode(), digest_size=8).hexdigest()}"

    def stores(self) -> Iterator[_Store]:
        """What earlier calls kept, the newest first."""
        for folder in sorted(kept_stores(f"{self.prefix}-*"), key=_changed, reverse=True):
            store = _opened(folder, (len(self.views), self.width))
            if store is not None:
                yield store

    def computed(self, places: NDArray[np.int64], progress: Progress) -> list[_Store]:
        """Compute and keep the features of some of the pictures that were looked at; whoever stops it loses little."""
        at_once = _AT_ONCE * max(1, self.runner.workers // 2)
        with progress.stage(sentence("bodies.looking"), len(places)) as advance:
            return [self._write(places[start : start + at_once], advance) for start in range(0, len(places), at_once)]

    def _write(self, places: NDArray[np.int64], advance: Advance) -> _Store:
        digest = blake2b(self.looks.hashes[places].tobytes(), digest_size=8).hexdigest()
        folder, shape = stores() / f"{self.prefix}-{digest}", (len(self.views), self.width)
        needed = len(places) * (2 * self.width * len(self.views) + 16)
        return write_store(
            folder, needed, lambda draft: self._fill(draft, places, advance), lambda place: _opened(place, shape, fresh=True)
        )

    def _fill(self, draft: Path, places: NDArray[np.int64], advance: Advance) -> None:
        """Write all files of a store, through the file and not a map of it: a full disk is then an error, no crash."""
        rows, good = list[int](self.looks.rows[places].tolist()), list[int]()
        with (draft / "values.npy").open("wb") as file:
            _write_header(file, (len(rows), len(self.views), self.width))
            asked = AskedBody(self.body, self.contract, self.views)
            answers = compute(self.dataset, rows, asked, advance, self.runner)
            for place, row, answer in zip(places.tolist(), rows, answers, strict=True):
                if isinstance(answer, PictureError):
                    self.bad[place] = BadPicture(self.dataset.where[row], answer.key, answer.values)
                else:
                    file.write(answer.tobytes())
                    good.append(place)
            _write_header(file, (len(good), len(self.views), self.width))
        np.save(draft / "hashes.npy", self.looks.hashes[good])
        about = {"olhar": 1, "origin": self.dataset.origin, "shape": [len(good), *self.contract.shape], "fit": self.contract.fit}
        (draft / MARK).write_text(json.dumps(about | {"body": self.body.name}, ensure_ascii=False), encoding="utf-8")

    def gathered(self, kept: Sequence[_Store], wanted: NDArray[np.bytes_], fresh: bool) -> Features:
        """The pictures' numbers out of several stores, in the pictures' order."""
        places = _places(kept, wanted)
        there = np.flatnonzero(places[:, 0] >= 0)
        values = np.empty((len(there), len(self.views), self.width), np.float16)
        for number, store in enumerate(kept):
            own = places[there, 0] == number
            values[own] = store.values[places[there[own], 1]]
        return self.features(values, there, fresh=fresh, held=())

    def features(self, values: Half, there: NDArray[np.int64], *, fresh: bool, held: tuple[lock.FileLock, ...]) -> Features:
        """What was asked for, of the pictures that could be read."""
        looks = self.looks
        bad = (*looks.bad, *self.bad.values())
        hashes = ContentHashes(np.ascontiguousarray(looks.hashes[there]))
        return Features(values, columns_of(self.body), looks.rows[there], hashes, bad, fresh, held)


def _places(kept: Sequence[_Store], wanted: NDArray[np.bytes_]) -> NDArray[np.int64]:
    """int64 (M, 2): the store and the row in it where each content lies; -1 where in none."""
    places = np.full((len(wanted), 2), -1, np.int64)
    for number, store in enumerate(kept):
        order = np.argsort(store.hashes)
        at = order[np.minimum(np.searchsorted(store.hashes, wanted, sorter=order), len(order) - 1)] if len(order) else None
        if at is not None:
            found = (places[:, 0] < 0) & (store.hashes[at] == wanted)
            places[found] = np.stack([np.full(found.sum(), number), at[found]], axis=1)
    return places


def _texts(hashes: NDArray[np.uint8]) -> NDArray[np.bytes_]:
    """Hashes, uint8 (M, 16), as texts of bytes, which can be sorted and looked up."""
    return np.ascontiguousarray(hashes).view("S16").ravel()


def _opened(folder: Path, shape: tuple[int, int], fresh: bool = False) -> _Store | None:
    """A store; None where none lies there that is whole and has rows of a shape."""
    try:
        held, _ = use_store(folder, fresh)
        hashes, values = np.load(folder / "hashes.npy"), np.load(folder / "values.npy", mmap_mode="r")
    except (OSError, ValueError, EOFError):
        return None
    right = values.dtype == np.float16 and values.shape == (len(hashes), *shape)
    return _Store(_texts(hashes), values, held) if right else None


def _write_header(file: IO[bytes], shape: tuple[int, ...]) -> None:
    """The head of a ``.npy`` at the file's start; NumPy pads it so that another number of rows does not change its length."""
    file.seek(0)
    np.lib.format.write_array_header_1_0(file, {"descr": "<f2", "fortran_order": False, "shape": shape})


def _changed(folder: Path) -> float:
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
