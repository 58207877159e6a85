"""A picture -> the network's size: three fits, and one rule for the pixels that gives the same ones under every Pillow.

The rule is ``triangle-horizontal-first``: a triangle filter, as wide as the picture shrinks (Pillow's BILINEAR), along the
rows and then along the columns, rounded to 8 bits after each. Each is a call of its own: one call for both chooses the order
by the picture's shape, the other order rounds otherwise, and the choice has changed (Pillow 12.2 and 13.0, its pull requests
9524 and 9549). A picture that is more than a hundred times as high as wide, and gets lower, goes along its columns first, as
in Pillow 12.2: widened first, a single column of 50 million pixels would take gigabytes.
"""

import math

from PIL import Image

from olhar.base.signature import Fit

_TOWER = 100
"""How many times as high as wide a picture is at most to go along its rows first."""

_TRIANGLE = Image.Resampling.BILINEAR

_Size = tuple[int, int]
_Box = tuple[float, float, float, float]


def fitted(image: Image.Image, size: _Size, fit: Fit) -> Image.Image:
    """A picture, RGB or gray (mode L), at a height and width.

    Args:
        image: of any size.
        size: height and width asked for, in pixels.
        fit: ``stretch``, ``crop`` (the middle) or ``pad`` (black bars).
    """
    height, width = size
    if image.size == (width, height):
        return image
    if fit == "pad":
        return _padded(image, (width, height))
    box = _middle(image.size, width / height) if fit == "crop" else (0, 0, *image.size)
    return _resampled(image, (width, height), box)


def _middle(size: _Size, aspect: float) -> _Box:
    """The largest box of an aspect (width over height) in the middle of a picture."""
    width, height = size
    w, h = (height * aspect, float(height)) if width / height > aspect else (float(width), width / aspect)
    return (width - w) / 2, (height - h) / 2, (width + w) / 2, (height + h) / 2


def _padded(image: Image.Image, size: _Size) -> Image.Image:
    """The whole picture in the middle of black; however narrow it is, a line of it is left."""
    inner = _within(image.size, size)
    picture = _resampled(image, inner, (0, 0, *image.size))
    if inner == size:
        return picture
    bars = Image.new(image.mode, size)
    bars.paste(picture, (round((size[0] - inner[0]) / 2), round((size[1] - inner[1]) / 2)))
    return bars


def _within(size: _Size, bounds: _Size) -> _Size:
    """The largest size of a picture's own shape within bounds."""
    if size[0] / size[1] > bounds[0] / bounds[1]:
        return bounds[0], max(1, round(size[1] / size[0] * bounds[0]))
    return max(1, round(size[0] / size[1] * bounds[1])), bounds[1]


def _resampled(image: Image.Image, size: _Size, box: _Box) -> Image.Image:
    """The part of a picture that lies in a box, at a width and height."""
    width, height = size
    left, top, right, bottom = box
    if image.height > _TOWER * image.width and height < image.height:
        return _along_rows(_along_columns(image, height, top, bottom), width, left, right)
    reach = max(1.0, (bottom - top) / height)
    first, last = max(0, math.floor(top - reach)), min(image.height, math.ceil(bottom + reach))
    if last - first == image.height:
        return _along_columns(_along_rows(image, width, left, right), height, top, bottom)
    narrow = _along_rows(image.crop((0, first, image.width, last)), width, left, right)
    # Back in the rows' own places: counted from another row, the filter's weights could differ in their last digit.
    return _along_columns(narrow.crop((0, -first, width, image.height - first)), height, top, bottom)


def _along_rows(image: Image.Image, width: int, left: float, right: float) -> Image.Image:
    return image.resize((width, image.height), _TRIANGLE, (left, 0, right, image.height))


def _along_columns(image: Image.Image, height: int, top: float, bottom: float) -> Image.Image:
    return image.resize((image.width, height), _TRIANGLE, (0, top, image.width, bottom))
