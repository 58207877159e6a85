"""The tables of a model card as Markdown, and names from outside as they may stand in it."""

import re
from collections.abc import Iterator

from olhar.base.texts import number, percent, say
from olhar.evaluation.intervals import Interval
from olhar.evaluation.metrics import Metrics
from olhar.reporting.display_names import bounded
from olhar.reporting.story import Story

_MARKS = re.compile(r"([\\`*_{}\[\]<>#|~!&])")


def plain_markdown(text: str, limit: int = 80) -> str:
    """A name from outside as it may stand in Markdown: bounded, in one line, and none of its characters a mark."""
    return _MARKS.sub(r"\\\1", bounded(text, limit))


def number_rows(story: Story, metrics: Metrics) -> Iterator[tuple[str, ...]]:
    """What the number is called, the number, and its interval, of the whole."""
    yield _share("accuracy", metrics.accuracy)
    for one in metrics.top[1:]:
        yield say("card.analysis.top", k=one.k), percent(one.accuracy.value), one.accuracy.bounds
    if metrics.balanced_accuracy is not None:
        yield say("card.analysis.balanced"), percent(metrics.balanced_accuracy), "–"
    macro = (say("card.analysis.macro_f1"), percent(metrics.macro_f1), "–")
    yield _share("macro_f1", metrics.macro.f1) if metrics.macro else macro
    yield say("card.analysis.majority"), percent(metrics.majority), "–"
    for plain in story.baselines:
        yield _share(plain.kind, plain.accuracy)
    if story.answered is not None and story.answered.accuracy is not None:
        yield _share("coverage", story.answered.coverage)
        yield _share("answered", story.answered.accuracy)
    if story.sets is not None:
        size = story.sets.size
        bounds = say("card.analysis.from_to", low=number(size.low, 2), high=number(size.high, 2))
        yield _share("sets", story.sets.coverage)
        yield say("card.analysis.set_size"), number(size.value, 2), bounds
    yield say("card.analysis.log_loss"), number(metrics.loss, 3), "–"
    if metrics.calibration is not None:
        yield say("card.analysis.brier"), number(metrics.calibration.brier, 3), "–"
        yield say("card.analysis.ece"), percent(metrics.calibration.ece), "–"


def _share(key: str, interval: Interval) -> tuple[str, ...]:
    return say(f"card.analysis.{key}"), percent(interval.value), interval.bounds


def class_table(story: Story, metrics: Metrics) -> str:
    """Precision, recall and F1 of each class, with their intervals."""
    heads = [say(f"report.{key}") for key in ("class", "precision", "recall", "f1", "support")]
    rows = (
        (
            plain_markdown(name, 40),
            _with_bounds(one.precision, one.precision_interval),
            _with_bounds(one.recall, one.recall_interval),
            _with_bounds(one.f1, one.f1_interval),
            number(one.support),
        )
        for name, one in zip(story.signature.names, metrics.by_class, strict=True)
    )
    return markdown_table(heads, rows)


def _with_bounds(value: float, interval: Interval | None) -> str:
    return f"{percent(value)} ({interval.bounds})" if interval is not None else percent(value)


def markdown_table(heads: list[str], rows: Iterator[tuple[str, ...]]) -> str:
    """A table, its numbers at the right."""
    lines = [heads, ["---", *["---:"] * (len(heads) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
