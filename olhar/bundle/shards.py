"""Shards: a table of pictures in pieces of one batch, each asked about by itself, here or on another machine.

Batches are cut at the same rows wherever they are asked, so that answers are the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.signature import Signature
from olhar.bundle.predictor import BATCH, Predictor
from olhar.data.cache.store import BadPicture
from olhar.data.carried_contents import CarriedContents
from olhar.data.dataset import Dataset, Source


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
        rows: of each, by which the source is asked.
        first: the row in the table of the source's first.
        weight, threads: as of ``CarriedPart``.
    """

    source: Source
    where: Sequence[str]
    rows: range
    first: int = 0
    weight: int = 0
    threads: int = 1

    def work(self, shared: Predictor) -> Iterator[AnsweredPicture | BadPicture]:
        """The answer for each that can be read, in their order, and after them those that cannot."""
        bad: list[BadPicture] = []
        rows: list[int] = []
        for place, prediction in enumerate(shared.stream(self._prepared(shared.signature, rows, bad))):
            yield AnsweredPicture(self.first + rows[place], prediction.probabilities, prediction.unlikeness)
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
        contents = CarriedContents.of(self.source, self.rows)
        return PictureShard(contents, self.where, contents.rows, self.first + self.rows.start, contents.weight)

    def landed(self, came: list[AnsweredPicture | BadPicture]) -> Iterator[AnsweredPicture | BadPicture]:
        """As it came."""
        yield from came


def shards(data: Dataset) -> Iterator[PictureShard]:
    """A table of pictures, a batch at a time."""
    for start in range(0, len(data), BATCH):
        rows = range(start, min(start + BATCH, len(data)))
        yield PictureShard(data.source, [data.where[row] for row in rows], rows)


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
        return Predictor(runtime.session(self.model, 1), self.signature, self.name, lambda: self.model, 1)
