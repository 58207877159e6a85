"""The ONE way a picture becomes an array: bytes -> upright RGB or gray -> the network's size, uint8.

Training packs with it, evaluation, prediction and the server use it. JPEG goes through simplejpeg, strictly; what that
refuses, and every other format, goes to Pillow, which decides. Conversions: transparent pictures stand over white, an
animation gives its first frame, more than 8 bits become 8 by ``base.levels``, CMYK and palettes become RGB, gray is ITU-R 601
luma, EXIF orientation is turned upright.

A JPEG larger than needed is decoded at the smallest of libjpeg's scales (1/2, 1/4, 1/8) that leaves both sides at least twice
the size asked for, which no browser can do; by the rule ``whole`` all of it is decoded. What becomes of its size then, with an
anti-aliased triangle filter, is ``base.resizing``'s rule.
"""

import io
import sys
from typing import Any, cast

import numpy as np
import simplejpeg
from numpy.typing import NDArray
from PIL import ExifTags, Image, ImageOps

from olhar.base.depth import levels_of, scaled, summary
from olhar.base.errors import PictureError
from olhar.base.heic import is_heic
from olhar.base.levels import FULL, Levels
from olhar.base.picture_bounds import PIXEL_LIMIT, refuse_costly, refuse_large, refuse_pixels, refuse_scans
from olhar.base.picture_files import damages, opened
from olhar.base.resizing import fitted
from olhar.base.signature import Fit

Pixels = NDArray[np.uint8]

_SIDEWAYS = (5, 6, 7, 8)
_XMP = b"tiff:Orientation"
_EIGHT_BITS = (b"\xff\xd8", b"GIF8", b"RIFF", b"BM")
_STRIP = 256
_PNG, _PNG_DEPTH = b"\x89PNG", 24
_OTHER_BYTE = {"RGB;16B": "RGB;16L", "RGB;16L": "RGB;16B", "RGB;16N": "RGB;16B" if sys.byteorder == "little" else "RGB;16L"}
"""How Pillow names 16 bits a colour -> the name by which it gives the low bytes."""
_TURNED = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def to_pixels(
    picture: bytes | NDArray[Any] | Image.Image,
    size: tuple[int, int],
    channels: int,
    fit: Fit,
    name: str = "",
    *,
    limit: int = PIXEL_LIMIT,
    levels: Levels | None = None,
    whole: bool = False,
) -> Pixels:
    """One picture as the network wants it.

    Args:
        picture: an encoded picture, a Pillow picture, or an array (H, W), (H, W, 1) or RGB (H, W, 3): ``uint8``, or numbers
            whose ``levels`` are given.
        size: height and width asked for, in pixels.
        channels: 3 for RGB, 1 for gray.
        fit: ``stretch``, ``crop`` or ``pad``.
        name: what to call the picture in an error.
        limit: the largest number of pixels that is decoded.
        levels: black and white of more than 8 bits; None: by this picture alone.
        whole: decode a JPEG whole, however large it is.

    Returns:
        uint8 array (height, width, channels).

    Raises:
        PictureError: not a picture, damaged, or larger than ``limit``.
    """
    if isinstance(picture, np.ndarray):
        if picture.shape == (*size, channels) and picture.dtype == np.uint8:
            return picture
        image = _from_array(picture if levels is None else as_bytes(picture, levels), name)
    elif isinstance(picture, Image.Image):
        image = upright(refuse_large(picture, name, limit))
    else:
        decoded = _decoded(picture, name, limit, None if whole else (2 * size[0], 2 * size[1]), levels)
        if isinstance(decoded, np.ndarray) and decoded.shape == (*size, channels):
            return decoded
        image = decoded if isinstance(decoded, Image.Image) else _from_array(decoded, name)
    image = _coloured(image, channels, levels)
    return np.asarray(fitted(image, size, fit)).reshape(*size, channels)


def decode(
    data: bytes,
    name: str = "",
    limit: int = PIXEL_LIMIT,
    at_least: tuple[int, int] | None = None,
    levels: Levels | None = None,
) -> Image.Image:
    """An encoded picture as an upright Pillow picture, RGB or gray (mode L).

    Args:
        at_least: a JPEG may be decoded at a smaller scale whose height and width still reach these.
        levels: black and white of more than 8 bits; None: by this picture alone.

    Raises:
        PictureError: not a picture, damaged, or larger than ``limit``.
    """
    decoded = _decoded(data, name, limit, at_least, levels)
    return decoded if isinstance(decoded, Image.Image) else _from_array(decoded, name)


def deep_numbers(picture: bytes | NDArray[Any], name: str = "", limit: int = PIXEL_LIMIT) -> NDArray[Any] | None:
    """The numbers of a picture of more than 8 bits, (H, W) or (H, W, 3) as they lie; None for one of 8, told by its header.

    Raises:
        PictureError: of more than 8 bits, and damaged, or larger than ``limit``.
    """
    if isinstance(picture, np.ndarray):
        return picture if picture.dtype != np.uint8 else None
    shallow_png = picture.startswith(_PNG) and picture[_PNG_DEPTH : _PNG_DEPTH + 1] != b"\x10"
    if shallow_png or picture.startswith(_EIGHT_BITS) or is_heic(picture):
        return None
    try:
        image = opened(picture, name)
    except PictureError:
        return None  # whoever decodes it says why
    if not _is_deep(image):
        return None
    with damages(name):
        return _numbers(refuse_costly(image, picture, name, limit))


def own_levels(picture: bytes | NDArray[Any], name: str = "") -> Levels:
    """Black and white by this picture alone, where it has more than 8 bits.

    Raises:
        PictureError: of more than 8 bits, and damaged.
    """
    numbers = deep_numbers(picture, name)
    return levels_of(summary(numbers)[np.newaxis]) if numbers is not None and numbers.size else FULL


def _decoded(data: bytes, name: str, limit: int, at_least: tuple[int, int] | None, levels: Levels | None) -> Pixels | Image.Image:
    """An upright picture, as an array (H, W, 1 or 3) in the plain case: the way through Pillow takes longer than such a JPEG."""
    if not data:
        raise PictureError("picture.empty", name=name)
    if data[:2] == b"\xff\xd8":
        picture = _jpeg(data, name, limit, at_least)
        if picture is not None:
            return picture
    return _by_pillow(data, name, limit, at_least, levels)


def shape(data: bytes) -> tuple[int, int, int]:
    """Height, width (upright) and channels (1 or 3) of an encoded picture, read from its header.

    Raises:
        PictureError: not a picture.
    """
    image = opened(data, "")
    with damages(""):
        return _shape(image)


def _shape(image: Image.Image) -> tuple[int, int, int]:
    sideways = image.format != "TIFF" and image.getexif().get(ExifTags.Base.Orientation) in _SIDEWAYS
    width, height = image.size[::-1] if sideways else image.size  # Pillow turns the size of a TIFF by itself
    return height, width, 1 if image.mode in ("1", "L", "I", "F") or image.mode.startswith("I;16") else 3


def size_and_orientation(data: bytes) -> tuple[int, int, int]:
    """Height and width of an encoded picture once upright, and its EXIF orientation (1 where it has none).

    Raises:
        PictureError: empty, not a picture, or damaged.
    """
    if not data:
        raise PictureError("picture.empty", name="")
    turn = _orientation(data)
    try:
        high, wide, *_ = simplejpeg.decode_jpeg_header(data)
    except ValueError:
        return (*_size_by_pillow(data), turn)
    return (int(wide), int(high), turn) if turn in _SIDEWAYS else (int(high), int(wide), turn)


def is_stored_gray(data: bytes) -> bool:
    """Whether an encoded picture says in its header that it is gray; what lies in its pixels is not looked at.

    Raises:
        PictureError: not a picture.
    """
    try:
        return simplejpeg.decode_jpeg_header(data)[2] == "Gray"
    except ValueError:
        return shape(data)[2] == 1


def _size_by_pillow(data: bytes) -> tuple[int, int]:
    """Height and width by Pillow, which may read the whole file for them."""
    with damages(""):
        return shape(data)[:2]


def as_bytes(values: NDArray[Any], levels: Levels | None = None) -> Pixels:
    """An array of more than 8 bits as one of 8, by ``levels`` or by itself alone; what is no number is given back as it is."""
    if values.dtype == np.uint8 or values.dtype.kind not in "uif" or not values.size:
        return values
    return scaled(values, levels if levels is not None else levels_of(summary(values)[np.newaxis]))


def upright(image: Image.Image) -> Image.Image:
    """The picture turned as its EXIF orientation says."""
    return ImageOps.exif_transpose(image)


def _jpeg(data: bytes, name: str, limit: int, at_least: tuple[int, int] | None) -> Pixels | Image.Image | None:
    """The plain case, six times faster than Pillow on small files; None where Pillow must decide."""
    try:
        high, wide, colour, _ = simplejpeg.decode_jpeg_header(data)
        if colour not in ("GRAY", "YCbCr"):
            return None
        height, width = int(high), int(wide)
        refuse_pixels(width, height, name, limit)
        refuse_scans(data, width, height, name)
        turn = _orientation(data)
        mode = "GRAY" if colour == "GRAY" else "RGB"
        scale = _scale((height, width), at_least, turn)
        pixels = simplejpeg.decode_jpeg(data, mode, min_height=-(-height // scale), min_width=-(-width // scale))
    except ValueError:
        return None
    return _from_array(pixels, name).transpose(_TURNED[turn]) if turn in _TURNED else pixels


def _orientation(data: bytes) -> int:
    """EXIF orientation; most JPEGs have none, and are not opened to find that out."""
    head = data[: 1 << 16]
    if data[:2] == b"\xff\xd8" and b"Exif\x00\x00" not in head and _XMP not in head:
        return 1
    try:
        with damages(""):
            orientation = int(opened(data, "").getexif().get(ExifTags.Base.Orientation, 1))
    except PictureError:
        return 1
    return orientation if orientation in _TURNED else 1


def _by_pillow(data: bytes, name: str, limit: int, at_least: tuple[int, int] | None, levels: Levels | None) -> Image.Image:
    image = refuse_costly(opened(data, name), data, name, limit)
    if image.format in ("JPEG", "MPO"):
        refuse_scans(data, *image.size, name)
        scale = _scale((image.height, image.width), at_least, _orientation(data))
        image.draft(None, (image.width // scale, image.height // scale))
    with damages(name):
        return upright(_rgb_or_gray(image, levels))


def _scale(size: tuple[int, int], at_least: tuple[int, int] | None, turn: int) -> int:
    """By how much a JPEG of a height and width may be shrunk while decoding and still reach ``at_least`` once upright."""
    if at_least is None:
        return 1
    height, width = at_least[::-1] if turn in _SIDEWAYS else at_least
    return next((scale for scale in (8, 4, 2) if size[0] // scale >= height and size[1] // scale >= width), 1)


def _rgb_or_gray(image: Image.Image, levels: Levels | None) -> Image.Image:
    """Any mode of Pillow as RGB or L, its orientation kept in ``info``."""
    if _is_deep(image) and "transparency" not in image.info:
        return _with_exif(Image.fromarray(as_bytes(_numbers(image), levels)), image)
    image.load()
    if image.mode in ("RGBA", "LA", "PA", "La", "RGBa") or "transparency" in image.info:
        return _over_white(image)
    if image.mode in ("RGB", "L"):
        return image
    return image.convert("L" if image.mode == "1" else "RGB")


def _is_deep(image: Image.Image) -> bool:
    """Whether a picture that is not loaded yet has more than 8 bits."""
    return image.mode in ("I", "F") or image.mode.startswith("I;16") or _deep_colour(image) is not None


def _deep_colour(image: Image.Image) -> str | None:
    """How the file lays out 16 bits a colour, of which Pillow gives the high byte; None where it does not.

    A file that is not loaded yet; of TIFF, those that Pillow decodes by itself."""
    tiles = getattr(image, "tile", []) if image.mode == "RGB" else []
    layouts = {tile.args if isinstance(tile.args, str) else tile.args[0] for tile in tiles if tile.args}
    return layouts.pop() if len(layouts) == 1 and layouts <= set(_OTHER_BYTE) else None


def _numbers(image: Image.Image) -> NDArray[Any]:
    """The numbers of a picture of more than 8 bits: uint16, int32 or float32."""
    layout = _deep_colour(image)
    if layout is not None:
        return _deep_colours(image, layout)
    image.load()
    return np.asarray(image.convert("I")).astype(np.uint16) if image.mode.startswith("I;16") else np.asarray(image)


def _deep_colours(image: Image.Image, layout: str) -> NDArray[np.uint16]:
    """uint16 (H, W, 3): decoded twice, as if the low bytes were the high ones the second time."""
    with opened(cast(io.BytesIO, getattr(image, "fp")).getvalue(), "") as again:  # noqa: B009 (not in Pillow's types)
        tiles: list[Any] = getattr(again, "tile")  # noqa: B009
        again.tile = [tile._replace(args=_with_layout(tile.args, _OTHER_BYTE[layout])) for tile in tiles]  # pyright: ignore
        low = np.asarray(again)
    numbers = np.asarray(image).astype(np.uint16)
    numbers <<= 8
    numbers |= low
    return numbers


def _with_layout(args: Any, layout: str) -> Any:
    return layout if isinstance(args, str) else (layout, *args[1:])


def _over_white(image: Image.Image) -> Image.Image:
    """Strip by strip, so that a large picture is not held four times."""
    width, height = image.size
    flat = Image.new("RGB", image.size)
    for top in range(0, height, _STRIP):
        strip = image.crop((0, top, width, min(top + _STRIP, height))).convert("RGBA")
        white = Image.new("RGBA", strip.size, "white")
        flat.paste(Image.alpha_composite(white, strip).convert("RGB"), (0, top))
    return _with_exif(flat, image)


def _with_exif(image: Image.Image, original: Image.Image) -> Image.Image:
    image.info["exif"] = original.getexif().tobytes()
    return image


def _from_array(pixels: Pixels, name: str) -> Image.Image:
    if (
        pixels.dtype != np.uint8
        or pixels.ndim not in (2, 3)
        or (pixels.ndim == 3 and pixels.shape[2] not in (1, 3))
        or 0 in pixels.shape
    ):
        raise PictureError("picture.not_pixels", name=name, dtype=str(pixels.dtype), shape=str(pixels.shape))
    return Image.fromarray(pixels[:, :, 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else np.ascontiguousarray(pixels))


def _coloured(image: Image.Image, channels: int, levels: Levels | None) -> Image.Image:
    mode = "L" if channels == 1 else "RGB"
    image = image if image.mode in ("RGB", "L") else _rgb_or_gray(image, levels)
    return image if image.mode == mode else image.convert(mode)
