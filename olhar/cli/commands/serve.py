"""serve: a model behind an HTTP API and a web page, and how to ask it."""

import logging
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.text import Text

from olhar.base.errors import ServingError, UsageError
from olhar.base.texts import say
from olhar.cli.flags import argument, decimal, file_word, keras_flags, lambdas, option
from olhar.cli.printing import console, print_json, progress
from olhar.serving.options import OPTIONS, ServerOption, settled

_TYPES: dict[str, Any] = {"whole": int, "decimal": decimal}
_SAID_ELSEWHERE = ("threads",)
"""Flags whose plain sentence is another command's."""


def flags() -> list[click.Parameter]:
    """What it takes: a flag a row of the server's table of options."""
    return [
        argument("models", "models", nargs=-1),
        *(_flag(name, one) for name, one in OPTIONS.items()),
        option("--settings", metavar=file_word(".toml"), help=say("cli.flag.serve_settings")),
        *keras_flags(),
    ]


def _flag(name: str, one: ServerOption) -> click.Option:
    typed: dict[str, Any] = {"metavar": say(f"cli.word.{one.word}")} if one.word else {"is_flag": True, "default": None}
    if one.kind in _TYPES:
        typed["type"] = _TYPES[one.kind]
    if one.kind == "texts":
        typed["multiple"] = True
    if name in _SAID_ELSEWHERE:
        typed["help"] = say(f"cli.flag.serve_{name}")
    return option(f"--{name.replace('_', '-')}", **typed)


def run(
    models: tuple[str, ...],
    settings: str | None,
    architecture: str | None,
    formulas: tuple[str, ...],
    as_json: bool,
    **typed: Any,
) -> int:
    """Serve until Ctrl-C."""
    from olhar.verbs.serve import predictors, serve

    fields, named = settled(typed, Path(settings) if settings else None, os.environ)
    if not models and not named:
        raise UsageError("serve.no_models")
    opened = predictors(
        _by_name(models) if models else named,
        threads=fields.get("threads", 1),
        architecture=architecture,
        lambdas=lambdas(formulas),
        progress=progress(),
    )
    with _requests_logged():
        serve(opened, ready=lambda url: print_address(url, as_json), **fields)
    return 0


def _by_name(words: Sequence[str]) -> dict[str, str]:
    """What was typed, ``PATH`` or ``NAME=PATH``, as paths by name; a path that is there is one, whatever is in it.

    Raises:
        ServingError: two of one name.
    """
    from olhar.verbs.serve import model_name

    found: dict[str, str] = {}
    for word in words:
        name, mark, path = word.partition("=")
        if not mark or not name or set(name) & {"/", "\\"} or Path(word).exists():
            name, path = model_name(word), word
        if name in found:
            raise ServingError("serve.same_name", name=name)
        found[name] = path
    return found


def print_address(url: str, as_json: bool) -> None:
    """That the server answers, and how to ask it."""
    if as_json:
        print_json({"url": url})
    else:
        out = console()
        out.print(Text(say("cli.serving", url=url), "bold"))
        out.print(f"  curl {_token_header()}-F file=@{say('cli.word.picture')}.jpg {url.rstrip('/')}/predict", soft_wrap=True)
        out.print(say("cli.serving_here" if _here_alone(url) else "cli.serving_open"), say("cli.serving_end"))
    sys.stdout.flush()  # a pipe or a file would get it when all is over


def _here_alone(url: str) -> bool:
    """Whether only this machine can reach an address."""
    from olhar.serving.settings import loopback

    return loopback(urlsplit(url).hostname or "")


def _token_header() -> str:
    """How the token is sent where there is one; the shell puts it in, so that it is never shown."""
    from olhar.serving.settings import TOKEN_VARIABLE as NAME

    token = f"%{NAME}%" if os.name == "nt" else f"${NAME}"
    return f'-H "Authorization: Bearer {token}" ' if os.environ.get(NAME, "").strip() else ""


@contextmanager
def _requests_logged() -> Generator[None]:
    """One line a request on standard error, and what went wrong inside the server, while it serves."""
    handler = logging.StreamHandler()
    handler.setFormatter(logging.Formatter("%(asctime)s  %(message)s", "%H:%M:%S"))
    loggers = [logging.getLogger(name) for name in ("olhar.access", "olhar.serving")]
    for logger, level in zip(loggers, (logging.INFO, logging.WARNING), strict=True):
        logger.addHandler(handler)
        logger.setLevel(level)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
