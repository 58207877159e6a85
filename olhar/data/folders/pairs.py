"""The two sides of one thing in two folders, a picture on each side under every name: pairs, and no classes."""

from collections.abc import Collection, Sequence

from olhar.base.errors import DataError
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import tokens

_WORDS = "left right, front back, before after, source target, esquerda direita, frente verso, antes depois, antes despues"
_SIDES = [{*pair.split()} for pair in _WORDS.split(", ")]
_TIMES = ({"before", "after"}, {"antes", "depois"}, {"antes", "despues"})
_FEWEST = 3


def refuse_sides(root: Folder, found: Found, **layout: str) -> None:
    """``left/00001.jpg`` and ``right/00001.jpg``; more words (``left_eye``), or names that differ, say that they are classes.

    So do ``before`` and ``after`` below each of some folders, however many pictures they hold.

    Raises:
        DataError: it is so; to read them as classes is offered.
    """
    tops = root.kids
    below = [{" ".join(tokens(kid.name)) for kid in content(top).kids} for top in tops]
    if len(tops) > 1 and any(all(each == pair for each in below) for pair in _TIMES):
        raise _sides(content(tops[0]).kids, tops, found, **layout)
    if len(tops) > 1 and any(all(_in_names(top, pair, found) for top in tops) for pair in _TIMES):
        raise _sides(tops, tops, found, **layout)
    if {" ".join(tokens(top.name)) for top in tops} not in _SIDES:
        return
    stems = [sorted(stem_of(name) for name in found.names(top.rows())) for top in tops]
    if stems[0] == stems[-1] and len(stems[0]) >= _FEWEST:
        raise _sides(tops, tops, found, **layout)


def _in_names(folder: Folder, pair: Collection[str], found: Found) -> bool:
    """Whether the names of all pictures in a folder say one of two times, and both are there: ``antes.jpg``, ``depois 2.jpg``."""
    said = [{*tokens(stem_of(name))} & {*pair} for name in found.names(folder.pictures)] if folder.flat else []
    return bool(said) and all(said) and len(set[str]().union(*said)) == len(pair)


def _sides(pair: Sequence[Folder], classes: Sequence[Folder], found: Found, **layout: str) -> DataError:
    error = DataError("data.sides", where=found.files.origin, folders=listed([side.name for side in pair]))
    return error.offering([reading_of(Folder("", ""), classes, **layout)])
