"""CheckStory: what a check found, with the pictures to show, before it becomes a page."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from olhar.base.images import Pixels
from olhar.data.checks.findings import Case, Finding

MOST_LISTED = 150_000
"""Up to so many pictures the page can write their keep list; beyond, it would weigh more than a page should."""


@dataclass(frozen=True)
class ShownPicture:
    """A picture of the page.

    Attributes:
        row: its row in the dataset.
        picture: its name.
        label: index of its class; -1 where unknown.
        part: the part that the data brings for it, or ``""``.
        pixels: uint8 (H, W, C); None where it cannot be read.
    """

    row: int
    picture: str
    label: int
    part: str
    pixels: Pixels | None


@dataclass(frozen=True)
class ShownCase:
    """Pictures that stand side by side, and how many more belong to them."""

    case: Case
    pictures: tuple[ShownPicture, ...]
    more: int = 0


@dataclass(frozen=True)
class ShownFinding:
    """A finding with the first of its cases.

    Attributes:
        finding: what was found.
        cases: pictures of it.
        judged: whether each picture wants a decision; else they are examples of what was found, and nothing is wrong with one.
    """

    finding: Finding
    cases: tuple[ShownCase, ...] = ()
    judged: bool = True


@dataclass(frozen=True)
class CheckStory:
    """What a page of findings shows.

    Attributes:
        origin: what the person called the data.
        pictures: how many there are.
        classes: keys of the classes.
        names: their names to show.
        findings: what was found, worst first.
        others: checks that found nothing, or had nothing to say.
        where: the name of every picture, for the keep list that the page writes.
        labels: the class of every picture; -1 where unknown.
        contents: hex of every picture's content hash; empty where it cannot be read.
        kept: the rows that the check suggests to keep.
        made: when, ISO 8601.
        read_as: what the data was read as, in a line; empty where it was handed over.
        train: the command that learns from the data.
    """

    origin: str
    pictures: int
    classes: Sequence[str]
    names: Sequence[str]
    findings: Sequence[ShownFinding]
    others: Sequence[Finding]
    where: Sequence[str] = field(default=())
    labels: Sequence[int] = field(default=())
    contents: Sequence[str] = field(default=())
    kept: Sequence[int] = field(default=())
    made: str = ""
    read_as: str = ""
    train: str = "olhar train"

    @property
    def listed(self) -> bool:
        """Whether the page can write the keep list."""
        return 0 < len(self.where) <= MOST_LISTED

    @property
    def to_judge(self) -> int:
        """How many of the pictures shown want a decision."""
        cases = [case for shown in self.findings if shown.judged for case in shown.cases]
        return len({one.row for case in cases for one in case.pictures if one.pixels is not None})
