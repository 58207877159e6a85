"""cache: what is kept on this machine, and how it is taken away."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import click

from olhar.base.texts import file_size, say
from olhar.cli.flags import argument, option
from olhar.cli.printing import colour_word, console, print_json, print_table
from olhar.data.cache import folder
from olhar.data.cache.folder import CacheEntry, Emptied


def flags() -> list[click.Parameter]:
    """What it takes."""
    return [argument("names", "names", nargs=-1), option("--empty", is_flag=True)]


def run(names: tuple[str, ...], empty: bool, as_json: bool) -> int:
    """Print what the cache keeps, or empty it and print what that freed."""
    return _print_emptied(folder.empty(names), as_json) if empty else _print_entries(folder.find_entries(names), as_json)


def _print_entries(entries: Sequence[CacheEntry], as_json: bool) -> int:
    """What the cache keeps, what was used last first."""
    total, where = sum(entry.size for entry in entries), str(folder.cache_folder())
    if as_json:
        rows = [_to_dict(entry) for entry in entries]
        return print_json({"folder": where, "bytes": total, "limit": folder.size_limit(), "kept": rows})
    if entries:
        heads = [say(f"cli.cache.{head}") for head in ("name", "what", "size", "used", "key")]
        print_table(heads, [_row(entry) for entry in entries], right=(2,))
        console().print()
    limit = file_size(folder.size_limit())
    console().print(say("cli.cache.end", n=len(entries), size=file_size(total), where=where, limit=limit))
    return 0


def _to_dict(entry: CacheEntry) -> dict[str, Any]:
    """An entry in the form of ``--json``."""
    used = datetime.fromtimestamp(entry.used).astimezone().isoformat(timespec="seconds")
    return {
        "name": entry.name,
        "kind": entry.kind,
        "key": entry.key,
        "bytes": entry.size,
        "used": used,
        "in_use": entry.busy,
        "path": str(entry.path),
        "shape": list(entry.shape),
        "fit": entry.fit,
    }


def _row(entry: CacheEntry) -> list[str]:
    return [entry.name or "-", _content(entry), file_size(entry.size), _last_used(entry), entry.key]


def _content(entry: CacheEntry) -> str:
    if entry.kind == "pictures" and len(entry.shape) == 1:
        return say("cli.cache.copies", n=entry.shape[0])
    if entry.kind != "pictures" or len(entry.shape) != 4:
        return say(f"cli.cache.{entry.kind}", name=entry.path.name)
    if not entry.fit:
        return say("cli.cache.survey", n=entry.shape[0])
    n, height, width, channels = entry.shape
    return say("cli.cache.pictures", n=n, height=height, width=width, colour=colour_word(channels), fit=entry.fit)


def _last_used(entry: CacheEntry) -> str:
    return say("cli.cache.now") if entry.busy else f"{datetime.fromtimestamp(entry.used):%Y-%m-%d %H:%M}"


def _print_emptied(emptied: Emptied, as_json: bool) -> int:
    """How much was taken away, and what was left and why."""
    if as_json:
        return print_json({"freed": emptied.freed, "removed": emptied.removed, "in_use": emptied.busy, "own": emptied.own})
    out = console()
    out.print(say("cli.cache.emptied", n=emptied.removed, size=file_size(emptied.freed)))
    if emptied.busy:
        out.print(say("cli.cache.busy", n=emptied.busy))
    if emptied.own:
        out.print(say("cli.cache.kept_own", n=emptied.own))
    return 0
