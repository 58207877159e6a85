"""A look at some of the pictures: the side that a network's pictures should have, and whether all are gray."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import PictureError
from olhar.base.images import shape
from olhar.data.dataset import Dataset
from olhar.models.network_choice import ICON

_LOOK_AT = 64
_SMALLEST, _PHOTOGRAPH = 16, 96


def look(dataset: Dataset) -> tuple[int, bool]:
    """The side that the network's pictures should have, and whether all are gray, by a look at up to 64 of them.

    Icons (up to 64 pixels) keep their size, the commonest one, but are brought to 16 pixels at least, below which three
    stages have nothing left to halve; photographs become 96 pixels.
    """
    shapes: list[tuple[int, int, int]] = []
    for row in np.unique(np.linspace(0, len(dataset) - 1, _LOOK_AT).astype(int)).tolist():
        try:
            picture = dataset.read(row)
            shapes.append(shape(picture) if isinstance(picture, bytes) else _array_shape(picture))
        except PictureError:
            continue
    if not shapes:
        return _PHOTOGRAPH, False
    side = usual_side([max(height, width) for height, width, _ in shapes])
    return side, all(channels == 1 for *_, channels in shapes)


def usual_side(sides: Sequence[int]) -> int:
    """The side that pictures with these longer sides get where nobody says."""
    return max(Counter(sides).most_common(1)[0][0], _SMALLEST) if max(sides) <= ICON else _PHOTOGRAPH


def _array_shape(pixels: NDArray[Any]) -> tuple[int, int, int]:
    return pixels.shape[0], pixels.shape[1], pixels.shape[2] if pixels.ndim == 3 else 1
