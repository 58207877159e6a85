"""models: the networks there are, what a picture costs, and how fast they are on this machine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from olhar.base.texts import number, say
from olhar.cli.flags import argument, option
from olhar.cli.printing import console, print_json, print_table, progress

if TYPE_CHECKING:
    from olhar.verbs.models import ModelRow


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("names", "names", nargs=-1, required=False),
        option("--size", default=32, type=int, metavar="N", help=say("cli.flag.models_size")),
        option("--no-speed", is_flag=True),
    ]


def run(names: tuple[str, ...], size: int, no_speed: bool, as_json: bool) -> int:
    """Print the networks, a line each."""
    from olhar.verbs.models import models

    rows = models(size, names, speed=not no_speed, progress=progress())
    if as_json:
        return print_json({"size": size, "models": [vars(row) for row in rows]})
    _print_table(rows)
    console().print(f"\n{say('cli.models.size', size=size)}")
    return 0


def _print_table(rows: Sequence["ModelRow"]) -> None:
    """A line a network; the speeds, where they were measured."""
    measured = [column for column in ("training", "predicting") if getattr(rows[0], column) is not None]
    heads = [say(f"cli.models.{column}") for column in ("name", "parameters", "cost", *measured, "about")]
    lines = [
        [
            row.name,
            number(row.parameters),
            say("cli.models.million", n=row.multiply_adds / 1e6),
            *(say("cli.models.per_second", n=round(getattr(row, column))) for column in measured),
            say(f"cli.models.{row.name}"),
        ]
        for row in rows
    ]
    print_table(heads, lines, right=range(1, 3 + len(measured)))
