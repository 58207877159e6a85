"""What whole numbers of eight bits cost a network: how it answers before and after, on pictures."""

from dataclasses import dataclass
from math import comb

import numpy as np
from numpy.typing import NDArray

from olhar.graph.graph import Floats

_FALL, _CHANCE = 0.05, 0.05


@dataclass(frozen=True)
class Int8Cost:
    """Answers of a network of floats and of the same in int8 to n pictures.

    Attributes:
        n: how many.
        other: how many get another class.
        difference: the largest difference of a probability.
        labelled: of how many the class is known.
        right: how many of these are right before and after.
        lost, won: how many are right before only, and after only; where no class is known, right is what floats say.
    """

    n: int
    other: int
    difference: float
    labelled: int
    right: tuple[int, int]
    lost: int
    won: int

    @classmethod
    def of(cls, before: Floats, after: Floats, labels: NDArray[np.int64]) -> "Int8Cost":
        """Of probabilities (n, K) and true classes (n,), -1 where one is not known."""
        known, first, second = labels >= 0, before.argmax(1), after.argmax(1)
        truth, judged = (labels, known) if known.any() else (first, np.ones(len(labels), np.bool_))
        was, now = (first == truth)[judged], (second == truth)[judged]
        return cls(
            len(labels),
            int((first != second).sum()),
            float(np.abs(before - after).max()),
            int(known.sum()),
            (int((first == labels)[known].sum()), int((second == labels)[known].sum())),
            int((was & ~now).sum()),
            int((now & ~was).sum()),
        )

    @property
    def agreement(self) -> float:
        """The share of pictures that get the same class."""
        return 1 - self.other / self.n

    @property
    def accuracy(self) -> tuple[float, float]:
        """The share of right answers before and after, of the pictures whose class is known."""
        return self.right[0] / self.labelled, self.right[1] / self.labelled

    @property
    def too_much(self) -> bool:
        """Whether more than one right answer in twenty is lost, and by more than chance (exact sign test, one-sided, 5 %)."""
        judged, changed = self.labelled or self.n, self.lost + self.won
        if self.lost - self.won <= _FALL * judged:
            return False
        return sum(comb(changed, k) for k in range(self.lost, changed + 1)) / 2**changed < _CHANCE
