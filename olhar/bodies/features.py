"""Features: what a body says of many pictures, a row a picture and a view; found in the cache, or computed now.

Each core decodes and computes a few pictures at a time by itself: two threads inside one question wait for each other, and
larger batches fall out of the processor's cache.
"""

import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar, cast, get_args

import numpy as np
import onnx
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.errors import PictureError
from olhar.base.images import Pixels, to_pixels
from olhar.base.progress import Advance
from olhar.base.signature import Fit, Signature
from olhar.bodies.body import Body
from olhar.bundle.contract import take_pictures
from olhar.data.cache.content_hash import ContentHashes
from olhar.data.cache.store import BadPicture
from olhar.data.dataset import Dataset

Half = NDArray[np.float16]
Chunk = TypeVar("Chunk")
Answer = TypeVar("Answer")

View = Literal["plain", "mirror", "border"]
"""``border``: a tenth of each side, and gray within; what gives the class away there is no subject."""
VIEWS: tuple[View, ...] = get_args(View)

_AT_ONCE = 4
_BORDER, _BLANK = 10, 128


def feature_network(body: Body, channels: int) -> bytes:
    """The ONNX of a body that takes raw pictures, uint8 (N, height, width, ``channels``): gray ones are repeated."""
    network = onnx.load_from_string(body.network)
    take_pictures(network, picture_contract(body, channels), body.channels_first)
    return network.SerializeToString()


def picture_contract(body: Body, channels: int, fit: Fit = "stretch", classes: Sequence[str] = ("",)) -> Signature:
    """How a body wants its pictures, if they have so many channels."""
    mean, std = (numbers[:1] * channels if channels != body.channels else numbers for numbers in body.scaling)
    names = tuple(classes)
    bgr = body.bgr and channels == 3
    return Signature(names, names, body.height, body.width, channels, fit, mean, std, bgr=bgr)


@dataclass(frozen=True)
class Features:
    """What a body says of M pictures.

    Attributes:
        values: float16 (M, V, F), memory-mapped where they were found: V views of each picture, the plain one first.
        columns: pooled output -> which of the F numbers are its own.
        rows: int64 (M,): the row of each picture in the dataset; bad ones are missing.
        hashes: 16 bytes of content hash a picture.
        bad: the pictures that cannot be read.
        fresh: whether any was computed just now.
        held: locks: while they live, no process takes the values away.
    """

    values: Half
    columns: Mapping[str, slice]
    rows: NDArray[np.int64]
    hashes: ContentHashes
    bad: tuple[BadPicture, ...]
    fresh: bool
    held: tuple[Any, ...] = field(default=(), repr=False, compare=False)

    def block(self, name: str) -> Half:
        """One pooled output: float16 (V, M, its width)."""
        return self.values[:, :, self.columns[name]].transpose(1, 0, 2)

    def blocks(self) -> dict[str, Half]:
        """All pooled outputs by name."""
        return {name: self.block(name) for name in self.columns}


def columns_of(body: Body) -> dict[str, slice]:
    """Which numbers of a row belong to each pooled output."""
    ends = np.cumsum(list(body.blocks.values())).tolist()
    return {name: slice(end - width, end) for (name, width), end in zip(body.blocks.items(), ends, strict=True)}


def compute(
    dataset: Dataset, rows: Sequence[int], body: Body, contract: Signature, views: Sequence[View], advance: Advance
) -> Iterator[Half | PictureError]:
    """What a body says of some pictures, in their order, few in memory at a time.

    Args:
        dataset: the pictures.
        rows: which of them.
        body: what looks at them.
        contract: ``picture_contract``: their size, channels and fit.
        views: of each picture.
        advance: is told how many more are done.

    Yields:
        float16 (V, F) of a picture, or why it cannot be read.
    """
    session = runtime.session(feature_network(body, contract.channels), threads=1)
    question, names = session.get_inputs()[0].name, list(body.blocks)

    def look(some: Sequence[int]) -> list[Half | PictureError]:
        pictures = [_decoded(dataset, row, contract) for row in some]
        good = [_seen(picture, view) for picture in pictures if not isinstance(picture, PictureError) for view in views]
        if not good:
            return [picture for picture in pictures if isinstance(picture, PictureError)]
        answers = cast(list[Any], session.run(names, {question: np.stack(good)}))
        answered = iter(np.concatenate(answers, axis=1).astype(np.float16).reshape(-1, len(views), sum(body.blocks.values())))
        return [picture if isinstance(picture, PictureError) else next(answered) for picture in pictures]

    for answers in _in_order(look, [rows[start : start + _AT_ONCE] for start in range(0, len(rows), _AT_ONCE)]):
        yield from answers
        advance(len(answers))


def _in_order(work: Callable[[Chunk], Answer], chunks: Iterable[Chunk]) -> Iterator[Answer]:
    """The answers in the order of the chunks, by as many threads as there are cores; no core waits for the slowest of a group."""
    workers = os.cpu_count() or 1
    pending: deque[Future[Answer]] = deque()
    with ThreadPoolExecutor(workers) as pool:
        for chunk in chunks:
            pending.append(pool.submit(work, chunk))
            if len(pending) > 8 * workers:
                yield pending.popleft().result()
        while pending:
            yield pending.popleft().result()


def milliseconds(body: Body, pictures: int = 48) -> float:
    """How long a picture takes on this machine, all cores at work, decoding left out; the best of three times."""
    session = runtime.session(body.network, threads=1)
    shape = (_AT_ONCE, body.height, body.width, body.channels)
    turned = (shape[0], shape[3], *shape[1:3]) if body.channels_first else shape
    question = {session.get_inputs()[0].name: np.random.default_rng(0).random(turned, np.float32)}
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        times: list[float] = []
        for _ in range(3):
            begun = time.perf_counter()
            list(pool.map(lambda _: session.run(None, question), range(pictures // _AT_ONCE)))
            times.append(time.perf_counter() - begun)
    return 1000 * min(times) / (pictures // _AT_ONCE * _AT_ONCE)


def _decoded(dataset: Dataset, row: int, contract: Signature) -> Pixels | PictureError:
    try:
        size, name, whole = (contract.height, contract.width), dataset.where[row], contract.whole
        return to_pixels(dataset.read(row), size, contract.channels, contract.fit, name, levels=contract.levels, whole=whole)
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
