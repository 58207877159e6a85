"""FalseAlarms: how often pictures of the known classes are taken for unlike anything that taught."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.parsing import Count
from olhar.evaluation.intervals import Interval, share_of
from olhar.evaluation.predictions import Predictions


@dataclass(frozen=True)
class FalseAlarms:
    """How often a model takes pictures of its classes for unlike them all.

    Attributes:
        chosen_on: pictures that its threshold was chosen on.
        share: of the pictures that judge, those that it flags.
        caught: of pictures that the program drew and that are of no class, those that it flags; None: it was not asked.
    """

    chosen_on: Count
    share: Interval
    caught: Interval | None = None

    @classmethod
    def from_dict(cls, stored: dict[str, Any]) -> "FalseAlarms":
        """What ``dataclasses.asdict`` gave.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        caught = stored.get("caught")
        return cls(stored["chosen_on"], Interval(**stored["share"]), Interval(**caught) if caught else None)


def false_alarms(
    predictions: Predictions, chosen_on: int, groups: NDArray[np.int64] | None = None, design: float = 1.0
) -> FalseAlarms | None:
    """What N pictures of known classes say of it; None where there are none, or the model tells nothing.

    Args:
        predictions: of them.
        chosen_on: pictures that the threshold was chosen on.
        groups, design: as ``measure`` takes them.
    """
    known = predictions.labels >= 0
    if predictions.unlikeness is None or not known.any():
        return None
    share = share_of(predictions.unlike & known, known, groups, design)
    return FalseAlarms(chosen_on, share) if share is not None else None
