"""Folders as systems name them: not named yet, copies of others, pieces of a download, labelled and not."""

import re

from olhar.data.folders.found import Found, Place
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import copied_name
from olhar.data.folders.wrappers import holds_no_more

_UNNAMED = re.compile(
    r"(new|untitled|nova|nueva)[ _-]?(folder|pasta|carpeta)([ _-]?\(?\d+\)?)?|pasta sem t[ií]tulo( \d+)?", re.IGNORECASE
)

_LABELLED = re.compile(r"labelled")
_PIECE = re.compile(r"(.+-\d{8}T\d{6}Z)-\d+(-\d+)?")


def labelled_alone(root: Folder, found: Found) -> Folder:
    """``Labeled`` of ``Labeled`` and ``Unlabeled``, which is passed over; else the folder itself."""
    said = {_LABELLED.sub("labeled", kid.name.casefold()): kid for kid in root.kids}
    if root.pictures or said.keys() != {"labeled", "unlabeled"} or said["labeled"].flat:
        return root
    found.pass_over(said["unlabeled"], "reading.why_no_class")
    return content(said["labeled"])


def pieces_of_a_download(root: Folder, found: Found) -> list[Place] | None:
    """The classes of folders that Google Drive packs apart: ``photos-20230612T184523Z-001``, ``photos-20230612T184523Z-002``."""
    matches = [_PIECE.fullmatch(top.name) for top in root.kids]
    whole = {match[1] for match in matches if match is not None}
    if len(matches) < 2 or None in matches or len(whole) > 1 or any(content(top).pictures for top in root.kids):
        return None
    found.note("reading.pieces", name=whole.pop(), n=len(matches))
    return [Place(kid, "", kid.name) for top in root.kids for kid in content(top).kids]


def is_unnamed(name: str) -> bool:
    """Whether nobody has named a folder yet: ``New folder (2)``, ``Nova pasta``."""
    return _UNNAMED.fullmatch(name) is not None


def pass_over_system_copies(root: Folder, found: Found) -> None:
    """``NOK - Copia`` beside ``NOK`` that holds nothing but what ``NOK`` holds too, by names, sizes and bytes."""
    for kid in root.kids:
        copied = root.folders.get(copied_name(kid.name))
        if copied is not None and holds_no_more(kid, copied, found):
            found.pass_over(kid, "reading.why_copy")
            root.without([kid])
