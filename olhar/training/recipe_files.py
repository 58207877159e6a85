"""Recipes as TOML files: those that come with Olhar, found by name, and any other by its path."""

from difflib import get_close_matches
from importlib import resources
from pathlib import Path

from olhar.base.errors import RecipeError
from olhar.training.recipe import Recipe

_FOLDER = resources.files("olhar.training") / "recipes"


def shipped_names() -> list[str]:
    """The recipes there are, sorted by name."""
    return sorted(file.name.removesuffix(".toml") for file in _FOLDER.iterdir() if file.name.endswith(".toml"))


def shipped_text(name: str) -> str:
    """A recipe as it was written, its comments included.

    Raises:
        RecipeError: no recipe of that name; the nearest is named.
    """
    names = shipped_names()
    if name not in names:
        near = get_close_matches(name, names, 1, cutoff=0)
        raise RecipeError("recipe.not_shipped", found=name, known=", ".join(names), near=near[0] if near else names[0])
    return (_FOLDER / f"{name}.toml").read_text(encoding="utf-8")


def read(wish: str) -> Recipe:
    """The recipe in a file, or one of ours by its name.

    Raises:
        RecipeError: neither; or the file is no recipe.
    """
    return Recipe.from_toml(read_text(wish), Path(wish).name if Path(wish).is_file() else f"{wish}.toml")


def read_text(wish: str) -> str:
    """The text of a recipe, in a file or one of ours.

    Raises:
        RecipeError: neither.
    """
    path = Path(wish)
    if path.is_file():
        return _text_of(path)
    if path.suffix or len(path.parts) > 1:
        raise RecipeError("recipe.missing", where=wish)
    return shipped_text(wish)


def _text_of(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise RecipeError("recipe.missing", where=str(path)) from error
