"""What a body says of pictures, computed now: in this process by all cores, or by a Runner elsewhere; the same bytes everywhere.

Each core decodes and computes a few pictures at a time by itself: two threads inside one question wait for each other, and
larger batches fall out of the processor's cache.
"""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import numpy as np

from olhar.base import runtime
from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.progress import Advance
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Signature
from olhar.bodies.body import Body
from olhar.bodies.features import AT_ONCE, Half, View, feature_network
from olhar.data.carried_contents import CarriedContents
from olhar.data.dataset import Dataset, Source

Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

SHARD = 16 * AT_ONCE
"""Pictures that travel together."""

_BORDER, _BLANK = 10, 128


def compute(
    dataset: Dataset,
    rows: Sequence[int],
    asked: "AskedBody",
    advance: Advance,
    runner: Runner = HERE,
) -> Iterator[Half | PictureError]:
    """What a body says of some pictures, in their order, few in memory at a time.

    Args:
        dataset: the pictures.
        rows: which of them.
        asked: the body, and how it looks at them.
        advance: is told how many more are done.
        runner: where it looks.

    Yields:
        float16 (V, F) of a picture, or why it cannot be read.
    """
    at_once, threads = (len(rows), os.cpu_count() or 1) if runner is HERE else (SHARD, 1)
    chunks = (rows[start : start + at_once] for start in range(0, len(rows), at_once or 1))
    parts = (FeatureShard(dataset.source, [dataset.where[row] for row in some], some, threads) for some in chunks)
    for answer in runner.stream(asked, parts):
        yield answer
        advance(1)


class Look:
    """What a body says of pictures, few at a time.

    Args:
        network: ``feature_network``.
        blocks: pooled output -> its width.
        contract: ``picture_contract``: the pictures' size, channels and fit.
        views: of each picture.
    """

    def __init__(self, network: bytes, blocks: Mapping[str, int], contract: Signature, views: Sequence[View]) -> None:
        self.session = runtime.session(network, threads=1)
        self.names, self.width = list(blocks), sum(blocks.values())
        self.contract, self.views = contract, views

    def few(self, source: Source, names: Sequence[str], rows: Sequence[int]) -> list[Half | PictureError]:
        """Float16 (V, F) of each picture, or why it cannot be read.

        Args:
            source: where they lie.
            names: of each.
            rows: of each, by which the source is asked.
        """
        pictures = [_decoded(source, name, row, self.contract) for name, row in zip(names, rows, strict=True)]
        good = [_seen(picture, view) for picture in pictures if not isinstance(picture, PictureError) for view in self.views]
        if not good:
            return [picture for picture in pictures if isinstance(picture, PictureError)]
        answers = cast(list[Any], self.session.run(self.names, {self.session.get_inputs()[0].name: np.stack(good)}))
        answered = iter(np.concatenate(answers, axis=1).astype(np.float16).reshape(-1, len(self.views), self.width))
        return [picture if isinstance(picture, PictureError) else next(answered) for picture in pictures]

    def many(
        self, source: Source, names: Sequence[str], rows: Sequence[int], threads: int
    ) -> Iterator[list[Half | PictureError]]:
        """The same of many, in their order, a few at a time."""
        starts = range(0, len(rows), AT_ONCE)

        def look(start: int) -> list[Half | PictureError]:
            return self.few(source, names[start : start + AT_ONCE], rows[start : start + AT_ONCE])

        return _in_order(look, starts, threads) if threads > 1 else map(look, starts)


@dataclass(frozen=True)
class AskedBody:
    """A body, for ``Runner.stream``.

    Attributes:
        body: what looks at the pictures.
        contract: ``picture_contract``: their size, channels and fit.
        views: of each picture.
    """

    body: Body
    contract: Signature
    views: Sequence[View]

    def opened(self) -> Look:
        """The body, its network opened."""
        return self.carried().opened()

    def carried(self) -> "CarriedBody":
        """The same as bytes."""
        network = feature_network(self.body, self.contract.channels)
        return CarriedBody(network, dict(self.body.blocks), self.contract, tuple(self.views))


@dataclass(frozen=True)
class CarriedBody:
    """A body as bytes, and how it looks."""

    network: bytes
    blocks: Mapping[str, int]
    contract: Signature
    views: Sequence[View]

    def opened(self) -> Look:
        """The body, its network opened."""
        return Look(self.network, self.blocks, self.contract, self.views)


@dataclass(frozen=True)
class FeatureShard:
    """Some pictures of a table.

    Attributes:
        source: where they lie.
        where: the name of each.
        rows: of each, by which the source is asked.
        threads, weight: as of ``CarriedPart``.
    """

    source: Source
    where: Sequence[str]
    rows: Sequence[int]
    threads: int = 1
    weight: int = 0

    def work(self, shared: Look) -> Iterator[Half | PictureError]:
        """What the body says of each, or why it cannot be read."""
        for answers in shared.many(self.source, self.where, self.rows, self.threads):
            yield from answers

    def carried(self) -> "FeatureShard":
        """The same with the pictures' contents, still encoded."""
        contents = CarriedContents.of(self.source, self.rows)
        return FeatureShard(contents, self.where, contents.rows, self.threads, contents.weight)

    def landed(self, came: list[Half | PictureError]) -> Iterator[Half | PictureError]:
        """As it came."""
        yield from came


def _in_order(work: Callable[[Chunk], Answer], chunks: Iterable[Chunk], workers: int) -> Iterator[Answer]:
    """The answers in the order of the chunks, by as many threads as there are cores; no core waits for the slowest of a group."""
    pending: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for chunk in chunks:
            pending.append(pool.submit(work, chunk))
            if len(pending) > 8 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def _decoded(source: Source, name: str, row: int, contract: Signature) -> Pixels | PictureError:
    try:
        size, whole = (contract.height, contract.width), contract.whole
        return to_pixels(source.read(row), size, contract.channels, contract.fit, name, levels=contract.levels, whole=whole)
    except PictureError as error:
        return error


def _seen(pixels: Pixels, view: View) -> Pixels:
    return without_middle(pixels) if view == "border" else pixels[:, ::-1] if view == "mirror" else pixels


def without_middle(pixels: Pixels) -> Pixels:
    """A picture of which only the border is left, (H, W, C): a tenth of each side."""
    left, (height, width) = pixels.copy(), pixels.shape[:2]
    down, right = max(1, height // _BORDER), max(1, width // _BORDER)
    left[down : height - down, right : width - right] = _BLANK
    return left
