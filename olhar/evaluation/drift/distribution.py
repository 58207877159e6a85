"""Distribution: what a set of pictures is like, in a few hundred numbers: how bright, large, sharp they are, which classes."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count, checked

Measure = Literal["brightness", "contrast", "colour", "size", "shape", "sharpness"]
"""One number a picture: mean and standard deviation of its gray levels and mean distance of its channels (0 to 255), the square
root of its pixels, width by height, and 1 - blur at the network's size (0 to 1)."""
MEASURES: tuple[Measure, ...] = get_args(Measure)

QUANTILES = 400
"""So many are kept of a measure; of fewer pictures each value."""
_LARGEST, _MOST = 1e9, 10**9


@dataclass(frozen=True)
class Quantiles:
    """The values of one measure.

    Attributes:
        n: of so many pictures.
        values: sorted: all n, or ``QUANTILES`` of them, evenly spread.
    """

    n: Count
    values: tuple[float, ...]

    @classmethod
    def of(cls, values: NDArray[np.floating]) -> "Quantiles | None":
        """Of float (N,), those that are no number left out; None where none is left."""
        known = np.sort(values[np.isfinite(values)].astype(np.float64))
        if not len(known):
            return None
        places = (np.arange(QUANTILES) + 0.5) / QUANTILES * len(known)
        kept = known if len(known) <= QUANTILES else known[places.astype(np.int64)]
        return cls(len(known), tuple(float(f"{value:.5g}") for value in kept.tolist()))

    @property
    def sound(self) -> bool:
        """Whether it can have come of ``of``."""
        values = self.array
        bounded = bool((np.abs(values) < _LARGEST).all())
        return bounded and len(values) == min(self.n, QUANTILES) > 0 and bool((np.diff(values) >= 0).all())

    @property
    def array(self) -> NDArray[np.float64]:
        """float64 (Q,), sorted."""
        return np.array(self.values, np.float64)

    @property
    def resolution(self) -> float:
        """By so much a share of pictures may err that is told from the quantiles."""
        return 0.0 if self.n == len(self.values) else 1 / (2 * QUANTILES)

    def at(self, share: float) -> float:
        """The value that so many pictures lie below."""
        return float(np.quantile(self.array, share))


@dataclass(frozen=True)
class Distribution:
    """What a set of pictures is like. Of each group of pictures (copies, one patient, one video) one counts.

    Attributes:
        pictures: how many there are.
        groups: how many count.
        measures: by name; one that cannot be told of any picture is missing.
        mix: class -> so many of those that count are of it; empty where nobody says.
        features: float32 (M, D): what the network sees in some of them, ``D`` random directions of it; (0, 0) where it has none.
    """

    pictures: Count
    groups: Count
    measures: Mapping[str, Quantiles]
    mix: Mapping[str, Count] = field(default_factory=dict[str, int])
    features: NDArray[np.float32] = field(default_factory=lambda: np.zeros((0, 0), np.float32))

    def to_dict(self) -> dict[str, Any]:
        """The form on disk."""
        return {
            "pictures": self.pictures,
            "groups": self.groups,
            "measures": {name: {"n": one.n, "values": list(one.values)} for name, one in self.measures.items()},
            "mix": dict(self.mix),
            "features": [[float(f"{value:.3g}") for value in row] for row in self.features.tolist()],
        }

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Distribution":
        """What ``to_dict`` gave; measures that this version does not know are passed over.

        Raises:
            ValueError, KeyError, TypeError, AttributeError: it is damaged.
        """
        measures = {
            name: checked(Quantiles(one["n"], tuple(one["values"])))
            for name, one in stored["measures"].items()
            if name in MEASURES
        }
        features = np.array(stored["features"], np.float64)
        features = features if features.ndim == 2 else features.reshape(0, 0)
        found = checked(cls(stored["pictures"], stored["groups"], measures, dict(stored["mix"]), np.zeros((0, 0), np.float32)))
        if not found.sound or not (np.abs(features) < _LARGEST).all():
            raise ValueError("measures")
        return replace(found, features=features.astype(np.float32))

    @property
    def sound(self) -> bool:
        """Whether its numbers do not contradict each other."""
        return (
            all(one.sound for one in self.measures.values())
            and self.groups <= self.pictures < _MOST
            and sum(self.mix.values()) in (0, self.groups)
        )
