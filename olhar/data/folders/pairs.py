"""The two sides of one thing in two folders, a picture on each side under every name: pairs, and no classes."""

from olhar.base.errors import DataError
from olhar.data.folders.found import Found, listed, reading_of
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import tokens

_WORDS = "left right, front back, before after, source target, esquerda direita, frente verso, antes depois"
_SIDES = [{*pair.split()} for pair in _WORDS.split(", ")]
_FEWEST = 3


def refuse_sides(root: Folder, found: Found, **layout: str) -> None:
    """``left/00001.jpg`` and ``right/00001.jpg``; more words (``left_eye``), or names that differ, say that they are classes.

    Raises:
        DataError: it is so; to read them as classes is offered.
    """
    tops = root.kids
    if {" ".join(tokens(top.name)) for top in tops} not in _SIDES:
        return
    stems = [sorted(stem_of(name) for name in found.names(top.rows())) for top in tops]
    if stems[0] == stems[-1] and len(stems[0]) >= _FEWEST:
        names = listed([top.name for top in tops])
        reading = reading_of(Folder("", ""), tops, **layout)
        raise DataError("data.sides", where=found.files.origin, folders=names).offering([reading])
