"""A learning curve: how right a model is by how many pictures it learnt from, and what more pictures would bring."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from olhar.base.parsing import Count, checked
from olhar.evaluation.intervals import Interval


@dataclass(frozen=True)
class CurvePoint:
    """How right heads are that learnt from so many ``pictures``, on pictures that they did not see."""

    pictures: Count
    accuracy: Interval


@dataclass(frozen=True)
class Promise:
    """What more pictures would bring.

    Attributes:
        key: the class whose pictures are meant; empty: of all classes.
        more: so many pictures more.
        gain, low, high: of the accuracy, as shares of 1, with the ends of the 95% interval.
    """

    key: str
    more: Count
    gain: float
    low: float
    high: float


@dataclass(frozen=True)
class LearningCurve:
    """How right a model is by its pictures.

    Attributes:
        points: the fewest pictures first; the last is of all.
        promises: the one that brings most first; empty where nothing can be said.
    """

    points: Sequence[CurvePoint]
    promises: Sequence[Promise] = ()

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps."""
        return {"points": [asdict(point) for point in self.points], "promises": [asdict(promise) for promise in self.promises]}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "LearningCurve":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError: it is damaged.
        """
        points = [CurvePoint(point["pictures"], Interval(**point["accuracy"])) for point in stored["points"]]
        return checked(cls(tuple(points), tuple(Promise(**promise) for promise in stored["promises"])))
