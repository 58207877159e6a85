"""Features: what a body says of many pictures, a row a picture and a view; found in the cache, or computed now."""

import os
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
import onnx
from numpy.typing import NDArray

from olhar.base import runtime
from olhar.base.signature import Fit, Signature
from olhar.bodies.body import Body
from olhar.bundle.contract import take_pictures
from olhar.data.cache.content_hash import ContentHashes
from olhar.data.cache.store import BadPicture

Half = NDArray[np.float16]

View = Literal["plain", "mirror", "border"]
"""``border``: a tenth of each side, and gray within; what gives the class away there is no subject."""
VIEWS: tuple[View, ...] = get_args(View)

AT_ONCE = 4
"""Pictures in one question; where these are cut decides the last digits, so that all who ask cut alike."""


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


def milliseconds(body: Body, pictures: int = 48) -> float:
    """How long a picture takes on this machine, all cores at work, decoding left out; the best of three times."""
    session = runtime.session(body.network, threads=1)
    shape = (AT_ONCE, body.height, body.width, body.channels)
    turned = (shape[0], shape[3], *shape[1:3]) if body.channels_first else shape
    question = {session.get_inputs()[0].name: np.random.default_rng(0).random(turned, np.float32)}
    workers = os.cpu_count() or 1
    with ThreadPoolExecutor(workers) as pool:
        times: list[float] = []
        for _ in range(3):
            begun = time.perf_counter()
            list(pool.map(lambda _: session.run(None, question), range(pictures // AT_ONCE)))
            times.append(time.perf_counter() - begun)
    return 1000 * min(times) / (pictures // AT_ONCE * AT_ONCE)
