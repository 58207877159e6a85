"""Other ways to write a name: Portuguese and Keras's words for flags, fields and values -> the word that stands here.

The words stand in ``catalogue/spellings.toml``, one table for the command, recipes and Python.
"""

import tomllib
import unicodedata
from collections.abc import Collection, Mapping
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Any

from olhar.base.errors import RecipeError
from olhar.base.texts import Sentence, sentence


def spelled(name: str) -> str:
    """The flag that ``name`` means (``batch-size``, ``Épocas``), without its dashes; ``name`` itself where no other is known."""
    plain = plain_name(name)
    return _names().get(plain, plain)


def in_portuguese(name: str) -> str:
    """The Portuguese word for a flag (``épocas`` for ``epochs``), without its dashes; empty where both languages share one."""
    return next(iter(_table()["names"].get(name, ())), "")


def spelled_fields(fields: Mapping[str, Any], known: Collection[str]) -> dict[str, Any]:
    """Fields by the names that they have here (``batch_size`` is ``batch``); names that mean none of ``known`` stay.

    Raises:
        RecipeError: one is given twice, under two names.
    """
    settled: dict[str, str] = {}
    for name in fields:
        meant = spelled(name).replace("-", "_")
        settled[name] = meant if name not in known and meant in known else name
    for name, meant in settled.items():
        twin = next((other for other in fields if other != name and settled[other] == meant), None)
        if twin is not None:
            raise RecipeError("recipe.twice", found=name, other=twin)
    return {settled[name]: value for name, value in fields.items()}


def spelled_value(field: str, value: Any, choices: Collection[str]) -> Any:
    """The choice that ``value`` means (``Adam``, ``sparse_categorical_crossentropy``); ``value`` itself where it means none."""
    if value in choices or not isinstance(value, str | bool):
        return value
    plain = _squeezed(str(value))
    meant = {_squeezed(choice): choice for choice in choices} | _values().get(field, {})
    return meant.get(plain, value)


def nearest(name: str, known: Collection[str]) -> str | None:
    """The name of ``known`` that ``name`` comes nearest to, in any spelling."""
    spellings = {**{other: meant for other, meant in _names().items() if meant in known}, **{one: one for one in known}}
    near = get_close_matches(plain_name(name), spellings, 1)
    return spellings[near[0]] if near else None


def elsewhere(name: str) -> Sentence | None:
    """What to say of something that other tools have a flag for and Olhar has none; None where there is nothing to say."""
    found = _elsewhere().get(plain_name(name))
    return sentence(found) if found else None


def plain_name(name: str) -> str:
    """A name in lower case, without accents, with hyphens."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name) if not unicodedata.combining(c))
    return bare.lower().replace("_", "-")


def _squeezed(value: str) -> str:
    return "".join(c for c in plain_name(value) if c not in "- ")


@cache
def _table() -> dict[str, Any]:
    return tomllib.loads((resources.files("olhar.base") / "catalogue" / "spellings.toml").read_text(encoding="utf-8"))


@cache
def _names() -> dict[str, str]:
    return {plain_name(other): name for name, others in _table()["names"].items() for other in others}


@cache
def _values() -> dict[str, dict[str, str]]:
    return {
        field: {_squeezed(other): value for value, others in table.items() for other in others}
        for field, table in _table()["values"].items()
    }


@cache
def _elsewhere() -> dict[str, str]:
    keys = {name: f"elsewhere.{name.replace('-', '_')}" for name in _table()["elsewhere"]}
    return {other: keys[name] for name, others in _table()["elsewhere"].items() for other in (name, *others)}
