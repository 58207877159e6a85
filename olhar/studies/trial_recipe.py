"""The recipe of one trial of a tuning, and the number that it is judged by."""

from collections.abc import Mapping
from typing import Any

from olhar.jobs.prepare import Prepared
from olhar.training.augment_presets import preset_fields
from olhar.training.recipe import FIELDS, Recipe

_FOUND = ("size", "colour", "fit", "whole", "learn", "batch", "optimizer", "model", "threads")


def trial_recipe(shared: Recipe, prepared: Prepared, params: Mapping[str, Any]) -> Recipe:
    """The recipe of a trial: what was chosen, else what was asked, else what the data decides. It runs all of its epochs."""
    settled_fields = {name: getattr(prepared.recipe, name) for name in _FOUND}
    chosen = {name: value for name, value in params.items() if name not in _FOUND or value != FIELDS[name].default}
    recipe = shared.with_(settled_fields | chosen)
    recipe = recipe.with_(preset_fields(recipe, mirrors=prepared.dataset.mirrorable))
    return recipe.with_({"patience": 0, "stop_at": "", "minutes": 0.0})


def by_f1(recipe: Recipe) -> bool:
    """Whether macro F1 is tuned for, and not accuracy: where classes are balanced, or the recipe keeps by it."""
    return recipe.keep_by == "f1" or recipe.balance in ("weights", "sampling")
