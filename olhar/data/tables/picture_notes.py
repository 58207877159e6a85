"""Files that tell of one picture each, as one table: they are found by their names, tried, and read where their form is known.

``a.json`` and ``a.txt`` tell of ``a.jpg`` beside them; ``ann/a.jpg.json`` tells of ``img/a.jpg``.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from olhar.data.files.files import Files, listing
from olhar.data.tables.lookup import once
from olhar.data.tables.many_names import without_ending
from olhar.data.tables.note_forms import Form, Note, labelme, named_text, one_word, supervisely
from olhar.data.tables.scopes import part_of_path
from olhar.data.tables.tool_rows import Row, labelled, one_class

LONGEST = 1 << 16
"""So many bytes of a file are read; a longer one, but for a picture within it, is taken for damaged."""
_ENOUGH, _TRIED = 0.5, 32
_FORMS: Mapping[str, Sequence[Form]] = {".json": (labelme, supervisely), ".txt": (named_text, one_word)}
_MARKS_FOLDER = re.compile(r"(^|/)ann(?=/[^/]*$)")


@dataclass(frozen=True)
class Notes:
    """Files of one form.

    Attributes:
        form: how one is read.
        ending: that of their names.
        pictures: the picture that each tells of.
    """

    form: Form
    ending: str
    pictures: Mapping[int, str]

    @property
    def first(self) -> int:
        """The file that stands for all of them."""
        return next(iter(self.pictures))

    @property
    def name(self) -> str:
        """What to call all of them."""
        return f"*{self.ending}"


def find_notes(files: Files, pictures: Sequence[str]) -> Notes | None:
    """The files that tell of one picture each; None where there are fewer than half as many, or where some that are tried are
    of no form that says classes.
    """
    others = listing(files).others
    for ending, forms in _FORMS.items():
        some = [index for index in others if files.names[index].lower().endswith(ending)]
        if len(some) < _ENOUGH * len(pictures) or not pictures:
            continue
        told = _told_of(files, some, ending, pictures)
        tried = [*told][:: len(told) // _TRIED + 1]
        for form in forms if len(told) >= _ENOUGH * len(pictures) else ():
            said = [form(files.head(index, LONGEST), told[index]) for index in tried]
            if len(tried) < 2 * sum(note is not None for note in said) and _say_classes(said):
                return Notes(form, ending, told)
    return None


def note_rows(files: Files, notes: Notes) -> list[Row]:
    """A row a picture that has a class, with its part by what is said or by its folder; none where more have marks than classes.

    Raises:
        DataError: a picture has several classes.
    """
    said = {index: notes.form(files.head(index, LONGEST), picture) for index, picture in notes.pictures.items()}
    if not _say_classes(said.values()):
        return []
    rows = [(files.names[index], notes.pictures[index], note) for index, note in said.items() if note is not None]
    return labelled(
        [
            {"path": path, "label": one_class(note.classes, path, where), "split": note.part or part_of_path(path)}
            for where, path, note in rows
        ]
    )


def _say_classes(said: Collection[Note | None]) -> bool:
    """Whether some pictures have classes, and no more have marks."""
    found = [note for note in said if note is not None]
    return sum(note.marked for note in found) <= sum(bool(note.classes) for note in found) > 0


def _told_of(files: Files, indices: Sequence[int], ending: str, pictures: Sequence[str]) -> Mapping[int, str]:
    """The picture that each of some files tells of by its name; those that tell of none are left out."""
    whole = {path: path for path in pictures}
    bare = dict(once([*map(without_ending, pictures)], pictures))
    names = {index: _MARKS_FOLDER.sub(r"\1img", files.names[index][: -len(ending)]) for index in indices}
    return {index: path for index, name in names.items() if (path := whole.get(name) or bare.get(name))}
