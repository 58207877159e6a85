"""serve: a model behind an HTTP API and a web page, and how to ask it."""

import logging
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import click
from rich.text import Text

from olhar.base.texts import say
from olhar.cli.flags import argument, decimal, keras_flags, lambdas, option
from olhar.cli.printing import console, print_json, progress


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [
        argument("model", "model"),
        option("--host", default="127.0.0.1", metavar=say("cli.word.address")),
        option("--port", default=8000, type=int, metavar=say("cli.word.number")),
        option("--allow-host", multiple=True, metavar=say("cli.word.name")),
        option("--allow-origin", multiple=True, metavar=say("cli.word.address")),
        option("--max-megabytes", default=16.0, type=decimal, metavar=say("cli.word.number")),
        option("--max-pictures", default=32, type=int, metavar=say("cli.word.number")),
        *keras_flags(),
    ]


def run(model: str, architecture: str | None, formulas: tuple[str, ...], as_json: bool, **settings: Any) -> int:
    """Serve until Ctrl-C."""
    from olhar.verbs.serve import named, serve

    predictor = named(model, architecture=architecture, lambdas=lambdas(formulas), progress=progress())
    with _requests_logged():
        serve(predictor, ready=lambda url: print_address(url, as_json), **settings)
    return 0


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
