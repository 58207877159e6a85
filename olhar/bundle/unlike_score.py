"""UnlikenessScore: whether a picture is like none of those that taught, from 0 (usual) to 1 (flagged) and beyond.

The logarithms of the distances of some features to the nearest class (``class_distance``), each in spreads above its usual value,
and the model's own doubt in the same unit, but of one spread at most: doubt alone makes no picture a stranger. Where a network
has learnt from nothing, the picture's own light, colour and detail (``picture_distance``) are a second score, and the larger one
counts. The usual values, the spreads and the threshold come from pictures that taught none of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bundle.class_distance import ClassDistance
from olhar.bundle.picture_distance import PictureDistance, picture_distance, statistics_with_copies
from olhar.data.cache.on_demand import PixelRows

FALSE_ALARMS = 0.01
"""So many pictures of the known classes are taken for unlike them all."""
FEWEST = 20
"""With fewer pictures that taught none of it there is no threshold."""

MOST_DOUBT = 1.0
"""What doubt adds at most, in spreads."""
_LEAST_DOUBT = 0.05
"""The least spread of doubt: models are often so sure that 0.99 in place of 0.999 would be ten spreads."""
TINY = 1e-6
"""Below this, lengths, distances and probabilities count as this."""
_TAIL = 0.1
"""The share of the pictures that is the tail."""
_MANY = 1000
"""From so many pictures on, the threshold is one of them."""

Numbers = NDArray[np.floating]


@dataclass(frozen=True)
class Standard:
    """What is usual of a number, and how far it usually lies from that."""

    usual: float
    spread: float

    @classmethod
    def of(cls, numbers: Numbers, least: float = TINY) -> "Standard":
        """The median, and half of what lies between the 16th and the 84th in a hundred."""
        low, usual, high = np.quantile(numbers.astype(np.float64), [0.16, 0.5, 0.84]).tolist()
        return cls(usual, max((high - low) / 2, least))

    def __call__(self, numbers: Numbers) -> Numbers:
        """Spreads above the usual."""
        return (numbers - self.usual) / self.spread


@dataclass(frozen=True)
class Scale:
    """What becomes 0, and what becomes 1."""

    usual: float
    flagged: float

    @classmethod
    def of(cls, numbers: Numbers, judging: Numbers | None = None) -> "Scale":
        """The median; and what one in a hundred of further numbers like them, or like ``judging``, exceeds."""
        usual = float(np.median(numbers))
        return cls(usual, max(_threshold(numbers if judging is None else judging), usual + TINY))

    def __call__(self, numbers: Numbers) -> Numbers:
        """Numbers on it."""
        return (numbers - self.usual) / (self.flagged - self.usual)


@dataclass(frozen=True)
class PictureScore:
    """How unlike a picture is by itself, without the network.

    Attributes:
        distance: of the picture.
        scale: what is usual of it, and what is not.
    """

    distance: PictureDistance
    scale: Scale

    @classmethod
    def of(cls, pixels: PixelRows, taught: NDArray[np.int64], held_back: NDArray[np.int64]) -> "tuple[PictureScore, Numbers]":
        """From rows of pictures, uint8 (N, height, width, channels), that taught and that did not; what it says of the latter.

        Varied copies of both count too.
        """
        distance = picture_distance(*statistics_with_copies(pixels, taught))
        far, varied = (distance.of_statistics(told) for told in statistics_with_copies(pixels, held_back))
        scale = Scale.of(far, np.concatenate([far, varied]))
        return cls(distance, scale), scale(far)

    def __call__(self, pixels: NDArray[np.uint8]) -> Numbers:
        """float (N,), above 1 where one in a hundred or fewer lie."""
        return self.scale(self.distance(pixels))


@dataclass(frozen=True)
class UnlikenessScore:
    """All that tells whether a picture is like none of those that taught.

    Attributes:
        distances: tensor of the model -> the distance of what it says to the nearest class; without any, the picture alone tells.
        standards: tensor -> what is usual of that distance.
        doubt: what is usual of the model's doubt, ``-log`` of its highest probability.
        network: the scale of their sum.
        picture: what the picture itself says; None: it is not asked.
        scale: of the larger of the two, and of all that is told.
        chosen_on: so many pictures, which taught none of it, chose that.
    """

    distances: Mapping[str, ClassDistance]
    standards: Mapping[str, Standard]
    doubt: Standard
    network: Scale
    picture: PictureScore | None
    scale: Scale
    chosen_on: int

    def __call__(
        self, features: Mapping[str, Numbers], probabilities: Numbers, pixels: NDArray[np.uint8] | None = None
    ) -> NDArray[np.float32]:
        """float32 (N,), above 1 where a picture is flagged.

        Args:
            features: (N, F) by tensor.
            probabilities: (N, K).
            pixels: uint8 (N, height, width, channels), where ``picture`` is asked.
        """
        far = {name: distance(features[name]) for name, distance in self.distances.items()}
        strange = self.picture(pixels) if self.picture is not None and pixels is not None else None
        return self.of_distances(far, probabilities, strange)

    def of_distances(
        self, far: Mapping[str, Numbers], probabilities: Numbers, strange: Numbers | None = None
    ) -> NDArray[np.float32]:
        """The same of the logarithms of distances that are known, (N,) by tensor, and of what ``picture`` says, (N,)."""
        return self.scale(_larger(self._by_network(far, probabilities), strange)).astype(np.float32)

    def _by_network(self, far: Mapping[str, Numbers], probabilities: Numbers) -> Numbers | None:
        return self.network(_sum(far, self.standards, probabilities, self.doubt)) if self.distances else None


def unlikeness(
    distances: Mapping[str, ClassDistance],
    held_back: Mapping[str, Numbers],
    probabilities: Numbers,
    picture: tuple[PictureScore, Numbers] | None = None,
) -> UnlikenessScore | None:
    """From what pictures that taught nothing say; None with fewer than ``FEWEST`` of them, or where there is nothing to go by.

    Args:
        distances: tensor -> the distance to the nearest class.
        held_back: tensor -> float (N,), logarithms of distances of pictures to classes that others taught.
        probabilities: float (N, K), what a model that did not learn from them says of the same pictures.
        picture: what tells by the pictures themselves, and what it says of the same, (N,).
    """
    n = len(probabilities)
    if n < FEWEST or not (distances or picture):
        return None
    standards = {name: Standard.of(far) for name, far in held_back.items()}
    doubt = Standard.of(_doubt(probabilities), _LEAST_DOUBT)
    whole = _sum(held_back, standards, probabilities, doubt)
    network, (asked, strange) = Scale.of(whole), picture or (None, None)
    scale = Scale.of(_larger(network(whole) if distances else None, strange))
    return UnlikenessScore(distances, standards, doubt, network, asked, scale, n)


def _larger(*scores: Numbers | None) -> Numbers:
    return np.max([score for score in scores if score is not None], axis=0)


def _sum(far: Mapping[str, Numbers], standards: Mapping[str, Standard], probabilities: Numbers, doubt: Standard) -> Numbers:
    doubts = np.minimum(doubt(_doubt(probabilities)), MOST_DOUBT)
    return sum((standards[name](far[name]) for name in standards), start=doubts)


def _doubt(probabilities: Numbers) -> Numbers:
    return -np.log(np.maximum(probabilities.max(axis=1), TINY))


def _threshold(whole: Numbers) -> float:
    """From where on a picture is flagged: what one in a hundred of further pictures of the same kind exceeds.

    Of many pictures that is one of the highest of them (split conformal prediction: Angelopoulos and Bates 2021). Of few, a
    single one would decide: there the tail is taken to fall off as an exponential one, by the mean of what lies above its
    beginning.
    """
    n, ordered = len(whole), np.sort(whole)
    if n >= _MANY:
        return float(ordered[math.ceil((n + 1) * (1 - FALSE_ALARMS)) - 1])
    beginning = float(np.quantile(ordered, 1 - _TAIL))
    beyond = float(ordered[ordered > beginning].mean()) - beginning if ordered[-1] > beginning else 0.0
    return beginning + beyond * math.log(_TAIL / FALSE_ALARMS)
