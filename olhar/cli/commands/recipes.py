"""recipes: those that come with Olhar, listed; one printed as the file that ``train`` takes."""

import click

from olhar.base.texts import say
from olhar.cli.flags import argument
from olhar.cli.printing import console, print_json, print_table


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [argument("name", "name", required=False)]


def run(name: str | None, as_json: bool) -> int:
    """Print all recipes, or the one of that name."""
    return _print_one(name, as_json) if name else _print_all(as_json)


def _print_one(name: str, as_json: bool) -> int:
    """One recipe as it was written."""
    from olhar.verbs.recipes import recipe

    row = recipe(name)
    if as_json:
        return print_json(vars(row))
    print(row.text, end="")
    return 0


def _print_all(as_json: bool) -> int:
    """The recipes, a line each."""
    from olhar.verbs.recipes import recipes

    rows = recipes()
    if as_json:
        return print_json({"recipes": [vars(row) for row in rows]})
    heads = [say("cli.recipes.name"), say("cli.recipes.about")]
    print_table(heads, [[row.name, say(f"cli.recipes.of.{row.name}")] for row in rows])
    console().print(f"\n{say('cli.recipes.how')}")
    return 0
