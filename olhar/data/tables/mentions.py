"""Whether a text that is no table names pictures all the same: then it is told of by name, and not counted among other files."""

from collections.abc import Sequence

from olhar.data.files.files import Files, open_unpacked

LARGEST = 64 * 2**20
"""A text of more bytes than these is not looked through: it is held in memory as a whole."""
_TRIED, _ENOUGH = 64, 8


def mentions_pictures(files: Files, index: int, paths: Sequence[str]) -> bool:
    """Whether a text has the names of one in eight of some ``paths``, each in quotes, folders in front of it or not."""
    if files.size(index) > LARGEST:
        return False
    names = [path[path.rfind("/") + 1 :].encode() for path in paths[:: len(paths) // _TRIED + 1]]
    with open_unpacked(files, index) as file:
        text = file.read(LARGEST)
    return _ENOUGH * sum(b'"%s"' % name in text or b'/%s"' % name in text for name in names) >= len(names) > 0
