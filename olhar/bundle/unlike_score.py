"""UnlikenessScore: whether a picture is like none of those that taught, from 0 (usual) to 1 (flagged) and beyond.

The logarithms of the distances of some features to the nearest class (``class_distance``), each in spreads above its usual value,
and the model's own doubt in the same unit, but of one spread at most: doubt alone makes no picture a stranger. The usual values,
the spreads and the threshold come from pictures that taught none of it.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bundle.class_distance import ClassDistance

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
class UnlikenessScore:
    """All that tells whether a picture is like none of those that taught.

    Attributes:
        distances: tensor of the model -> the distance of what it says to the nearest class.
        standards: tensor -> what is usual of that distance.
        doubt: what is usual of the model's doubt, ``-log`` of its highest probability.
        usual, flagged: of the sum: its median, and from where on a picture is flagged.
        chosen_on: so many pictures, which taught none of it, chose that.
    """

    distances: Mapping[str, ClassDistance]
    standards: Mapping[str, Standard]
    doubt: Standard
    usual: float
    flagged: float
    chosen_on: int

    def __call__(self, features: Mapping[str, Numbers], probabilities: Numbers) -> NDArray[np.float32]:
        """float32 (N,), above 1 where a picture is flagged; ``features`` (N, F) by tensor, ``probabilities`` (N, K)."""
        far = {name: distance(features[name]) for name, distance in self.distances.items()}
        return self.of_distances(far, probabilities)

    def of_distances(self, far: Mapping[str, Numbers], probabilities: Numbers) -> NDArray[np.float32]:
        """The same of the logarithms of distances that are known, (N,) by tensor."""
        whole = _sum(far, self.standards, probabilities, self.doubt)
        return ((whole - self.usual) / (self.flagged - self.usual)).astype(np.float32)


def unlikeness(
    distances: Mapping[str, ClassDistance], held_back: Mapping[str, Numbers], probabilities: Numbers
) -> UnlikenessScore | None:
    """From what pictures that taught nothing say; None with fewer than ``FEWEST`` of them.

    Args:
        distances: tensor -> the distance to the nearest class.
        held_back: tensor -> float (N,), logarithms of distances of pictures to classes that others taught.
        probabilities: float (N, K), what a model that did not learn from them says of the same pictures.
    """
    n = len(probabilities)
    if n < FEWEST:
        return None
    standards = {name: Standard.of(far) for name, far in held_back.items()}
    doubt = Standard.of(_doubt(probabilities), _LEAST_DOUBT)
    whole = _sum(held_back, standards, probabilities, doubt)
    usual = float(np.median(whole))
    return UnlikenessScore(distances, standards, doubt, usual, max(_threshold(whole), usual + TINY), n)


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
