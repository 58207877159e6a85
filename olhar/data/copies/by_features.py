"""Near copies by features that somebody hands in, such as a network's: candidates by SimHash, verified by their cosine.

SimHash is Charikar's (2002): the signs of projections on random directions; two vectors at a small angle share most signs.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import UsageError
from olhar.base.progress import Progress, Quiet
from olhar.base.texts import sentence
from olhar.data.copies.bands import TABLES, Signs, close_pairs
from olhar.data.copies.near import Copies

ALIKE = 0.98
"""Cosine, taken after the mean is away, from which two pictures count as near copies."""
_BITS, _CHUNK = 63, 65_536


def near_by_features(features: NDArray[np.floating], able: NDArray[np.bool_], progress: Progress | None = None) -> Copies:
    """Pairs of pictures whose features point the same way.

    Args:
        features: float (N, F), a row a picture.
        able: bool (N,): which of them to compare; one of each content.
        progress: where to tell how far it is.

    Raises:
        UsageError: numbers that are not finite.
    """
    if not np.isfinite(features).all():
        raise UsageError("check.features", found=str(features.shape), n=len(able))
    rows = np.flatnonzero(able)
    plain = features[rows].astype(np.float32)
    plain -= plain.mean(axis=0) if len(plain) else 0
    plain /= np.maximum(np.linalg.norm(plain, axis=1, keepdims=True), 1e-12)
    directions = np.random.default_rng(0).standard_normal((plain.shape[1], _BITS), dtype=np.float32)
    signs = Signs.of((plain @ directions).astype(np.float16))
    with (progress or Quiet()).stage(sentence("check.comparing"), TABLES) as advance:
        close = close_pairs(signs, signs, advance)
    kept = [close[:0]]
    for start in range(0, len(close), _CHUNK):
        part = close[start : start + _CHUNK]
        one, other = part.T
        kept.append(rows[part[np.einsum("nf,nf->n", plain[one], plain[other]) >= ALIKE]])
    pairs = np.concatenate(kept)
    return Copies(pairs, np.zeros(len(pairs), bool), len(close))
