"""Survey: what one pass over the pictures gathers, so that every check looks at numbers and none decodes again.

Of each picture there remain a gray thumbnail, a layout of colours, its content's hash and a few numbers: 1.1 KB. They lie in
memory-mapped arrays in the person's cache beside the packed stores, keyed by content, so that the second look is instant and a
million pictures need little memory. The near copies among them are found once, too.
"""

import json
import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from hashlib import blake2b
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base import lock
from olhar.base.depth import SUMMARY, levels_of, summary
from olhar.base.errors import PictureError, UsageError
from olhar.base.images import Pixels, deep_numbers, is_stored_gray, size_and_orientation, to_pixels
from olhar.base.levels import FULL, Levels
from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.data.cache.folder import store_place
from olhar.data.cache.store import RULE as DECODING
from olhar.data.cache.store import BadPicture, content_hash
from olhar.data.cache.writing import MARK, use_store, write_store
from olhar.data.checks.measurements import FACTS, LAYOUT, SHARP_SIDE, SIDE, Measurements, measure, side_to_measure
from olhar.data.copies.by_features import near_copies_by_features
from olhar.data.copies.groups import exact_copies
from olhar.data.copies.near_copies import NearCopies, near_copies
from olhar.data.dataset import Dataset

RULE = 4
"""Raised whenever a survey would hold other numbers, so that none outlives its rule."""

_CHUNK, _SMALLEST = 256, 16
_MEASURED_AT_ONCE = 64
"""More fall out of the processor's cache."""


DEEP = np.dtype([("row", "i8"), ("numbers", SUMMARY)])
"""A picture of more than 8 bits: its row in the dataset, and what is kept of its numbers."""


@dataclass(frozen=True)
class Survey:
    """What one pass over N pictures gathered of the M that can be read.

    Attributes:
        rows: int64 (M,): the row of each readable picture in the dataset.
        hashes: uint8 (M, 16): content hashes.
        gray: uint8 (M, 32, 32): gray thumbnails, memory-mapped.
        colour: uint8 (M, 4, 4, 3): mean colours of a grid, memory-mapped.
        facts: (M,) of ``measurements.FACTS``.
        bad: the pictures that cannot be read, with the reason.
        near: the near copies among the M.
        deep: (D,) of ``DEEP``: the pictures of more than 8 bits, and their numbers.
        levels: black and white of those, by all that the data does not keep for the test; so the M were looked at.
        fresh: whether the pass was made just now, or found made.
    """

    rows: NDArray[np.int64]
    hashes: NDArray[np.uint8]
    gray: Pixels
    colour: Pixels
    facts: NDArray[Any]
    bad: tuple[BadPicture, ...]
    near: NearCopies
    fresh: bool
    deep: NDArray[Any] = field(default_factory=lambda: np.zeros(0, DEEP))
    levels: Levels = FULL
    held: lock.FileLock | None = field(default=None, repr=False, compare=False)
    """While this lives, no process takes the survey away."""

    def __len__(self) -> int:
        return len(self.rows)

    def only(self, places: NDArray[np.int64]) -> "Survey":
        """Some of the pictures, by their places among the M; near copies among them are left out."""
        each = {name: getattr(self, name)[places] for name in ("rows", "hashes", "gray", "colour", "facts")}
        none = NearCopies(self.near.pairs[:0], self.near.mirrored[:0], 0)
        return replace(self, **each, near=none)

    def levels_by(self, rows: NDArray[np.int64]) -> Levels:
        """Black and white of more than 8 bits, by some of the dataset's rows."""
        return levels_of(self.deep["numbers"][np.isin(self.deep["row"], rows)])

    @cached_property
    def content(self) -> NDArray[np.int64]:
        """int64 (M,): the first of the M pictures that is byte-identical to each; itself where there is no other."""
        return exact_copies(self.hashes)


def survey(dataset: Dataset, progress: Progress) -> Survey:
    """Look at every picture of ``dataset`` once, now or at an earlier time.

    Raises:
        UsageError: the cache's limit is not a number.
        DataError: the cache cannot be written.
    """
    folder = store_place(_key(dataset))
    earlier = _open(folder, fresh=False)
    if earlier is not None:
        return earlier
    needed = len(dataset) * (SIDE * SIDE + LAYOUT * LAYOUT * 3 + FACTS.itemsize + 24)
    return write_store(folder, needed, lambda draft: _gather(draft, dataset, progress), lambda place: _open(place, fresh=True))


def _key(dataset: Dataset) -> str:
    digest = blake2b(f"survey {RULE} {DECODING}\n".encode(), digest_size=16)
    for stamp in dataset.source.fingerprint():
        digest.update(stamp)
    if "test" in set(dataset.brought):
        digest.update(np.packbits([part == "test" for part in dataset.brought]).tobytes())
    return digest.hexdigest()


def _gather(draft: Path, dataset: Dataset, progress: Progress) -> None:
    n = len(dataset)
    arrays: dict[str, Any] = {
        "gray": _array(draft / "gray.npy", (n, SIDE, SIDE), np.uint8),
        "colour": _array(draft / "colour.npy", (n, LAYOUT, LAYOUT, 3), np.uint8),
        "facts": _array(draft / "facts.npy", (n,), FACTS),
        "hashes": _array(draft / "hashes.npy", (n, 16), np.uint8),
    }
    with progress.stage(sentence("check.looking"), n) as advance:
        rows, bad, deep = _decode_all(dataset, arrays, advance)
    levels = _levels(dataset, deep)
    if len(deep):
        _look_again(dataset, arrays, rows, deep, levels, progress)
    readable = {name: array[: len(rows)] for name, array in arrays.items()}
    near = near_copies(readable["gray"], readable["colour"], _comparable(readable), progress)
    np.save(draft / "rows.npy", np.array(rows, dtype=np.int64))
    np.save(draft / "deep.npy", deep)
    np.savez(draft / "near.npz", pairs=near.pairs, mirrored=near.mirrored, compared=near.compared)
    about: dict[str, Any] = {
        "olhar": 1,
        "rule": RULE,
        "origin": dataset.origin,
        "shape": [len(rows), SIDE, SIDE, 1],
        "bad": [asdict(picture) for picture in bad],
        "levels": asdict(levels),
    }
    (draft / MARK).write_text(json.dumps(about, ensure_ascii=False), encoding="utf-8")


def with_copies_by_features(gathered: Survey, features: NDArray[np.floating], n: int, progress: Progress) -> Survey:
    """The same with near copies by features, float (N, F) for the ``n`` pictures of the dataset.

    Raises:
        UsageError: not a row a picture.
    """
    if features.ndim != 2 or len(features) != n:
        raise UsageError("check.features", found=str(features.shape), n=n)
    first = gathered.content == np.arange(len(gathered.content))
    return replace(gathered, near=near_copies_by_features(features[gathered.rows], first, progress))


def _comparable(arrays: dict[str, Any]) -> NDArray[np.bool_]:
    """Which pictures are looked at for near copies: the first of each content, where it is not too small to tell."""
    content, facts = exact_copies(arrays["hashes"]), arrays["facts"]
    return (content == np.arange(len(content))) & (np.minimum(facts["height"], facts["width"]) >= _SMALLEST)


def _array(path: Path, shape: tuple[int, ...], dtype: Any) -> Any:
    """A memory-mapped array; a plain one where there is nothing to map."""
    if 0 in shape:
        np.save(path, np.zeros(shape, dtype))
        return np.zeros(shape, dtype)
    return np.lib.format.open_memmap(path, mode="w+", dtype=dtype, shape=shape)


def _levels(dataset: Dataset, deep: NDArray[Any]) -> Levels:
    """Black and white by all pictures that are not kept for the test; by all where no other has more than 8 bits."""
    teaching = np.array([dataset.brought[row] != "test" for row in deep["row"].tolist()], bool)
    return levels_of(deep["numbers"][teaching] if teaching.any() else deep["numbers"])


def _look_again(
    dataset: Dataset, arrays: dict[str, Any], rows: list[int], deep: NDArray[Any], levels: Levels, progress: Progress
) -> None:
    """Measure the pictures of more than 8 bits by the black and white of all, which is known only now."""
    places = np.searchsorted(rows, deep["row"]).tolist()
    with progress.stage(sentence("check.looking"), len(deep)) as advance:
        for place, row in zip(places, deep["row"].tolist(), strict=True):
            picture = _decode(dataset, row, levels)
            if not isinstance(picture, PictureError):
                _store_chunk(arrays, place, [picture])
            advance(1)


def _decode_all(dataset: Dataset, arrays: dict[str, Any], advance: Advance) -> tuple[list[int], list[BadPicture], NDArray[Any]]:
    """The rows of those that can be read, the others, and ``DEEP`` of those with more than 8 bits."""
    rows: list[int] = []
    bad: list[BadPicture] = []
    deep: list[tuple[int, Any]] = []
    for chunk, pictures in _decoded_chunks(dataset):
        decoded = [(row, picture) for row, picture in zip(chunk, pictures, strict=True) if not isinstance(picture, PictureError)]
        bad += (
            BadPicture(dataset.where[row], picture.key, picture.values)
            for row, picture in zip(chunk, pictures, strict=True)
            if isinstance(picture, PictureError)
        )
        _store_chunk(arrays, len(rows), [picture for _, picture in decoded])
        rows += (row for row, _ in decoded)
        deep += ((row, picture.numbers) for row, picture in decoded if picture.numbers is not None)
        advance(len(chunk))
    return rows, bad, np.array(deep, DEEP)


@dataclass(frozen=True)
class _DecodedPicture:
    content: bytes
    height: int
    width: int
    turned: int
    stored_gray: bool
    pixels: Pixels
    numbers: NDArray[np.void] | None


def _decoded_chunks(dataset: Dataset) -> Iterator[tuple[list[int], list[_DecodedPicture | PictureError]]]:
    """Chunks of rows and what was seen of each. Photographs are decoded by threads."""
    rows = iter(range(len(dataset)))
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        while chunk := list(islice(rows, _CHUNK)):
            first = [_decode(dataset, row) for row in chunk[:4]]
            large = any(isinstance(picture, _DecodedPicture) and picture.pixels.shape[0] == SHARP_SIDE for picture in first)
            others = (pool.map if large else map)(lambda row: _decode(dataset, row), chunk[4:])
            yield chunk, [*first, *others]


def _decode(dataset: Dataset, row: int, levels: Levels | None = None) -> _DecodedPicture | PictureError:
    """A picture as it is measured; of more than 8 bits, by ``levels``, or for now by those of 16 and what its numbers are."""
    try:
        picture = dataset.read(row)
        name = dataset.where[row]
        height, width, turned = size_and_orientation(picture) if isinstance(picture, bytes) else (*picture.shape[:2], 1)
        gray = is_stored_gray(picture) if isinstance(picture, bytes) else picture.ndim == 2 or picture.shape[2] == 1
        side = side_to_measure(height, width)
        pixels = to_pixels(picture, (side, side), 3, "stretch", name, levels=levels or FULL)
        numbers = deep_numbers(picture, name) if levels is None else None
    except PictureError as error:
        return PictureError(error.key, **(error.values | {"name": dataset.where[row]}))
    kept = summary(numbers) if numbers is not None else None
    return _DecodedPicture(content_hash(picture), height, width, turned, gray, pixels, kept)


def _store_chunk(arrays: dict[str, Any], start: int, pictures: list[_DecodedPicture]) -> None:
    """Write what was seen of some pictures, from row ``start`` on."""
    facts = arrays["facts"]
    for place, picture in enumerate(pictures, start):
        arrays["hashes"][place] = np.frombuffer(picture.content, np.uint8)
        for name in ("height", "width", "turned", "stored_gray"):
            facts[place][name] = getattr(picture, name)
    for side in (SIDE, SHARP_SIDE):
        places = [place for place, picture in enumerate(pictures, start) if picture.pixels.shape[0] == side]
        for first in range(0, len(places), _MEASURED_AT_ONCE):
            some = places[first : first + _MEASURED_AT_ONCE]
            _store_measurements(arrays, some, measure(np.stack([pictures[place - start].pixels for place in some])))


def _store_measurements(arrays: dict[str, Any], places: list[int], measurements: Measurements) -> None:
    arrays["gray"][places] = measurements.gray
    arrays["colour"][places] = measurements.colour
    for name in ("mean", "deviation", "chroma", "stray", "blur"):
        arrays["facts"][name][places] = getattr(measurements, name)


def _open(folder: Path, fresh: bool) -> Survey | None:
    try:
        held, about = use_store(folder, fresh)
        rows = np.load(folder / "rows.npy")
        gray, colour, facts, hashes = (
            np.load(folder / f"{name}.npy", mmap_mode="r" if len(rows) else None)[: len(rows)]
            for name in ("gray", "colour", "facts", "hashes")
        )
        with np.load(folder / "near.npz") as file:
            near = NearCopies(file["pairs"], file["mirrored"], int(file["compared"]))
        bad = tuple(BadPicture(**picture) for picture in about["bad"])
        deep, levels = np.load(folder / "deep.npy"), Levels.from_json(about["levels"])
    except (OSError, ValueError, KeyError, TypeError, EOFError):
        return None
    return Survey(rows, np.asarray(hashes), gray, colour, np.asarray(facts), bad, near, fresh, deep, levels, held)
