"""What a person's DATA names: the files of a folder, of an archive or of a folder inside it, a file alone, or a known set."""

import os
import re
from collections.abc import Callable
from difflib import get_close_matches
from pathlib import Path, PureWindowsPath

from olhar.base.errors import DataError
from olhar.base.files import neighbours
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Dataset
from olhar.data.files.archive_file import archive_file
from olhar.data.files.archive_folder import ArchiveFolder
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files
from olhar.data.files.folder import FolderFiles
from olhar.data.formats.workbook import is_workbook_name
from olhar.data.packed_folder import within_archive
from olhar.data.sets.catalogue import SETS
from olhar.data.sets.digits import digits

_NEAR = 0.75
"""How alike names are, by difflib, of which one may be a slip for the other; ``mnist`` and ``maius`` agree by 0.6."""
_OF_A_SET = r"(e|k|q)?mnist|fashion[-_]?mnist|imagenet\w*|svhn|stl-?10|coco\w*|caltech-?\d+|food-?101|flowers-?102|celeba"
BUILT_IN: dict[str, Callable[[], Dataset]] = {"digits": digits}


def files_at(path: Path, excluded: Excluded | None = None) -> Files | None:
    """The files that a path names: of a folder, of an archive or of a folder inside it; or a file alone."""
    if path.is_dir():
        return FolderFiles.below(path, excluded)
    file = next((candidate for candidate in (path, *path.parents) if candidate.is_file()), None)
    if file is None:
        inner = within_archive(path)
        return files_at(inner, excluded) if inner != path else None
    if is_workbook_name(file.name):
        return FolderFiles.alone(file, excluded) if file == path else None
    inside = path.relative_to(file).as_posix().removeprefix(".")
    archive = archive_file(file)
    if archive is None:
        return None if inside else FolderFiles.alone(file, excluded)
    return ArchiveFolder(archive, inside, excluded) if inside or excluded else archive


def not_found(text: str, path: Path) -> DataError:
    """The refusal of a path that is not there, with what was most likely meant; or of a file that no reader understands."""
    if path.exists():
        return DataError("data.not_understood", where=path.name)
    return DataError("data.not_found", where=text, hint=_hint(text, path) or "")


def _hint(text: str, path: Path) -> Sentence | None:
    """What was most likely meant: the same in other letters, a path as Windows writes it, a name that is nearly the same."""
    names = [*BUILT_IN, *SETS, *map(os.fspath, neighbours(path))]
    same = [name for name in names if name.casefold() == text.casefold()]
    if "\\" in text and os.sep == "/" and not same:
        return sentence("data.slashes", name=PureWindowsPath(text).as_posix())
    near = same or get_close_matches(text, names, 1, _NEAR)
    if near:
        return sentence("data.did_you_mean", name=near[0])
    return sentence("data.no_such_set") if re.fullmatch(_OF_A_SET, text, re.IGNORECASE) else None


def is_here(data: str) -> bool:
    """Whether what a person once called DATA, or the archive that it lies in, can be read again, with nothing downloaded."""
    path, named = Path(data).expanduser(), SETS.get(data)
    in_archive = any(above.is_file() for above in path.parents) or within_archive(path) != path
    return path.exists() or in_archive or data in BUILT_IN or (named is not None and named.here() is not None)
