"""What a picture may cost: bounds on pixels, memory, scans and bytes, each told by its header before anything is decoded."""

from collections.abc import Iterator

from PIL import Image

from olhar.base.errors import PictureError

PIXEL_LIMIT = 50_000_000
"""Pictures with more pixels than this are refused from their header, before any memory is taken."""

_WEIGHT = {"RGBA": 2, "RGBa": 2, "LA": 2, "La": 2, "PA": 2, "CMYK": 2, "I": 3, "F": 3}
_WEIGHT_OF_16_BITS = 2
_WEIGHT_OF_FORMAT = {"WEBP": 1.5, "JPEG2000": 3}
"""Of modes and formats that need more memory or time: how many times fewer pixels they may have. 600 MB at most for each."""

_BYTE_BY_BYTE = ("bmp_rle", "ppm", "ppm_plain")
_SLOW_BYTES = 8_000_000
"""Pillow has these decoders in Python, a second for each three MB."""

_SCANNED = 1_000_000_000
"""Scans times pixels of a JPEG: twenty scans of the largest picture. Ordinary progressive files have ten."""
_SCAN, _PROGRESSIVE = b"\xff\xda", 0xC2

_PNG = b"\x89PNG"
_ICON, _ICON_HEAD, _ICON_ENTRY, _ICON_SIDE = b"\0\0\1\0", 6, 16, 1024
"""How an icon begins, the bytes before its list and of each entry, and the most that a picture in it may be high or wide."""

_QUICK_PIXELS = {"JPEG": 25_000_000, "progressive JPEG": 25_000_000, "PNG": 8_000_000, "WEBP": 4_000_000}
_QUICK_SCANNED = 100_000_000
"""Up to these sizes a picture of the three usual formats is decoded in a third of a second."""
_MAY_BE_SLOW = (b"GIF8", b"BM", b"II", b"MM", b"P", b"RIFF", b"\xff\x4f\xff\x51", b"\0\0\0\x0cjP", b"\xff\xd8", b"\x59\xa6", _PNG)
_TGA = {1: (0, 1), 2: (1, 2, 3, 9, 10, 11), 16: (1, 8, 16, 24, 32)}
"""A TGA has no mark at its beginning: the bytes that Pillow takes it by, and what they may be."""


def refuse_costly(image: Image.Image, data: bytes, name: str, limit: int) -> Image.Image:
    """The picture itself, opened and not loaded, where it may be decoded.

    Raises:
        PictureError: it has too many pixels for its mode or format, or is too large for a decoder that takes each byte by itself.
    """
    refuse_large(image, name, limit)
    tiles = getattr(image, "tile", None) or ()
    if len(data) > _SLOW_BYTES and any(tile[0] in _BYTE_BY_BYTE for tile in tiles):
        raise PictureError("picture.slow", name=name, form=image.format, megabytes=_SLOW_BYTES / 1e6)
    return image


def refuse_large_icon(data: bytes, name: str) -> None:
    """See to it that what is an icon has no large picture in it; Pillow decodes it where it is opened.

    Raises:
        PictureError: it has.
    """
    if data.startswith(_ICON) and any(side > _ICON_SIDE for side in _sides_in_icon(data)):
        raise PictureError("picture.icon", name=name, side=_ICON_SIDE)


def refuse_large(image: Image.Image, name: str, limit: int) -> Image.Image:
    """The picture itself, where it may be decoded.

    Raises:
        PictureError: it has too many pixels for its mode or format.
    """
    weight = _WEIGHT.get(image.mode, 1) * _WEIGHT_OF_FORMAT.get(image.format or "", 1)
    deep = image.mode.startswith("I;16") or any(";16" in str(tile[-1]) for tile in getattr(image, "tile", None) or ())
    refuse_pixels(*image.size, name, int(limit / (_WEIGHT_OF_16_BITS if deep else weight)))
    return image


def refuse_pixels(width: int, height: int, name: str, limit: int) -> None:
    """See to it that a picture has no more pixels than may be decoded.

    Raises:
        PictureError: it has.
    """
    if width * height > limit:
        raise PictureError("picture.too_large", name=name, width=width, height=height, megapixels=limit / 1e6)


def refuse_scans(data: bytes, width: int, height: int, name: str) -> None:
    """See to it that a JPEG is not gone over again and again: each of its scans costs as much as all its pixels.

    The mark of a scan stands nowhere else in the coded data, where a byte of 255 is always followed by 0.

    Raises:
        PictureError: it has too many scans.
    """
    scans = data.count(_SCAN)
    if scans * width * height > _SCANNED and scans > 1:
        raise PictureError("picture.scans", name=name, scans=scans)


def is_quick(data: bytes) -> bool:
    """Whether an encoded picture is of a usual format and size, so that it is decoded in a third of a second at most.

    Told by its first bytes, and by the scans of a progressive JPEG; nothing is opened. What is no picture is refused quickly.
    """
    form, width, height = _head(data)
    if not form and not _may_be_slow(data):
        return True
    if not 0 < width * height <= _QUICK_PIXELS.get(form, 0):
        return False
    return form != "progressive JPEG" or data.count(_SCAN) * width * height <= _QUICK_SCANNED


def _may_be_slow(data: bytes) -> bool:
    """Whether bytes begin as a picture does whose format says nothing of the time that it takes."""
    in_a_box = data[4:8] == b"ftyp"  # AVIF and HEIC
    return in_a_box or data.startswith(_MAY_BE_SLOW) or (len(data) > 16 and all(data[i] in known for i, known in _TGA.items()))


def _head(data: bytes) -> tuple[str, int, int]:
    """Format, width and height of a JPEG, a PNG or a WebP that is no animation; zeros for all else."""
    if data.startswith(b"\xff\xd8"):
        return _jpeg_head(data)
    if data.startswith(_PNG) and data[12:16] == b"IHDR":
        return "PNG", int.from_bytes(data[16:20]), int.from_bytes(data[20:24])
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return "WEBP", *_webp_size(data[12:30])
    return "", 0, 0


def _jpeg_head(data: bytes) -> tuple[str, int, int]:
    """What ``_head`` gives, from the segment that begins the frame; where segments do not follow each other there is no size."""
    place = 2
    while data[place : place + 1] == b"\xff" and place + 9 <= len(data):
        mark = data[place + 1]
        if 0xC0 <= mark <= _PROGRESSIVE:
            form = "progressive JPEG" if mark == _PROGRESSIVE else "JPEG"
            return form, int.from_bytes(data[place + 7 : place + 9]), int.from_bytes(data[place + 5 : place + 7])
        if mark == 0xFF:
            place += 1
        elif mark in (0xD8, 0xD9, 0xDA) or (0xC3 <= mark <= 0xCF and mark != 0xC4):
            break
        else:
            place += 2 + int.from_bytes(data[place + 2 : place + 4])
    return "JPEG", 0, 0


def _webp_size(chunk: bytes) -> tuple[int, int]:
    """Width and height, from the first chunk; none where it says that it is an animation."""
    kind, body = chunk[:4], chunk[8:]
    if len(body) < 10:
        return 0, 0
    if kind == b"VP8X":
        animated = body[0] & 2
        return (0, 0) if animated else (1 + int.from_bytes(body[4:7], "little"), 1 + int.from_bytes(body[7:10], "little"))
    if kind == b"VP8L":
        packed = int.from_bytes(body[1:5], "little")
        return 1 + (packed & 0x3FFF), 1 + (packed >> 14 & 0x3FFF)
    return int.from_bytes(body[6:8], "little") & 0x3FFF, int.from_bytes(body[8:10], "little") & 0x3FFF


def _sides_in_icon(data: bytes) -> Iterator[int]:
    """Width and height of each picture in an icon, from the picture itself: the list in front of them may say anything."""
    for i in range(int.from_bytes(data[4:6], "little")):
        start = _ICON_HEAD + i * _ICON_ENTRY
        inner = data[int.from_bytes(data[start + 12 : start + 16], "little") :][:24]
        if inner.startswith(_PNG):
            yield from (int.from_bytes(inner[16:20]), int.from_bytes(inner[20:24]))
        else:  # a bitmap, its mask below it in the same height
            yield from (
                abs(int.from_bytes(inner[place : place + 4], "little", signed=True)) >> bit for place, bit in ((4, 0), (8, 1))
            )
