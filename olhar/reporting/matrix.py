"""The confusion matrix as a picture: cells in blue and orange, with their numbers as long as they can be read."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image

from olhar.base.texts import number, say
from olhar.evaluation.metrics import Metrics
from olhar.reporting import facts
from olhar.reporting.display_names import bounded_apart
from olhar.reporting.sheet import BODY, HEADING, Sheet, length, pixels
from olhar.reporting.theme import Theme, tinted
from olhar.reporting.ticks import ticks

WRITTEN_CELLS = 25
"""Up to so many classes a confusion matrix has its numbers written in."""

NAMED_ROWS = 60
"""Up to so many classes the figures name each of them."""

_AREA = 1500
_ROOM = 14
_LONGEST, _SLANT = 28, 50
"""Letters of a name, and the degrees at which names below the matrix climb where they are wider than a cell."""


@dataclass(frozen=True)
class _Frame:
    """Where the cells lie, how large one is, the size of their type and of the names, and how deep the names reach below."""

    left: float
    top: float
    side: int
    cell: float
    type: float
    named: float
    below: float
    flat: bool


def matrix(metrics: Metrics, names: Sequence[str], theme: Theme, *, per_cent: bool) -> Image.Image:
    """Rows are the truth, columns the answer, in pictures or in per cent of each row."""
    shares, shown = facts.row_shares(metrics.confusion), bounded_apart(names, _LONGEST)
    frame = _frame(shown)
    height = frame.top + frame.side + _ROOM + frame.below + 2.2 * pixels(BODY)
    title = say("report.confusion.per_cent" if per_cent else "report.confusion.counts")
    sheet = Sheet(max(frame.left + frame.side, length(title, HEADING, bold=True)) + 2, height, theme)
    sheet.title(title)
    sheet.image.paste(_cells(tinted(facts.depth(shares), theme), frame.side), (round(frame.left), round(frame.top)))
    if len(shown) <= WRITTEN_CELLS:
        cells = shares if per_cent else metrics.confusion
        _write(sheet, frame, [[number(100 * x, 1) if per_cent else number(int(x)) for x in row] for row in cells.tolist()])
    (_name if len(shown) <= NAMED_ROWS else _count)(sheet, frame, shown)
    middle = frame.side / 2
    sheet.text((frame.left + middle, height - 0.4 * pixels(BODY)), say("report.answer"), theme.quiet, anchor="ms")
    sheet.slanted((0.7 * pixels(BODY), frame.top + middle), say("report.truth"), theme.quiet, 90)
    return sheet.image


def _frame(names: Sequence[str]) -> _Frame:
    n = len(names)
    cell = _cell(n)
    named = BODY if n <= WRITTEN_CELLS else 6.5
    widest = max(length(name, named) for name in names) if n <= NAMED_ROWS else length(number(n))
    flat = widest < 0.94 * cell or n > NAMED_ROWS
    below = pixels(BODY) if flat else widest * math.sin(math.radians(_SLANT)) + 0.6 * pixels(BODY)
    left = 1.7 * pixels(BODY) + widest + _ROOM
    return _Frame(left, 1.9 * pixels(HEADING), round(n * cell), cell, BODY if n <= 12 else 7.5, named, below, flat)


def _cell(n: int) -> float:
    """How many pixels a cell of ``n`` times ``n`` is wide: whole ones, as long as there is a pixel for each."""
    if n <= WRITTEN_CELLS:
        return 180 if n <= 3 else 122 if n <= 12 else 92
    return _AREA // n if n <= _AREA else _AREA / n


def _cells(colours: np.ndarray, side: int) -> Image.Image:
    """A square a cell; where there are more cells than pixels, each pixel is the mean of its cells."""
    picture = Image.fromarray((255 * colours).round().astype(np.uint8))
    return picture.resize((side, side), Image.Resampling.NEAREST if side >= picture.width else Image.Resampling.BOX)


def _write(sheet: Sheet, frame: _Frame, cells: Sequence[Sequence[str]]) -> None:
    nothing = ("0", number(0.0, 1))
    for row, texts in enumerate(cells):
        for column, text in enumerate(texts):
            at = (frame.left + (column + 0.5) * frame.cell, frame.top + (row + 0.5) * frame.cell)
            sheet.text(at, text, sheet.theme.quiet if text in nothing else sheet.theme.ink, frame.type, "mm")


def _name(sheet: Sheet, frame: _Frame, names: Sequence[str]) -> None:
    """Each class on both sides."""
    for k, name in enumerate(names):
        middle, below = (k + 0.5) * frame.cell, frame.top + frame.side + _ROOM
        sheet.text((frame.left - _ROOM, frame.top + middle), name, sheet.theme.quiet, frame.named, "rm")
        if frame.flat:
            sheet.text((frame.left + middle, below), name, sheet.theme.quiet, frame.named, "ma")
        else:
            sheet.slanted((frame.left + middle, below), name, sheet.theme.quiet, _SLANT, frame.named, hangs=True)


def _count(sheet: Sheet, frame: _Frame, names: Sequence[str]) -> None:
    """A number now and then, where there are too many classes to name them."""
    for tick in ticks(0, len(names) - 1, 10, 1):
        middle, text = (tick + 0.5) * frame.cell, number(round(tick))
        sheet.text((frame.left - _ROOM, frame.top + middle), text, sheet.theme.quiet, anchor="rm")
        sheet.text((frame.left + middle, frame.top + frame.side + _ROOM), text, sheet.theme.quiet, anchor="ma")
