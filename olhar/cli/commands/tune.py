"""tune: many short trainings -> the choices that did best, as a recipe file."""

from typing import TYPE_CHECKING, Any

import click
from rich.text import Text

from olhar.base.texts import percent, say
from olhar.cli.flags import (
    argument,
    data_flags,
    file_word,
    on_flags,
    option,
    part_flags,
    read_options,
    recipe_fields,
    recipe_flags,
    training_data,
)
from olhar.cli.printing import console, print_json, print_next, progress

if TYPE_CHECKING:
    from olhar.studies.tuning_result import Search

COMMON = ("minutes", "into", "resume", "recipe", "model", "size", "colour", "epochs", "optimizer", "augment")
"""The flags that most people use, which the help explains before any other."""


def flags() -> list[click.Parameter]:
    """What it takes; ``--minutes`` is the time of the whole tuning."""
    return [
        argument("data", "data", required=False),
        option("--minutes", metavar=say("cli.word.minutes"), help=say("cli.flag.tune_minutes")),
        option("--into", metavar=say("cli.word.folder"), help=say("cli.flag.tune_into")),
        option("--resume", is_flag=True, help=say("cli.flag.tune_resume")),
        option("--recipe", metavar=f"{say('cli.word.name')}|{file_word('.toml')}", help=say("cli.flag.tune_recipe")),
        option("--keep", "data", metavar=file_word(".csv")),
        *on_flags(),
        *data_flags(),
        *part_flags(),
        *(flag for flag in recipe_flags() if flag.name != "minutes"),
    ]


def run(data: str | None, into: str | None, resume: bool, recipe: str | None, as_json: bool, **values: Any) -> int:
    """Tune and print what did best."""
    from olhar.verbs.tune import tune

    data = training_data(data, values)
    keep, fields = values["keep"], recipe_fields(values) | read_options(values)
    minutes = fields.pop("minutes", None)
    where: dict[str, Any] = {name: values[name] for name in ("on", "without_token")}
    how: dict[str, Any] = {"into": into, "resume": resume, "recipe": recipe, "keep": keep, "progress": progress()}
    search = tune(data, minutes=minutes, **how, **where, **fields)
    return _print(search, as_json)


def _print(search: "Search", as_json: bool) -> int:
    """What did best, what mattered, and what to type next."""
    if as_json:
        return print_json(search.to_dict())
    out, best = console(), search.best
    out.print()
    values = {"value": percent(best.value), "which": best.number, "n": len(search.trials), "pictures": search.pictures}
    out.print(Text(say(f"tune.found_{search.measure}", **values), "bold"))
    out.print(
        ", ".join(f"{name} {value:.2g}" if isinstance(value, float) else f"{name} {value}" for name, value in best.params.items())
    )
    if search.importance:
        shares = ", ".join(f"{name} {percent(share, 0)}" for name, share in search.importance.items())
        out.print(say("tune.mattered", shares=shares, where=str(search.path / "importance.png")))
    else:
        out.print(say("tune.too_few"))
    out.print(say("tune.flatters"))
    print_next(search.command)
    return 0
