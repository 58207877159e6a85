"""Options: the one table of what a server can be told, by a flag, in the environment or in a TOML file; the first found wins.

A row ``max_megabytes`` is the flag ``--max-megabytes``, the variable ``OLHAR_MAX_MEGABYTES``, the line ``max_megabytes = 16`` and
the keyword ``max_megabytes`` of ``olhar.serve``. What nobody says is as ``Settings`` has it.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypedDict, cast

from olhar.base.errors import UsageError
from olhar.base.files import read_file, reason
from olhar.base.texts import Sentence, sentence

VARIABLE = "OLHAR_"
MODELS = "models"
"""The table of a TOML file that names models: each a path, as seen from the file's folder."""


class AppFields(TypedDict, total=False):
    """The keywords of ``app``: whom an application answers, and how much it takes; ``olhar.serve`` says what each means."""

    allow_host: tuple[str, ...]
    allow_origin: tuple[str, ...]
    max_megabytes: float
    max_pictures: int
    threads: int
    workers: int
    waiting: int
    body_seconds: float
    picture_seconds: float
    metrics: bool
    token: str
    token_file: str


class ServeFields(AppFields, total=False):
    """The keywords of ``serve``: those of ``app``, and where it listens and how."""

    host: str
    port: int
    connections: int
    grace_seconds: int
    tls_cert: str
    tls_key: str
    trust_proxy: tuple[str, ...]


@dataclass(frozen=True)
class ServerOption:
    """One row: what kind of value, and the word ``cli.word.WORD`` that stands for it in the help."""

    kind: Literal["text", "texts", "whole", "decimal", "yes"]
    word: str = ""


OPTIONS = {
    "host": ServerOption("text", "address"),
    "port": ServerOption("whole", "number"),
    "allow_host": ServerOption("texts", "name"),
    "allow_origin": ServerOption("texts", "address"),
    "token_file": ServerOption("text", "file"),
    "tls_cert": ServerOption("text", "file"),
    "tls_key": ServerOption("text", "file"),
    "trust_proxy": ServerOption("texts", "address"),
    "metrics": ServerOption("yes"),
    "max_megabytes": ServerOption("decimal", "number"),
    "max_pictures": ServerOption("whole", "number"),
    "threads": ServerOption("whole", "number"),
    "workers": ServerOption("whole", "number"),
    "waiting": ServerOption("whole", "number"),
    "connections": ServerOption("whole", "number"),
    "body_seconds": ServerOption("decimal", "number"),
    "picture_seconds": ServerOption("decimal", "number"),
    "grace_seconds": ServerOption("whole", "number"),
}
_YES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}


def settled(typed: Mapping[str, Any], file: Path | None, environment: Mapping[str, str]) -> tuple[ServeFields, dict[str, Path]]:
    """What was typed, else what the environment says, else what the file says; and the models that the file names.

    Args:
        typed: values by name; None or an empty tuple where nothing was typed.
        file: a TOML file, if there is one.
        environment: ``os.environ``.

    Raises:
        UsageError: a file that cannot be read, a setting that there is not, or a value of another kind.
    """
    table, models = _file(file) if file is not None else ({}, {})
    said = dict(table)
    for name, option in OPTIONS.items():
        variable = VARIABLE + name.upper()
        if environment.get(variable, "").strip():
            said[name] = _from_text(environment[variable].strip(), option, variable)
    said |= {name: value for name, value in typed.items() if name in OPTIONS and value not in (None, ())}
    return cast(ServeFields, said), models


def _file(file: Path) -> tuple[dict[str, Any], dict[str, Path]]:
    try:
        table = tomllib.loads(read_file(file).decode("utf-8"))
    except OSError as error:
        raise UsageError("serve.settings_file", where=str(file), reason=reason(error)) from error
    except ValueError as error:
        raise UsageError("serve.settings_file", where=str(file), reason=str(error)) from error
    models = table.pop(MODELS, {})
    for name in table:
        if name not in OPTIONS:
            raise UsageError("serve.unknown_setting", where=str(file), name=name[:80], names=", ".join(OPTIONS))
    if not isinstance(models, dict) or not all(isinstance(path, str) for path in models.values()):
        raise UsageError("serve.wrong_setting", name=f"{file}: {MODELS}", found=str(models)[:80], kind=_wanted("text"))
    named = cast("dict[str, str]", models)
    values = {name: _from_toml(value, OPTIONS[name], f"{file}: {name}") for name, value in table.items()}
    return values, {name: file.parent / path for name, path in named.items()}


def _from_text(text: str, option: ServerOption, name: str) -> Any:
    """A value as an environment holds it: several stand between commas."""
    try:
        match option.kind:
            case "texts":
                return tuple(part.strip() for part in text.split(",") if part.strip())
            case "whole":
                return int(text)
            case "decimal":
                return float(text.replace(",", "."))
            case "yes":
                return _YES[text.lower()]
            case "text":
                return text
    except (ValueError, KeyError) as error:
        raise UsageError("serve.wrong_setting", name=name, found=text[:80], kind=_wanted(option.kind)) from error


def _from_toml(value: Any, option: ServerOption, name: str) -> Any:
    if option.kind == "texts" and isinstance(value, list) and all(isinstance(one, str) for one in cast("list[Any]", value)):
        return tuple(cast("list[str]", value))
    kinds = {"text": str, "whole": int, "decimal": (int, float), "yes": bool}
    fits = option.kind in kinds and isinstance(value, kinds[option.kind])
    if not fits or (isinstance(value, bool) and option.kind != "yes"):
        raise UsageError("serve.wrong_setting", name=name, found=str(value)[:80], kind=_wanted(option.kind))
    return value


def _wanted(kind: str) -> Sentence:
    return sentence(f"serve.kind.{kind}")
