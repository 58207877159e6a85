"""Cells of a table as paths of one form, and the folders that they share."""

import posixpath
import unicodedata
from collections.abc import Iterable, Sequence


def plain_paths(cells: Iterable[str]) -> list[str]:
    """Cells as relative paths of this machine's form: ``.\\a\\b.png`` is ``a/b.png``."""
    texts = [*map(str.strip, cells)]
    whole = "\n".join(texts)
    if "\\" in whole:
        texts = [text.replace("\\", "/") for text in texts]
        whole = whole.replace("\\", "/")
    if "./" in whole or "//" in whole:
        texts = [posixpath.normpath(text) if text and ("./" in text or "//" in text) else text for text in texts]
    return texts if whole.isascii() else [unicodedata.normalize("NFC", text) for text in texts]


def shared_folders(cells: Sequence[str]) -> list[str]:
    """The folders that all paths open with; the first look spares the rest."""
    if cells and "/" not in cells[0] and "\\" not in cells[0]:
        return []
    ends = plain_paths([min(cells, default=""), max(cells, default="")])
    return posixpath.commonprefix(ends).lstrip("/").split("/")[:-1]
