"""Class and file names as a page may show them: visible, bounded, and unable to turn the text around them."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from olhar.base.texts import visible

LIMIT = 32
FULL_LIMIT = 500


@dataclass(frozen=True)
class DisplayName:
    """A name from outside. A template that prints it gets HTML that is escaped, bounded, and isolated from its neighbours."""

    full: str

    @property
    def plain(self) -> str:
        """The bounded form, as text: for attributes and pictures."""
        return bounded(self.full, LIMIT)

    def __html__(self) -> str:
        whole = bounded(self.full, FULL_LIMIT)
        title = f' title="{escape(whole)}"' if whole != self.plain else ""
        return f"<bdi{title}>{escape(self.plain)}</bdi>"


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
