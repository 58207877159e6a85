"""What the rows of labelling tools' exports have in common: one class a picture, and a part where all pictures have one."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from olhar.base.errors import DataError
from olhar.data.layout import part_of

Row = Mapping[str, Any]
_SHOWN = 4


def one_class(names: Collection[str], picture: str, where: str) -> str:
    """The one class among what a tool says of a picture; empty where it says none.

    Raises:
        DataError: there are several.
    """
    found = sorted({name for name in names if name.strip()})
    if len(found) > 1:
        raise DataError("table.categories", where=where, picture=picture, found=", ".join(found[:_SHOWN]))
    return "".join(found)


def labelled(rows: Sequence[Row]) -> list[Row]:
    """The rows that have a class; their ``split`` is left out where one of them is no part, as "default" is none."""
    kept = [row for row in rows if row["label"]]
    parts = all(isinstance(row.get("split"), str) and part_of(row["split"]) for row in kept)
    return kept if parts else [{name: value for name, value in row.items() if name != "split"} for row in kept]
