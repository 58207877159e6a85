"""Folders as systems name them: those that nobody has named yet, and copies of others."""

import re

from olhar.data.folders.found import Found
from olhar.data.folders.tree import Folder
from olhar.data.folders.wrappers import holds_no_more

_UNNAMED = re.compile(
    r"(new|untitled|nova|nueva)[ _-]?(folder|pasta|carpeta)([ _-]?\(?\d+\)?)?|pasta sem t[ií]tulo( \d+)?", re.IGNORECASE
)
_COPY = re.compile(
    r"(?P<of>.+?)(?: - (?:c[oó]pia|copy)(?: ?\(\d+\))?| copy(?: \d+)?)|(?:c[oó]pia|copy) (?:de|of) (?P<after>.+)", re.IGNORECASE
)


def is_unnamed(name: str) -> bool:
    """Whether nobody has named a folder yet: ``New folder (2)``, ``Nova pasta``."""
    return _UNNAMED.fullmatch(name) is not None


def pass_over_system_copies(root: Folder, found: Found) -> None:
    """``NOK - Copia`` beside ``NOK`` that holds nothing but what ``NOK`` holds too, by names, sizes and bytes."""
    for kid in root.kids:
        match = _COPY.fullmatch(kid.name)
        copied = root.folders.get(match["of"] or match["after"]) if match is not None else None
        if copied is not None and holds_no_more(kid, copied, found):
            found.pass_over(kid, "reading.why_copy")
            root.without([kid])
