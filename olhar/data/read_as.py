"""What was read: parts, classes, what was passed over and why, as one line for a person and as data."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from olhar.base.texts import Sentence, sentence

_SHOWN = 4
"""So many places that were passed over are named; the rest is counted."""
_OF_NAMES = ("table.names_beside", "table.names_classes")
"""Notes of a file that has names to show."""


@dataclass(frozen=True)
class PassedOver:
    """Pictures or other files that were seen and left alone.

    Attributes:
        place: the folder or file, as seen from the data; ``*`` stands for several of a level.
        n: how many pictures (or files, where ``why`` speaks of files).
        why: what they are, with the number: "12 pictures without a class".
        pictures: whether they are pictures.
        files: the names of files that are no pictures, where these are all that is meant; they are kept nowhere.
    """

    place: str
    n: int
    why: Sentence
    pictures: bool = True
    files: Sequence[str] = field(default=(), repr=False, compare=False)

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``, its reason in the language in use."""
        return {"place": self.place, "n": self.n, "pictures": self.pictures, "why": str(self.why)}


def passed_over(
    place: str, n: int, why: str, /, *, pictures: bool = True, files: Sequence[str] = (), **values: Any
) -> PassedOver:
    """``n`` pictures at ``place``, and why: the key of a sentence that counts them, and its values."""
    return PassedOver(place, n, sentence(why, n=n, **values), pictures, files)


@dataclass(frozen=True)
class ReadAs:
    """What data was read as.

    Attributes:
        parts: those that the data brings, in order; empty where the split is ours to make.
        classes: how many there are.
        groups: how many groups of pictures stay together by the data's own say; 0 where nothing is said.
        passed_over: what was left alone, pictures first.
        notes: what a person should know of how it was read.
        data: what the person typed; it is kept nowhere.
    """

    parts: tuple[str, ...] = ()
    classes: int = 0
    groups: int = 0
    passed_over: tuple[PassedOver, ...] = ()
    notes: tuple[Sentence, ...] = ()
    data: str = field(default="", compare=False)

    def __bool__(self) -> bool:
        return bool(self.classes or self.passed_over or self.notes)

    @property
    def n_passed_over(self) -> int:
        """How many pictures were passed over."""
        return sum(place.n for place in self.passed_over if place.pictures)

    def named(self) -> "ReadAs":
        """The same where names to show are given: without the note of a file that has some."""
        return replace(self, notes=tuple(note for note in self.notes if note.key not in _OF_NAMES))

    def sentence(self) -> Sentence:
        """One line: "read as: 2 parts (train, test), 3 classes; seg_pred (12 pictures without a class) passed over"."""
        pieces = [self._what()]
        if self.passed_over:
            pieces.append(sentence("reading.passed_over", places=_places(self.passed_over)))
        return sentence("reading.line", what=joined("reading.and", [*pieces, *self.notes]))

    def _what(self) -> Sentence:
        what = sentence("reading.classes", n=self.classes) if self.classes else sentence("reading.no_classes")
        if self.parts:
            parts = joined("reading.list", [sentence(f"train.part_{part}") for part in self.parts])
            what = sentence("reading.parts", parts=parts, classes=what, n=len(self.parts))
        return sentence("reading.groups", what=what, n=self.groups) if self.groups else what

    def __str__(self) -> str:
        return str(self.sentence())

    def statement(self) -> str:
        """The line as a sentence that stands among others on a page: with a capital and a full stop."""
        line = str(self).rstrip(".")
        return f"{line[:1].upper()}{line[1:]}."

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``: numbers and places, and the line in the language in use."""
        return {
            "line": str(self),
            "parts": list(self.parts),
            "classes": self.classes,
            "groups": self.groups,
            "passed_over": [place.to_dict() for place in self.passed_over],
            "notes": [str(note) for note in self.notes],
        }

    def to_record(self) -> dict[str, Any]:
        """The form that a run keeps: its sentences can be said in another language."""
        places = [{"place": p.place, "n": p.n, "pictures": p.pictures, "why": p.why.to_dict()} for p in self.passed_over]
        notes = [note.to_dict() for note in self.notes]
        numbers = {"parts": list(self.parts), "classes": self.classes, "groups": self.groups}
        return numbers | {"passed_over": places, "notes": notes}

    @classmethod
    def from_record(cls, stored: Mapping[str, Any]) -> "ReadAs":
        """What ``to_record`` gave; nothing where a run is from before there was one."""
        if not stored:
            return cls()
        places = [PassedOver(p["place"], p["n"], Sentence.from_dict(p["why"]), p["pictures"]) for p in stored["passed_over"]]
        notes = [Sentence.from_dict(note) for note in stored["notes"]]
        return cls(tuple(stored["parts"]), stored["classes"], stored["groups"], tuple(places), tuple(notes))


def _places(passed_over: Sequence[PassedOver]) -> Sentence:
    named = [sentence("reading.place", place=p.place, why=p.why) if p.place else p.why for p in passed_over[:_SHOWN]]
    if rest := len(passed_over) - _SHOWN:
        named += [sentence("reading.more_places", n=rest)] if rest > 0 else []
    return joined("reading.list", named)


def joined(key: str, sentences: Sequence[Sentence]) -> Sentence:
    """Sentences as one: ``key`` says what stands between two."""
    return reduce(lambda first, then: sentence(key, first=first, then=then), sentences)
