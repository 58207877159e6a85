"""What the rules have found so far: where each picture belongs, what was passed over, and what is to be told."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought
from olhar.data.files.files import Files
from olhar.data.folders.tree import Folder
from olhar.data.read_as import PassedOver, passed_over

_NAMED = 4


@dataclass(frozen=True)
class Place:
    """A folder whose pictures belong together: their part, class (None: unknown) and group (``""``: none).

    ``alone``: only the pictures right in it are meant, not those below.
    """

    folder: Folder
    part: Brought = ""
    label: str | None = None
    group: str = ""
    alone: bool = False


@dataclass
class Found:
    """What is known of a listing while rules are at work on its tree.

    Attributes:
        files: the listing; rules that look into pictures read through it.
        said: whether a person says what the levels of folders are.
        places: where pictures belong.
        passed_over: what was left alone, and why.
        notes: what else is to be told.
        named: pictures whose own names say their class, by their place in the listing.
        made: pictures made from others, and those, with the path of the one they were made from, without its ending.
        grouped: pictures beside others that are of the same thing, by their names, and what they have in common.
    """

    files: Files
    said: bool = False
    places: list[Place] = field(default_factory=list[Place])
    passed_over: list[PassedOver] = field(default_factory=list[PassedOver])
    notes: list[Sentence] = field(default_factory=list[Sentence])
    named: dict[int, str] = field(default_factory=dict[int, str])
    made: dict[int, str] = field(default_factory=dict[int, str])
    grouped: dict[int, str] = field(default_factory=dict[int, str])

    def names(self, rows: Iterable[int]) -> list[str]:
        """The names of some files."""
        return [self.files.names[i] for i in rows]

    def original_names(self, rows: Iterable[int]) -> list[str]:
        """The names of some files, of pictures made from others those of the originals."""
        return [f"{self.made[i]}.jpg" if i in self.made else self.files.names[i] for i in rows]

    def pass_over(self, folder: Folder, why: str, place: str = "", **values: Any) -> None:
        """Leave all pictures of a folder alone."""
        self.passed_over.append(passed_over(place or folder.path, folder.count, why, **values))

    def pass_over_loose(self, folder: Folder) -> None:
        """Leave the pictures right in a folder alone: few of them lie beside folders of classes."""
        if folder.pictures:
            n, first = len(folder.pictures), self.files.names[folder.pictures[0]]
            where = first if n == 1 else f"{folder.path}/*".lstrip("/")
            self.passed_over.append(passed_over(where, n, "reading.why_loose"))
            folder.pictures = []

    @property
    def has_masks(self) -> bool:
        """Whether masks were passed over."""
        return any(place.why.key == "reading.why_masks" for place in self.passed_over)

    def note(self, key: str, /, **values: Any) -> None:
        """Something to be told, once."""
        if (told := sentence(key, **values)) not in self.notes:
            self.notes.append(told)


def counted(counts: Iterable[tuple[str, int]]) -> str:
    """Names with their counts, the first few: ``apple 20, pear 18, ...``."""
    pairs = list(counts)
    return ", ".join(f"{name} {n}" for name, n in pairs[:_NAMED]) + (", ..." if len(pairs) > _NAMED else "")


def listed(names: Sequence[str]) -> str:
    """Names, the first few."""
    return ", ".join(names[:_NAMED]) + (", ..." if len(names) > _NAMED else "")


def reading_of(folder: Folder, classes: Iterable[Folder], **options: str) -> Reading:
    """The reading that a folder gives, its classes with their counts."""
    what = sentence("reading.way", classes=counted((kid.name, kid.count) for kid in classes))
    return Reading(what, folder.path, options)


def together(tops: Sequence[Folder], of: Folder, layout: str) -> Reading:
    """The reading that joins the classes of several folders."""
    counts: dict[str, int] = {}
    for top in tops:
        for kid in top.kids:
            counts[kid.name] = counts.get(kid.name, 0) + kid.count
    return Reading(sentence("reading.way", classes=counted(sorted(counts.items()))), of.path, {"layout": layout})
