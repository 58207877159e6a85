"""Folders as systems name them: not named yet, copies of others, pieces of a download, labelled and not."""

import re
from collections.abc import Sequence

from olhar.data.folders.found import Found
from olhar.data.folders.tree import Folder, content
from olhar.data.folders.words import copied_name, tokens
from olhar.data.folders.wrappers import holds_no_more

_UNNAMED = re.compile(
    r"(new|untitled|nova|nueva)[ _-]?(folder|pasta|carpeta)([ _-]?\(?\d+\)?)?|pasta sem t[ií]tulo( \d+)?", re.IGNORECASE
)

_PHONE = re.compile(
    r"dcim|camera( roll)?|rolo da camera|screenshots?|capturas?( de (tela|ecra))?|whats ?app ?(images|imagens)?|telegram|"
    r"instagram|snapchat|facebook|messenger|bluetooth|downloads?|transferencias|pictures|imagens|"
    r"\d{3} ?(apple|andro|canon|media|nikon|d\d+)"
)
_LABELLED = re.compile(r"labelled")
_PIECE = re.compile(r"(.+)-\d{8}T\d{6}Z-\d+(-\d+)?")
_STAMP, _AGAIN = re.compile(r"-\d{8}T\d{6}Z-\d+(-\d+)?$"), re.compile(r"( ?\(\d+\)|[-_ ](main|master))$")


def labelled_alone(root: Folder, found: Found) -> Folder:
    """``Labeled`` of ``Labeled`` and ``Unlabeled``, which is passed over; else the folder itself."""
    said = {_LABELLED.sub("labeled", kid.name.casefold()): kid for kid in root.kids}
    if root.pictures or said.keys() != {"labeled", "unlabeled"} or said["labeled"].flat:
        return root
    found.pass_over(said["unlabeled"], "reading.why_no_class")
    return content(said["labeled"])


def joined_pieces(root: Folder, found: Found) -> Folder:
    """One tree of folders that Google Drive packs apart, ``photos-20230612T184523Z-001`` and ``-002``; else the folder itself."""
    matches = [_PIECE.fullmatch(top.name) for top in root.kids]
    whole = {match[1] for match in matches if match is not None}
    if len(matches) < 2 or None in matches or len(whole) > 1 or root.pictures:
        return root
    found.note("reading.pieces", name=whole.pop(), n=len(matches))
    return _joined(root.kids, root.name, root.path)


def class_of(folder: Folder) -> str:
    """The class that a folder is: its name without what downloads add: ``Mango-20240502T121212Z-001``, ``Mango (1)/Mango``."""
    bare = _STAMP.sub("", folder.name)
    once = _AGAIN.sub("", bare)
    return once if not folder.pictures and [*folder.folders] == [once] else bare


def _joined(folders: Sequence[Folder], name: str, path: str) -> Folder:
    """Folders as one, those of one name in them too."""
    held: dict[str, list[Folder]] = {}
    for folder in folders:
        for kid in folder.kids:
            held.setdefault(kid.name, []).append(kid)
    kids = {own: _joined(every, own, every[0].path) for own, every in sorted(held.items())}
    pictures = [row for folder in folders for row in folder.pictures]
    return Folder(name, path, kids, pictures, len(pictures) + sum(kid.count for kid in kids.values()))


def is_of_a_phone(name: str) -> bool:
    """Whether a folder is called as phones and programs call those that they keep pictures in: ``DCIM``, ``WhatsApp Images``."""
    return _PHONE.fullmatch(" ".join(tokens(name))) is not None


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
