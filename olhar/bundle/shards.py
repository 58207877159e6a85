"""Shards: a table of pictures in pieces of one batch, each asked about by itself, here or on another machine.

Batches are cut at the same rows wherever they are asked, so that answers are the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.signature import Signature
from olhar.bundle.predictor import BATCH, Predictor
from olhar.data.cache.store import BadPicture
from olhar.data.dataset import Dataset, Source

Content = bytes | NDArray[Any] | PictureError


@dataclass(frozen=True)
class AnsweredPicture:
    """What a model said of one picture.

    Attributes:
        row: of the picture in its table.
        probabilities: float32 (K,).
        unlikeness: above 1 where it is unlike any that taught; None where the model does not tell.
    """

    row: int
    probabilities: NDArray[np.float32]
    unlikeness: float | None


@dataclass(frozen=True)
class PictureShard:
    """Up to ``BATCH`` pictures of a table.

    Attributes:
        source: where they lie.
        where: the name of each.
        rows: of each in the table, by which the source is asked.
        weight, threads: as of ``CarriedPart``.
    """

    source: Source
    where: Sequence[str]
    rows: range
    weight: int = 0
    threads: int = 1

    def work(self, shared: Predictor) -> Iterator[AnsweredPicture | BadPicture]:
        """The answer for each that can be read, in their order, and after them those that cannot."""
        bad: list[BadPicture] = []
        rows: list[int] = []
        for place, prediction in enumerate(shared.stream(self._prepared(shared.signature, rows, bad))):
            yield AnsweredPicture(rows[place], prediction.probabilities, prediction.unlikeness)
        yield from bad

    def _prepared(self, signature: Signature, rows: list[int], bad: list[BadPicture]) -> Iterator[Pixels]:
        """Each readable picture as the model wants it; ``rows`` and ``bad`` are filled on the way."""
        size, levels, whole = (signature.height, signature.width), signature.levels, signature.whole
        for name, row in zip(self.where, self.rows, strict=True):
            try:
                content = self.source.read(row)
                pixels = to_pixels(content, size, signature.channels, signature.fit, name, levels=levels, whole=whole)
            except PictureError as error:
                bad.append(BadPicture(name, error.key, error.values))
            else:
                rows.append(row)
                yield pixels

    def carried(self) -> "PictureShard":
        """The same with the pictures' contents, still encoded."""
        contents = [_content(self.source, row) for row in self.rows]
        return PictureShard(CarriedContents(contents, self.rows.start), self.where, self.rows, sum(map(_size, contents)))

    def landed(self, came: list[AnsweredPicture | BadPicture]) -> Iterator[AnsweredPicture | BadPicture]:
        """As it came."""
        yield from came


def shards(data: Dataset) -> Iterator[PictureShard]:
    """A table of pictures, a batch at a time."""
    for start in range(0, len(data), BATCH):
        rows = range(start, min(start + BATCH, len(data)))
        yield PictureShard(data.source, [data.where[row] for row in rows], rows)


def _size(content: Content) -> int:
    return content.nbytes if isinstance(content, np.ndarray) else len(content) if isinstance(content, bytes) else 0


def _content(source: Source, row: int) -> Content:
    try:
        return source.read(row)
    except PictureError as error:
        return error


@dataclass(frozen=True)
class CarriedContents:
    """Pictures that lie in memory, the first of them at the index ``first``."""

    contents: Sequence[Content]
    first: int = 0

    def read(self, index: int) -> bytes | NDArray[Any]:
        """The picture at ``index``.

        Raises:
            PictureError: it could not be read where it lay.
        """
        content = self.contents[index - self.first]
        if isinstance(content, PictureError):
            raise content
        return content

    def fingerprint(self) -> Iterator[bytes]:
        """What changes when any picture changes."""
        yield from (bytes(content) for content in self.contents if not isinstance(content, PictureError))


@dataclass(frozen=True)
class AskedModel:
    """A model that is open, for ``Runner.stream``."""

    predictor: Predictor

    def opened(self) -> Predictor:
        """The model."""
        return self.predictor

    def carried(self) -> "CarriedModel":
        """The same as bytes."""
        return CarriedModel(self.predictor.serialised(), self.predictor.signature, self.predictor.name)


@dataclass(frozen=True)
class CarriedModel:
    """A model as bytes, and its contract as it was settled."""

    model: bytes
    signature: Signature
    name: str

    def opened(self) -> Predictor:
        """It, opened; one thread asks it, as other parts keep the other processors busy."""
        return Predictor(runtime.session(self.model, 1), self.signature, self.name, lambda: self.model)
