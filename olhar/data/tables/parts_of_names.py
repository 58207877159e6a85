"""Parts that the names of pictures say: ``train_00001.jpg``, ``test_00001.jpg``."""

import posixpath
import re
from collections.abc import Sequence

from olhar.data.dataset import Part
from olhar.data.layout import part_of
from olhar.data.tables.scopes import part_of_path

_NUMBERED = re.compile(r"([^\W\d_]+)[\W_]*\d+")
_LOOKED_AT = 1000


def parts_of_names(paths: Sequence[str]) -> Sequence[Part]:
    """The part with which each picture's name begins; none where one begins otherwise, folders say parts, or all say the same."""
    some = paths[:_LOOKED_AT]
    if any(_part_of_name(path) is None or part_of_path(path) for path in some):
        return ()
    said: list[Part] = [part for path in paths if (part := _part_of_name(path)) is not None]
    return said if len(said) == len(paths) and "train" in said and len({*said}) > 1 else ()


def _part_of_name(path: str) -> Part | None:
    match = _NUMBERED.match(posixpath.basename(path))
    return part_of(match[1]) if match is not None else None
