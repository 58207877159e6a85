"""Near copies by features that somebody hands in, such as a network's: candidates by SimHash, verified by their cosine.

SimHash is Charikar's (2002): the signs of projections on random directions; two vectors at a small angle share most signs.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import UsageError
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import sentence
from olhar.data.copies.hamming import TABLES, Signs, close_pairs
from olhar.data.copies.near_copies import NearCopies

ALIKE = 0.98
"""Cosine, taken after the mean is away, from which two pictures count as near copies."""

ONE_SCENE = 0.85
"""The same, for the features of a published body, from which two pictures are of one thing: cut, turned, or shot again."""

_BITS, _CHUNK, _ROWS = 63, 65_536, 1024


def near_copies_by_features(
    features: NDArray[np.floating], comparable: NDArray[np.bool_], progress: Progress | None = None
) -> NearCopies:
    """Pairs of pictures whose features point the same way.

    Args:
        features: float (N, F), a row a picture.
        comparable: bool (N,): which of them to compare; one of each content.
        progress: where to tell how far it is.

    Raises:
        UsageError: numbers that are not finite.
    """
    if not np.isfinite(features).all():
        raise UsageError("check.features", found=str(features.shape), n=len(comparable))
    rows = np.flatnonzero(comparable)
    centred = _directions(features[rows])
    directions = np.random.default_rng(0).standard_normal((centred.shape[1], _BITS), dtype=np.float32)
    signs = Signs.of((centred @ directions).astype(np.float16))
    with (progress or Quiet()).stage(sentence("check.comparing"), TABLES) as advance:
        close = close_pairs(signs, signs, advance)
    alike = [close[:0]]
    for start in range(0, len(close), _CHUNK):
        chunk = close[start : start + _CHUNK]
        first, second = chunk.T
        alike.append(rows[chunk[np.einsum("nf,nf->n", centred[first], centred[second]) >= ALIKE]])
    pairs = np.concatenate(alike)
    return NearCopies(pairs, np.zeros(len(pairs), bool), len(close))


def pairs_of_one_scene(features: NDArray[np.floating], groups: NDArray[np.int64], alike: float = ONE_SCENE) -> NDArray[np.int64]:
    """Pairs of pictures that features call the same and pixels do not; all are compared with all, in bounded pieces.

    Args:
        features: float (N, F), a row a picture.
        groups: int64 (N,): pictures of one number are known as copies.
        alike: the least cosine, the mean taken away.

    Returns:
        int64 (P, 2), the closest first.
    """
    directions = _directions(features)
    pairs, closeness = [np.empty((0, 2), np.int64)], [np.empty(0, np.float32)]
    for start in range(0, len(directions), _ROWS):
        close = directions[start : start + _ROWS] @ directions[start:].T
        first, second = np.nonzero(np.triu(close >= alike, 1))
        new = groups[start + first] != groups[start + second]
        closeness.append(close[first, second][new])
        pairs.append(start + np.stack([first, second], axis=1)[new])
    return np.concatenate(pairs)[np.argsort(-np.concatenate(closeness), kind="stable")]


def _directions(features: NDArray[np.floating]) -> NDArray[np.float32]:
    """Without their mean, and of length 1."""
    centred = features.astype(np.float32)
    centred -= centred.mean(axis=0) if len(centred) else 0
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), 1e-12)
