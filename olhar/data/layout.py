"""What names say: which files are pictures, which are left behind by systems, and which words mean a part."""

import unicodedata
from collections.abc import Iterable, Sequence, Set
from functools import lru_cache
from itertools import compress, count
from operator import itemgetter, not_
from typing import NamedTuple

from olhar.data.dataset import Part

_PLAIN = (".jpg", ".jpeg", ".jpe", ".jfif", ".png", ".apng", ".bmp", ".dib", ".gif", ".webp", ".tif", ".tiff")
_RARE = (".avif", ".heic", ".heif", ".ppm", ".pgm", ".pbm", ".pnm", ".tga", ".ico", ".jp2", ".ras")
SUFFIXES = frozenset(_PLAIN + _RARE)
_LONGEST = max(map(len, SUFFIXES))
JUNK = frozenset({"thumbs.db", "desktop.ini", "__macosx", "$recycle.bin", "lost+found"})

_TRAINING = (
    *("train", "training", "trainings", "trainning", "traning", "treino", "treinos", "treinar", "treinamento", "treinamentos"),
    *("entrenamiento", "entrenamientos"),
)
_VALIDATION = (
    *("val", "vali", "valid", "validation", "validations", "validate", "validaton", "validacao", "validacoes", "validar", "dev"),
    *("validacion", "validaciones"),
)
_TEST = ("test", "tests", "testing", "teste", "testes", "testar", "prueba", "pruebas")
_SPELLINGS: dict[str, Part] = {
    **dict.fromkeys(_TRAINING, "train"),
    **dict.fromkeys(_VALIDATION, "validation"),
    **dict.fromkeys(_TEST, "test"),
}
"""English, Portuguese and Spanish, with plurals and what hands often write; ``trains`` are railway trains."""
_ENDINGS = ("data", "set", "images", "imagens", "imagenes")

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
    """Whether a path is one that a system leaves behind: ``Thumbs.db``, ``__MACOSX``, ``~$a.xlsx``, hidden files."""
    folder, _, name = path.rpartition("/")
    return name.startswith((".", "~$")) or name.lower() in JUNK or (folder != "" and _within_hidden(folder))


class Listing(NamedTuple):
    """The places of the pictures among names, and of the other files; what systems leave behind is neither.

    Attributes:
        pictures, others: where they stand.
        endings: those of the pictures, as they are written.
        folders: those that pictures lie right in.
    """

    pictures: list[int]
    others: list[int]
    endings: list[str]
    folders: Set[str]


def sorted_out(names: Sequence[str]) -> Listing:
    """Which names are of pictures, and which of other files.

    A million names in a third of a second: of each only as much is looked at as the longest ending has, once for each that is
    different, and names are only looked at one by one for what is hidden where the listing as a whole may hold such.
    """
    ends = [*map(itemgetter(slice(-_LONGEST, None)), names)]
    endings = {end: end[end.rfind(".") :] for end in {*ends} if is_picture(end)}
    pictured = [*map(endings.__contains__, ends)]
    pictures, others = [*compress(count(), pictured)], [*compress(count(), map(not_, pictured))]
    folders = folders_of(compress(names, pictured))
    if _may_hide(names, [*folders, *map(names.__getitem__, others)]):
        pictures, others = ([i for i in places if not hidden(names[i])] for places in (pictures, others))
        folders = folders_of(map(names.__getitem__, pictures))
    return Listing(pictures, others, sorted({*endings.values()}), folders)


def folders_of(paths: Iterable[str]) -> Set[str]:
    """The folders that some files lie right in."""
    return {path.rpartition("/")[0] for path in paths}


def _may_hide(names: Sequence[str], unpictured: Iterable[str]) -> bool:
    """Whether some of the names may be hidden; a picture's own name is none of those that systems leave behind."""
    whole, rest = "/".join(names), "/".join(unpictured).lower()
    return whole.startswith(".") or "/." in whole or "~$" in rest or any(word in rest for word in JUNK)


@lru_cache(_KNOWN)
def _within_hidden(folder: str) -> bool:
    return any(step.startswith(".") or step.lower() in JUNK for step in folder.split("/"))


def plain(text: str) -> str:
    """Text without case and accents, for comparing: ``Rótulo`` and ``rotulo`` are one."""
    if text.isascii():
        return text.casefold()
    return "".join(c for c in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(c))


def spellings_of(part: Part) -> frozenset[str]:
    """The words that mean a part by themselves, without accents."""
    return frozenset(word for word, meant in _SPELLINGS.items() if meant == part)


@lru_cache(_KNOWN)
def part_of(folder: str) -> Part | None:
    """The part that a folder's name means: ``Validação``, ``test_data`` and ``testes`` do."""
    words = plain(folder).replace("-", "_").replace(" ", "_").split("_")
    if len(words) == 2 and words[1] in _ENDINGS:
        words = words[:1]
    return _SPELLINGS.get("_".join(words))
