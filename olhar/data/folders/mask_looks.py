"""What masks look like, and two pictures of the same: sixteen are opened where names prove nothing."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from olhar.base.errors import OlharError
from olhar.base.picture_bounds import PIXEL_LIMIT, refuse_costly
from olhar.base.picture_files import damages, opened
from olhar.data.folders.found import Found

LOOKED_AT = 16
"""So many pairs are opened."""
_MOST = 0.9
_TONES, _COVER = 8, 0.97
_SIDE = 96
_THUMBNAIL, _NEAR = 8, 12.0


def look_like_masks(pairs: Sequence[tuple[int, int]], found: Found, *, coloured: bool = False) -> bool:
    """Whether sixteen of the first are of fewer tones than their partners, and of a few; false where none can be opened.

    Args:
        pairs: a mask perhaps, and the picture of the same name.
        found: through which they are read.
        coloured: whether the tones may be colours; else they are grays.
    """
    seen = [(_looks(first, found, coloured), _looks(second, found, coloured)) for first, second in _some(pairs)]
    votes = [first > (second or 0) for first, second in seen if first is not None and first != second]
    return bool(votes) and sum(votes) > _MOST * len(votes) and len(votes) >= len(seen) / 2


def look_alike(pairs: Sequence[tuple[int, int]], found: Found) -> bool:
    """Whether sixteen pairs are one picture each, of whatever size and ending: eight by eight grays that hardly differ."""
    votes: list[bool] = []
    for first, second in _some(pairs):
        one, other = _opened(first, found), _opened(second, found)
        if one is not None and other is not None:
            votes.append(float(np.abs(_thumbnail(one) - _thumbnail(other)).mean()) < _NEAR)
    return bool(votes) and sum(votes) > _MOST * len(votes)


def _some(pairs: Sequence[tuple[int, int]]) -> Sequence[tuple[int, int]]:
    return pairs[:: max(1, len(pairs) // LOOKED_AT)][:LOOKED_AT]


def _opened(row: int, found: Found) -> Image.Image | None:
    """A picture; None where it cannot be opened, or is larger than pictures may be."""
    try:
        data = found.files.read(row)
        image = refuse_costly(opened(data, ""), data, "", PIXEL_LIMIT)
        with damages(""):
            image.load()
    except OlharError:
        return None
    return image


def _thumbnail(image: Image.Image) -> NDArray[np.float64]:
    """Grays of 0 to 255, shape (8, 8)."""
    if image.has_transparency_data:
        over = Image.new("RGBA", image.size, "white")
        image = Image.alpha_composite(over, image.convert("RGBA"))
    return np.asarray(image.convert("L").resize((_THUMBNAIL, _THUMBNAIL), Image.Resampling.BOX), dtype=np.float64)


def _looks(row: int, found: Found, coloured: bool) -> int | None:
    """Whether a picture is of a few tones: 2 where they are exact, 1 where they are near each other; None: not to be opened."""
    image = _opened(row, found)
    if image is None:
        return None
    palette = image.mode in ("P", "1")
    pixels = np.asarray(image.convert("RGB"))
    pixels = pixels[:: max(1, len(pixels) // _SIDE), :: max(1, pixels.shape[1] // _SIDE)].reshape(-1, 3).astype(int)
    gray = coloured or palette or bool((np.ptp(pixels, axis=1) <= 8).mean() > _COVER)
    return int(_few_tones(pixels // 16)) + int(_few_tones(pixels)) if gray else 0


def _few_tones(pixels: NDArray[np.int_]) -> bool:
    """Whether eight colours are nearly all of it; pixels of shape (N, 3)."""
    n = np.sort(np.unique(pixels, axis=0, return_counts=True)[1])[::-1]
    return bool(n[:_TONES].sum() >= _COVER * len(pixels))
