"""FoldAnswers: what models said of pictures that they did not learn from."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.intervals import Interval
from olhar.evaluation.predictions import Predictions


@dataclass(frozen=True)
class FoldAnswers:
    """What models said of pictures that they did not learn from.

    Attributes:
        predictions: one a picture.
        rows: int64 (N,): which of the good pictures these are.
        each: the accuracy of each fold's model.
        design: so many of the answers say as much as one (``measure``).
    """

    predictions: Predictions
    rows: NDArray[np.int64]
    each: Sequence[Interval]
    design: float = 1.0
