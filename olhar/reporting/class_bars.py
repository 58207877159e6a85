"""F1 of each class as a bar with its 95% interval: the table of the classes as a picture."""

from collections.abc import Sequence

from PIL import Image

from olhar.base.texts import percent, say
from olhar.evaluation.metrics import Metrics
from olhar.reporting.display_names import bounded_apart
from olhar.reporting.sheet import BODY, HEADING, Sheet, length, pixels
from olhar.reporting.theme import Theme, rgb

MOST = 40
"""So many classes are drawn: of more, those of the weakest F1."""

_WIDTH, _ROW, _BAR = 1040, 52, 30
_ROOM, _LINE = 12, 3


def class_bars(metrics: Metrics, names: Sequence[str], theme: Theme) -> Image.Image:
    """The classes in their order; of very many the weakest, weakest first."""
    order = list(range(len(names)))
    if len(order) > MOST:
        order = sorted(order, key=lambda k: metrics.by_class[k].f1)[:MOST]
    shown = bounded_apart([names[k] for k in order], 24)
    left, right = max(map(length, shown)) + _ROOM, length(percent(1)) + 2 * _ROOM
    plot, top = _WIDTH - left - right, 1.6 * pixels(HEADING)
    sheet = Sheet(_WIDTH, top + _ROW * len(order) + 1.6 * pixels(BODY), theme)
    pale = tuple(round(255 * value) for value in (rgb(theme.series[0]) + rgb(theme.paper)) / 2)
    sheet.title(say("report.panel.class_f1"))
    for tenth in range(0, 11, 2):
        x = left + plot * tenth / 10
        sheet.box(x - 1, top, x + 1, top + _ROW * len(order), theme.rule)
        sheet.text((x, top + _ROW * len(order) + _ROOM), percent(tenth / 10, 0), theme.quiet, anchor="ma")
    for row, (k, name) in enumerate(zip(order, shown, strict=True)):
        one, middle = metrics.by_class[k], top + (row + 0.5) * _ROW
        sheet.text((left - _ROOM, middle), name, theme.quiet, anchor="rm")
        sheet.box(left, middle - _BAR / 2, left + plot * one.f1, middle + _BAR / 2, pale)
        if one.f1_interval is not None:
            low, high = left + plot * one.f1_interval.low, left + plot * one.f1_interval.high
            sheet.box(low, middle - _LINE / 2, high, middle + _LINE / 2, theme.ink)
            for end in (low, high):
                sheet.box(end - _LINE / 2, middle - _BAR / 3, end + _LINE / 2, middle + _BAR / 3, theme.ink)
        sheet.text((_WIDTH, middle), percent(one.f1), theme.ink, anchor="rm")
    return sheet.image
