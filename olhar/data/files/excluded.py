"""What a person wants left out: folders and files by name, as ``.gitignore`` has them (``--exclude 'extra,raw/*.png'``)."""

import re
from collections.abc import Mapping, Sequence

from olhar.base.errors import DataError
from olhar.data import layout
from olhar.data.read_as import PassedOver, passed_over


class Excluded:
    """Patterns, and what of a listing they leave out.

    A pattern without a slash is the name of a folder or file at any depth; one with a slash is a path from the data's top. ``*``
    is any part of one name, ``?`` one letter, ``**`` any part of a path.

    Attributes:
        left_out: the names that each pattern left out of the last listing, and of those before that it goes further.
    """

    def __init__(self, patterns: str | None) -> None:
        self._patterns = {text: _regex(text) for each in (patterns or "").split(",") if (text := _plain(each))}
        self.left_out: Mapping[str, Sequence[str]] = {}

    def kept(self, names: Sequence[str], *, further: bool = False) -> list[int]:
        """The places of the names that are not left out.

        Args:
            names: a listing.
            further: it lists what the one before kept, and what that says of is looked into.
        """
        gone = {text: {place for place, name in enumerate(names) if regex.search(name)} for text, regex in self._patterns.items()}
        before = self.left_out if further else {}
        self.left_out = {text: [*before.get(text, ()), *(names[place] for place in sorted(gone[text]))] for text in gone}
        every = set[int]().union(*gone.values())
        return [place for place in range(len(names)) if place not in every]

    def require_some(self, where: str, names: Sequence[str]) -> None:
        """Each pattern leaves something out: one that does not is a slip, and what it means would be learnt.

        Raises:
            DataError: one leaves out nothing.
        """
        for text in (text for text, gone in self.left_out.items() if not gone):
            tops = sorted({name.partition("/")[0] for name in names if "/" in name}) or ["-"]
            shown = ", ".join(tops[:10]) + (", ..." if len(tops) > 10 else "")
            raise DataError("data.excluded_nothing", where=where, pattern=text, folders=shown)

    def told(self) -> list[PassedOver]:
        """What was left out, to be told."""
        told: list[PassedOver] = []
        for text, names in self.left_out.items():
            n = sum(map(layout.is_picture, names))
            if n or names:
                told.append(passed_over(text, n or len(names), "reading.why_excluded", pictures=bool(n)))
        return told


def _plain(pattern: str) -> str:
    return pattern.strip().replace("\\", "/").removeprefix("./").strip("/")


def _regex(pattern: str) -> re.Pattern[str]:
    pieces = {"**": ".*", "*": "[^/]*", "?": "[^/]"}
    body = "".join(pieces.get(piece) or re.escape(piece) for piece in re.split(r"(\*\*|\*|\?)", pattern))
    return re.compile(rf"{'^' if '/' in pattern else '(?:^|/)'}{body}(?:/|$)")
