"""The learning rate as a share of its peak: for a step of all steps, and after epochs with nothing better."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from olhar.base.parsing import Share
from olhar.training.recipe import Recipe
from olhar.training.stopping import Best

_ONE_CYCLE_WARM = 0.15
_WARM, _MOST_WARM = 0.05, 500
_LEAST_BETTER = 1e-4


def factor(recipe: Recipe, step: int, total: int) -> float:
    """The share of the peak rate at ``step`` (0 to ``total`` - 1).

    ``one-cycle``: up along a cosine from 4% for the first 15%, then down along one to nothing. The others rise evenly for
    the first 5%, 500 steps at most; then ``cosine`` goes down to nothing, ``exponential`` is multiplied by ``decay_factor``
    after every ``decay_steps`` steps, as Keras's ``ExponentialDecay`` with ``staircase`` does, ``constant`` and ``plateau`` stay.
    """
    if total == 1:
        return 1.0  # the last of many steps is next to nothing, but the only one must teach
    done, up = (step + 1) / total, warm_steps(recipe, total) / total
    left = (1 - done) / (1 - up) if up < 1 else 1.0
    if recipe.schedule == "one-cycle":
        return 0.04 + 0.96 * _rise(done / up) if done < up else _rise(left)
    rising = min(1.0, done / up) if up else 1.0
    if recipe.schedule == "cosine":
        return rising * _rise(left)
    return rising * recipe.decay_factor ** (step // recipe.decay_steps) if recipe.schedule == "exponential" else rising


def warm_steps(recipe: Recipe, total: int) -> float:
    """Steps in which the rate rises, of ``total``; a share of one may be left."""
    if recipe.warmup >= 0:
        return recipe.warmup * total
    return _ONE_CYCLE_WARM * total if recipe.schedule == "one-cycle" else min(_WARM * total, _MOST_WARM)


def _rise(x: float) -> float:
    """Half a cosine: 0 at 0, 1 at 1."""
    return (1 - math.cos(math.pi * min(1.0, max(0.0, x)))) / 2


@dataclass
class Plateau:
    """The rate falls where nothing gets better, as Keras's ``ReduceLROnPlateau`` has it: better means by 0.0001 or more.

    Attributes:
        best: the best epoch by the number that is watched.
        patience: so many epochs without a better one, and the rate falls; the waiting begins anew.
        factor: by which it falls; 1 where the schedule is another.
        share: of the peak rate, so far.
    """

    best: Best
    patience: int
    factor: float
    share: Share = 1.0

    @classmethod
    def of(cls, recipe: Recipe) -> "Plateau":
        """As a resolved recipe has it."""
        return cls(
            Best(recipe.plateau_watch, least=_LEAST_BETTER),
            recipe.plateau_patience,
            recipe.plateau_factor if recipe.schedule == "plateau" else 1.0,
        )

    def note(self, numbers: Mapping[str, float], epoch: int) -> None:
        """Take note of an epoch's numbers."""
        self.best.better(numbers, epoch)
        if self.best.waited >= self.patience:
            self.share *= self.factor
            self.best.waited = 0

    def state_dict(self) -> dict[str, Any]:
        """What ``load_state_dict`` needs."""
        return self.best.state_dict() | {"share": self.share}

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Go on from where ``state_dict`` stood."""
        self.best.load_state_dict(state)
        self.share = state["share"]
