"""Which way a training goes: a head start, by features of a body that has seen a million pictures, or from nothing."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olhar.base.extras import is_there
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.bodies.published import PUBLISHED
from olhar.data.dataset import Dataset
from olhar.jobs.look import look
from olhar.models.network_choice import likely_from_nothing
from olhar.runs.head_record import OF_A_HEAD
from olhar.training.recipe import AUTO, FIELDS, Recipe

USUAL = "lite0"
"""The body that ``auto`` takes: a larger one takes twice the time and was no better on the mean of ten sets."""

OF_A_SHAPE = ("width", "depth", "stages", "dense", "stage_dropout", "norm")
"""Fields that only a network has which learns from nothing."""


def is_head_start(model: str) -> bool:
    """Whether a recipe's ``model`` names a body whose head learns from features: a published one, or an ONNX file."""
    return model in PUBLISHED or Path(model).suffix.lower() == ".onnx"


def settled_way(recipe: Recipe, dataset: Dataset, typed: Mapping[str, Any], progress: Progress) -> Recipe:
    """The recipe with its way chosen, and said, where nobody chose it: a body's name, or ``auto`` for a network from nothing.

    Args:
        recipe: what was asked.
        dataset: the pictures.
        typed: the fields that the person gave themselves.
        progress: who is told.
    """
    if recipe.model != AUTO:
        return recipe
    shaped = [field for field in OF_A_SHAPE if typed.get(field, FIELDS[field].default) != FIELDS[field].default]
    if shaped:
        progress.line(sentence("ways.shaped", field=shaped[0]))
        return recipe
    side, gray = look(dataset)
    about: dict[str, Any] = {"n": len(dataset), "side": side}
    if likely_from_nothing(len(dataset), side, recipe.minutes, symbols=not dataset.mirrorable, gray=gray):
        if is_there("train"):
            progress.line(sentence("ways.from_nothing", **about))
            return recipe
        progress.line(sentence("ways.from_nothing_without", **about))
    progress.line(sentence("ways.head_start", body=USUAL))
    return recipe.with_({"model": USUAL})


def tell_passed_over(typed: Mapping[str, Any], progress: Progress) -> None:
    """Say which of the fields that a person gave mean nothing to a head, and how they would."""
    passed_over = [field for field, value in typed.items() if field not in OF_A_HEAD and value != FIELDS[field].default]
    if passed_over:
        flags = ", ".join(f"--{field.replace('_', '-')}" for field in passed_over)
        progress.line(sentence("ways.passed_over", flags=flags))
