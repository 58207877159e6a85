"""Flags: those that every command has, and those of ``train``, made from the fields of Recipe."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from olhar.base.errors import UsageError
from olhar.base.texts import say
from olhar.training.recipe import FIELDS, wrong_type

_SPELLINGS: dict[str, tuple[str, ...]] = {
    "size": ("--imgsz", "--img-size", "--image-size"),
    "batch": ("-b", "--batch-size"),
    "learning_rate": ("--lr", "--lr0"),
    "colour": ("--color",),
}
_HEADINGS = {
    "size": "pictures",
    "model": "network",
    "epochs": "learning",
    "augment": "augmentation",
    "patience": "ending",
    "precision": "machine",
}
"""Fields stand in the data's order; each of these is the first under its heading."""

_WIDEST = 24


def everywhere() -> list[click.Parameter]:
    """``--json``, ``--language`` and ``--debug``."""
    return [
        click.Option(["--json", "as_json"], is_flag=True, help=say("cli.flag.json")),
        click.Option(["--language", "--lang"], metavar="en|pt-BR", expose_value=False, help=say("cli.flag.language")),
        click.Option(["--debug"], is_flag=True, expose_value=False, help=say("cli.flag.debug")),
    ]


def option(name: str, **settings: Any) -> click.Option:
    """One flag; its sentence is ``cli.flag.NAME``."""
    if "help" not in settings:
        settings["help"] = say(f"cli.flag.{name.lstrip('-').replace('-', '_')}")
    return click.Option([name], **settings)


def argument(name: str, metavar: str, **settings: Any) -> click.Argument:
    """One argument, shown in the help as the word ``cli.word.METAVAR``."""
    return click.Argument([name], metavar=say(f"cli.word.{metavar}"), **settings)


def keras_flags() -> list[click.Parameter]:
    """What a Keras file may need said: its architecture, and what its Lambda layers do."""
    metavar = f"{say('cli.word.name')}={say('cli.word.formula')}"
    return [
        option("--architecture", metavar=say("cli.word.file")),
        click.Option(["--lambda", "formulas"], multiple=True, metavar=metavar, help=say("cli.flag.lambda")),
    ]


def lambdas(formulas: Sequence[str]) -> dict[str, str]:
    """What was typed after ``--lambda``, by the layer's name.

    Raises:
        UsageError: not ``NAME=FORMULA``.
    """
    pairs = [text.partition("=") for text in formulas]
    for text, (name, _, formula) in zip(formulas, pairs, strict=True):
        if not name.strip() or not formula.strip():
            raise UsageError("inspect.lambda_form", found=text)
    return {name.strip(): formula.strip() for name, _, formula in pairs}


def decimal(text: str | float) -> float:
    """The type of a flag: a number, typed with a point or a decimal comma.

    Raises:
        ValueError: no number.
    """
    return float(str(text).replace(",", "."))


class RecipeFlag(click.Option):
    """A flag of a training, most made from a field of Recipe, and the key of the heading under which the help shows it."""

    heading = ""


def several_flags() -> list[click.Parameter]:
    """Several trainings in one command, and where else what they learn goes; the last two may stand without a value."""
    address: dict[str, Any] = {"is_flag": False, "flag_value": ""}
    flags = [
        RecipeFlag(["--seeds"], type=int, metavar="N", help=say("cli.flag.seeds")),
        RecipeFlag(["--keep-as"], metavar="F.h5", help=say("cli.flag.keep_as")),
        RecipeFlag(["--tensorboard"], metavar="[DIR]", help=say("cli.flag.tensorboard"), **address),
        RecipeFlag(["--mlflow"], metavar="[URI]", help=say("cli.flag.mlflow"), **address),
    ]
    for flag in flags:
        flag.heading = "several"
    return list(flags)


def recipe_flags() -> list[click.Parameter]:
    """A flag a field of Recipe. The values are taken as text: ``recipe_fields`` reads them, Recipe judges them."""
    flags = [
        RecipeFlag(
            [_flag(name), *_SPELLINGS.get(name, ()), name],
            is_flag=FIELDS[name].default is False,
            default=None,
            metavar=None if FIELDS[name].default is False else _metavar(name),
            help=" ".join(filter(None, (say(f"cli.recipe.{name}"), _choices(name), _default(name)))),
        )
        for name in FIELDS
    ]
    heading = ""
    for flag, name in zip(flags, FIELDS, strict=True):
        flag.heading = heading = _HEADINGS.get(name, heading)
    return list(flags)


def _flag(name: str) -> str:
    """``--weight-decay``; a choice of yes or no has a form for each, as a recipe may have said yes."""
    flag = name.replace("_", "-")
    return f"--{flag}/--no-{flag}" if FIELDS[name].default is False else f"--{flag}"


def recipe_fields(typed: dict[str, Any]) -> dict[str, Any]:
    """What was typed, in the types of the fields; fields that were not typed are missing.

    Raises:
        RecipeError: not a number where a number belongs.
    """
    return {name: _read(name, value) for name, value in typed.items() if name in FIELDS and value is not None}


def refuse_both(fields: Mapping[str, Any]) -> None:
    """Minutes take the place of epochs: of the two, one is typed.

    Raises:
        UsageError: both were.
    """
    if fields.get("minutes") and "epochs" in fields:
        raise UsageError("cli.epochs_or_minutes")


def _read(name: str, text: Any) -> Any:
    kind = type(FIELDS[name].default)
    if kind is bool:
        return bool(text)
    try:
        return kind(text.replace(",", ".") if kind is float else text)
    except ValueError as error:
        raise wrong_type(name, text) from error


def _metavar(name: str) -> str:
    rules = FIELDS[name].metadata
    if rules["choices"]:
        shown = "|".join(_known(name))
        return shown if len(shown) <= _WIDEST else say("cli.word.name")
    return {int: "N", float: "X", str: say("cli.word.text")}[type(FIELDS[name].default)]


def _choices(name: str) -> str:
    """The choices, where they are too many to stand beside the flag."""
    known = _known(name)
    return f"({', '.join(known)})" if len("|".join(known)) > _WIDEST else ""


def _known(name: str) -> list[str]:
    rules = FIELDS[name].metadata
    return [choice for choice in (*rules["choices"], rules["also"]) if choice]


def _default(name: str) -> str:
    default = FIELDS[name].default
    return say("cli.default", value=default) if default not in (False, 0, -1, "auto", "") else ""
