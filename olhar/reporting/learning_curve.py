"""The learning curve as a picture: how right by how many pictures, with the band in which the truth lies."""

import math

from PIL import Image

from olhar.base.texts import number, percent, say
from olhar.evaluation.learning_curve import LearningCurve
from olhar.reporting.sheet import BODY, HEADING, Point, Sheet, length, pixels
from olhar.reporting.theme import LIGHT, Theme
from olhar.reporting.ticks import ticks

_WIDTH, _HEIGHT = 1040, 440
_GRID, _ROOM, _LINE, _DOT = 2, 12, 5, 9
_BAND = 0.22


def learning_curve(curve: LearningCurve, theme: Theme = LIGHT) -> Image.Image:
    """Accuracy upwards, pictures across; a dot where heads were judged, and the 95% interval as a band."""
    low, high = _range(curve)
    left, top = length(percent(1, 0)) + 2 * _ROOM, 2.1 * pixels(HEADING)
    most = curve.points[-1].pictures
    right, bottom = _WIDTH - max(length(number(most)) / 2, _DOT + _LINE), top + _HEIGHT
    sheet = Sheet(_WIDTH, bottom + 3.4 * pixels(BODY), theme)

    def at(pictures: float, share: float) -> Point:
        return left + (right - left) * pictures / most, bottom - _HEIGHT * (share - low) / (high - low)

    sheet.title(say("report.panel.learning_curve"))
    for share in ticks(low, high, 6, 0.01):
        y = at(0, share)[1]
        sheet.box(left, y - _GRID / 2, right, y + _GRID / 2, theme.rule)
        sheet.text((left - _ROOM, y), percent(share, 0), theme.quiet, anchor="rm")
    for tick in ticks(0, most, 6, 1):
        sheet.text((at(tick, low)[0], bottom + _ROOM), number(round(tick)), theme.quiet, anchor="ma")
    words = say("report.learning.axis")
    sheet.text(((left + right) / 2, bottom + 2.9 * pixels(BODY)), words, theme.quiet, anchor="ms")
    band = [at(point.pictures, point.accuracy.high) for point in curve.points]
    band += [at(point.pictures, point.accuracy.low) for point in reversed(curve.points)]
    middle = [at(point.pictures, point.accuracy.value) for point in curve.points]
    with sheet.smooth(theme.series[0], _BAND) as pen:
        pen.area(band)
    with sheet.smooth(theme.series[0]) as pen:
        pen.line(middle, _LINE)
        for point in middle:
            pen.dot(point, _DOT)
    return sheet.image


def _range(curve: LearningCurve) -> tuple[float, float]:
    """From a round share below every interval to one above, at least ten points, within 0 and 1."""
    low = min(point.accuracy.low for point in curve.points)
    high = max(point.accuracy.high for point in curve.points)
    middle, half = (low + high) / 2, max((high - low) / 2, 0.05)
    return max(0.0, math.floor(20 * (middle - half)) / 20), min(1.0, math.ceil(20 * (middle + half)) / 20)
