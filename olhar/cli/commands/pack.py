"""pack: pictures as one file, prepared as ``train`` would prepare them."""

from typing import TYPE_CHECKING, Any

import click

from olhar.base.texts import say, typed
from olhar.cli.flags import argument, data_flags, on_flags, option, read_options, recipe_fields, recipe_flags
from olhar.cli.printing import console, print_json, print_next, progress

if TYPE_CHECKING:
    from olhar.verbs.pack import PackedFile

_PREPARING = ("size", "colour", "fit", "whole", "split", "bad_pictures", "seed")


def flags() -> list[click.Parameter]:
    """What it takes; of a recipe's fields, those that say how pictures are prepared."""
    return [
        argument("data", "data"),
        option("--to", metavar="F.npz|F.parquet", required=True, help=say("cli.flag.pack_to")),
        *on_flags(),
        *data_flags(),
        *(flag for flag in recipe_flags() if flag.name in _PREPARING),
    ]


def run(data: str, to: str, as_json: bool, **values: Any) -> int:
    """Pack the pictures and print what was written."""
    from olhar.verbs.pack import pack

    where: dict[str, Any] = {name: values[name] for name in ("on", "without_token")}
    return _print(pack(data, to, progress=progress(), **where, **recipe_fields(values), **read_options(values)), as_json)


def _print(packed: "PackedFile", as_json: bool) -> int:
    """What was written, and what to type next."""
    if as_json:
        about = {"written": str(packed.path), "bytes": packed.bytes, "shape": list(packed.shape), "bad": packed.bad}
        return print_json(about | {"counts": packed.counts})
    out = console()
    out.print(repr(packed))
    out.print(", ".join(say(f"cli.pack.{part}", n=sum(counts.values())) for part, counts in packed.counts.items()))
    print_next(f"olhar train {typed(packed.path)}{f' --size {packed.size}' if packed.size else ''}")
    return 0
