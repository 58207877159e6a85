"""Commands and groups that read well: help and usage errors in the language in use."""

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from olhar.base.errors import UsageError
from olhar.base.texts import say
from olhar.cli.flags import RecipeFlag

Rows = list[tuple[str, str]]


class Command(click.Command):
    """A command whose help is ours, and that names arguments it has no use for."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments.

        Raises:
            UsageError: one too many.
        """
        ctx.allow_extra_args = True
        super().parse_args(ctx, args)
        if ctx.args:
            raise UsageError("cli.too_many", found=" ".join(map(str, ctx.args)), command=ctx.command_path)
        return ctx.args

    def get_help(self, ctx: click.Context) -> str:
        """The help, as it is printed."""
        words = [(p.make_metavar(ctx), p.required or p.nargs < 0) for p in self.params if isinstance(p, click.Argument)]
        arguments = " ".join(word if needed else f"[{word}]" for word, needed in words)
        sections: dict[str, Rows] = {"cli.flags": []}
        for flag in (p for p in self.params if isinstance(p, click.Option)):
            heading = f"cli.heading.{flag.heading}" if isinstance(flag, RecipeFlag) else "cli.flags"
            sections.setdefault(heading, []).append((_flag(flag, ctx), _about(flag)))
        usage = f"{ctx.command_path} {arguments}".rstrip()
        return _page(usage, self.help or "", [(say(title), rows) for title, rows in sections.items()], self.epilog or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, in the language in use."""
        return _in_our_words(super().get_help_option(ctx))


class Group(click.Group):
    """The commands, each built by ``build`` only when it is asked for."""

    def __init__(
        self, names: Sequence[str], aliases: Mapping[str, str], build: Callable[[str], Command], **settings: Any
    ) -> None:
        super().__init__(**settings)
        self.names, self.aliases, self.build = names, aliases, build

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of the work, not of the alphabet."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Build one command."""
        name = self.aliases.get(cmd_name, cmd_name)
        return self.build(name) if name in self.names else None

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed.

        Raises:
            UsageError: no such command; the nearest is named.
        """
        if args and args[0] not in (*self.names, *self.aliases) and not args[0].startswith("-"):
            near = get_close_matches(args[0], self.names, 1)
            hint = say("cli.did_you_mean", name=near[0]) if near else ""
            raise UsageError("cli.no_such_command", found=args[0], hint=hint)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """All commands, a line each."""
        rows = [(name, say(f"cli.short.{name}")) for name in self.names]
        flags = [(_flag(p, ctx), _about(p)) for p in self.get_params(ctx) if isinstance(p, click.Option)]
        usage = f"olhar {say('cli.command')} ..."
        return _page(usage, self.help or "", [(say("cli.commands"), rows), (say("cli.flags"), flags)], self.epilog or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, in the language in use."""
        return _in_our_words(super().get_help_option(ctx))


def _in_our_words(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = say("cli.flag.help")
    return option


def _flag(option: click.Option, ctx: click.Context) -> str:
    names = ", ".join([*sorted(option.opts[:2], key=lambda name: not name.startswith("--")), *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.make_metavar(ctx)}"


def _about(option: click.Option) -> str:
    return option.help or ""


def _page(usage: str, about: str, sections: Sequence[tuple[str, Rows]], epilog: str) -> str:
    """The help as text, coloured where it goes to a terminal."""
    console = Console(highlight=False, markup=False)
    with console.capture() as capture:
        console.print(Text.assemble((f"{say('cli.usage_word')} ", "dim"), (usage, "bold")))
        console.print(f"\n{about}")
        for title, rows in sections:
            console.print(Text(f"\n{title}", "bold"))
            table = Table.grid(padding=(0, 2))
            table.add_column(no_wrap=True, style="cyan")
            table.add_column()
            for name, explanation in rows:
                table.add_row(f"  {name}", explanation)
            console.print(table)
        if epilog:
            console.print(f"\n{epilog}")
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())
