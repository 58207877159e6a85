"""AnswerTable: answers as they come, one after the other, in arrays: some bytes a picture and a class, and no object."""

import numpy as np
from numpy.typing import NDArray

from olhar.bundle.shards import AnsweredPicture


class AnswerTable:
    """What was answered of at most ``most`` pictures, in ``classes`` classes; memory is taken as it is filled."""

    def __init__(self, most: int, classes: int) -> None:
        self._n = 0
        self._rows = np.empty(most, np.int64)
        self._probabilities = np.empty((most, classes), np.float32)
        self._unlikeness = np.zeros(most, np.float32)

    def add(self, answer: AnsweredPicture) -> None:
        """One more."""
        self._rows[self._n] = answer.row
        self._probabilities[self._n] = answer.probabilities
        if answer.unlikeness is not None:
            self._unlikeness[self._n] = answer.unlikeness
        self._n += 1

    @property
    def rows(self) -> NDArray[np.int64]:
        """int64 (N,): the row of each in its table."""
        return self._rows[: self._n]

    @property
    def probabilities(self) -> NDArray[np.float32]:
        """float32 (N, K)."""
        return self._probabilities[: self._n]

    @property
    def unlikeness(self) -> NDArray[np.float32]:
        """float32 (N,), above 1 where a picture is unlike any that taught; of a model that does not tell, nothing."""
        return self._unlikeness[: self._n]
