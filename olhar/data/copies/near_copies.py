"""Near copies: recompressed, resized, brightened and mirrored pictures, found by what they look like.

Candidates come from a 63-bit perceptual hash: the signs of the lowest frequencies of the thumbnail's cosine transform (after
pHash: Zauner, "Implementation and benchmarking of perceptual image hash functions", 2010; signs do not change with brightness or
contrast, and a mirrored picture has those of the odd columns turned round). ``hamming`` finds the hashes that lie close. Each
candidate pair is then compared by pixels: it must agree in the whole and in fine detail once brightness and contrast are taken
out, and in colour. Bare pictures (a stroke on paper, a bird in the sky) must agree more closely, as they look alike without being
copies; plain ones are left out, and cut-out parts are not found.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import sentence
from olhar.data.copies.hamming import TABLES, Signs, close_pairs

BITS = 63
_CHUNK = 4096

_PLAIN = 6.0
"""Thumbnails with a smaller standard deviation, of 0..255, are too plain to be told apart."""
_ALIKE, _FINE_ALIKE = 0.93, 0.60
"""Least correlation of two thumbnails, and of what is left of them without their means over 4x4 pixels."""
_BARE_ALIKE, _BARE_FINE_ALIKE = 0.995, 0.985
"""The same where either is bare: more than half of it within 8 levels of its median."""
_GROUND = 8
_SLACK, _BARE_SLACK = 0.03, 0.005
"""How much less the lowest frequencies alone may agree before the pixels are compared."""
_GAIN, _SHIFT, _HUE, _COLOURLESS = 1.6, 48.0, 12.0, 2.0
"""Most that contrast (as a factor), brightness and, on average, colour may differ; below the last, a picture is gray."""


@dataclass(frozen=True)
class NearCopies:
    """Pairs of pictures that are near copies of each other; byte-identical ones are not among them.

    Attributes:
        pairs: int64 (P, 2), the lower row first, in order.
        mirrored: bool (P,): one of the pair is mirrored.
        compared: how many pairs were compared by pixels.
    """

    pairs: NDArray[np.int64]
    mirrored: NDArray[np.bool_]
    compared: int


def near_copies(gray: Pixels, colour: Pixels, comparable: NDArray[np.bool_], progress: Progress | None = None) -> NearCopies:
    """Pairs of pictures that look the same.

    Args:
        gray: uint8 (N, 32, 32) thumbnails.
        colour: uint8 (N, 4, 4, 3) mean colours of a grid.
        comparable: bool (N,): which of them to compare; one of each content, and none that is too small to tell.
    """
    rows = np.flatnonzero(comparable & ~_plain(gray))
    thumbnails = _Thumbnails(gray, colour, rows, _frequencies(gray, rows), _bare(gray, rows))
    signs = Signs.of(thumbnails.low)
    with (progress or Quiet()).stage(sentence("check.comparing"), 2 * TABLES) as advance:
        upright = thumbnails.likely(close_pairs(signs, signs, advance), mirror=False)
        flipped = thumbnails.likely(close_pairs(signs, signs.flipped(_ODD), advance), mirror=True)
    verified = [thumbnails.verified(upright, mirror=False), thumbnails.verified(flipped, mirror=True)]
    pairs, mirrored = np.concatenate(verified), np.repeat([False, True], [len(copies) for copies in verified])
    _, first = np.unique(pairs, axis=0, return_index=True)
    return NearCopies(pairs[first], mirrored[first], len(upright) + len(flipped))


@dataclass(frozen=True)
class _Thumbnails:
    """Thumbnails, colours, and of the R ``rows`` that are compared: low frequencies (R, 63) of length 1, and which are bare."""

    gray: Pixels
    colour: Pixels
    rows: NDArray[np.int64]
    low: NDArray[np.float16]
    bare: NDArray[np.bool_]

    def likely(self, pairs: NDArray[np.int64], mirror: bool) -> NDArray[np.int64]:
        """The pairs, of places among ``rows``, whose low frequencies agree."""
        signs = np.where(_ODD & mirror, -1, 1).astype(np.float32)
        close = [pairs[:0]]
        for chunk in _chunks(pairs):
            first, second = chunk.T
            agreement = np.einsum("nf,nf,f->n", self.low[first].astype(np.float32), self.low[second].astype(np.float32), signs)
            bare = self.bare[first] | self.bare[second]
            close.append(chunk[agreement >= np.where(bare, _BARE_ALIKE - _BARE_SLACK, _ALIKE - _SLACK)])
        return np.concatenate(close)

    def verified(self, pairs: NDArray[np.int64], mirror: bool) -> NDArray[np.int64]:
        """The pairs, as rows, that agree by pixels too; the second of each is mirrored first where ``mirror``."""
        step = -1 if mirror else 1
        agreeing = [pairs[:0]]
        for chunk in _chunks(pairs):
            bare = self.bare[chunk[:, 0]] | self.bare[chunk[:, 1]]
            first, second = self.rows[chunk].T
            alike = _alike(self.gray[first], self.gray[second][:, :, ::step], bare)
            alike[alike] = _coloured_alike(self.colour[first[alike]], self.colour[second[alike]][:, :, ::step])
            agreeing.append(self.rows[chunk[alike]])
        return np.concatenate(agreeing)


def _chunks(rows: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    return (rows[start : start + _CHUNK] for start in range(0, len(rows), _CHUNK))


def _plain(gray: Pixels) -> NDArray[np.bool_]:
    chunks = (gray[start : start + _CHUNK] for start in range(0, len(gray), _CHUNK))
    return np.concatenate([np.zeros(0, bool), *(chunk.std(axis=(1, 2), dtype=np.float32) < _PLAIN for chunk in chunks)])


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


def _frequencies(gray: Pixels, rows: NDArray[np.int64]) -> NDArray[np.float16]:
    """float16 (len(rows), 63): the lowest frequencies but the mean, scaled to length 1."""
    down, across = np.array(_PLACES).T
    spectra = [np.zeros((0, BITS), np.float16)]
    for chunk in _chunks(rows):
        values = (_BASIS @ gray[chunk].astype(np.float32) @ _BASIS.T)[:, down, across]
        spectra.append((values / np.linalg.norm(values, axis=1, keepdims=True)).astype(np.float16))
    return np.concatenate(spectra)


def _bare(gray: Pixels, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """bool (len(rows),): whether most of a picture is of one tone."""
    bare = [np.zeros(0, bool)]
    for chunk in _chunks(rows):
        flat = gray[chunk].reshape(len(chunk), -1).astype(np.int16)
        ground = np.partition(flat, flat.shape[1] // 2, axis=1)[:, flat.shape[1] // 2, None]
        bare.append((np.abs(flat - ground) <= _GROUND).mean(axis=1) > 0.5)
    return np.concatenate(bare)


def _alike(first: Pixels, second: Pixels, bare: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """bool (P,): whether two thumbnails agree but for brightness and contrast; where ``bare``, more closely."""
    a, b = first.astype(np.float32), second.astype(np.float32)
    alike = np.abs(a.mean(axis=(1, 2)) - b.mean(axis=(1, 2))) <= _SHIFT
    gain = a.std(axis=(1, 2)) / np.maximum(b.std(axis=(1, 2)), 1e-6)
    alike &= (gain <= _GAIN) & (gain >= 1 / _GAIN)
    alike &= _correlation(a, b) >= np.where(bare, _BARE_ALIKE, _ALIKE)
    alike[alike] = _correlation(_detail(a[alike]), _detail(b[alike])) >= np.where(bare, _BARE_FINE_ALIKE, _FINE_ALIKE)[alike]
    return alike


def _detail(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    blocks = pixels.reshape(-1, 8, 4, 8, 4)
    return (blocks - blocks.mean(axis=(2, 4), keepdims=True)).reshape(pixels.shape)


def _correlation(a: NDArray[np.float32], b: NDArray[np.float32]) -> NDArray[np.float32]:
    a = a - a.mean(axis=(1, 2), keepdims=True)
    b = b - b.mean(axis=(1, 2), keepdims=True)
    length = np.sqrt(np.einsum("nij,nij->n", a, a) * np.einsum("nij,nij->n", b, b))
    return np.einsum("nij,nij->n", a, b) / np.maximum(length, 1e-6)


def _coloured_alike(first: Pixels, second: Pixels) -> NDArray[np.bool_]:
    """Whether the colours are the same but for brightness; a gray copy of a coloured picture is a copy."""
    a, b = (colours.astype(np.float32) - colours.mean(axis=3, keepdims=True, dtype=np.float32) for colours in (first, second))
    colourless = np.minimum(*(np.abs(colours).mean(axis=(1, 2, 3)) for colours in (a, b))) < _COLOURLESS
    return colourless | (np.abs(a - b).mean(axis=(1, 2, 3)) <= _HUE)
