"""Flags that commands share: those that each has, those about Keras files, and one a field of Recipe."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from olhar.base.errors import UsageError
from olhar.base.texts import say
from olhar.data.read_options import OPTIONS
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


def data_flags() -> list[click.Parameter]:
    """How the data is to be read: a flag a field of ``ReadOptions``."""
    column = say("cli.word.column")
    return [
        option("--layout", metavar=say("cli.word.layout")),
        option("--path-column", metavar=column),
        option("--label-column", metavar=column),
        option("--split-column", metavar=column),
        option("--group-column", metavar=column),
    ]


def part_flags() -> list[click.Parameter]:
    """Parts that lie apart: ``--train`` in place of DATA, ``--validation`` and ``--test``."""
    data = say("cli.word.data")
    return [
        click.Option(["--train", "training"], metavar=data, help=say("cli.flag.train_part")),
        click.Option(["--validation"], metavar=data, help=say("cli.flag.validation_part")),
        click.Option(["--test"], metavar=data, help=say("cli.flag.test_part")),
    ]


def training_data(data: str | None, values: dict[str, Any]) -> str | None:
    """What was typed as DATA or behind ``--train``.

    Raises:
        UsageError: both.
    """
    training = values.pop("training", None)
    if data is not None and training is not None:
        raise UsageError("cli.train_or_data")
    return data if training is None else training


def read_options(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed of ``data_flags``, as keywords of ``olhar.read``."""
    return {name: values[name] for name in OPTIONS if values.get(name)}


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
    """A flag of a training, most made from a field of Recipe; ``heading`` is the key of the one under which the help shows it."""

    def __init__(self, names: Sequence[str], heading: str, **settings: Any) -> None:
        super().__init__(names, **settings)
        self.heading = heading


def recipe_flags() -> list[click.Parameter]:
    """A flag a field of Recipe. The values are taken as text: ``recipe_fields`` reads them, Recipe judges them."""
    flags: list[click.Parameter] = []
    heading = ""
    for name, field in FIELDS.items():
        heading, yes_or_no = _HEADINGS.get(name, heading), field.default is False
        flags.append(
            RecipeFlag(
                [_flag(name), *_SPELLINGS.get(name, ()), name],
                heading,
                is_flag=yes_or_no,
                default=None,
                metavar=None if yes_or_no else _metavar(name),
                help=" ".join(filter(None, (say(f"cli.recipe.{name}"), _long_choices(name), _default(name)))),
            )
        )
    return flags


def _flag(name: str) -> str:
    """``--weight-decay``; a choice of yes or no has a form for each, as a recipe may have said yes."""
    flag = name.replace("_", "-")
    return f"--{flag}/--no-{flag}" if FIELDS[name].default is False else f"--{flag}"


def recipe_fields(values: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, in the types of the fields; fields that were not typed are missing.

    Raises:
        RecipeError: not a number where a number belongs.
    """
    return {name: _read(name, value) for name, value in values.items() if name in FIELDS and value is not None}


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
        shown = "|".join(_choices(name))
        return shown if len(shown) <= _WIDEST else say("cli.word.name")
    return {int: "N", float: "X", str: say("cli.word.text")}[type(FIELDS[name].default)]


def _long_choices(name: str) -> str:
    """The choices, where they are too many to stand beside the flag."""
    choices = _choices(name)
    return f"({', '.join(choices)})" if len("|".join(choices)) > _WIDEST else ""


def _choices(name: str) -> list[str]:
    rules = FIELDS[name].metadata
    return [choice for choice in (*rules["choices"], rules["also"]) if choice]


def _default(name: str) -> str:
    default = FIELDS[name].default
    return say("cli.default", value=default) if default not in (False, 0, -1, "auto", "") else ""
