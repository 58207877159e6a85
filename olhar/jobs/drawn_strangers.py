"""Pictures that the program draws itself and that are of nobody's classes: whether a finished model tells strangers at all.

Writing, shapes, coloured noise and smooth colours, always the same. They are far from photographs and drawings that people sort
into classes; what resembles a class is told less often, and no number of them says how often.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

EACH = 8
"""So many of each kind."""

_Drawing = NDArray[np.float64]
_Draw = Callable[[np.random.Generator, _Drawing, _Drawing], _Drawing]


def drawn_strangers(height: int, width: int, channels: int) -> NDArray[np.uint8]:
    """uint8 (N, height, width, channels)."""
    rng = np.random.default_rng(0)
    rows, columns = np.mgrid[0 : 1 : height * 1j, 0 : 1 : width * 1j][..., None]
    drawn = [draw(rng, rows, columns) for draw in (_writing, _shapes, _noise, _smooth) for _ in range(EACH)]
    pictures = np.clip(np.stack(drawn), 0, 255)
    return np.round(pictures if channels == pictures.shape[3] else pictures.mean(axis=3, keepdims=True)).astype(np.uint8)


def _writing(rng: np.random.Generator, rows: _Drawing, columns: _Drawing) -> _Drawing:
    """Dark strokes of many lengths in lines on light paper."""
    lines, letters = int(rng.integers(6, 12)), int(rng.integers(16, 30))
    ink = rng.random((lines, letters)) < 0.6
    of_line, of_letter = (rows * lines % lines).astype(int) % lines, (columns * letters).astype(int) % letters
    dark = ink[of_line, of_letter] & (rows * lines % 1 > 0.45)
    return np.where(dark, rng.uniform(0, 60, 3), rng.uniform(225, 255, 3))


def _shapes(rng: np.random.Generator, rows: _Drawing, columns: _Drawing) -> _Drawing:
    """Discs and boxes of plain colours on a plain ground."""
    drawn = np.broadcast_to(rng.uniform(0, 255, 3), (*rows.shape[:2], 3))
    for _ in range(int(rng.integers(3, 8))):
        down, across, size = rng.uniform((0, 0, 0.08), (1, 1, 0.3)).tolist()
        away = np.abs(rows - down), np.abs(columns - across)
        inside = np.hypot(*away) < size if rng.random() < 0.5 else np.maximum(*away) < size
        drawn = np.where(inside, rng.uniform(0, 255, 3), drawn)
    return drawn


def _noise(rng: np.random.Generator, rows: _Drawing, columns: _Drawing) -> _Drawing:
    """Each dot by chance."""
    return rng.uniform(0, 255, (rows.shape[0], columns.shape[1], 3))


def _smooth(rng: np.random.Generator, rows: _Drawing, columns: _Drawing) -> _Drawing:
    """One colour that passes into another."""
    first, second = rng.uniform(0, 255, (2, 3))
    down, across = rng.uniform(0, 1, 2)
    share = (down * rows + across * columns) / (down + across)
    return first + (second - first) * share
