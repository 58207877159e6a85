"""What a tree of file names says: which files are pictures, their classes, and the parts that the data brings."""

import posixpath
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from olhar.data.dataset import Brought, Part

_PLAIN = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff")
_RARE = (".avif", ".heic", ".heif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".ico", ".jp2")
SUFFIXES = frozenset(_PLAIN + _RARE)
JUNK = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "lost+found"})

_SPELLINGS: dict[str, Part] = {
    **dict.fromkeys(("train", "training", "treino", "treinamento"), "train"),
    **dict.fromkeys(("val", "valid", "validation", "validate", "validacao", "dev"), "validation"),
    **dict.fromkeys(("test", "testing", "teste"), "test"),
}
_ENDINGS = ("data", "set", "images", "imagens")

_NUMBERED = re.compile(r"(.*?[^\W\d_])[\s._-]+\(?\d+\)?")
_CAMERAS = (
    "img",
    "dsc",
    "dscn",
    "dscf",
    "dcim",
    "imgp",
    "pxl",
    "mvimg",
    "p",
    "vid",
    "gopr",
    "screenshot",
    "scan",
    "whatsapp image",
)
_WORDS = ("image", "imagem", "picture", "photo", "foto", "frame", "quadro", "file", "arquivo", "untitled", "captura")
_KNOWN = 4096
"""So many folders are remembered: a listing names each of them once a picture."""
NO_CLASS = frozenset(_CAMERAS + _WORDS) | frozenset(_SPELLINGS)
"""Words in the names of pictures that are no class: what cameras and programs write, and parts."""


@dataclass(frozen=True)
class Layout:
    """Rows in the order of their names: the index of each picture in the listing, its class (None: unknown) and its part."""

    rows: tuple[int, ...]
    classes: tuple[str | None, ...]
    parts: tuple[Brought, ...]
    passed_over: int


def read_layout(paths: Sequence[str]) -> Layout:
    """Read a listing of relative POSIX paths.

    ``train/rose/1.jpg`` gives a part and a class, ``rose/1.jpg`` a class, ``1.jpg`` a picture of unknown class. Folders
    that everything lies in are taken off first; folders below the class are read too.
    """
    visible = [i for i, path in enumerate(paths) if not hidden(path)]
    pictures = [i for i in visible if is_picture(paths[i])]
    folders = {i: unicodedata.normalize("NFC", paths[i]).split("/")[:-1] for i in pictures}
    split = _strip_shared(list(folders.values()))
    rows = sorted(pictures, key=lambda i: paths[i])
    return Layout(
        rows=tuple(rows),
        classes=tuple(_class(folders[i], split) for i in rows),
        parts=tuple((part_of(folders[i][0]) or "") if split else "" for i in rows),
        passed_over=len(visible) - len(pictures),
    )


def is_picture(path: str) -> bool:
    """Whether a file bears the name of a picture."""
    return path[path.rfind(".") :].lower() in SUFFIXES


def hidden(path: str) -> bool:
    """Whether a path is one that a system leaves behind: ``.DS_Store``, ``Thumbs.db``, ``__MACOSX``, hidden files."""
    folder, _, name = path.rpartition("/")
    return name.startswith(".") or name.lower() in JUNK or (folder != "" and _within_hidden(folder))


@lru_cache(_KNOWN)
def _within_hidden(folder: str) -> bool:
    return any(step.startswith(".") or step.lower() in JUNK for step in folder.split("/"))


def classes_in_names(paths: Sequence[str]) -> list[str] | None:
    """The class that each picture's own name carries (``cat.12.jpg``, ``dog_003.png``), or None.

    Only where every name is a word, a separator and a number, where there are two words at least with two pictures each, and
    where none of them is what cameras and programs write.
    """
    stems = (posixpath.splitext(posixpath.basename(unicodedata.normalize("NFC", path)))[0] for path in paths)
    classes: list[str] = []
    for stem in stems:
        match = _NUMBERED.fullmatch(stem)
        if match is None or not any(c.isalpha() for c in match[1]):
            return None
        classes.append(match[1])
    counts = Counter(classes)
    if len(counts) < 2 or min(counts.values()) < 2 or any(plain(word) in NO_CLASS for word in counts):
        return None
    return classes


def plain(text: str) -> str:
    """Text without case and accents, for comparing: ``Rótulo`` and ``rotulo`` are one."""
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


@lru_cache(_KNOWN)
def part_of(folder: str) -> Part | None:
    """The part that a folder's name means: ``Validação``, ``test_data`` and ``treino`` do."""
    words = plain(folder).replace("-", "_").replace(" ", "_").split("_")
    if len(words) == 2 and words[1] in _ENDINGS:
        words = words[:1]
    return _SPELLINGS.get("_".join(words))


def _strip_shared(folders: list[list[str]]) -> bool:
    """Take off, in place, the folders that all pictures share; say whether what is left opens with parts."""
    while folders:
        tops = {steps[0] if steps else "" for steps in folders}
        if "" not in tops and _are_parts(tops):
            return True
        if len(tops) > 1 or "" in tops or all(len(steps) == 1 for steps in folders):
            return False
        for steps in folders:
            del steps[0]
    return False


def _are_parts(tops: set[str]) -> bool:
    parts = {part_of(top) for top in tops}
    return None not in parts and "train" in parts


def _class(steps: list[str], split: bool) -> str | None:
    below = steps[1:] if split else steps
    return below[0] if below else None
