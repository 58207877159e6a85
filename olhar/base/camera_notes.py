"""What cameras and programs write into a picture beside its pixels: whether it tells a place, and the picture without it.

The coded pixels of JPEG, PNG and WebP are kept to the byte; what stands around them goes (EXIF, XMP, IPTC, comments, previews,
what follows the end), but for the colour profile and, of EXIF, the orientation. Others that can hold such notes are written anew.
"""

import io
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from PIL import ExifTags, Image

from olhar.base.errors import PictureError
from olhar.base.images import decode, size_and_orientation, upright
from olhar.base.picture_files import damages, opened

_PLACE = b"GPSLatitude"
_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_NOTES = (b"eXIf", b"tEXt", b"zTXt", b"iTXt", b"tIME")
_WEBP_NOTES, _WEBP_HAS_EXIF, _WEBP_HAS_XMP = (b"EXIF", b"XMP "), 8, 4
_WITHOUT_NOTES = ("BMP", "DIB", "PPM", "TGA", "ICO", "SUN")
"""Formats that have no room for notes."""
_PNG_MODES = ("1", "L", "LA", "I;16", "P", "RGB", "RGBA")


def tells_place(data: bytes) -> bool:
    """Whether an encoded picture says where it was taken, in EXIF or in XMP; what cannot be opened says nothing."""
    if _PLACE in data:
        return True
    with suppress(PictureError), damages(""):
        return bool(opened(data, "").getexif().get_ifd(ExifTags.IFD.GPSInfo))
    return False


def without_notes(data: bytes) -> tuple[bytes, bool]:
    """The same picture without notes, and whether it was written anew, upright, as PNG.

    Raises:
        PictureError: it cannot be decoded, where that is needed.
    """
    form, turn = opened(data, "").format, size_and_orientation(data)[2]
    strip = {"JPEG": _jpeg, "MPO": _jpeg, "PNG": _png, "WEBP": _webp}.get(form or "")
    with suppress(ValueError, IndexError, struct.error):
        if strip is not None:
            return strip(data, turn), False
    if form in _WITHOUT_NOTES or (form == "GIF" and b"XMP DataXMP" not in data):
        return data, False
    return _anew(data), True


def _exif(turn: int) -> bytes:
    """EXIF that tells the orientation alone; nothing where there is nothing to tell."""
    if turn == 1:
        return b""
    return b"MM\0*\0\0\0\x08\0\x01" + struct.pack(">HHIHH", ExifTags.Base.Orientation, 3, 1, turn, 0) + bytes(4)


def _jpeg(data: bytes, turn: int) -> bytes:
    exif = _exif(turn)
    kept = [b"\xff\xd8", *([b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif] if exif else [])]
    for mark, piece in _segments(data):
        application = 0xE0 <= mark <= 0xEF
        needed = mark in (0xE0, 0xEE) or (mark == 0xE2 and piece[4:].startswith(b"ICC_PROFILE\0"))
        if mark != 0xFE and (not application or needed):
            kept.append(piece)
    return b"".join(kept)


def _segments(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The segments of a JPEG from the second to the end of the picture, each with its mark; coded data goes with its own."""
    place = 2
    while True:
        if data[place] != 0xFF:
            raise ValueError("no segment")
        mark = data[place + 1]
        if mark == 0xFF:
            place += 1
            continue
        if mark == 0xD9:
            yield mark, data[place : place + 2]
            return
        end = place + 2 + int.from_bytes(data[place + 2 : place + 4])
        end = _end_of_coded(data, end) if mark == 0xDA else end
        yield mark, data[place:end]
        place = end


def _end_of_coded(data: bytes, place: int) -> int:
    """Where coded data ends: at a mark that is neither a stuffed byte nor a restart."""
    while (place := data.index(b"\xff", place)) + 1 < len(data):
        if data[place + 1] != 0 and not 0xD0 <= data[place + 1] <= 0xD7:
            return place
        place += 2
    raise ValueError("no end")


def _png(data: bytes, turn: int) -> bytes:
    kept, place = [_PNG], len(_PNG)
    while True:
        size, kind = struct.unpack(">I4s", data[place : place + 8])
        end = place + 12 + size
        if kind not in _PNG_NOTES:
            kept.append(data[place:end])
        if kind == b"IHDR" and turn != 1:
            exif = b"eXIf" + _exif(turn)
            kept.append(struct.pack(">I", len(exif) - 4) + exif + struct.pack(">I", zlib.crc32(exif)))
        if kind == b"IEND":
            return b"".join(kept)
        place = end


def _webp(data: bytes, turn: int) -> bytes:
    kept, place, last, exif = list[bytes](), 12, 8 + int.from_bytes(data[4:8], "little"), _exif(turn)
    while place < last:
        kind, size = struct.unpack("<4sI", data[place : place + 8])
        end = place + 8 + size + size % 2
        piece = data[place:end]
        if kind == b"VP8X":
            flags = piece[8] & ~(_WEBP_HAS_EXIF | _WEBP_HAS_XMP) | (_WEBP_HAS_EXIF if exif else 0)
            piece = piece[:8] + bytes([flags]) + piece[9:]
        kept += [piece] if kind not in _WEBP_NOTES else []
        place = end
    kept += [b"EXIF" + struct.pack("<I", len(exif)) + exif] if exif else []
    body = b"WEBP" + b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _anew(data: bytes) -> bytes:
    """PNG of a picture's pixels, upright: 16 bits of gray stay, and transparency; more than that is scaled to 8 bits."""
    out = io.BytesIO()
    with damages(""):
        image: Image.Image = opened(data, "")
        image = upright(image) if image.mode in _PNG_MODES else decode(data)
        image.save(out, "PNG", exif=b"")
    return out.getvalue()
