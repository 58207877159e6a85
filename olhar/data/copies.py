"""Copies: byte-identical pictures by their hash; recompressed, resized, brightened and mirrored ones by what they look like.

Candidates come from a 63-bit perceptual hash: the signs of the lowest frequencies of the thumbnail's cosine transform (after pHash,
Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010; signs do not change with brightness or
contrast, and a mirrored picture has those of the odd columns turned round). ``bands`` finds the hashes that lie close. Each
candidate pair is then compared by pixels: it must agree in the whole and in fine detail once brightness and contrast are taken
out, and in colour. Plain pictures are left out, as they look alike without being copies; cut-out parts are not found.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import say
from olhar.data.bands import TABLES, Signs, close_pairs

BITS = 63
_CHUNK = 4096

_PLAIN = 6.0
"""Thumbnails with a smaller standard deviation, of 0..255, are too plain to be told apart."""
_ALIKE, _FINE_ALIKE = 0.97, 0.80
"""Least correlation of two thumbnails, and of what is left of them without their means over 4x4 pixels."""
_GAIN, _SHIFT, _HUE = 1.5, 48.0, 10.0
"""Most that contrast (as a factor), brightness and, on average, colour may differ."""


@dataclass(frozen=True)
class Copies:
    """Pairs of pictures that are near copies of each other; byte-identical ones are not among them.

    Attributes:
        pairs: int64 (P, 2), the lower row first, in order.
        mirrored: bool (P,): one of the pair is mirrored.
        compared: how many pairs were compared by pixels.
    """

    pairs: NDArray[np.int64]
    mirrored: NDArray[np.bool_]
    compared: int


def same(hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """int64 (N,): the first row with the content of each; ``hashes`` are uint8 (N, 16)."""
    _, first, inverse = np.unique(_whole(hashes), return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _whole(hashes: NDArray[np.uint8]) -> NDArray[Any]:
    return np.ascontiguousarray(hashes).view(np.dtype((np.void, hashes.shape[1]))).ravel() if len(hashes) else hashes[:, 0]


def groups(n: int, *pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64 (N,): the lowest row of each row's group, where ``pairs`` (P, 2) of rows belong together."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    joined = np.concatenate([np.zeros((0, 2), np.int64), *pairs])
    matrix = coo_matrix((np.ones(len(joined), bool), (joined[:, 0], joined[:, 1])), shape=(n, n))
    _, group = connected_components(matrix, directed=False)
    first = np.full(n, n, dtype=np.int64)
    np.minimum.at(first, group, np.arange(n))
    return first[group]


def near_copies(gray: Pixels, colour: Pixels, content: NDArray[np.int64], progress: Progress | None = None) -> Copies:
    """Pairs of pictures that look the same, each content once.

    Args:
        gray: uint8 (N, 32, 32) thumbnails.
        colour: uint8 (N, 4, 4, 3) mean colours of a grid.
        content: int64 (N,): the first row that is byte-identical, as ``same`` gives.
    """
    rows = np.flatnonzero((content == np.arange(len(content))) & ~_plain(gray))
    signs = Signs.of(_frequencies(gray, rows))
    with (progress or Quiet()).stage(say("check.comparing"), 2 * TABLES) as advance:
        straight = close_pairs(signs, signs, advance)
        turned = close_pairs(signs, signs.flipped(_ODD), advance)
    found = [_verified(gray, colour, rows[pairs], mirror) for pairs, mirror in ((straight, False), (turned, True))]
    pairs = np.concatenate(found)
    mirrored = np.repeat([False, True], [len(one) for one in found])
    _, first = np.unique(pairs, axis=0, return_index=True)
    return Copies(pairs[first], mirrored[first], len(straight) + len(turned))


def _plain(gray: Pixels) -> NDArray[np.bool_]:
    starts = range(0, len(gray), _CHUNK)
    spread = [gray[i : i + _CHUNK].reshape(-1, gray[0].size).std(axis=1, dtype=np.float32) < _PLAIN for i in starts]
    return np.concatenate([np.zeros(0, bool), *spread])


def _transform(side: int, most: int) -> NDArray[np.float32]:
    """The first ``most`` rows of the orthonormal cosine transform (DCT-II)."""
    row, column = np.mgrid[:most, :side]
    basis = np.sqrt(2 / side) * np.cos(np.pi * (column + 0.5) * row / side)
    basis[0] /= np.sqrt(2)
    return basis.astype(np.float32)


_PLACES = sorted(((v, u) for v in range(8) for u in range(8) if u or v), key=lambda place: (sum(place), place))
"""Vertical and horizontal frequency of each bit, the lowest first."""
_ODD = np.array([u % 2 == 1 for _, u in _PLACES])
_BASIS = _transform(32, 8)


def _frequencies(gray: Pixels, rows: NDArray[np.int64]) -> NDArray[np.float32]:
    """float32 (len(rows), 63): the lowest frequencies but the mean."""
    down, across = np.array(_PLACES).T
    found = [np.zeros((0, BITS), np.float32)]
    for start in range(0, len(rows), _CHUNK):
        pixels = gray[rows[start : start + _CHUNK]].astype(np.float32)
        found.append((_BASIS @ pixels @ _BASIS.T)[:, down, across])
    return np.concatenate(found)


def _verified(gray: Pixels, colour: Pixels, pairs: NDArray[np.int64], mirror: bool) -> NDArray[np.int64]:
    """The pairs that agree by pixels too; the second of each is mirrored first where ``mirror``."""
    step = -1 if mirror else 1
    kept = [np.zeros((0, 2), np.int64)]
    for start in range(0, len(pairs), _CHUNK):
        one, other = pairs[start : start + _CHUNK].T
        alike = _alike(gray[one], gray[other][:, :, ::step]) & _coloured_alike(colour[one], colour[other][:, :, ::step])
        kept.append(pairs[start : start + _CHUNK][alike])
    return np.concatenate(kept)


def _alike(one: Pixels, other: Pixels) -> NDArray[np.bool_]:
    a, b = one.astype(np.float32), other.astype(np.float32)
    near = np.abs(a.mean(axis=(1, 2)) - b.mean(axis=(1, 2))) <= _SHIFT
    gain = a.std(axis=(1, 2)) / b.std(axis=(1, 2))
    near &= (gain <= _GAIN) & (gain >= 1 / _GAIN) & (_correlation(a, b) >= _ALIKE)
    fine = np.zeros(len(a), bool)
    fine[near] = _correlation(_detail(a[near]), _detail(b[near])) >= _FINE_ALIKE
    return fine


def _detail(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    blocks = pixels.reshape(-1, 8, 4, 8, 4)
    return (blocks - blocks.mean(axis=(2, 4), keepdims=True)).reshape(pixels.shape)


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    a = a - a.mean(axis=(1, 2), keepdims=True)
    b = b - b.mean(axis=(1, 2), keepdims=True)
    length = np.sqrt(np.einsum("nij,nij->n", a, a) * np.einsum("nij,nij->n", b, b))
    return np.einsum("nij,nij->n", a, b) / np.maximum(length, 1e-6)


def _coloured_alike(one: Pixels, other: Pixels) -> NDArray[np.bool_]:
    """Whether the colours are the same but for brightness."""
    a, b = one.astype(np.float32), other.astype(np.float32)
    a, b = (each - each.mean(axis=3, keepdims=True) for each in (a, b))
    return np.abs(a - b).mean(axis=(1, 2, 3)) <= _HUE
