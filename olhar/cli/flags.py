"""Flags that commands share: those that each has, those about Keras files, and one a field of Recipe."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from olhar.base.errors import UsageError
from olhar.base.texts import say
from olhar.data.read_options import OPTIONS, ReadOptions
from olhar.training.recipe import FIELDS, wrong_type

_SHORT = {"batch": "-b", "learning_rate": "--lr", "colour": "--color"}
"""Second names that the help shows; all other spellings stand in ``base.spellings``."""
_HEADINGS = {
    "size": "pictures",
    "model": "network",
    "epochs": "learning",
    "augment": "augmentation",
    "patience": "ending",
    "precision": "machine",
}
"""Fields stand in the data's order; each of these is the first under its heading."""

_VALUES = {
    "size": "pixels",
    "model": "name_or_file",
    "split": "shares",
    "group": "pattern",
    "split_from": "run",
    "stages": "numbers",
    "dense": "numbers",
    "minutes": "minutes",
    "stop_at": "goal",
    **dict.fromkeys(("rotate", "shear", "hue"), "degrees"),
    **dict.fromkeys(("dropout", "stage_dropout", "label_smoothing", "warmup", "average_span", "shift", "zoom", "crop"), "share"),
    **dict.fromkeys(("brightness", "contrast", "saturation", "cutout"), "share"),
}
"""What stands after the flag of a field, as the word ``cli.word.NAME``; after others that want a number, ``NUMBER``."""
_WIDEST = 24


def everywhere() -> list[click.Parameter]:
    """``--json``, ``--language`` and ``--debug``."""
    return [
        Flag(["--json", "as_json"], "everywhere", is_flag=True, help=say("cli.flag.json")),
        Flag(["--language", "--lang"], "everywhere", metavar="en|pt-BR", expose_value=False, help=say("cli.flag.language")),
        Flag(["--debug"], "everywhere", is_flag=True, expose_value=False, help=say("cli.flag.debug")),
    ]


class Flag(click.Option):
    """A flag; ``heading`` is the group under which the help shows it, the key of ``cli.heading`` and of ``cli.topic``."""

    def __init__(self, names: Sequence[str], heading: str, **settings: Any) -> None:
        super().__init__(names, **settings)
        self.heading = heading


def option(name: str, heading: str = "own", **settings: Any) -> click.Option:
    """One flag; its sentence is ``cli.flag.NAME``."""
    if "help" not in settings:
        settings["help"] = say(f"cli.flag.{name.lstrip('-').replace('-', '_')}")
    return Flag([name], heading, **settings)


def file_word(ending: str = "") -> str:
    """What stands after a flag that takes a file: ``FILE``, or ``FILE.csv`` where only that ending will do."""
    return f"{say('cli.word.file')}{ending}"


def argument(name: str, metavar: str, **settings: Any) -> click.Argument:
    """One argument, shown in the help as the word ``cli.word.METAVAR``."""
    return click.Argument([name], metavar=say(f"cli.word.{metavar}"), **settings)


def data_flags() -> list[click.Parameter]:
    """How the data is to be read: a flag a field of ``ReadOptions``."""
    column = say("cli.word.column")
    return [
        option("--layout", "data", metavar=say("cli.word.layout")),
        option("--exclude", "data", metavar=say("cli.word.patterns")),
        option("--path-column", "data", metavar=column),
        option("--label-column", "data", metavar=column),
        option("--split-column", "data", metavar=column),
        option("--group-column", "data", metavar=column),
    ]


def on_flags(heading: str = "own") -> list[click.Parameter]:
    """Where parts are done."""
    return [
        option("--on", heading, metavar="local|auto|HOST:6379"),
        option("--without-token", heading, is_flag=True),
    ]


def part_flags() -> list[click.Parameter]:
    """Parts that lie apart: ``--train`` in place of DATA, ``--validation`` and ``--test``."""
    data = say("cli.word.data")
    return [
        Flag(["--train", "training"], "data", metavar=data, help=say("cli.flag.train_part")),
        Flag(["--validation"], "data", metavar=data, help=say("cli.flag.validation_part")),
        Flag(["--test"], "data", metavar=data, help=say("cli.flag.test_part")),
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
        option("--architecture", "keras", metavar=file_word(".json")),
        Flag(["--lambda", "formulas"], "keras", multiple=True, metavar=metavar, help=say("cli.flag.lambda")),
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


def as_said(values: Mapping[str, Any]) -> list[str]:
    """What was typed of ``data_flags`` and of ``keras_flags``, word by word, for a command to type next."""
    keras = ("--architecture", values["architecture"]) if values.get("architecture") else ()
    formulas = (word for formula in values.get("formulas", ()) for word in ("--lambda", formula))
    return [*ReadOptions.from_dict(values).flags, *keras, *formulas]


def decimal(text: str | float) -> float:
    """The type of a flag: a number, typed with a point or a decimal comma.

    Raises:
        ValueError: no number.
    """
    return float(str(text).replace(",", "."))


def recipe_flags() -> list[click.Parameter]:
    """A flag a field of Recipe. The values are taken as text: ``recipe_fields`` reads them, Recipe judges them."""
    flags: list[click.Parameter] = []
    heading = ""
    for name, field in FIELDS.items():
        heading, yes_or_no = _HEADINGS.get(name, heading), field.default is False
        flags.append(
            Flag(
                [_flag(name), *filter(None, [_SHORT.get(name)]), name],
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
    return say(f"cli.word.{_VALUES.get(name, 'number')}")


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
