"""How unlike the taught pictures a picture is, by what a body says of it, for `check`: pictures of no class.

What counts is the distance (cosine on standardised features) to the picture of the nearest class than which a tenth of the class
lies nearer. So up to a tenth of a class may be strangers that look like each other, and yet none of them looks near.
Tried beside it, by pictures planted among three sets (``docs/decisions.md``): the nearest few, Mahalanobis, the head's own doubt.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

NEAR = 0.1
"""Of a class, the share that may lie nearer than the picture that counts."""

OF_A_CLASS = 100
"""Pictures of a class that are kept to measure by, evenly taken, where they go into a bundle: 2.5 KB each. On planted strangers
nearly as good as all of them; on cats and dogs an advertisement and a drawing stand further down."""

UNUSUAL, STRANGE = 2.5, 4.0
"""Scores from which a picture is worth a look, and from which it was a stranger in every trial but one in a hundred."""

_CHUNK = 4096
_TINY = 1e-6
_NOT_ASKED = -2.0
"""In place of a cosine: a picture of the same group, which does not count."""

Rows = NDArray[np.floating]


@dataclass(frozen=True)
class Unlikeness:
    """What tells strangers, as small arrays that a bundle can hold.

    Attributes:
        mean, scale: float32 (F,), of the taught features.
        kept: float16 (m, F), standardised taught pictures of length 1, class after class.
        starts: int64 (K + 1,), where each class begins in ``kept``.
        middle, spread: of the logs of the taught pictures' own distances, each measured without it: the median, and the median
            distance from that.
    """

    mean: NDArray[np.float32]
    scale: NDArray[np.float32]
    kept: NDArray[np.float16]
    starts: NDArray[np.int64]
    middle: float
    spread: float

    def scores(self, features: Rows) -> NDArray[np.float64]:
        """How unlike the taught pictures others are: 0 is usual, from ``STRANGE`` on a picture is of no class.

        Args:
            features: float (N, F), as those that taught.

        Returns:
            float64 (N,), in spreads above the usual.
        """
        return self._in_spreads(self.distances(features))

    def _in_spreads(self, distances: NDArray[np.float64]) -> NDArray[np.float64]:
        return (np.log(distances) - self.middle) / self.spread

    def distances(
        self, features: Rows, groups: NDArray[np.int64] | None = None, kept_groups: NDArray[np.int64] | None = None
    ) -> NDArray[np.float64]:
        """Of each picture to its nearest class (N,); where groups are given, without the kept pictures of its own group."""
        parts: list[NDArray[np.float64]] = []
        for start in range(0, len(features), _CHUNK):
            some = slice(start, start + _CHUNK)
            close = _directions(features[some], self.mean, self.scale) @ self.kept.astype(np.float32).T
            if groups is not None and kept_groups is not None:
                close[groups[some, None] == kept_groups] = _NOT_ASKED
            each = [_at_a_tenth(close[:, begin:end]) for begin, end in self._classes()]
            parts.append(np.maximum(1 - np.max(each, axis=0), _TINY).astype(np.float64))
        return np.concatenate(parts) if parts else np.zeros(0)

    def _classes(self) -> Iterator[tuple[int, int]]:
        """Where each class that has pictures begins and ends."""
        return ((begin, end) for begin, end in pairwise(self.starts.tolist()) if end > begin)


def learn_unlikeness(
    features: Rows, labels: NDArray[np.int64], groups: NDArray[np.int64], of_a_class: int = OF_A_CLASS
) -> tuple[Unlikeness, NDArray[np.float64]]:
    """What tells strangers, and how strange each picture is that taught it, measured without itself.

    Args:
        features: float (N, F), of a body's end, one view a picture.
        labels: int64 (N,); below 0: of no known class, which is one class then.
        groups: int64 (N,): pictures of one number are copies of each other.
        of_a_class: how many pictures of each are kept to measure by.

    Returns:
        The scorer, and float64 (N,): the score of each picture.

    Raises:
        ValueError: no pictures.
    """
    if not len(features):
        raise ValueError("no pictures to learn from")
    rows, starts = _evenly(labels, of_a_class)
    mean = features.mean(axis=0, dtype=np.float64).astype(np.float32)
    scale = (features.std(axis=0, dtype=np.float64) + _TINY).astype(np.float32)
    kept = _directions(features[rows], mean, scale).astype(np.float16)
    raw = Unlikeness(mean, scale, kept, starts, 0.0, 1.0)
    logs = np.log(raw.distances(features, groups, groups[rows]))
    middle = float(np.median(logs))
    spread = max(float(np.median(np.abs(logs - middle))), _TINY)
    return Unlikeness(mean, scale, kept, starts, middle, spread), (logs - middle) / spread


def _evenly(labels: NDArray[np.int64], most: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """The rows to keep, class after class, and where each class begins among them."""
    of_a_class = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    chosen = [own[np.linspace(0, len(own) - 1, min(len(own), most)).astype(np.int64)] for own in of_a_class]
    return np.concatenate(chosen), np.cumsum([0, *map(len, chosen)])


def _directions(features: Rows, mean: NDArray[np.float32], scale: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standardised, and of length 1."""
    centred = (features.astype(np.float32) - mean) / scale
    return centred / np.maximum(np.linalg.norm(centred, axis=1, keepdims=True), _TINY)


def _at_a_tenth(close: NDArray[np.float32]) -> NDArray[np.float32]:
    """Of cosines (N, m), the one in each row that a tenth of those asked surpass; the third where they are few."""
    asked = np.count_nonzero(close > _NOT_ASKED, axis=1)
    place = np.minimum(np.maximum(2, np.rint(NEAR * asked).astype(np.int64)), asked - 1)
    highest = -np.sort(-close, axis=1)
    return highest[np.arange(len(close)), np.maximum(place, 0)]
