"""HEIC, as phones save photographs: opened through pi-heif where it is installed (the extra ``heic``), told by content."""

import io

from PIL import Image

_BRANDS = (b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1")


def is_heic(data: bytes) -> bool:
    """Whether encoded bytes are of the HEIF family that Pillow does not read by itself."""
    return data[4:8] == b"ftyp" and data[8:12] in _BRANDS


def open_heic(data: bytes) -> Image.Image | None:
    """A picture whose pixels are decoded when they are asked for, its size known; None where pi-heif is not installed.

    Pillow's own list of formats is left as it is.

    Raises:
        OSError, ValueError: it is damaged.
    """
    try:
        from pi_heif import HeifImageFile
    except ImportError:
        return None
    try:
        return HeifImageFile(io.BytesIO(data))
    except (RuntimeError, SyntaxError, EOFError) as error:
        raise OSError("not HEIC") from error
