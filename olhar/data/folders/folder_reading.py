"""FolderReading: what folders say of the pictures that are read, as the rules leave it."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from olhar.base.texts import Sentence
from olhar.data.dataset import Brought
from olhar.data.folders.derived import notes_of
from olhar.data.folders.found import Found, Place
from olhar.data.read_as import PassedOver


@dataclass(frozen=True)
class FolderReading:
    """What folders say of the pictures that are read, in the order of their names.

    Attributes:
        rows: the place of each picture in the listing.
        classes: its class, None where it is not known.
        parts: its part, ``""`` where none is said.
        groups: what it was taken of, ``""`` where nothing is said.
        others: how many other files lie there.
        passed_over: the pictures that are left alone.
        notes: what else is to be told.
        in_folders: whether folders say the classes, and not the names of files alone.
    """

    rows: tuple[int, ...]
    classes: tuple[str | None, ...]
    parts: tuple[Brought, ...]
    groups: tuple[str, ...]
    others: int
    passed_over: tuple[PassedOver, ...]
    notes: tuple[Sentence, ...]
    in_folders: bool


def told(found: Found, others: int) -> FolderReading:
    """All pictures that are read, in the order of their names."""
    table = sorted(_rows(found), key=lambda row: found.files.names[row[0]])
    apart = _apart(found)
    made = {found.files.names[row]: found.made[row] for row, _ in table if row in found.made}
    return FolderReading(
        rows=tuple(row for row, _ in table),
        classes=tuple(found.named.get(row, place.label) for row, place in table),
        parts=tuple(place.part for _, place in table),
        groups=tuple(place.group or _group(row, found, apart) for row, place in table),
        others=others,
        passed_over=tuple(found.passed_over),
        notes=(*notes_of(made), *_still_true(found.notes, found, apart)),
        in_folders=any(place.label is not None for place in found.places),
    )


def _group(row: int, found: Found, apart: Collection[str]) -> str:
    """What a picture has in common with others by its name, but for what lies in two classes."""
    group = found.made.get(row) or found.grouped.get(row, "")
    return "" if group in apart and row not in found.made else group


def _apart(found: Found) -> Collection[str]:
    """What pictures have in common by their names though these say different classes: ``001_happy``, ``001_sad``."""
    classes: dict[str, set[str]] = {}
    for row, name in found.named.items():
        classes.setdefault(found.grouped.get(row, ""), set()).add(name)
    return {group for group, names in classes.items() if len(names) > 1}


def _still_true(notes: Sequence[Sentence], found: Found, apart: Collection[str]) -> Iterator[Sentence]:
    """What is to be told, without that pictures of one name stay together where their names say different classes."""
    together = {*found.grouped.values()} - {*apart}
    return (note for note in notes if together or note.key != "reading.groups_from_names")


def _rows(found: Found) -> Iterator[tuple[int, Place]]:
    for place in found.places:
        for row in place.folder.pictures if place.alone else place.folder.rows():
            yield row, place
