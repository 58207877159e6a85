"""What ``--help`` shows: the flags that most people use, the others by what they are about, and each explained when asked for."""

from collections.abc import Sequence

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

from olhar.base import texts
from olhar.base.spellings import in_portuguese, plain_name
from olhar.base.texts import language, say
from olhar.cli.flags import Flag

Rows = list[tuple[str, str]]
Section = tuple[str, Rows]

ALL = "all"
LAST = ("keras", "everywhere")
"""What stands at the end of every help, in this order."""


def topic_of(word: str) -> str:
    """The topic that a word after ``--help`` means, in any of our languages; empty where it means none."""
    for spoken in texts.LANGUAGES:
        with texts.speaking(spoken):
            for topic in (ALL, "data", "several", "pictures", "network", "learning", "augmentation", "ending", "machine", *LAST):
                if plain_name(word) in (topic, plain_name(say(f"cli.topic.{topic}"))):
                    return topic
    return ""


def command_help(command: click.Command, ctx: click.Context, common: Sequence[str], topic: str) -> str:
    """The help of one command, as it is printed.

    Args:
        command: whose arguments, flags, description and example are shown.
        ctx: how it was called.
        common: the flags that stand first, where there are so many that the others are only named.
        topic: whose flags are explained; ``all``; or empty.
    """
    words = [(p.make_metavar(ctx), p.required or p.nargs < 0) for p in command.params if isinstance(p, click.Argument)]
    arguments = " ".join(word if needed else f"[{word}]" for word, needed in words)
    usage = f"{ctx.command_path} {arguments} [{say('cli.options_word')}]".replace("  ", " ")
    flags = [p for p in command.params if isinstance(p, click.Option)]
    groups = _groups(flags)
    if topic in groups:
        return page(usage, "", [(say(f"cli.heading.{topic}"), _rows(groups[topic], ctx))], "")
    first = [flag for name in common for flag in flags if flag.name == name]
    rest = {heading: [flag for flag in flags if flag not in first] for heading, flags in groups.items()}
    explained = [(say(f"cli.heading.{heading}"), _rows(flags, ctx)) for heading, flags in rest.items() if flags]
    if first:
        most_used = (say("cli.heading.most_used"), _rows(first, ctx))
        explained = [most_used, *explained] if topic == ALL else [most_used, _named(rest, ctx)]
    return page(usage, command.help or "", explained, "\n".join(filter(None, (_as_typed(command, ctx), say("cli.spellings")))))


def _as_typed(command: click.Command, ctx: click.Context) -> str:
    """The example, with the word for the command that the person typed: ``olhar prever``."""
    return (command.epilog or "").replace(f"olhar {command.name} ", f"{ctx.command_path} ")


def _groups(flags: Sequence[click.Option]) -> dict[str, list[click.Option]]:
    """The flags by what they are about, in the order in which they stand; what all commands have comes last."""
    groups: dict[str, list[click.Option]] = {}
    for flag in flags:
        groups.setdefault(flag.heading if isinstance(flag, Flag) else "own", []).append(flag)
    return {name: groups[name] for name in (*(name for name in groups if name not in LAST), *LAST) if name in groups}


def _named(groups: dict[str, list[click.Option]], ctx: click.Context) -> Section:
    """The groups, each with the names of its flags alone."""
    rows = [
        (say(f"cli.topic.{heading}"), ", ".join(flag.opts[0] for flag in flags)) for heading, flags in groups.items() if flags
    ]
    return say("cli.heading.rest", command=ctx.command_path, all=say(f"cli.topic.{ALL}"), topic=say("cli.topic.pictures")), rows


def _rows(flags: Sequence[click.Option], ctx: click.Context) -> Rows:
    return [(flag_words(flag, ctx), flag_help(flag)) for flag in flags]


def flag_help(option: click.Option) -> str:
    """What a flag is for; in Portuguese with its Portuguese word."""
    name = in_portuguese(option.opts[0].removeprefix("--")) if language() == "pt-BR" else ""
    return " ".join(filter(None, (option.help, say("cli.in_portuguese_flag", name=name) if name else "")))


def flag_words(option: click.Option, ctx: click.Context) -> str:
    """A flag as the help shows it: its two first names, and what stands after it."""
    names = ", ".join([*sorted(option.opts[:2], key=lambda name: not name.startswith("--")), *option.secondary_opts])
    return names if option.is_flag else f"{names} {option.make_metavar(ctx)}"


def page(usage: str, about: str, sections: Sequence[Section], epilog: str) -> str:
    """The help as text, coloured where it goes to a terminal."""
    console = Console(highlight=False, markup=False)
    with console.capture() as capture:
        console.print(Text.assemble((f"{say('cli.usage_word')} ", "dim"), (usage, "bold")))
        if about:
            console.print(f"\n{about}")
        for title, rows in sections:
            console.print(Text(f"\n{title}", "bold"))
            console.print(_table(rows))
        if epilog:
            console.print(f"\n{epilog}")
    return "\n".join(line.rstrip() for line in capture.get().rstrip().splitlines())


def _table(rows: Rows) -> Table:
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True, style="cyan")
    table.add_column()
    for name, explanation in rows:
        table.add_row(f"  {name}", explanation)
    return table
