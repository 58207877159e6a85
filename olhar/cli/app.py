"""The command ``olhar``: settles the language, runs a command, and turns what goes wrong into one line and an exit code."""

import io
import json
import logging
import os
import sys
import traceback
import warnings
from collections.abc import Sequence
from errno import ENOSPC
from itertools import pairwise

import click

from olhar.base import texts
from olhar.base.errors import DataError, OlharError, RunError, UsageError
from olhar.base.path_errors import path_error
from olhar.base.reading import Reading
from olhar.base.spellings import spelled
from olhar.base.texts import say, visible
from olhar.cli.flags import decimal


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line.

    Returns:
        0 where it went well, 2 for bad input, 130 for Ctrl-C, 1 for a fault of ours.
    """
    words = _settled(sys.argv[1:] if arguments is None else arguments)
    debug = "--debug" in words
    _quiet(debug)
    try:
        _settle_language(words)
        from olhar.cli.registry import build

        return build().main(words, prog_name="olhar", standalone_mode=False) or 0
    except OlharError as error:
        return _print_error(error.code, str(error), error.exit_code, words, debug, _readings(error))
    except click.ClickException as error:
        translated = _translated(error)
        return _print_error(translated.code, str(translated), 2, words, debug)
    except (KeyboardInterrupt, click.exceptions.Abort):
        return _print_error("OLH130", say("cli.interrupted"), 130, words, debug)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        if _is_full(error):  # said beside what found no room, JSON or not
            words = [word for word in words if word != "--json"]
        return _print_error(*_unexpected(error), words, debug)


def _unexpected(error: Exception) -> tuple[str, str, int]:
    """Code, sentence and exit code of what nobody put into words; a path that cannot be, and a full disk, are the person's."""
    if told := path_error(error):
        return told.code, str(told), told.exit_code
    if _is_full(error):
        full = RunError("cli.full")
        return full.code, str(full), full.exit_code
    return "OLH999", say("cli.unexpected", error=f"{type(error).__name__}: {error}"), 1


def _is_full(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == ENOSPC


def _settled(typed: Sequence[str]) -> list[str]:
    """The words, with those flags by their own names that are looked for before a command is; ``help train`` is a way to ask."""
    early = {name: f"--{name}" for name in ("language", "debug", "json", "help", "version")}
    words: list[str] = []
    for word in typed:
        flag, equals, value = word.partition("=")
        name = early.get(spelled(flag.removeprefix("--"))) if flag.startswith("--") else None
        words.append(f"{name}{equals}{value}" if name else word)
    return [*words[1:], "--help"] if words and words[0] in ("help", "ajuda") else words


def _settle_language(arguments: Sequence[str]) -> None:
    """Find ``--language`` before the commands, whose help is in that language, are built.

    Raises:
        UsageError: a language that Olhar does not speak.
    """
    texts.set_language(None)
    for here, following in pairwise([*arguments, ""]):
        flag, equals, value = here.partition("=")
        if flag == "--language":
            wish = value if equals else following
            if not texts.match(wish):
                raise UsageError("cli.language", found=wish, known=", ".join(texts.LANGUAGES))
            texts.set_language(wish)


def _quiet(debug: bool) -> None:
    """Warnings and logs of other libraries are for us, not for the person: they are shown with ``--debug``."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace", encoding="utf-8" if not stream.isatty() else None)
    if debug:
        logging.basicConfig(level=logging.WARNING)
        return
    warnings.simplefilter("ignore")
    logging.getLogger().addHandler(logging.NullHandler())


def _readings(error: OlharError) -> Sequence[Reading]:
    """The ways to read the data that an error offers."""
    return error.readings if isinstance(error, DataError) else ()


def _print_error(
    code: str, message: str, status: int, arguments: list[str], debug: bool, readings: Sequence[Reading] = ()
) -> int:
    if debug:
        traceback.print_exc()
    if "--json" in arguments:
        offered = {"readings": [reading.to_dict(arguments) for reading in readings]} if readings else {}
        print(json.dumps({"olhar": 1, "error": {"code": code, "message": message, **offered}}, ensure_ascii=False))
    else:
        click.echo(f"{click.style(f'olhar {code}', fg='red' if status != 130 else 'yellow')}  {message}", err=True)
        _print_readings(readings, arguments)
    return status


def _print_readings(readings: Sequence[Reading], arguments: list[str]) -> None:
    """Each way to read the data with its counts, and below it the command to paste."""
    if readings:
        click.echo(say("reading.next"), err=True)
    for reading in readings:
        click.echo(f"  {visible(str(reading.what))}\n    {reading.retyped(arguments)}", err=True)


def _translated(error: click.ClickException) -> OlharError:
    """An error of the argument parser, in our words."""
    if isinstance(error, click.NoSuchOption):
        return UsageError("cli.no_such_flag", found=error.option_name, hint="")
    if isinstance(error, click.BadOptionUsage):
        return UsageError("cli.flag_needs_value", found=error.option_name)
    if isinstance(error, click.MissingParameter) and error.param:
        if isinstance(error.param, click.Option) or not error.ctx:
            return UsageError("cli.missing", name=error.param.opts[0])
        return UsageError("cli.missing", name=error.param.make_metavar(error.ctx))
    if isinstance(error, click.BadParameter) and error.param:
        key = "cli.bad_decimal" if error.param.type.name == decimal.__name__ else "cli.bad_value"
        return UsageError(key, name=error.param.opts[0])
    return UsageError("cli.usage", reason=error.format_message())
