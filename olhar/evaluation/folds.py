"""What several trainings came to: the mean of their accuracies and how far they lie apart."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import checked
from olhar.base.texts import say
from olhar.evaluation.intervals import Interval
from olhar.evaluation.measuring import measure
from olhar.evaluation.metrics import Metrics
from olhar.evaluation.predictions import Predictions

FOLDS = "predictions-folds.csv"
"""What the models of the folds said, one prediction a picture, in the run."""


@dataclass(frozen=True, repr=False)
class MeanAndSpread:
    """The plain mean of n shares, and their sample standard deviation (n - 1; 0 for one)."""

    mean: float
    spread: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "MeanAndSpread":
        """Of one value or more."""
        mean = sum(values) / len(values)
        return cls(mean, math.sqrt(sum((value - mean) ** 2 for value in values) / max(1, len(values) - 1)))

    def __str__(self) -> str:
        return say("evaluation.mean_and_spread", mean=self.mean, points=100 * self.spread)

    def __repr__(self) -> str:
        return str(self)


@dataclass(frozen=True)
class Folds:
    """What the models of k folds came to, each on the pictures that it did not see.

    Attributes:
        metrics: of all pictures, each predicted by the model that did not see it.
        each: the accuracy of each fold's model.
    """

    metrics: Metrics
    each: tuple[Interval, ...]

    @classmethod
    def of(
        cls,
        predictions: Predictions,
        each: Sequence[Interval],
        groups: NDArray[np.int64] | None = None,
        design: float = 1.0,
    ) -> "Folds":
        """Of one prediction a picture, and the accuracy of each fold; ``groups`` and ``design`` as ``measure`` takes them."""
        return cls(measure(predictions, groups, design), tuple(each))

    @property
    def accuracy(self) -> MeanAndSpread:
        """Mean and spread of the folds' accuracies. The spread is not the error of the mean: the models share pictures."""
        return MeanAndSpread.of([accuracy.value for accuracy in self.each])

    def to_dict(self) -> dict[str, Any]:
        """The form that ``metrics.json`` keeps: the numbers of all pictures together, and those of each fold."""
        return self.metrics.to_dict() | {"each": [asdict(accuracy) for accuracy in self.each], **asdict(self.accuracy)}

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Folds":
        """What ``to_dict`` gave.

        Raises:
            ValueError, KeyError, TypeError: it is damaged.
        """
        return cls(Metrics.from_dict(dict(stored)), tuple(checked(Interval(**accuracy)) for accuracy in stored["each"]))
