"""Labelled pictures for a trial: none of a test part, dealt into two halves by their content, decoded a few at a time."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.levels import FULL
from olhar.base.signature import Fit
from olhar.data.cache.store import content_hash
from olhar.data.dataset import Dataset
from olhar.foreign.classifier import PictureShape

CHUNK = 32
_SAMPLE = 128


@dataclass(frozen=True)
class LabelledPictures:
    """Labelled pictures that can be decoded when wanted.

    Attributes:
        dataset: where they lie.
        rows: which of its pictures.
        labels: int64 (N,), their classes.
        picture_shape: the pictures that the network takes.
    """

    dataset: Dataset
    rows: Sequence[int]
    labels: NDArray[np.int64]
    picture_shape: PictureShape

    def some(self, most: int) -> "LabelledPictures":
        """At most so many, evenly by class."""
        chosen = _evenly(self.labels, most, len(self.dataset.classes))
        return replace(self, rows=[self.rows[i] for i in chosen.tolist()], labels=self.labels[chosen])

    def pixels(self, fit: Fit, start: int = 0, stop: int | None = None) -> Pixels:
        """Some of them as the network would get them: uint8 (N, H, W, C)."""
        size, channels = (self.picture_shape.height, self.picture_shape.width), self.picture_shape.channels
        return np.stack([to_pixels(self.dataset.read(row), size, channels, fit, levels=FULL) for row in self.rows[start:stop]])

    def chunks(self, fit: Fit) -> Iterator[Pixels]:
        """All of them, a few at a time."""
        for start in range(0, len(self.rows), CHUNK):
            yield self.pixels(fit, start, start + CHUNK)


def without_test_part(dataset: Dataset) -> Dataset:
    """The validation pictures where the data brings parts, else all that it does not keep for the test."""
    parts = set(dataset.brought)
    parts_to_use = {"validation"} if "validation" in parts else parts - {"test"} or parts
    return dataset.only([row for row, part in enumerate(dataset.brought) if part in parts_to_use])


def sample_pictures(shape: PictureShape, dataset: Dataset) -> dict[Fit, Pixels]:
    """Some pictures as the network would get them, stretched and cropped.

    Raises:
        DataError: none of them can be read.
    """
    good: list[int] = []
    for row in _evenly(dataset.labels, _SAMPLE, len(dataset.classes)).tolist():
        if _readable(shape, dataset, row) is not None:
            good.append(row)
    if not good:
        raise DataError("inspect.too_few", where=dataset.origin)
    pictures = LabelledPictures(dataset, good, dataset.labels[good], shape)
    return {fit: pictures.pixels(fit) for fit in ("stretch", "crop")}


def _readable(shape: PictureShape, dataset: Dataset, row: int) -> bytes | NDArray[Any] | None:
    """A picture that can be decoded; None where it cannot."""
    try:
        picture = dataset.read(row)
        to_pixels(picture, (shape.height, shape.width), shape.channels, "stretch", levels=FULL)
    except PictureError:
        return None
    return picture


def halves(shape: PictureShape, dataset: Dataset, most: int) -> tuple[LabelledPictures, LabelledPictures, int]:
    """Two halves of each class by the hashes of the pictures, so that copies stay together, and how many cannot be read.

    Raises:
        DataError: a class has fewer than two pictures.
    """
    hashes: dict[int, list[tuple[bytes, int]]] = {}
    rows = _evenly(dataset.labels, 2 * most, len(dataset.classes)).tolist()
    for row in rows:
        picture = _readable(shape, dataset, row)
        if picture is not None:
            hashes.setdefault(int(dataset.labels[row]), []).append((content_hash(picture), row))
    sides: tuple[list[int], list[int]] = ([], [])
    for pairs in hashes.values():
        place = {digest: n for n, digest in enumerate(sorted({digest for digest, _ in pairs}))}
        for digest, row in pairs:
            sides[place[digest] % 2].append(row)
    if any(len(set(dataset.labels[side].tolist())) < len(dataset.classes) for side in sides):
        raise DataError("inspect.too_few", where=dataset.origin)
    choosing, judging = (LabelledPictures(dataset, sorted(side), dataset.labels[sorted(side)], shape) for side in sides)
    return choosing, judging, len(rows) - len(choosing.rows) - len(judging.rows)


def _evenly(labels: NDArray[np.int64], most: int, classes: int) -> NDArray[np.int64]:
    """Indices of at most so many pictures, as many of each class as there are, spread over each class."""
    per_class = max(1, most // classes)
    if len(labels) <= most:
        return np.arange(len(labels))
    rows = [np.flatnonzero(labels == label) for label in range(classes)]
    steps = [np.linspace(0, len(members) - 1, min(per_class, len(members))).astype(int) for members in rows]
    return np.sort(np.concatenate([members[np.unique(places)] for members, places in zip(rows, steps, strict=True)]))
