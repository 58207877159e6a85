"""What names say: which files are pictures, which are left behind by systems, and which words mean a part."""

import unicodedata
from functools import lru_cache

from olhar.data.dataset import Part

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
