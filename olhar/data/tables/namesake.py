"""The folder that a table is named after: its pictures are meant where others bear the same names (``client_train_raw.txt``)."""

import posixpath
from collections.abc import Sequence

from olhar.data.folders.words import part_said, tokens
from olhar.data.tables.picture_names import Match, PictureNames


def nearer(match: Match, cells: Sequence[str], pictures: PictureNames, where: str) -> Match:
    """How cells name pictures in the folder that their table is named after, where more do so than in the way found so far."""
    folder = namesake(where, pictures) if match.share < 1 else ""
    near = pictures.match(cells, folder, None, "whole") if folder else None
    return near if near is not None and near.share > match.share else match


def namesake(where: str, pictures: PictureNames) -> str:
    """The one folder beside a table whose words all stand in its name, ``ClientRaw``; nothing where there is none."""
    start, words = where[: where.rfind("/") + 1], {*tokens(posixpath.basename(where))}
    beside = {path[len(start) :].partition("/")[0] for path in pictures.folders if path.startswith(start)}
    named = [name for name in beside if name and part_said(name) is None and words.issuperset(tokens(name))]
    return f"{start}{named[0]}" if len(named) == 1 else ""
