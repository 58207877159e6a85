"""datasets: the sets that can be had by name, with licence and size."""

from typing import TYPE_CHECKING

import click

from olhar.base.texts import file_size, number, say
from olhar.cli.printing import console, print_json, print_table

if TYPE_CHECKING:
    from olhar.verbs.datasets import DatasetRow


def flags() -> list[click.Parameter]:
    """What it takes: nothing of its own."""
    return []


def run(as_json: bool) -> int:
    """Print the sets, a line each, and what to type."""
    from olhar.verbs.datasets import datasets

    rows = datasets()
    if as_json:
        return print_json({"datasets": [vars(row) | {"bring": str(row.bring) if row.bring else None} for row in rows]})
    heads = [say(f"cli.datasets.{head}") for head in ("name", "pictures", "classes", "download", "here", "about", "licence")]
    lines = [
        [row.name, number(row.pictures), number(row.classes), _download(row), _here(row), row.about, row.licence] for row in rows
    ]
    print_table(heads, lines, right=(1, 2, 3))
    console().print(f"\n{say('cli.datasets.end')}")
    return 0


def _download(row: "DatasetRow") -> str:
    return say("cli.datasets.bring") if row.bring else file_size(row.download) if row.download else "-"


def _here(row: "DatasetRow") -> str:
    return say("cli.yes") if row.here else say("cli.no")
