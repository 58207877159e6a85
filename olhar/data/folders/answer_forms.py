"""A form for answers beside the folders (``sample_submission.csv``): the pictures that it lists have no class here."""

import posixpath

from olhar.data.files.files import first_bytes, non_pictures
from olhar.data.folders.found import Found
from olhar.data.folders.stems import stem_of
from olhar.data.folders.tree import Folder
from olhar.data.folders.words import part_alone
from olhar.data.tables.column_names import is_form

_ENDINGS, _HEAD, _ENOUGH = (".csv", ".tsv", ".txt"), 1 << 16, 0.9


def is_asked_for(folder: Folder, found: Found) -> bool:
    """Whether a folder is called as the test part is, and a form lists its pictures."""
    if not part_alone(folder.name):
        return False
    stems = {stem_of(name) for name in found.names(folder.rows())}
    tables = [index for index in non_pictures(found.files) if found.files.names[index].lower().endswith(_ENDINGS)]
    forms = [index for index in tables if is_form(posixpath.basename(found.files.names[index]))]
    return any(_lists(first_bytes(found.files, index, _HEAD), stems) for index in forms)


def _lists(head: bytes, stems: set[str]) -> bool:
    """Whether nearly all of the first cells below a header are names of pictures."""
    cells = [line.partition(",")[0].strip(' "') for line in head.decode("utf-8", "replace").splitlines()[1:-1]]
    return len(cells) > 1 and sum(stem_of(cell) in stems for cell in cells) >= _ENOUGH * len(cells)
