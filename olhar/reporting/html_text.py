"""Sentences, days and values as the page writes them: in the language in use, and safe to stand in HTML."""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from html import escape
from typing import Any

from olhar.base.html import Html
from olhar.base.texts import has_sentence, number, percent, say
from olhar.reporting.display_names import DisplayName, bounded
from olhar.reporting.facts import Panel
from olhar.reporting.trust import Decimals


def day_text(when: str) -> str:
    """A day as the language writes it; the text itself where it is not ISO 8601."""
    try:
        day = datetime.fromisoformat(when)
    except ValueError:
        return bounded(when, 40)
    return say("report.date", day=str(day.day), month=say(f"report.month.{day.month}"), year=str(day.year))


def report_sentence(key: str, /, **values: Any) -> Html:
    """The sentence under ``report.KEY`` as HTML; a ``DisplayName`` among the values stays isolated from the words around it."""
    return html_sentence(f"report.{key}", **values)


def html_sentence(key: str, /, **values: Any) -> Html:
    """The sentence under ``key``, of any room, as HTML; see ``report_sentence``."""
    names = [value for value in values.values() if isinstance(value, DisplayName)]
    marks = iter(range(len(names)))
    plain = {name: f"\ue000{next(marks)}\ue001" if isinstance(v, DisplayName) else _written(v) for name, v in values.items()}
    sentence = escape(say(key, **plain))
    return Html(re.sub("\ue000(\\d+)\ue001", lambda mark: names[int(mark[1])].__html__(), sentence))


def _written(value: Any) -> Any:
    """A value as ``say`` may have it: none looks like the mark of a name."""
    if isinstance(value, Decimals):
        return number(value.value, value.places)
    return str(value).replace("\ue000", "\ufffd") if isinstance(value, str) else value


def setting(value: Any) -> str:
    """A value of a recipe or an environment, as text of bounded length."""
    if isinstance(value, bool):
        return say("report.yes" if value else "report.no")
    if isinstance(value, (int, float)):
        return number(value)
    if isinstance(value, Mapping):
        return ", ".join(f"{bounded(str(key), 40)}: {setting(item)}" for key, item in value.items())
    if isinstance(value, Iterable) and not isinstance(value, str):
        return ", ".join(setting(item) for item in value)
    return bounded(str(value), 200) or "–"


def decimals(values: Iterable[float]) -> str:
    """Numbers beside each other: the language's decimal mark, no more places than they need."""
    return "; ".join(number(float(f"{value:.4g}")) for value in values)


def signed(points: float) -> str:
    """Percentage points with their sign and one place; a true minus."""
    rounded = round(points, 1)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{number(abs(rounded), 1)}"


def curve_alt(panel: Panel) -> str:
    """What a panel says to somebody who does not see it: its values at the kept epoch."""
    values = (
        say("report.curve.alt_value", name=name, value=percent(value) if panel.share else decimals([value]))
        for name, value in panel.at_kept()
    )
    return say("report.curve.alt", title=panel.title, values="; ".join(values))


def environment_key(key: str) -> str:
    """What a key of the environment is called."""
    return say(f"report.environment.{key}") if has_sentence(f"report.environment.{key}") else bounded(key, 40)


def environment_value(key: str, value: Any) -> str:
    """A value of the environment; a time in hours, minutes and seconds."""
    return duration(float(value)) if key == "seconds" and re.fullmatch(r"\d+(\.\d+)?", str(value)) else setting(value)


def duration(seconds: float) -> str:
    """``571.3`` is ``9 min 31 s``; the units are the same in every language."""
    hours, rest = divmod(round(seconds), 3600)
    parts = ((hours, "h"), (rest // 60, "min"), (rest % 60, "s"))
    return " ".join(f"{number(n)}\u00a0{unit}" for n, unit in parts if n) or "0\u00a0s"
