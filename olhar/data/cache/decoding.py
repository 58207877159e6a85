"""Pictures at one size, decoded now: in this process, by threads where they are photographs, or by a Runner elsewhere."""

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice

import numpy as np

from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.levels import Levels
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Fit
from olhar.data.cache.content_hash import content_hash
from olhar.data.carried_contents import CarriedContents
from olhar.data.dataset import Dataset, Source

_SMALL_FILE = 8192
_SHARD = 64

Decoded = tuple[Pixels, bytes] | PictureError
"""A picture at its size and the hash of its content, or why it cannot be read."""


@dataclass(frozen=True)
class PackingRule:
    """How pictures become pixels; every process has it at hand.

    Attributes:
        shape: height, width and channels.
        fit: the resize rule.
        levels: black and white of more than 8 bits.
        whole: JPEGs are decoded whole.
    """

    shape: tuple[int, int, int]
    fit: Fit
    levels: Levels
    whole: bool

    def opened(self) -> "PackingRule":
        """Itself."""
        return self

    def carried(self) -> "PackingRule":
        """Itself."""
        return self

    def decode(self, source: Source, name: str, row: int) -> Decoded:
        """One picture."""
        try:
            picture = source.read(row)
            size, channels = self.shape[:2], self.shape[2]
            pixels = to_pixels(picture, size, channels, self.fit, name, levels=self.levels, whole=self.whole)
        except PictureError as error:
            return error
        return pixels, content_hash(picture)


@dataclass(frozen=True)
class PackShard:
    """Some pictures of a table.

    Attributes:
        source: where they lie.
        where: the name of each.
        rows: of each, by which the source is asked.
        weight, threads: as of ``CarriedPart``.
    """

    source: Source
    where: Sequence[str]
    rows: range
    weight: int = 0
    threads: int = 1

    def work(self, shared: PackingRule) -> Iterator[Decoded]:
        """Each decoded, in their order."""
        for name, row in zip(self.where, self.rows, strict=True):
            yield shared.decode(self.source, name, row)

    def carried(self) -> "PackShard":
        """The same with the pictures' contents, still encoded."""
        contents = CarriedContents.of(self.source, self.rows)
        return PackShard(contents, self.where, contents.rows, contents.weight)

    def landed(self, came: list[Decoded]) -> Iterator[Decoded]:
        """As it came."""
        yield from came


def decoded(dataset: Dataset, rule: PackingRule, runner: Runner) -> Iterator[Decoded]:
    """All pictures in order."""
    return _here(dataset, rule) if runner is HERE else runner.stream(rule, _shards(dataset))


def _shards(dataset: Dataset) -> Iterator[PackShard]:
    for start in range(0, len(dataset), _SHARD):
        rows = range(start, min(start + _SHARD, len(dataset)))
        yield PackShard(dataset.source, [dataset.where[row] for row in rows], rows)


def _here(dataset: Dataset, rule: PackingRule) -> Iterator[Decoded]:
    """Threads pay for photographs only: two are slower than one on small files."""

    def decode(row: int) -> Decoded:
        return rule.decode(dataset.source, dataset.where[row], row)

    if not _photographs(dataset):
        yield from map(decode, range(len(dataset)))
        return
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        rows = iter(range(len(dataset)))
        while chunk := list(islice(rows, 8 * workers)):
            yield from pool.map(decode, chunk)


def _photographs(dataset: Dataset) -> bool:
    """Whether the files are large, by a look at eight of them."""
    sizes: list[int] = []
    for row in np.linspace(0, len(dataset) - 1, min(8, len(dataset))).astype(int).tolist():
        try:
            picture = dataset.read(row)
        except PictureError:
            continue
        sizes.append(len(picture) if isinstance(picture, bytes) else 0)
    return bool(sizes) and sum(sizes) / len(sizes) > _SMALL_FILE
