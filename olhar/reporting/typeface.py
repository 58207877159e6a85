"""A font for text that Pillow draws: the first at hand that has every letter of the text."""

import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from PIL import ImageFont

_SYSTEM = (
    "DejaVuSans.ttf", "segoeui.ttf", "Arial.ttf", "arial.ttf", "Helvetica.ttc", "NotoSans-Regular.ttf",
    "LiberationSans-Regular.ttf", "Arial Unicode.ttf", "NotoSansCJK-Regular.ttc", "msyh.ttc", "PingFang.ttc", "malgun.ttf",
    "Nirmala.ttf", "NotoSansArabic-Regular.ttf", "NotoSansDevanagari-Regular.ttf", "NotoSansThai-Regular.ttf",
)  # fmt: skip
_NOWHERE = "\uffff"


def fitting(text: str, size: float, *, bold: bool = False) -> tuple[Any, str]:
    """A font that can write ``text``, and the text as it can write it.

    Where no font has every letter, accents are taken off and Pillow's own font writes the rest; a letter that it does not
    have becomes a box.
    """
    for font in _fonts(size, bold):
        if all(_has(font, letter) for letter in text):
            return font, text
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return ImageFont.load_default(size), plain.replace("\u00a0", " ")


def _fonts(size: float, bold: bool) -> Iterator[Any]:
    for name in (_of_matplotlib(bold), *_SYSTEM):
        font = _opened(name, size) if name else None
        if font is not None:
            yield font


@cache
def _of_matplotlib(bold: bool) -> str:
    """DejaVu Sans as it comes with Matplotlib, found without importing it; empty where it is not installed."""
    spec = find_spec("matplotlib")
    name = "DejaVuSans-Bold.ttf" if bold else "DejaVuSans.ttf"
    path = Path(spec.origin).parent / "mpl-data/fonts/ttf" / name if spec and spec.origin else None
    return str(path) if path and path.is_file() else ""


@cache
def _opened(name: str, size: float) -> Any:
    try:
        return ImageFont.truetype(name, size)
    except OSError:
        return None


@lru_cache(maxsize=4096)
def _has(font: Any, letter: str) -> bool:
    """Whether a font has a letter: it draws it otherwise than one that no font has."""
    return letter.isspace() or bytes(font.getmask(letter)) != bytes(font.getmask(_NOWHERE))
