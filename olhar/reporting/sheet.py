"""A sheet on which a figure is drawn by Pillow, in a theme's colours: texts, boxes, lines, and its end as a PNG.

Matplotlib takes a second to be imported and a quarter of one a figure; what consists of boxes and words needs none of it.
"""

import io
import math
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from typing import Any

from PIL import Image, ImageDraw, ImageOps

from olhar.reporting.theme import LIGHT, Theme
from olhar.reporting.typeface import fitting

DPI = 200
BODY, HEADING = 9.5, 11.0
"""Sizes of type, in points."""

_FINE = 4
"""Lines are drawn so many times larger and made smaller, which smooths them."""

Point = tuple[float, float]


def pixels(points: float) -> float:
    """Points of type as pixels of a sheet."""
    return points * DPI / 72


def length(text: str, size: float = BODY, *, bold: bool = False) -> float:
    """How many pixels a line of text is long."""
    font, writable = fitting(text, pixels(size), bold=bold)
    return float(font.getlength(writable))


class Sheet:
    """A figure in the making; places are pixels from the upper left corner."""

    def __init__(self, width: float, height: float, theme: Theme) -> None:
        self.theme = theme
        self.image = Image.new("RGB", (math.ceil(width), math.ceil(height)), theme.paper)
        self._pen = ImageDraw.Draw(self.image)

    def title(self, text: str) -> None:
        """The title at the left edge, where the page's text stands."""
        self.text((0, pixels(HEADING)), text, self.theme.ink, HEADING, "ls", bold=True)

    def text(self, at: Point, text: str, colour: str, size: float = BODY, anchor: str = "ls", *, bold: bool = False) -> None:
        """A line of text; ``anchor`` in Pillow's letters."""
        font, writable = fitting(text, pixels(size), bold=bold)
        self._pen.text(at, writable, font=font, fill=colour, anchor=anchor)

    def slanted(self, at: Point, text: str, colour: str, angle: float, size: float = BODY, *, hangs: bool = False) -> None:
        """Text that climbs at so many degrees, its middle at ``at``; where it ``hangs``, its end."""
        font, writable = fitting(text, pixels(size))
        mask = Image.new("L", (math.ceil(font.getlength(writable)) + 2, math.ceil(1.6 * pixels(size))))
        ImageDraw.Draw(mask).text((1, mask.height / 2), writable, font=font, fill=255, anchor="lm")
        turned = mask.rotate(angle, Image.Resampling.BICUBIC, expand=True)
        along, turn = mask.width / 2 if hangs else 0, math.radians(angle)
        middle = (at[0] - along * math.cos(turn), at[1] + along * math.sin(turn))
        corner = (round(middle[0] - turned.width / 2), round(middle[1] - turned.height / 2))
        self.image.paste(colour, corner, turned)

    def box(self, left: float, top: float, right: float, bottom: float, colour: str | tuple[int, ...]) -> None:
        """A filled box; its right and lower edge are not part of it."""
        if round(right) > round(left) and round(bottom) > round(top):
            self._pen.rectangle((round(left), round(top), round(right) - 1, round(bottom) - 1), fill=colour)

    @contextmanager
    def smooth(self, colour: str, opacity: float = 1.0) -> Generator["Smooth"]:
        """Lines and areas with soft edges, in one colour."""
        mask = Image.new("L", (self.image.width * _FINE, self.image.height * _FINE))
        yield Smooth(ImageDraw.Draw(mask), round(255 * opacity))
        self.image.paste(colour, (0, 0), mask.reduce(_FINE))


class Smooth:
    """A pen whose lines and areas have soft edges."""

    def __init__(self, pen: Any, ink: int) -> None:
        self._pen, self._ink = pen, ink

    def line(self, points: Sequence[Point], width: float) -> None:
        """A line from point to point."""
        self._pen.line(_finer(points), fill=self._ink, width=round(width * _FINE), joint="curve")

    def area(self, points: Sequence[Point]) -> None:
        """What the points enclose."""
        self._pen.polygon(_finer(points), fill=self._ink)

    def dot(self, at: Point, radius: float) -> None:
        """A round dot."""
        self._pen.circle(_finer([at])[0], radius * _FINE, fill=self._ink)


def _finer(points: Sequence[Point]) -> list[Point]:
    return [(x * _FINE, y * _FINE) for x, y in points]


def framed(image: Image.Image) -> Image.Image:
    """A figure that stands alone: with some paper around it."""
    return ImageOps.expand(image.convert("RGB"), DPI // 8, LIGHT.paper)


def png(image: Image.Image) -> bytes:
    """A picture as PNG: quickly written, and a little larger than it might be."""
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=6)
    return file.getvalue()
