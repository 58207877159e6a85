"""The table of commands, and the command ``olhar`` made of them; a command's module is imported once it is wanted."""

from importlib import import_module

import click

from olhar.base.spellings import plain_name
from olhar.base.texts import say
from olhar.cli.flags import everywhere
from olhar.cli.parser import Command, Group

COMMANDS = (
    *("train", "tune", "check", "evaluate", "compare", "report", "inspect", "predict", "export", "serve", "runs", "watch"),
    *("models", "datasets", "pack", "cache", "recipes"),
)
"""In the order of the work; each is the module of its name in ``olhar.cli.commands``."""

PORTUGUESE = {
    "treinar": "train",
    "ajustar": "tune",
    "verificar": "check",
    "avaliar": "evaluate",
    "comparar": "compare",
    "relatório": "report",
    "inspecionar": "inspect",
    "prever": "predict",
    "exportar": "export",
    "servir": "serve",
    "treinos": "runs",
    "acompanhar": "watch",
    "modelos": "models",
    "conjuntos": "datasets",
    "empacotar": "pack",
    "receitas": "recipes",
}
"""The Portuguese words for commands."""

ALIASES = {"val": "evaluate", **{plain_name(word): name for word, name in PORTUGUESE.items()}}
"""Other words for commands: those of other tools, and the Portuguese ones."""


def build() -> Group:
    """The command ``olhar`` with all that it can do, in the language in use."""
    version = click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=_version, help=say("cli.flag.version")
    )
    return Group(
        COMMANDS,
        ALIASES,
        PORTUGUESE,
        build_command,
        help=say("cli.about"),
        epilog=f"{say('cli.epilog')}\n{say('cli.commands_too')}",
        params=[version, *everywhere()[1:]],
        no_args_is_help=False,
        invoke_without_command=True,
        callback=_welcome,
    )


def build_command(name: str) -> Command:
    """One command; its sentences are ``cli.long.NAME`` and ``cli.example.NAME``."""
    module = import_module(f"olhar.cli.commands.{name}")
    return Command(
        name,
        getattr(module, "COMMON", ()),
        callback=module.run,
        params=[*module.flags(), *everywhere()],
        help=say(f"cli.long.{name}"),
        epilog=say(f"cli.example.{name}"),
    )


def _version(ctx: click.Context, _param: click.Parameter, asked_for: bool) -> None:
    if asked_for:
        from importlib.metadata import version

        click.echo(f"olhar {version('olhar')}")
        ctx.exit(0)


@click.pass_context
def _welcome(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())
