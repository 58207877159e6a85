"""A recipe in words: what each choice is called, and what its value means; first what a person chose."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from olhar.base.texts import has_sentence, number, percent, say
from olhar.reporting.display_names import bounded
from olhar.training.recipe import Recipe

_LEFT_AT = {
    **dict.fromkeys(("size", "width", "depth", "batch", "learning_rate", "threads"), 0),
    **dict.fromkeys(("folds", "momentum", "weight_decay", "warmup", "patience"), -1),
    **dict.fromkeys(("shift", "rotate", "zoom", "shear", "crop", "brightness", "contrast", "saturation", "hue"), -1),
    **dict.fromkeys(("cutout", "mixup", "cutmix"), -1),
}
"""The number by which a choice is left to Olhar."""

_NONE_AT_0 = ("folds", "minutes", "dropout", "stage_dropout", "l2", "label_smoothing", "weight_decay", "warmup")
_PROMISES = ("at_least", "prediction_sets")
_SHARES = ("dropout", "stage_dropout", "label_smoothing", "warmup", "average_span", "shift", "crop", "cutout", *_PROMISES)
_BOTH_WAYS = ("zoom", "brightness", "contrast", "saturation")
_DEGREES = ("rotate", "shear", "hue")
_VARIED = (*_BOTH_WAYS, *_DEGREES, "shift", "crop", "cutout", "mixup", "cutmix")


@dataclass(frozen=True)
class Setting:
    """A choice: its name in a recipe, what it is called, and its value in words."""

    key: str
    name: str
    value: str


@dataclass(frozen=True)
class RecipeInWords:
    """The choices of a recipe: a person's, those settled for these pictures, and those that stayed as they come."""

    asked: list[Setting]
    settled: list[Setting]
    usual: list[Setting]


def recipe_in_words(recipe: Mapping[str, Any], asked: Collection[str]) -> RecipeInWords:
    """The choices in the recipe's order.

    Args:
        recipe: choice -> value.
        asked: the choices of a person.
    """
    plain, found = vars(Recipe()), RecipeInWords([], [], [])
    for key, value in recipe.items():
        others = found.usual if key in plain and value == plain[key] else found.settled
        (found.asked if key in asked else others).append(Setting(bounded(key, 40), _name(key), _value(key, value)))
    return found


def _name(key: str) -> str:
    return say(f"report.setting.{key}") if has_sentence(f"report.setting.{key}") else bounded(key, 40)


def _value(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no")
    if isinstance(value, (int, float)):
        return _number(key, value)
    if not value:
        return say("report.setting_value.nothing")
    known = f"report.setting_value.{value}"
    return say(known) if has_sentence(known) else bounded(str(value), 200)


def _number(key: str, value: float) -> str:
    if value == _LEFT_AT.get(key):
        return say("report.setting_value.auto")
    if value == 0 and key in (*_NONE_AT_0, *_VARIED, *_PROMISES):
        return say("report.setting_value.none")
    if value == 0 and key == "patience":
        return say("report.setting_value.never")
    if key in _DEGREES:
        return f"± {number(value)}°"
    if key in (*_SHARES, *_BOTH_WAYS):
        return f"{'± ' if key in _BOTH_WAYS else ''}{percent(value, 0 if round(100 * value, 6).is_integer() else 1)}"
    return number(value if isinstance(value, int) else float(f"{value:.4g}"))
