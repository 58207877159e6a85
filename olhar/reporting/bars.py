"""How many pictures each class has in each part: a bar a class, or, for many classes, columns side by side."""

from collections.abc import Mapping, Sequence

import numpy as np
from PIL import Image

from olhar.base.texts import number, say
from olhar.data.dataset import Part
from olhar.reporting.display_names import bounded_apart
from olhar.reporting.sheet import BODY, HEADING, Sheet, length, pixels
from olhar.reporting.theme import Theme
from olhar.reporting.ticks import ticks

_WIDTH, _ROW, _BAR = 1040, 64, 42
_COLUMNS = 480
_GRID, _ROOM = 2, 12


def bars(parts: Mapping[Part, Sequence[int]], names: Sequence[str], theme: Theme) -> Image.Image:
    """A bar a class, its parts one after the other; a class's name stands before it."""
    shown = bounded_apart(names, 24)
    most, left = _most(parts), max(map(length, shown)) + _ROOM
    scale = ticks(0, most, 6, 1)
    plot = _WIDTH - left - length(number(most)) / 2  # the last number stands half beyond
    top = _top()
    bottom = top + _ROW * len(shown)
    sheet = _sheet(bottom + 1.6 * pixels(BODY), parts, left, theme)
    for tick in scale:
        x = left + plot * tick / most
        sheet.box(x - _GRID / 2, top, x + _GRID / 2, bottom, theme.rule)
        sheet.text((x, bottom + _ROOM), number(round(tick)), theme.quiet, anchor="ma")
    for k, name in enumerate(shown):
        middle = top + (k + 0.5) * _ROW
        sheet.text((left - _ROOM, middle), name, theme.quiet, anchor="rm")
        for colour, start, end in _pieces(parts, k, theme):
            x = left + plot * start / most + (_GRID if start else 0)
            sheet.box(x, middle - _BAR / 2, left + plot * end / most, middle + _BAR / 2, colour)
    return sheet.image


def columns(parts: Mapping[Part, Sequence[int]], theme: Theme) -> Image.Image:
    """A thin column a class, its parts one above the other, the class with most pictures first."""
    totals = np.sum(list(parts.values()), axis=0)
    order, most = np.argsort(-totals, kind="stable").tolist(), _most(parts)
    scale = ticks(0, most, 6, 1)
    left, top = max(length(number(round(tick))) for tick in scale) + _ROOM, _top()
    wide, bottom = (_WIDTH - left) / len(order), top + _COLUMNS
    sheet = _sheet(bottom + 1.8 * pixels(BODY), parts, left, theme)
    for tick in scale:
        y = bottom - _COLUMNS * tick / most
        sheet.box(left, y - _GRID / 2, _WIDTH, y + _GRID / 2, theme.rule)
        sheet.text((left - _ROOM, y), number(round(tick)), theme.quiet, anchor="rm")
    for place, k in enumerate(order):
        for colour, start, end in _pieces(parts, k, theme):
            x, each = left + place * wide, _COLUMNS / most
            sheet.box(x, bottom - end * each, max(x + wide, x + 1), bottom - start * each, colour)
    words = say("report.sorted_classes", n=len(order))
    sheet.text((left + (_WIDTH - left) / 2, bottom + _ROOM), words, theme.quiet, anchor="ma")
    return sheet.image


def _most(parts: Mapping[Part, Sequence[int]]) -> int:
    """Pictures of the class that has most."""
    return int(np.sum(list(parts.values()), axis=0).max())


def _top() -> float:
    """Where the bars begin: below the title and the legend."""
    return 1.6 * pixels(HEADING) + 1.9 * pixels(BODY)


def _sheet(height: float, parts: Mapping[Part, Sequence[int]], left: float, theme: Theme) -> Sheet:
    """A sheet with a title and the legend of the parts."""
    sheet = Sheet(_WIDTH, height, theme)
    sheet.title(say("report.panel.distribution"))
    x, y = left, _top() - 1.1 * pixels(BODY)
    for part, colour in zip(parts, theme.series, strict=False):
        text = say(f"report.part.{part}")
        sheet.box(x, y - 8, x + 36, y + 8, colour)
        sheet.text((x + 36 + _ROOM, y), text, theme.ink, anchor="lm")
        x += 36 + _ROOM + length(text) + 36
    return sheet


def _pieces(parts: Mapping[Part, Sequence[int]], k: int, theme: Theme) -> list[tuple[str, int, int]]:
    """Colour, beginning and end of each part of a class's bar."""
    ends = np.cumsum([counts[k] for counts in parts.values()]).tolist()
    return list(zip(theme.series, [0, *ends], ends, strict=False))
