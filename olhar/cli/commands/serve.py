"""serve: a model behind an HTTP API and a web page, and how to ask it."""

import logging
import os
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from rich.text import Text

from olhar.base.errors import ServingError, UsageError
from olhar.base.texts import say
from olhar.cli.flags import argument, decimal, file_word, keras_flags, lambdas, option
from olhar.cli.printing import console, print_json, progress
from olhar.serving.options import OPTIONS, ServeFields, ServerOption, settled

_TYPES: dict[str, Any] = {"whole": int, "decimal": decimal}
_SAID_ELSEWHERE = ("threads",)
"""Flags whose plain sentence is another command's."""


def flags() -> list[click.Parameter]:
    """What it takes: a flag a row of the server's table of options."""
    return [
        argument("models", "models", nargs=-1),
        *(_flag(name, one) for name, one in OPTIONS.items()),
        option("--lan", is_flag=True),
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
    lan: bool,
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
        threads=fields.get("threads") or None,
        architecture=architecture,
        lambdas=lambdas(formulas),
        progress=progress(),
    )
    with _requests_logged(), _for_a_class(fields) if lan else nullcontext((fields, "")) as (fields, token):
        serve(opened, ready=lambda url: print_address(url, as_json, [*opened], token), **fields)
    return 0


@contextmanager
def _for_a_class(fields: ServeFields) -> Generator[tuple[ServeFields, str]]:
    """The settings with an address of this network, a certificate and a token; and the token, where it is made here.

    Raises:
        UsageError: an address is given too.
        ServingError: this machine is in no network.
        ExtraError: cryptography or segno is not installed.
    """
    from olhar.serving.lan import address, new_token, own_certificate
    from olhar.serving.settings import TOKEN_VARIABLE

    if "host" in fields:
        raise UsageError("serve.lan_host", flag="--lan")
    fields = {**fields, "host": address()}
    token = "" if fields.get("token_file") or os.environ.get(TOKEN_VARIABLE, "").strip() else new_token()
    if token:
        fields["token"] = token
    if fields.get("tls_cert") or fields.get("tls_key"):
        yield fields, token
        return
    with own_certificate(fields["host"]) as (certificate, key):
        yield {**fields, "tls_cert": certificate, "tls_key": key}, token


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


def print_address(url: str, as_json: bool, models: Sequence[str] = (), token: str = "") -> None:
    """That the server answers, and how to ask it.

    Args:
        url: of the page.
        as_json: for a program.
        models: their names.
        token: one that was made for a class; it stands in the QR code too, behind a ``#``, which no browser sends.
    """
    if as_json:
        print_json({"url": url, "models": list(models)} | ({"token": token} if token else {}))
    else:
        out = console()
        out.print(Text(say("cli.serving", url=url), "bold"))
        asking = f"-F file=@{say('cli.word.picture')}.jpg {url.rstrip('/')}/predict"
        out.print(f"  curl {_token_header(url, token)}{asking}", soft_wrap=True)
        if len(models) > 1:
            out.print(Text(say("cli.serving_models", names=", ".join(models))))
        if token:
            _print_class(url, token)
        out.print(say("cli.serving_here" if _here_alone(url) else "cli.serving_open"), say("cli.serving_end"))
    sys.stdout.flush()  # a pipe or a file would get it when all is over


def _print_class(url: str, token: str) -> None:
    from olhar.serving.lan import qr_code

    out, drawn = console(), sys.stdout.isatty()
    if drawn:  # white is drawn, and so must be white on terminals of white paper too
        out.print(Text(qr_code(f"{url}#token={token}").rstrip("\n"), "bright_white on black"), soft_wrap=True)
    out.print(Text(say("cli.serving_token", token=token), "bold"))
    out.print(say("cli.serving_scan" if drawn else "cli.serving_type"), say("cli.serving_certificate"))


def _here_alone(url: str) -> bool:
    """Whether only this machine can reach an address."""
    from olhar.serving.settings import loopback

    return loopback(urlsplit(url).hostname or "")


def _token_header(url: str, made: str) -> str:
    """How the token is sent where there is one: one that was made here as it is; else the shell puts it in, never shown."""
    from olhar.serving.settings import TOKEN_VARIABLE as NAME

    token = made or (f"%{NAME}%" if os.name == "nt" else f"${NAME}")
    own = "-k " if url.startswith("https:") else ""
    return own + (f'-H "Authorization: Bearer {token}" ' if os.environ.get(NAME, "").strip() or not _here_alone(url) else "")


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
