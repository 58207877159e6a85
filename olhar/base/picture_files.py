"""An encoded picture opened, and no more than that: which formats, and what its decoder may raise.

Pillow knows forty formats, and starts a program for one of them (EPS). Only those that people keep photographs in are opened, by
what the bytes say and not by the name; others are refused by theirs. What one may cost
stands in ``base.picture_bounds``.
"""

import io
import logging
import warnings
from collections.abc import Generator
from contextlib import contextmanager, suppress
from functools import cache
from importlib import import_module

from PIL import Image, UnidentifiedImageError

from olhar.base.errors import OlharError, PictureError
from olhar.base.heic import is_heic, open_heic
from olhar.base.picture_bounds import PIXEL_LIMIT, refuse_large_icon
from olhar.base.tiff_head import refuse_many_pieces

logging.getLogger("PIL").addHandler(logging.NullHandler())  # else what it says of damaged files goes to the terminal

FORMATS = {
    "JPEG": "Jpeg", "PNG": "Png", "WEBP": "WebP", "GIF": "Gif", "BMP": "Bmp", "DIB": "Bmp", "TIFF": "Tiff", "AVIF": "Avif",
    "PPM": "Ppm", "TGA": "Tga", "ICO": "Ico", "JPEG2000": "Jpeg2K", "SUN": "Sun",
}  # fmt: skip
"""Pillow's names of what is opened, and of the plugins that know it; HEIC beside them, with its extra."""

_OTHERS = (
    (b"%!PS", "EPS"), (b"\xc5\xd0\xd3\xc6", "EPS"), (b"%PDF", "PDF"), (b"8BPS", "PSD"), (b"DDS ", "DDS"), (b"qoif", "QOI"),
    (b"\xd7\xcd\xc6\x9a", "WMF"), (b"SIMPLE  =", "FITS"), (b"icns", "ICNS"), (b"BLP", "BLP"), (b"\x01\xda", "SGI"),
    (b"/* XPM", "XPM"), (b"#define", "XBM"), (b"gimp xcf", "XCF"), (b"\x76\x2f\x31\x01", "OpenEXR"), (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL ", "JPEG XL"), (b"FUJIFILM", "RAW"), (b"IIRO", "RAW"),
)  # fmt: skip
"""How other pictures begin, and what they are."""
_TEXTS = (
    ((b"<svg", b"<?xml"), "picture.svg"),
    ((b"<!doctype", b"<html"), "picture.web_page"),
    ((b"version https://git-lfs",), "picture.lfs"),
)


def opened(data: bytes, name: str) -> Image.Image:
    """An encoded picture, its header read and nothing decoded.

    Raises:
        PictureError: not a picture, or of a format that is not opened.
    """
    refuse_large_icon(data, name)
    refuse_many_pieces(data, name)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return (open_heic(data) if is_heic(data) else None) or Image.open(io.BytesIO(data), formats=_formats())
    except Image.DecompressionBombError as error:
        raise PictureError("picture.huge", name=name, megapixels=PIXEL_LIMIT / 1e6) from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise _not_opened(data, name) from error
    except (MemoryError, OlharError):
        raise
    except Exception as error:
        raise PictureError("picture.damaged", name=name) from error


@cache
def _formats() -> tuple[str, ...]:
    """Those that this Pillow knows. Their plugins alone are imported: otherwise all forty would be."""
    for plugin in dict.fromkeys(FORMATS.values()):
        with suppress(ImportError):
            import_module(f"PIL.{plugin}ImagePlugin")
    return tuple(name for name in FORMATS if name in Image.OPEN)


@contextmanager
def damages(name: str) -> Generator[None]:
    """Whatever a decoder raises means that the picture is bad; only want of memory means something else.

    Raises:
        PictureError: it raised something.
    """
    try:
        yield
    except (MemoryError, OlharError):
        raise
    except Exception as error:
        raise PictureError("picture.damaged", name=name) from error


def _not_opened(data: bytes, name: str) -> PictureError:
    form = next((form for start, form in _OTHERS if data.startswith(start)), "")
    return PictureError("picture.form", name=name, form=form) if form else PictureError(_key_of(data), name=name)


def _key_of(data: bytes) -> str:
    """What is wrong with what is no picture, or of no format that has a name here."""
    if is_heic(data):
        return "picture.heic"
    start = data[:256].lstrip().lower()
    for starts, key in _TEXTS:
        if start.startswith(starts):
            return key
    return "picture.unknown"
