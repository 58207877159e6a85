"""Which way a training goes: a head start, by features of a body that has seen a million pictures, or from nothing."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from olhar.base.errors import RecipeError
from olhar.base.extras import is_there
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bodies.learning_part import USUAL as USUAL_PART
from olhar.bodies.published import PUBLISHED
from olhar.data.dataset import Dataset
from olhar.jobs.look import look
from olhar.models.network_choice import likely_from_nothing
from olhar.models.network_shape import NETWORKS, is_own
from olhar.runs.head_record import OF_A_HEAD, OF_LAST_BLOCKS
from olhar.training.recipe import AUTO, FEATURES, FIELDS, Recipe

USUAL = "lite0"
"""The body that ``auto`` takes: a larger one takes twice the time and was no better on the mean of ten sets."""

LAST_BLOCKS: dict[str, Any] = {
    "epochs": 8,
    "batch": 32,
    "learning_rate": 1e-3,
    "weight_decay": 1e-4,
    "label_smoothing": 0.0,
}
"""How the last blocks learn where nobody says: see ``benchmarks/last_blocks.py``."""

OF_A_SHAPE = ("width", "depth", "stages", "dense", "stage_dropout", "norm")
"""Fields that only a network has which learns from nothing."""


def is_head_start(recipe: Recipe) -> bool:
    """Whether a recipe names a body whose head learns from features: a published one, an ONNX file, or a Keras file if asked."""
    return recipe.model in PUBLISHED or Path(recipe.model).suffix.lower() == ".onnx" or features_of_file(recipe)


def features_of_file(recipe: Recipe) -> bool:
    """Whether a head is to learn from what a Keras file sees in pictures, and nothing of the file itself."""
    named = recipe.model in PUBLISHED or recipe.model in NETWORKS or recipe.model == AUTO or is_own(recipe.model)
    return recipe.learn == FEATURES and not named and Path(recipe.model).suffix.lower() != ".onnx"


def settled_way(recipe: Recipe, dataset: Dataset, typed: Mapping[str, Any], progress: Progress) -> Recipe:
    """The recipe with its way chosen, and said, where nobody chose it: a body's name, or ``auto`` for a network from nothing.

    Args:
        recipe: what was asked.
        dataset: the pictures.
        typed: the fields that the person gave themselves.
        progress: who is told.

    Raises:
        RecipeError: a part of a body is to learn, and the shape of a network that learns from nothing is given.
    """
    if recipe.model != AUTO:
        return recipe
    shaped = [field for field in OF_A_SHAPE if typed.get(field, FIELDS[field].default) != FIELDS[field].default]
    if shaped:
        if recipe.learn != AUTO:
            raise RecipeError("recipe.learns_whole", found=recipe.learn, model=f"--{shaped[0].replace('_', '-')}")
        progress.line(sentence("ways.shaped", field=shaped[0]))
        return recipe
    if recipe.learn != AUTO:
        progress.line(sentence("ways.head_start", body=USUAL))
        return recipe.with_({"model": USUAL})
    side, gray = look(dataset)
    about: dict[str, Any] = {"n": len(dataset), "side": side}
    if likely_from_nothing(len(dataset), side, recipe.minutes, symbols=not dataset.mirrorable, gray=gray):
        if is_there("train"):
            progress.line(sentence("ways.from_nothing", **about))
            return recipe
        progress.line(sentence("ways.from_nothing_without", **about))
    progress.line(sentence("ways.head_start", body=USUAL))
    return recipe.with_({"model": USUAL})


def blocks_learn(recipe: Recipe) -> bool:
    """Whether the last blocks of a head start's body are asked to learn too."""
    return recipe.learn not in (AUTO, "head", FEATURES)


def settled_blocks(recipe: Recipe, typed: Mapping[str, Any], progress: Progress) -> Recipe:
    """The recipe of a head start with what of its body learns, and how: by ``learn``, or in the minutes that are given.

    Args:
        recipe: of a head start.
        typed: the fields that the person gave themselves.
        progress: who is told where minutes bring nothing.
    """
    if recipe.learn == AUTO and recipe.minutes:
        missing = "file" if recipe.model not in PUBLISHED else "" if is_there("train") else "torch"
        if missing:
            progress.line(sentence(f"last_blocks.minutes_without_{missing}"))
        recipe = recipe.with_({"learn": "head" if missing else USUAL_PART})
    if not blocks_learn(recipe):
        return recipe
    return recipe.with_({name: value for name, value in LAST_BLOCKS.items() if name not in typed})


def tell_passed_over(recipe: Recipe, typed: Mapping[str, Any], progress: Progress) -> None:
    """Say which of the fields that a person gave mean nothing to a head, and how they would."""
    known = {*OF_A_HEAD, "learn", "minutes", "new_head", *(OF_LAST_BLOCKS if blocks_learn(recipe) else ())}
    passed_over = [field for field in typed if field not in known]
    if passed_over:
        flags = ", ".join(f"--{field.replace('_', '-')}" for field in passed_over)
        progress.line(sentence(_way_out(recipe, passed_over), flags=flags, learn=USUAL_PART))


def _way_out(recipe: Recipe, fields: Sequence[str]) -> str:
    """The sentence that says how fields would mean something that a head passes over."""
    if features_of_file(recipe):
        return "ways.passed_over_by_features"
    of_blocks = recipe.model in PUBLISHED and not blocks_learn(recipe) and {*fields} <= {*OF_LAST_BLOCKS}
    return "ways.passed_over_without_blocks" if of_blocks else "ways.passed_over"
