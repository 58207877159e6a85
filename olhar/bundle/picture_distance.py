"""PictureDistance: how far a picture lies from those that taught by its light, colour and detail alone, without any network.

Mahalanobis's distance to their mean, in ``picture_statistics``. Copies that are a little lighter or darker, warmer or colder,
softer or noisier teach too: pictures that were all made under one lamp would make strangers of those made under another.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bundle.nodes import Nodes
from olhar.bundle.picture_statistics import in_batches, picture_statistics, write_statistics
from olhar.data.cache.on_demand import PixelRows

_SHRINKAGE = 0.3
"""How much of the covariance is a ball: chosen on hand signs, refuse, and cats and dogs (``docs/decisions.md``)."""
_LEAST_SCALE = 0.03
"""No number counts as steadier than this: where all pictures are gray, a trace of colour would decide alone."""
_TINY = 1e-6
_LIGHT, _WARMTH, _SOFTNESS, _NOISE = (0.8, 1.25), (0.93, 1.07), 0.5, 3.0
"""Between which factors copies are lighter, and each of their colours is; how much of them is the mean of three by three pixels
at most; and the deviation of their noise at most, of 255."""


@dataclass(frozen=True)
class PictureDistance:
    """The distance of S numbers from their mean.

    Attributes:
        mean: float32 (S,).
        turned: float32 (S, S): deviations times this are of one size, and hang together no more.
    """

    mean: NDArray[np.float32]
    turned: NDArray[np.float32]

    def __call__(self, pixels: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Logarithms of squared distances, float32 (N,), of pictures (N, height, width, channels)."""
        return self.of_statistics(picture_statistics(pixels))

    def of_statistics(self, told: NDArray[np.float32]) -> NDArray[np.float32]:
        """The same of what is said of them, (N, S)."""
        along = (told - self.mean) @ self.turned
        return np.log(np.maximum((along * along).sum(axis=1), _TINY)).astype(np.float32)

    def write(self, nodes: Nodes, pictures: str, channels: int, height: int, width: int) -> str:
        """The same as operations of a graph: the name of float32 (N,)."""
        told = write_statistics(nodes, pictures, channels, height, width)
        along = nodes.add("MatMul", nodes.add("Sub", told, nodes.array(self.mean)), nodes.array(self.turned))
        squared = nodes.add("ReduceSumSquare", along, nodes.axes(1), keepdims=0)
        return nodes.add("Log", nodes.add("Max", squared, nodes.number(_TINY)))


def statistics_with_copies(pixels: PixelRows, rows: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """What is said of some of many pictures (N, height, width, channels), and of a varied copy of each: float32 (M, S) both."""
    rng, plain, copies = np.random.default_rng(0), list[NDArray[np.float32]](), list[NDArray[np.float32]]()
    for some in in_batches(pixels, rows):
        plain.append(picture_statistics(some))
        copies.append(picture_statistics(varied(some, rng)))
    return np.concatenate(plain), np.concatenate(copies)


def picture_distance(plain: NDArray[np.float32], copies: NDArray[np.float32]) -> PictureDistance:
    """From what is said of pictures that taught, (N, S), and of varied copies of them."""
    told = np.concatenate([plain, copies]).astype(np.float64)
    mean, scale = told.mean(axis=0), np.maximum(told.std(axis=0), _LEAST_SCALE)
    alike = (told - mean) / scale
    covariance = alike.T @ alike / len(alike)
    ball = _SHRINKAGE * max(float(np.trace(covariance)) / len(covariance), _TINY)
    variances, axes = np.linalg.eigh((1 - _SHRINKAGE) * covariance + ball * np.eye(len(covariance)))
    return PictureDistance(mean.astype(np.float32), (axes / np.sqrt(variances) / scale[:, None]).astype(np.float32))


def varied(some: NDArray[np.uint8], rng: np.random.Generator) -> NDArray[np.uint8]:
    """A copy of each picture, in other light, softer and noisier; uint8 (N, height, width, channels)."""
    n, height, width, channels = some.shape
    each = (n, 1, 1, 1)
    lit = some * rng.uniform(*_LIGHT, each) * rng.uniform(*_WARMTH, (n, 1, 1, channels))
    wide = np.pad(lit, ((0, 0), (1, 1), (1, 1), (0, 0)), "edge")
    soft = sum((wide[:, y : y + height, x : x + width] for y in range(3) for x in range(3)), start=np.zeros_like(lit)) / 9
    softened = lit + rng.uniform(0, _SOFTNESS, each) * (soft - lit)
    noisy = softened + rng.uniform(0, _NOISE, each) * rng.standard_normal(some.shape)
    return np.clip(np.round(noisy), 0, 255).astype(np.uint8)
