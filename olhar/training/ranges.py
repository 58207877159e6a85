"""Ranges: what a tuning may choose for some fields of a recipe; the table ``[tune]`` of a recipe file. No torch."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from olhar.base.errors import RecipeError
from olhar.models.network_shape import STACKED
from olhar.training.recipe import AUTO, FIELDS, Recipe

TABLE = "tune"
_FIXED = (
    *("size", "colour", "fit", "whole", "scaling", "split", "folds", "group", "split_from", "bad_pictures", "seed"),
    *("learn", "new_head"),
    *("epochs", "minutes", "precision", "threads", "device"),
)
"""What the pictures, their parts and the length of a trial hang on: trials that differ in it could not be compared."""

_IDLE = ("patience", "watch", "keep_by", "stop_at")
"""What ends a training early and what is kept of it: a trial runs all of its epochs, and its best number counts."""

_SHAPE = ("model", "width", "depth", "stages", "dense", "dropout", "stage_dropout", "norm")
"""What is chosen of a network of ours alone."""

_ONLY_WITH: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "amsgrad": ("optimizer", (AUTO, "adamw", "adam")),
    "momentum": ("optimizer", (AUTO, "sgd", "muon")),
    "decay_factor": ("schedule", ("exponential",)),
    "decay_steps": ("schedule", ("exponential",)),
    "plateau_factor": ("schedule", ("plateau",)),
    "plateau_patience": ("schedule", ("plateau",)),
    "plateau_watch": ("schedule", ("plateau",)),
    "average_span": ("averaging", ("ema", "tail")),
}
"""What acts only where another field has one of some values."""

_WIDE = 10
"""A range whose end is so many times its start is searched by its logarithm."""


@dataclass(frozen=True)
class Between:
    """Any number from ``low`` to ``high``, both included; whole where the field is."""

    low: float
    high: float

    @property
    def log(self) -> bool:
        """Whether factors count, not differences."""
        return self.low > 0 and self.high >= _WIDE * self.low

    def holds(self, value: Any) -> bool:
        """Whether it may be chosen."""
        return isinstance(value, (int, float)) and self.low <= value <= self.high


@dataclass(frozen=True)
class OneOf:
    """One of some values."""

    values: tuple[Any, ...]

    def holds(self, value: Any) -> bool:
        """Whether it may be chosen."""
        return value in self.values


Range = Between | OneOf
Ranges = Mapping[str, Range]


def read_ranges(table: Mapping[str, Any]) -> dict[str, Range]:
    """Read ranges: two numbers are the ends of one, anything else is a list to choose from.

    Raises:
        RecipeError: an unknown field, one that cannot be tuned, or values that it does not take.
    """
    return {field: _range(field, values) for field, values in table.items()}


def _range(field: str, values: Any) -> Range:
    if field in _FIXED:
        raise RecipeError("tune.fixed", field=field)
    if field in _IDLE:
        raise RecipeError("tune.idle", field=field)
    if field not in FIELDS:
        Recipe().with_({field: values})  # which names the nearest
    if not isinstance(values, Sequence) or isinstance(values, str) or len(set(map(str, values))) < 2:
        raise RecipeError("tune.range", field=field, found=str(values))
    read = [getattr(Recipe().with_({field: value}), field) for value in values]
    numbers = all(isinstance(value, (int, float)) and not isinstance(value, bool) for value in read)
    if len(read) == 2 and numbers:
        return Between(min(read), max(read))
    return OneOf(tuple(read))


def refuse_idle(tuned: Ranges, recipe: Recipe, ours: bool) -> None:
    """See to it that every field that is tuned can change something.

    Args:
        tuned: the ranges.
        recipe: what all trials share.
        ours: whether the network is one of ours.

    Raises:
        RecipeError: one cannot.
    """
    for field in tuned:
        if field in _SHAPE and not ours:
            raise RecipeError("tune.shape", field=field, model=recipe.model)
        if field in _ONLY_WITH:
            condition, values = _ONLY_WITH[field]
            possible = tuned.get(condition, OneOf((getattr(recipe, condition),)))
            if not any(map(possible.holds, values)):
                raise RecipeError("tune.only_with", field=field, other=condition, known=", ".join(values))


def read_table(text: str) -> dict[str, Any]:
    """The table ``[tune]`` of a recipe file, as it stands; empty where there is none."""
    table = tomllib.loads(text).get(TABLE, {})
    return table if isinstance(table, dict) else {}


def default_ranges(recipe: Recipe, rate: float, ours: bool) -> dict[str, Range]:
    """What is tuned where nobody says.

    Args:
        recipe: as it was asked for.
        rate: the learning rate that the training would take.
        ours: whether the network is one of ours, whose shape may change.
    """
    ranges: dict[str, Range] = {"learning_rate": Between(_two_digits(rate / 10), _two_digits(rate * 5))}
    if ours:
        if recipe.model == AUTO:
            stacked = recipe.norm != AUTO or recipe.stage_dropout > 0
            ranges["model"] = OneOf(STACKED if stacked else ("cnn", "quick", "resnet"))
        if not recipe.stages:
            ranges["width"] = Between(16, 64)
        ranges |= {"depth": Between(1, 3), "dropout": Between(0.0, 0.5)}
    return ranges | {"augment": OneOf(("light", "standard", "strong"))}


def _two_digits(value: float) -> float:
    return float(f"{value:.2g}")
