"""What is measured of pictures: gray thumbnails, a layout of colours, and how bright, plain, colourful and blurred each is."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.images import Pixels

SIDE, SHARP_SIDE, LAYOUT = 32, 64, 4
"""Sides of the thumbnail, of the picture that sharpness is measured on, and of the colour layout."""

FACTS: Any = np.dtype(
    [
        ("height", "<i4"),
        ("width", "<i4"),
        ("turned", "u1"),
        ("stored_gray", "?"),
        ("mean", "<f4"),
        ("deviation", "<f4"),
        ("chroma", "<f4"),
        ("stray", "<f4"),
        ("blur", "<f4"),
    ]
)
"""A row a picture: height and width once upright; EXIF orientation (1: none); whether the file says that it is gray; of 0..255,
mean and standard deviation of the gray picture, mean distance between its strongest and its weakest channel, and how far its
channels stray from a straight line over the gray picture (near 0: gray, or gray with one tint over all); blur of 0..1 (NaN where
it cannot be told)."""

_PLAIN, _REACH = 3.0, 9


@dataclass(frozen=True)
class Measurements:
    """What was measured of n pictures: ``gray`` (n, 32, 32), ``colour`` (n, 4, 4, 3), and the measured columns of FACTS."""

    gray: Pixels
    colour: Pixels
    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]
    chroma: NDArray[np.float32]
    stray: NDArray[np.float32]
    blur: NDArray[np.float32]


def side_to_measure(height: int, width: int) -> int:
    """The side at which a picture is measured: 64, or 32 where it has no 64 pixels to be sharp with."""
    return SHARP_SIDE if min(height, width) >= SHARP_SIDE else SIDE


def measure(pixels: Pixels) -> Measurements:
    """Measure pictures of one size.

    Args:
        pixels: uint8 RGB (n, S, S, 3), S 32 or 64.
    """
    gray = _gray(pixels)
    deviation = gray.std(axis=(1, 2))
    sharp = pixels.shape[1] == SHARP_SIDE
    blur = blur_effect(gray) if sharp else np.full(len(gray), np.nan, np.float32)
    return Measurements(
        gray=_rounded(_shrunk(gray, SIDE)),
        colour=_rounded(np.stack([_shrunk(pixels[..., c].astype(np.float32), LAYOUT) for c in range(3)], axis=-1)),
        mean=gray.mean(axis=(1, 2)),
        deviation=deviation,
        chroma=_chroma(pixels),
        stray=_stray(pixels, gray),
        blur=np.where(deviation >= _PLAIN, blur, np.nan).astype(np.float32),
    )


def blur_effect(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """How blurred pictures are, 0 (sharp) to 1: how little they change when blurred once more.

    A picture's differences between neighbours are compared with those of its copy under a mean of nine pixels, along each
    axis; the more blurred axis counts (Crete, Dolmiere, Ladret, Nicolas: "The blur effect", SPIE 6492, 2007).

    Args:
        gray: float32 (n, S, S), 0..255.
    """
    return np.maximum(_blur_down(gray), _blur_down(np.ascontiguousarray(gray.transpose(0, 2, 1))))


def _blur_down(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    own = np.abs(np.diff(gray, axis=1))
    lost = np.maximum(own - _steps_of_means(gray), 0).sum(axis=(1, 2), dtype=np.float64)
    total = own.sum(axis=(1, 2), dtype=np.float64)
    return ((total - lost) / np.maximum(total, 1e-6)).astype(np.float32)


def _steps_of_means(gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """By how much means of nine rows differ from the next ones, (n, S - 1, S): by what comes in less what goes out."""
    half = _REACH // 2
    widths: Any = ((0, 0), (half, half), (0, 0))  # NumPy's own type for them is not settled
    padded = np.pad(gray, widths, mode="edge")
    steps: NDArray[np.float32] = np.abs(padded[:, _REACH:] - padded[:, :-_REACH])
    return steps / np.float32(_REACH)


def _chroma(pixels: Pixels) -> NDArray[np.float32]:
    """Mean distance between the strongest and the weakest channel. NumPy's own maximum of three numbers a row is slow."""
    red, green, blue = (pixels[..., c] for c in range(3))
    strongest, weakest = np.maximum(np.maximum(red, green), blue), np.minimum(np.minimum(red, green), blue)
    return (strongest - weakest).mean(axis=(1, 2), dtype=np.float32)


def _stray(pixels: Pixels, gray: NDArray[np.float32]) -> NDArray[np.float32]:
    """Standard deviation of the channel that follows the gray picture worst, once its best straight line is away."""
    level = (gray - gray.mean(axis=(1, 2), keepdims=True)).reshape(len(gray), -1)
    power = np.maximum(np.einsum("nd,nd->n", level, level), 1e-3 * level.shape[1])
    channels = (pixels[..., c].reshape(level.shape).astype(np.float32) for c in range(3))
    return np.max([_beside(channel, level, power) for channel in channels], axis=0)


def _beside(channel: NDArray[np.float32], level: NDArray[np.float32], power: NDArray[np.float32]) -> NDArray[np.float32]:
    channel = channel - channel.mean(axis=1, keepdims=True)
    return (channel - level * (np.einsum("nd,nd->n", level, channel) / power)[:, None]).std(axis=1)


def _gray(pixels: Pixels) -> NDArray[np.float32]:
    """ITU-R 601 luma, as in ``base.images``."""
    return pixels.astype(np.float32) @ np.array([0.299, 0.587, 0.114], np.float32)


def _shrunk(gray: NDArray[np.float32], side: int) -> NDArray[np.float32]:
    """Means of square blocks."""
    n, block = len(gray), gray.shape[1] // side
    return gray.reshape(n, side, block, side, block).mean(axis=(2, 4))


def _rounded(values: NDArray[np.float32]) -> Pixels:
    return np.clip(values + 0.5, 0, 255).astype(np.uint8)
