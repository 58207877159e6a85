"""``olhar tune``: arguments, and what is printed at its end."""

from typing import Any

from rich.text import Text

from olhar.base.texts import percent, say
from olhar.cli.flags import argument, option, recipe_fields, recipe_flags
from olhar.cli.parser import Command, command
from olhar.cli.printing import console, print_json, print_next, progress


def tune(name: str) -> Command:
    """The command."""

    def run(
        data: str | None, minutes: str | None, into: str | None, resume: bool, recipe: str | None, as_json: bool, **typed: Any
    ) -> int:
        from olhar.verbs.tune import tune

        keep, fields = typed.pop("keep"), recipe_fields(typed | {"minutes": minutes})
        time = fields.pop("minutes", None)
        found = tune(data, minutes=time, into=into, resume=resume, recipe=recipe, keep=keep, progress=progress(), **fields)
        return print_search(found, as_json)

    return command(
        name,
        run,
        argument("data", "data", required=False),
        option("--minutes", metavar="X", help=say("cli.flag.tune_minutes")),
        option("--into", metavar=say("cli.word.folder"), help=say("cli.flag.tune_into")),
        option("--resume", is_flag=True, help=say("cli.flag.tune_resume")),
        option("--recipe", metavar=f"{say('cli.word.name')}|F.toml", help=say("cli.flag.tune_recipe")),
        option("--keep", metavar="F.csv"),
        *(flag for flag in recipe_flags() if flag.name != "minutes"),
    )


def print_search(found: Any, as_json: bool) -> int:
    """What did best, what mattered, and what to type next."""
    if as_json:
        return print_json(found.to_dict())
    out, best = console(), found.best
    out.print()
    values = {"value": percent(best.value), "which": best.number, "n": len(found.trials), "pictures": found.pictures}
    out.print(Text(say(f"tune.found_{found.measure}", **values), "bold"))
    out.print(
        ", ".join(f"{name} {value:.2g}" if isinstance(value, float) else f"{name} {value}" for name, value in best.params.items())
    )
    if found.importance:
        shares = ", ".join(f"{name} {percent(share, 0)}" for name, share in found.importance.items())
        out.print(say("tune.mattered", shares=shares, where=str(found.path / "importance.png")))
    else:
        out.print(say("tune.too_few"))
    out.print(say("tune.flatters"))
    print_next(found.command)
    return 0
