"""Class and file names as a page may show them: visible, bounded, and unable to turn the text around them."""

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from olhar.base.texts import visible

LIMIT = 32
FULL_LIMIT = 500

_LINE = 140
"""So many letters stand side by side on a page."""

_UNDERSCORES, _WORDS = re.compile("_+"), re.compile(r"[\s_-]+")
_BETWEEN_WORDS = " _-./"


@dataclass(frozen=True)
class DisplayName:
    """A name from outside. A template that prints it gets HTML that is escaped, bounded, and isolated from its neighbours.

    Attributes:
        full: the name.
        apart: its bounded form among others, where there are any that it must not be taken for.
    """

    full: str
    apart: str = ""

    @property
    def plain(self) -> str:
        """The bounded form, as text: for attributes and pictures."""
        return self.apart or bounded(self.full, LIMIT)

    def __html__(self) -> str:
        whole = bounded(self.full, FULL_LIMIT)
        title = f' title="{escape(whole)}"' if whole != self.plain else ""
        shown = _UNDERSCORES.sub(r"\g<0><wbr>", escape(self.plain))
        return f"<bdi{title}>{shown}</bdi>"


def display_names(names: Sequence[str]) -> list[DisplayName]:
    """Names of one set, in its order, whose bounded forms stay apart."""
    return [DisplayName(name, apart) for name, apart in zip(names, bounded_apart(names, LIMIT), strict=True)]


def upright(names: Sequence[DisplayName]) -> bool:
    """Whether the heads of a table with a row and a column a name have to stand: their longest word is too wide to lie."""
    word = max((len(word) for name in names for word in _WORDS.split(name.plain)), default=0)
    return max((len(name.plain) for name in names), default=0) + len(names) * (word + 2) > _LINE


def bounded_apart(names: Sequence[str], limit: int) -> list[str]:
    """Each name bounded as text is; those that would look alike are cut in the middle, up to where they part."""
    shown = [visible(name) for name in names]
    cut = [bounded(name, limit) for name in names]
    alike = [k for k, times in enumerate(map(Counter(cut).get, cut)) if times != 1 and cut[k] != shown[k]]
    for k, parts in _partings([(shown[k], k) for k in alike]):
        cut[k] = _cut_before(shown[k], parts, limit)
    return _numbered(cut, alike, limit)


def _partings(names: Sequence[tuple[str, int]]) -> list[tuple[int, int]]:
    """Of each name, by its place, how far it is the same as the one that is most like it: a neighbour in the order of names."""
    order = sorted(names)
    same = [0, *(_shared(one, other) for (one, _), (other, _) in pairwise(order)), 0]
    return [(k, max(same[at], same[at + 1])) for at, (_, k) in enumerate(order)]


def _shared(one: str, other: str) -> int:
    """How many letters two texts begin with alike."""
    return next((k for k, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def _cut_before(text: str, parts: int, limit: int) -> str:
    """The beginning of a text, and the word in which it parts from another; of a very long word what stands there."""
    parts = min(parts, len(text) - 1)
    word = 1 + max(text.rfind(mark, 0, parts) for mark in _BETWEEN_WORDS)
    room = limit - 1 - limit // 3
    start = word if parts - word < room - 1 else parts
    while unicodedata.category(text[start]) in ("Mn", "Mc", "Cf"):
        start -= 1
    return bounded(f"{_whole_letters(text[: limit - 1 - min(room, len(text) - start)])}…{text[start:]}", limit)


def _numbered(cut: list[str], alike: Sequence[int], limit: int) -> list[str]:
    """What looks alike even so has a number behind it."""
    times = Counter(cut)
    for number, k in enumerate(alike, start=1):
        if times[cut[k]] > 1:
            mark = f" ({number})"
            cut[k] = bounded(cut[k], limit - len(mark)) + mark
    return cut


def bounded(text: str, limit: int) -> str:
    """``text`` with control characters shown, and an ellipsis where it is longer than ``limit`` characters."""
    shown = visible(text)
    return shown if len(shown) <= limit else f"{_whole_letters(shown[: limit - 1])}…"


def path_end(path: str, limit: int) -> str:
    """The end of a path, cut between its steps where it is longer than ``limit`` characters; the name alone is cut as text is."""
    steps = path.split("/")
    while len(steps) > 1 and len("/".join(steps)) > limit - 2:
        steps = steps[1:]
    shown = "/".join(steps)
    return bounded(shown if shown == path else f"…/{shown}", limit)


def label(index: int, names: Sequence[DisplayName]) -> DisplayName:
    """The name of class ``index``, or a dash where it is not known."""
    return names[index] if 0 <= index < len(names) else DisplayName("–")


def _whole_letters(text: str) -> str:
    """Text without a joiner left hanging at its end, where it was cut."""
    return text.rstrip("\u200c\u200d").rstrip()
