"""A Comparison as one HTML page that opens with no network and runs no script: verdict, classes, the pictures that differ."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from olhar.base.html import Html
from olhar.base.images import Pixels
from olhar.base.texts import Sentence, say
from olhar.evaluation.compare.comparison import Comparison
from olhar.evaluation.compare.comparison_lines import lines
from olhar.evaluation.compare.pair_comparison import ClassDifference, PairComparison
from olhar.evaluation.compare.paired import points
from olhar.evaluation.compare.verdicts import chance_text, verdict
from olhar.reporting.display_names import DisplayName, bounded
from olhar.reporting.html_text import day_text, html_sentence
from olhar.reporting.page import environment

if TYPE_CHECKING:
    from jinja2 import Template

MOST_CLASSES = 200
"""Of more classes, those that differ most are shown."""

_ROOM = 1.12
"""The scale is so much longer than the interval."""
_NAMES = frozenset({"first", "second", "better", "other", "where"})
"""The values of sentences that are names from outside."""


@dataclass(frozen=True)
class DifferenceBar:
    """An interval on its scale from one's favour to the other's, in per cent of the width; 50 is no difference."""

    low: float
    high: float
    point: float

    @classmethod
    def of(cls, pair: PairComparison) -> "DifferenceBar":
        """Of two contenders; the scale reaches as far as the interval does."""
        difference = pair.difference
        reach = _ROOM * max(abs(difference.low), abs(difference.high), 1e-9)
        low, high, point = (50 + 50 * value / reach for value in (difference.low, difference.high, difference.value))
        return cls(low, high, point)


def render_comparison(comparison: Comparison, pictures: Sequence[int], pixels: Mapping[int, Pixels], made: str) -> str:
    """The comparison as one HTML page in the language in use.

    Args:
        comparison: what came of it.
        pictures: the rows of those to show of the pictures that are answered differently.
        pixels: row -> the picture, uint8 (H, W, C), of those that are at hand.
        made: when, ISO 8601.
    """
    names = [DisplayName(one.name) for one in comparison.contenders]
    return _template().render(
        comparison=comparison,
        names=names,
        title=bounded(" / ".join(one.name for one in comparison.contenders), 80),
        verdicts=[_html(verdict(comparison.contenders, pair)) for pair in comparison.pairs],
        lines=[_html(line) for line in lines(comparison)],
        bars=[DifferenceBar.of(pair) for pair in comparison.pairs],
        beside={pair.second: pair for pair in comparison.pairs},
        classes=[_shown_classes(pair) for pair in comparison.pairs],
        shown=list(pictures),
        differing=len(comparison.differing),
        unseen=sum(row not in pixels for row in pictures),
        pixels=pixels,
        made=made,
        day=day_text(made),
        say=html_sentence,
        text=say,
        points=points,
        chance=chance_text,
        class_name=lambda index: DisplayName(comparison.name_of(comparison.classes[index])),
        key_name=lambda key: DisplayName(comparison.name_of(key)),
        tone=_tone,
    )


def _html(sentence: Sentence) -> Html:
    values = {name: DisplayName(str(value)) if name in _NAMES else value for name, value in sentence.values.items()}
    told = html_sentence(sentence.key, **values)
    return _with_command(told) if sentence.key == "compare.about_models" else told


def _with_command(told: Html) -> Html:
    """The command at the end of a sentence, which holds no name, on a line of its own: it can be taken whole."""
    said, _, command = told.rpartition(": ")
    return Html(f'{said}: <code class="command">{command}</code>')


def _shown_classes(pair: PairComparison) -> Sequence[ClassDifference]:
    if len(pair.by_class) <= MOST_CLASSES:
        return pair.by_class
    return sorted(pair.by_class, key=lambda one: (one.p, -abs(one.difference.value)))[:MOST_CLASSES]


def _tone(one: ClassDifference) -> str:
    """Which word says how the second stands to the first."""
    if not one.difference.told:
        return "open"
    return "better" if one.difference.value > 0 else "worse"


@cache
def _template() -> "Template":
    return environment().get_template("compare.html")
