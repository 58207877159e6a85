"""ClassDistance: how far features lie from those of the nearest class, as a few small arrays that a graph can hold.

Features are standardised and brought to one length; then Mahalanobis's distance to the nearest class mean under a covariance that
all classes share (Lee et al. 2018, arXiv 1807.03888; features of one length: Mueller and Hein 2025, arXiv 2505.18032). Of the
covariance the strongest axes are kept, shrunk halfway to a ball, and all others have the ball's variance.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AXES = 64
"""Axes of the covariance that are kept."""
SHRINKAGE = 0.5
"""How much of the covariance is a ball: chosen on hand signs, insects and tiles (``docs/decisions.md``)."""
MOST = 4000
"""The statistics are of so many pictures at most, evenly taken."""

_BESIDE, _TURNS, _FEW_ROWS = 32, 4, 600
"""Directions that are looked for beside the axes that are kept, and how often they are turned towards
the strongest; and up to how many rows all axes are worked out."""

_TINY = 1e-6
VAST = np.float32(1e6)
"""Deviations count as no more than this, so that their squares are numbers."""
_LEAST_SCALE = 0.05
"""Of the mean deviation: a feature that never moved would otherwise decide alone as soon as it does."""

Rows = NDArray[np.floating]


@dataclass(frozen=True)
class ClassDistance:
    """The distance of F features to the nearest of K classes.

    With ``q = sqrt(F) * s / |s|``, where ``s = (x - mean) * factor``: the logarithm of
    ``|q|² - |q @ axes|² + min(q @ classes + offset)``.

    Attributes:
        mean, factor: float32 (F,), of the features of the pictures that taught.
        axes: float16 (F, R), R axes, each as long as the share of its variance that is no ball's.
        classes: float16 (F, K).
        offset: float32 (K,).
    """

    mean: NDArray[np.float32]
    factor: NDArray[np.float32]
    axes: NDArray[np.float16]
    classes: NDArray[np.float16]
    offset: NDArray[np.float32]

    def __call__(self, features: Rows) -> NDArray[np.float32]:
        """Logarithms of distances, float32 (N,), of features (N, F)."""
        q = _of_one_length((np.asarray(features, np.float32) - self.mean) * self.factor)
        along, near = q @ self.axes.astype(np.float32), q @ self.classes.astype(np.float32) + self.offset
        distance = (q * q).sum(axis=1) - (along * along).sum(axis=1) + near.min(axis=1)
        return np.log(np.maximum(distance, _TINY)).astype(np.float32)


def class_distance(features: Rows, labels: NDArray[np.int64]) -> ClassDistance:
    """What pictures of known classes say of the distance.

    Args:
        features: float (N, F).
        labels: int64 (N,); a class may have no picture and is then none to be near to.

    Raises:
        ValueError: no pictures.
    """
    if not len(labels):
        raise ValueError("no pictures to learn from")
    taken = np.unique(np.linspace(0, len(labels) - 1, min(len(labels), MOST)).astype(np.int64))
    x, own = np.asarray(features[taken], np.float32), np.unique(labels[taken], return_inverse=True)[1]
    mean, scale = x.mean(axis=0, dtype=np.float64), x.std(axis=0, dtype=np.float64)
    factor = 1 / np.maximum(scale, _LEAST_SCALE * scale.mean() + _TINY)
    q = _of_one_length(((x - mean) * factor).astype(np.float32)).astype(np.float64)
    centres = _means(q, own)
    axes = _axes(q - centres[own])
    half = axes.astype(np.float16).astype(np.float64)
    classes = (-2 * (centres - centres @ half @ half.T)).T.astype(np.float16)
    offset = (centres**2).sum(axis=1) - ((centres @ half) ** 2).sum(axis=1)
    return ClassDistance(
        mean.astype(np.float32), factor.astype(np.float32), axes.astype(np.float16), classes, offset.astype(np.float32)
    )


def _means(rows: NDArray[np.float64], own: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean (K, F) of the rows (N, F) of each of K classes, ``own`` (N,): each has a row."""
    counts = np.bincount(own)
    order, starts = np.argsort(own, kind="stable"), np.cumsum(counts) - counts
    return np.add.reduceat(rows[order], starts, axis=0) / counts[:, None]


def _of_one_length(rows: NDArray[np.float32]) -> NDArray[np.float32]:
    """Rows (N, F) of length sqrt(F)."""
    rows = np.clip(rows, -VAST, VAST)
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), _TINY)
    return rows * (rows.shape[1] ** 0.5 / lengths).astype(np.float32)


def _axes(within: NDArray[np.float64]) -> NDArray[np.float64]:
    """The axes (F, R) of deviations (N, F) from the class means, each of length sqrt(1 - ball / variance)."""
    n, width = within.shape
    ball = SHRINKAGE * max(float((within**2).mean()), _TINY)
    variances, vectors = _strongest(within, min(AXES, n, width))
    return vectors * np.sqrt(1 - ball / ((1 - SHRINKAGE) * variances + ball))


def _strongest(within: NDArray[np.float64], most: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Variances (R,) and unit axes (F, R) that explain most of deviations (N, F), the weakest first.

    Of few rows by their inner products; of more by subspace iteration from a start that is always the same (Halko, Martinsson and
    Tropp 2011, arXiv 0909.4061, algorithm 4.4), as a whole decomposition took a third of a head start's time.
    """
    n, width = within.shape
    if n <= min(_FEW_ROWS, width):
        squares, left = np.linalg.eigh(within @ within.T)
        squares, left = squares[-most:], left[:, -most:]
        return squares.clip(0) / n, within.T @ left / np.sqrt(np.maximum(squares, _TINY))
    rows = within.astype(np.float32)
    found = np.random.default_rng(0).standard_normal((width, min(most + _BESIDE, width))).astype(np.float32)
    for _ in range(_TURNS):
        found = np.linalg.qr(rows.T @ (rows @ found))[0]
    along = (rows @ found).astype(np.float64)
    squares, turned = np.linalg.eigh(along.T @ along)
    return squares[-most:].clip(0) / n, (found.astype(np.float64) @ turned)[:, -most:]
