"""The folder that a table is named after: its pictures are meant where others bear the same names (``client_train_raw.txt``)."""

import posixpath
from collections.abc import Sequence

from olhar.data.dataset import Part
from olhar.data.folders.words import part_said, tokens
from olhar.data.layout import part_of
from olhar.data.tables.path_column import PathColumn, find_path_column
from olhar.data.tables.picture_names import Match, PictureNames


def near_or_far(
    rows: Sequence[Sequence[str]], pictures: PictureNames, where: str, part: Part | None, wanted: str | None
) -> PathColumn | None:
    """The column of a table's first rows that names pictures, in the folder that it is named after where more rows do so there.

    Args and raises: as ``find_path_column``.
    """
    far = find_path_column(rows, pictures, where, part, wanted)
    folder = _namesake(where, pictures) if far is None or far.named or far.match.share < 1 else ""
    near = find_path_column(rows, pictures, where, part, wanted, folder) if folder else None
    return max((found for found in (far, near) if found is not None), key=_rows_found, default=None)


def _rows_found(column: PathColumn) -> tuple[float, bool]:
    return column.match.share, not column.named


def nearer(match: Match, cells: Sequence[str], pictures: PictureNames, where: str) -> Match:
    """How cells name pictures in the folder that their table is named after, where more do so than in the way found so far."""
    folder = _namesake(where, pictures) if match.share < 1 else ""
    near = pictures.match(cells, folder, None, "whole") if folder else None
    return near if near is not None and near.share > match.share else match


def _namesake(where: str, pictures: PictureNames) -> str:
    """The one folder beside a table whose words all stand in its name, ``ClientRaw``; nothing where there is none.

    Of parts it is the one that is called so: ``train`` beside ``trainResized``.
    """
    start, words = where[: where.rfind("/") + 1], {*tokens(posixpath.basename(where))}
    beside = {path[len(start) :].partition("/")[0] for path in pictures.folders if path.startswith(start)}
    named = [name for name in beside if name and part_said(name) is None and words.issuperset(tokens(name))]
    named = named or [name for name in beside if part_of(name) is not None and words.issuperset(tokens(name))]
    return f"{start}{named[0]}" if len(named) == 1 else ""
