"""The best epoch so far by a number of validation, and when a training is over before its last step."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from olhar.base.parsing import Count, Ordered

SIGNS = {"loss": -1.0, "accuracy": 1.0, "f1": 1.0}
"""The numbers of validation that can be watched; the sign makes more of each better."""


@dataclass
class Best:
    """The best value so far of one number of validation.

    Attributes:
        watch: a key of ``SIGNS``.
        value: the best so far, with its sign.
        epoch: the epoch it came from, counted from 1; 0 before the first.
        waited: epochs since.
        least: what is better by no more than this is not better.
    """

    watch: str
    value: Ordered = -float("inf")
    epoch: Count = 0
    waited: Count = 0
    least: float = 0.0

    def better(self, numbers: Mapping[str, float], epoch: int) -> bool:
        """Take note of an epoch's numbers, by the keys of ``SIGNS``; whether it is the best so far."""
        value = SIGNS[self.watch] * numbers[self.watch]
        if value > self.value + self.least:
            self.value, self.epoch, self.waited = value, epoch, 0
            return True
        self.waited += 1
        return False

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs."""
        return {"value": self.value, "epoch": self.epoch, "waited": self.waited}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state_dict`` stood."""
        self.value, self.epoch, self.waited = state["value"], state["epoch"], state["waited"]


@dataclass
class Stopping:
    """Whether a training is over: the patience is used up, or the goal is reached.

    Attributes:
        best: the best epoch by the number that patience waits for.
        patience: epochs to wait for a better one; 0 or less: for ever.
        goal: as ``accuracy>=0.95``; empty: none.
        reached: whether the last epoch reached the goal.
    """

    best: Best
    patience: int
    goal: str = ""
    reached: bool = False

    def note(self, numbers: Mapping[str, float], epoch: int, told: Mapping[str, float] | None = None) -> None:
        """Take note of an epoch's numbers; ``told`` are those that a person sees, where they differ: a goal is about them."""
        self.best.better(numbers, epoch)
        self.reached = reaches(self.goal, told or numbers)

    @property
    def over(self) -> bool:
        """Whether there is nothing more to wait for."""
        return self.reached or (self.patience > 0 and self.best.waited >= self.patience)

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs."""
        return self.best.state_dict() | {"reached": self.reached}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state_dict`` stood."""
        self.best.load_state_dict(state)
        self.reached = state["reached"]


def watched(goal: str) -> str:
    """The number that a goal is about; empty where there is no goal."""
    return re.split("[<>=]", goal)[0]


def reaches(goal: str, numbers: Mapping[str, float]) -> bool:
    """Whether an epoch's numbers are as good as the goal."""
    if not goal:
        return False
    sign = SIGNS[watched(goal)]
    return sign * numbers[watched(goal)] >= sign * float(goal.rpartition("=")[2].replace(",", "."))
