"""Folders beside each other that may be parts, each with the classes in it."""

from dataclasses import dataclass

from olhar.data.dataset import Part
from olhar.data.folders.tree import Folder, content, few
from olhar.data.folders.words import is_container, part_said


@dataclass(frozen=True)
class Side:
    """A folder that may be a part.

    Attributes:
        folder: as it lies there.
        part: of which its name speaks; None: of none.
        inner: what it holds once wrappers are off.
        classes: the folders of classes in it; none where its pictures lie in none.
    """

    folder: Folder
    part: Part | None
    inner: Folder
    classes: tuple[Folder, ...]

    @property
    def names(self) -> set[str]:
        """The names of its classes."""
        return {kid.name for kid in self.classes}


def sides_of(root: Folder) -> list[Side]:
    """Each folder with its classes; a single flat folder is a class where another folder has it too, else a wrapper."""
    inner = [content(kid) for kid in root.kids]
    several = {kid.name for folder in inner if len(folder.folders) > 1 for kid in folder.kids}
    several |= {name.casefold() for name in several}
    return [_side(folder, within, several) for folder, within in zip(root.kids, inner, strict=True)]


def _side(folder: Folder, inner: Folder, elsewhere: set[str]) -> Side:
    classes = _classes(inner, elsewhere)
    wrapped = not classes and not inner.pictures and len(inner.folders) == 1
    return Side(folder, part_said(folder.name), inner.kids[0] if wrapped else inner, classes)


def _classes(inner: Folder, elsewhere: set[str]) -> tuple[Folder, ...]:
    if len(inner.folders) == 1 and inner.kids[0].flat:
        only = inner.kids[0]
        known = only.name in elsewhere or only.name.casefold() in elsewhere
        return (only,) if known or not (is_container(only.name) or only.name == inner.name) else ()
    return tuple(inner.kids) if few(len(inner.pictures), inner.count) else ()
