"""Commands and groups that read well: flags in everybody's spelling; help and usage errors in the language in use."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from olhar.base.errors import UsageError
from olhar.base.spellings import elsewhere, nearest, plain_name, spelled
from olhar.base.texts import language, say, typed
from olhar.cli.help_page import command_help, flag_help, flag_words, page, topic_of
from olhar.cli.nearest_command import did_you_mean

_TOPIC = "olhar.topic"
"""Where a call keeps the word that was typed after ``--help``."""


_MODELS = (".h5", ".hdf5", ".keras", ".onnx")


class Command(click.Command):
    """A command whose help is ours, that takes flags in Portuguese and as other tools write them, and names words too many."""

    def __init__(self, name: str, common: Sequence[str] = (), **settings: Any) -> None:
        super().__init__(name, **settings)
        self.common = common

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments.

        Raises:
            UsageError: one too many, or a flag that there is not; the nearest is named.
        """
        ctx.allow_extra_args = True
        words = list(self._settled(ctx, args))
        if "--help" in words:
            place = words.index("--help")
            ctx.meta[_TOPIC] = topic_of(words[place + 1]) if place + 1 < len(words) else ""
        try:
            super().parse_args(ctx, [*words])
        except click.NoSuchOption as error:
            raise _of_a_dash(words) or error from error
        if len(ctx.args) == 1 and "model" in {param.name for param in self.params} and Path(ctx.args[0]).suffix in _MODELS:
            raise UsageError("cli.model_unnamed", found=ctx.args[0])
        if ctx.args:
            raise UsageError("cli.too_many", found=" ".join(map(str, ctx.args)), command=ctx.command_path)
        return ctx.args

    def get_help(self, ctx: click.Context) -> str:
        """The help, as it is printed."""
        return command_help(self, ctx, self.common, ctx.meta.get(_TOPIC, ""))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, in the language in use."""
        return _in_our_words(super().get_help_option(ctx))

    def _settled(self, ctx: click.Context, args: Sequence[str]) -> Iterator[str]:
        """The words with each flag as it is called here."""
        own = {name for param in self.get_params(ctx) for name in (*param.opts, *param.secondary_opts) if name.startswith("--")}
        for place, word in enumerate(args):
            if word == "--":
                yield from args[place:]
                return
            flag, equals, value = word.partition("=")
            yield f"{self._flag(flag, own)}{equals}{value}" if flag.startswith("--") and flag not in own else word

    def _flag(self, typed: str, own: set[str]) -> str:
        """The flag of ours that ``typed`` means.

        Raises:
            UsageError: none.
        """
        name = typed.removeprefix("--")
        bare = name.removeprefix("no-").removeprefix("sem-")
        for flag in (f"--{spelled(name)}", f"--no-{spelled(bare)}" if bare != name else ""):
            if flag in own:
                return flag
        for argument in (param for param in self.params if isinstance(param, click.Argument)):
            if spelled(name) in (argument.name, {"model": "model", "data": argument.name}.get(spelled(name))):
                raise UsageError("cli.is_argument", found=typed, name=argument.metavar or "", command=self.name or "")
        raise UsageError("cli.no_such_flag", found=typed, hint=_hint(name, own))


class Group(click.Group):
    """The commands, each built by ``build`` only when it is asked for."""

    def __init__(
        self,
        names: Sequence[str],
        aliases: Mapping[str, str],
        portuguese: Mapping[str, str],
        build: Callable[[str], Command],
        **settings: Any,
    ) -> None:
        super().__init__(**settings)
        self.names, self.aliases, self.portuguese, self.build = names, aliases, portuguese, build

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """In the order of the work, not of the alphabet."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Build one command."""
        name = self._meant(cmd_name)
        return self.build(name) if name in self.names else None

    def _meant(self, typed: str) -> str:
        """The command that ``typed`` means, without its accents."""
        return typed if typed in self.names else self.aliases.get(plain_name(typed), typed)

    def resolve_command(self, ctx: click.Context, args: list[str]) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command that was typed.

        Raises:
            UsageError: no such command; the nearest is named.
        """
        if args and self._meant(args[0]) not in self.names and not args[0].startswith("-"):
            hint = did_you_mean(args[0], self.names, self.portuguese)
            raise UsageError("cli.no_such_command", found=args[0], hint=hint)
        return super().resolve_command(ctx, args)

    def get_help(self, ctx: click.Context) -> str:
        """All commands, a line each."""
        own = {name: word for word, name in self.portuguese.items()} if language() == "pt-BR" else {}
        rows = [(", ".join(filter(None, (name, own.get(name)))), say(f"cli.short.{name}")) for name in self.names]
        flags = [(flag_words(p, ctx), flag_help(p)) for p in self.get_params(ctx) if isinstance(p, click.Option)]
        usage = f"olhar {say('cli.command')} ..."
        return page(usage, self.help or "", [(say("cli.commands"), rows), (say("cli.flags"), flags)], self.epilog or "")

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """``--help``, in the language in use."""
        return _in_our_words(super().get_help_option(ctx))


def _in_our_words(option: click.Option | None) -> click.Option | None:
    if option is not None:
        option.help = say("cli.flag.help")
    return option


def _of_a_dash(words: Sequence[str]) -> UsageError | None:
    """The error for a file or folder whose name begins with a dash, as options do; None where there is none among the words."""
    found = next((word for word in words if word.startswith("-") and Path(word).exists()), None)
    return UsageError("cli.no_such_flag", found=found, hint=say("cli.did_you_mean", name=typed(Path(found)))) if found else None


def _hint(name: str, own: set[str]) -> str:
    """What to say of a flag that there is not: what there is in its place, or the nearest."""
    about = elsewhere(name)
    if about:
        return str(about)
    near = nearest(name, {flag.removeprefix("--") for flag in own})
    return say("cli.did_you_mean", name=f"--{near}") if near else ""
