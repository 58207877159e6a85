"""Many names looked up at once: as they stand, or with an ending behind them."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from itertools import repeat
from operator import add
from typing import Any

from olhar.data import layout


def many(keys: Iterable[str], values: Iterable[str]) -> dict[str, str]:
    """``dict(zip(keys, values))``, of a million texts in three quarters of the time.

    Where all keys are texts Python keeps no hashes in the table, and goes back to each key whenever the table grows; one key that
    is none changes that.
    """
    table: dict[Any, str] = {None: ""}
    table.update(zip(keys, values, strict=True))
    del table[None]
    return table


def once(keys: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
    """Each path by its key; a key of two paths stands for neither."""
    table = many(keys, paths)
    if len(table) < len(paths):
        seen, twice = set[str](), set[str]()
        for key in keys:
            (twice if key in seen else seen).add(key)
        table |= dict.fromkeys(twice, "")
    return table


def completed(
    cells: Sequence[str],
    known: Mapping[str, str] | AbstractSet[str],
    endings: Sequence[str],
    composed: Mapping[str, str] | None = None,
) -> list[str]:
    """What is found of each cell as it stands, else with the one of some ``endings`` behind it that gives a picture.

    Args:
        cells: plain paths, or ends of such.
        known: pictures by what they may be called, or all of them.
        endings: those that pictures have here.
        composed: pictures whose paths are not in Unicode's NFC form, by that form.

    Returns:
        A picture's path for each cell, ``""`` where there is none.
    """
    if not endings or not cells:
        return _found(cells, known, composed)
    if layout.is_picture(cells[0]):
        return _with_any(cells, _found(cells, known, composed), known, endings, composed)
    if len(endings) > 1:
        return _with_any(cells, [""] * len(cells), known, endings, composed)
    found = _found(cells, known, composed, endings[0])
    missing = [place for place, path in enumerate(found) if not path] if "" in found else []
    for place, path in zip(missing, _found([cells[place] for place in missing], known, composed), strict=True):
        found[place] = path
    return found


def _found(
    cells: Sequence[str], known: Mapping[str, str] | AbstractSet[str], composed: Mapping[str, str] | None, ending: str = ""
) -> list[str]:
    names = map(add, cells, repeat(ending)) if ending else cells
    if isinstance(known, Mapping):
        found = list(map(known.get, names, repeat("")))
    else:
        found = [name if name in known else "" for name in names]
    return [path or composed.get(cells[i] + ending, "") for i, path in enumerate(found)] if composed else found


def _with_any(
    cells: Sequence[str],
    found: list[str],
    known: Mapping[str, str] | AbstractSet[str],
    endings: Sequence[str],
    composed: Mapping[str, str] | None,
) -> list[str]:
    """The same, where nothing is ``found`` yet by the one of several endings that gives a picture; else as the cell stands."""
    for place in [place for place, path in enumerate(found) if not path] if "" in found else ():
        cell = [cells[place]]
        tried = {path for ending in endings for path in _found(cell, known, composed, ending) if path}
        found[place] = tried.pop() if len(tried) == 1 else "" if tried else _found(cell, known, composed)[0]
    return found
