"""What the commands about data print."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from olhar.base.texts import number, say, typed
from olhar.cli.printing import console, print_json, print_next, print_table
from olhar.data.cache.folder import CacheEntry, Emptied, cache_folder, size_limit
from olhar.verbs.datasets import DatasetRow
from olhar.verbs.pack import PackedFile


def print_datasets(rows: Sequence[DatasetRow], as_json: bool) -> int:
    """The sets by name, a line each, and what to type."""
    if as_json:
        return print_json({"datasets": [vars(row) | {"bring": str(row.bring) if row.bring else None} for row in rows]})
    heads = [say(f"cli.datasets.{head}") for head in ("name", "pictures", "classes", "download", "here", "about", "licence")]
    lines = [
        [row.name, number(row.pictures), number(row.classes), _download(row), _here(row), row.about, row.licence] for row in rows
    ]
    print_table(heads, lines, right=(1, 2, 3))
    console().print(f"\n{say('cli.datasets.end')}")
    return 0


def _download(row: DatasetRow) -> str:
    return say("cli.datasets.bring") if row.bring else size(row.download) if row.download else "-"


def _here(row: DatasetRow) -> str:
    return say("cli.yes") if row.here else say("cli.no")


def print_cache(kept: Sequence[CacheEntry], as_json: bool) -> int:
    """What the cache keeps, what was used last first."""
    total = sum(one.size for one in kept)
    if as_json:
        rows = [_entry(one) for one in kept]
        return print_json({"folder": str(cache_folder()), "bytes": total, "limit": size_limit(), "kept": rows})
    if kept:
        heads = [say(f"cli.cache.{head}") for head in ("name", "what", "size", "used", "key")]
        print_table(heads, [[one.name or "-", _what(one), size(one.size), _when(one), one.key] for one in kept], right=(2,))
        console().print()
    where = str(cache_folder())
    console().print(say("cli.cache.end", n=len(kept), size=size(total), where=where, limit=size(size_limit())))
    return 0


def _entry(one: CacheEntry) -> dict[str, Any]:
    used = datetime.fromtimestamp(one.used).astimezone().isoformat(timespec="seconds")
    known = {"name": one.name, "kind": one.kind, "key": one.key, "bytes": one.size, "used": used, "in_use": one.busy}
    return known | {"path": str(one.path), "shape": list(one.shape), "fit": one.fit}


def _what(one: CacheEntry) -> str:
    if one.kind != "pictures" or len(one.shape) != 4:
        return say(f"cli.cache.{one.kind}", name=one.path.name)
    if not one.fit:
        return say("cli.cache.survey", n=one.shape[0])
    n, height, width, channels = one.shape
    colour = say("train.gray" if channels == 1 else "train.rgb")
    return say("cli.cache.pictures", n=n, height=height, width=width, colour=colour, fit=one.fit)


def _when(one: CacheEntry) -> str:
    return say("cli.cache.now") if one.busy else f"{datetime.fromtimestamp(one.used):%Y-%m-%d %H:%M}"


def print_emptied(done: Emptied, as_json: bool) -> int:
    """How much was taken away, and what was left and why."""
    if as_json:
        return print_json({"freed": done.freed, "removed": done.removed, "in_use": done.busy, "own": done.own})
    out = console()
    out.print(say("cli.cache.emptied", n=done.removed, size=size(done.freed)))
    if done.busy:
        out.print(say("cli.cache.busy", n=done.busy))
    if done.own:
        out.print(say("cli.cache.kept_own", n=done.own))
    return 0


def print_packed(done: PackedFile, as_json: bool) -> int:
    """What was written, and what to type next."""
    if as_json:
        known = {"written": str(done.path), "bytes": done.bytes, "shape": list(done.shape), "bad": done.bad}
        return print_json(known | {"counts": done.counts})
    n, height, width, channels = done.shape
    colour = say("train.gray" if channels == 1 else "train.rgb")
    out = console()
    what = say("cli.pack.written", n=n, height=height, width=width, colour=colour, where=str(done.path), size=size(done.bytes))
    out.print(what)
    parts = [say(f"cli.pack.{part}", n=sum(table.values())) for part, table in done.counts.items()]
    out.print(", ".join(parts))
    print_next(f"olhar train {typed(done.path)}{f' --size {done.size}' if done.size else ''}")
    return 0


def size(count: float) -> str:
    """A number of bytes in kB, MB or GB, with the language's marks."""
    unit, digits = (1e9, 1) if count >= 1e9 else (1e6, 0) if count >= 1e6 else (1e3, 0)
    return f"{number(count / unit, digits)} {({1e9: 'GB', 1e6: 'MB', 1e3: 'kB'})[unit]}"
