"""The best epoch so far by validation loss, and when to stop waiting for a better one."""

from dataclasses import dataclass
from typing import Any


@dataclass
class Stopping:
    """Remembers the best validation loss.

    Attributes:
        patience: epochs to wait for a better one; 0 or less: for ever.
        best: the lowest loss so far.
        epoch: the epoch it came from, counted from 1; 0 before the first.
        waited: epochs since.
    """

    patience: int
    best: float = float("inf")
    epoch: int = 0
    waited: int = 0

    def better(self, loss: float, epoch: int) -> bool:
        """Take note of an epoch; whether it is the best so far."""
        if loss < self.best:
            self.best, self.epoch, self.waited = loss, epoch, 0
            return True
        self.waited += 1
        return False

    @property
    def over(self) -> bool:
        """Whether the patience is used up."""
        return self.patience > 0 and self.waited >= self.patience

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs."""
        return {"best": self.best, "epoch": self.epoch, "waited": self.waited}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from where ``state_dict`` stood."""
        self.best, self.epoch, self.waited = state["best"], state["epoch"], state["waited"]
