"""recipes: those that come with Olhar, to take by name or to copy and change."""

import tomllib
from dataclasses import dataclass
from typing import Any

from olhar.training import recipe_files


@dataclass(frozen=True)
class RecipeRow:
    """A recipe: its name, what it chooses, and its file as it was written."""

    name: str
    choices: dict[str, Any]
    text: str


def recipes() -> list[RecipeRow]:
    """All of them, by name."""
    return [recipe(name) for name in recipe_files.shipped_names()]


def recipe(name: str) -> RecipeRow:
    """One of them.

    Raises:
        RecipeError: no recipe of that name.
    """
    text = recipe_files.shipped_text(name)
    return RecipeRow(name, tomllib.loads(text), text)
