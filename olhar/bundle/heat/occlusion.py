"""Occlusion: what is said for a class where a part of the picture is covered (Zeiler and Fergus 2014, arXiv 1311.2901).

A square of a quarter of each side goes over the picture in steps of half of it, 49 places in all, and blurs what is there: a
plain square would be a thing of its own. Each cell of the 8 by 8 keeps the mean of the squares that cover it.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from olhar.base.images import Pixels

CELLS = 8

Evidence = Callable[[Pixels], NDArray[np.float32]]
"""Pictures, uint8 (N, H, W, C) -> what is said for each class, (N, K)."""


def occlusion_map(evidence: Evidence, picture: Pixels, of: int) -> NDArray[np.float32]:
    """How much less is said for a class where each part is covered.

    Args:
        evidence: asks the model.
        picture: uint8 (H, W, C).
        of: the class.

    Returns:
        float32 (8, 8), fewer where the picture has fewer pixels; above 0 where covering it takes away what speaks for the class.
    """
    rows, columns = (_edges(side) for side in picture.shape[:2])
    places = [(i, j) for i in range(len(rows) - 2) for j in range(len(columns) - 2)] or [(0, 0)]
    blurred = _blurred(picture)
    shown = np.repeat(picture[None], len(places) + 1, axis=0)
    for covered, (i, j) in zip(shown[1:], places, strict=True):
        part = slice(rows[i], rows[min(i + 2, len(rows) - 1)]), slice(columns[j], columns[min(j + 2, len(columns) - 1)])
        covered[part] = blurred[part]
    said = evidence(shown)[:, of]
    return _means(said[0] - said[1:], places, (len(rows) - 1, len(columns) - 1))


def _edges(side: int) -> list[int]:
    """Where the cells of a side begin, and where the last one ends."""
    return np.linspace(0, side, min(CELLS, side) + 1).round().astype(int).tolist()


def _blurred(picture: Pixels) -> Pixels:
    """The picture without what is smaller than the square."""
    radius = max(picture.shape[:2]) / CELLS
    image = Image.fromarray(picture[..., 0] if picture.shape[2] == 1 else picture)
    return np.asarray(image.filter(ImageFilter.GaussianBlur(radius))).reshape(picture.shape)


def _means(drops: NDArray[np.float32], places: list[tuple[int, int]], size: tuple[int, int]) -> NDArray[np.float32]:
    """Of each cell the mean over the squares that cover it."""
    total, count = np.zeros(size, np.float32), np.zeros(size, np.float32)
    for drop, (i, j) in zip(drops, places, strict=True):
        total[i : i + 2, j : j + 2] += drop
        count[i : i + 2, j : j + 2] += 1
    return total / count
