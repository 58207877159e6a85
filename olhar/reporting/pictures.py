"""Pixels as pictures that a page carries in itself: written by Pillow from the array, so that nothing else travels along."""

import base64
import io

from PIL import Image

from olhar.base.images import Pixels

LOSSLESS_SIDE = 64
"""Up to this side a picture is kept to the bit, and shown with its pixels seen."""

THUMBNAIL_SIDE = 128


def png_uri(png: bytes) -> str:
    """A PNG as a data URI."""
    return f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}"


def picture_uri(pixels: Pixels) -> str:
    """A picture, uint8 (H, W, C), as a WebP data URI: exact when it is small, else at most 128 pixels a side."""
    image = to_image(pixels)
    exact = small(pixels)
    if not exact:
        image.thumbnail((THUMBNAIL_SIDE, THUMBNAIL_SIDE))
    file = io.BytesIO()
    image.save(file, "WEBP", lossless=exact, quality=90 if exact else 78, method=2)
    return f"data:image/webp;base64,{base64.b64encode(file.getvalue()).decode('ascii')}"


def small(pixels: Pixels) -> bool:
    """Whether a picture is shown pixel by pixel."""
    return max(pixels.shape[:2]) <= LOSSLESS_SIDE


def to_image(pixels: Pixels) -> Image.Image:
    """uint8 (H, W), (H, W, 1) or (H, W, 3) as a Pillow picture in gray or RGB."""
    return Image.fromarray(pixels[..., 0] if pixels.ndim == 3 and pixels.shape[2] == 1 else pixels)
