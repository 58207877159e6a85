"""The commands about data: sets by name, the cache, pictures as one file."""

from typing import Any

from olhar.base.texts import say
from olhar.cli.flags import argument, option, recipe_fields, recipe_flags
from olhar.cli.parser import Command, command

_PREPARING = ("size", "colour", "fit", "split", "bad_pictures", "seed")


def datasets(name: str) -> Command:
    """``olhar datasets``."""

    def run(as_json: bool) -> int:
        from olhar.cli.print_data import print_datasets
        from olhar.verbs.datasets import datasets

        return print_datasets(datasets(), as_json)

    return command(name, run)


def cache(name: str) -> Command:
    """``olhar cache``."""

    def run(what: tuple[str, ...], empty: bool, as_json: bool) -> int:
        from olhar.cli.print_data import print_cache, print_emptied
        from olhar.data.cache import folder as cache

        if empty:
            return print_emptied(cache.empty(what), as_json)
        return print_cache(cache.find_entries(what), as_json)

    return command(name, run, argument("what", "names", nargs=-1), option("--empty", is_flag=True))


def pack(name: str) -> Command:
    """``olhar pack``."""

    def run(data: str, to: str, as_json: bool, **typed: Any) -> int:
        from olhar.cli.print_data import print_packed
        from olhar.cli.printing import progress
        from olhar.verbs.pack import pack

        return print_packed(pack(data, to, progress=progress(), **recipe_fields(typed)), as_json)

    into = option("--to", metavar="F.npz|F.parquet", required=True, help=say("cli.flag.pack_to"))
    fields = [flag for flag in recipe_flags() if flag.name in _PREPARING]
    return command(name, run, argument("data", "data"), into, *fields)
