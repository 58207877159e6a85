"""A list of the folders that are classes, however deep they lie: ``ClassName.txt`` with ``/a/abbey`` and ``/c/church/indoor``."""

import posixpath
import re
from collections.abc import Sequence

from olhar.base.errors import OlharError
from olhar.data.files.files import first_bytes
from olhar.data.folders.found import Found, Place
from olhar.data.folders.tree import Folder

_ENDINGS = (".txt", ".lst", ".list")
_LARGEST, _MOST_LISTS = 1 << 20, 16
_ENOUGH = 0.9
_NUMBERED = re.compile(r"(\S+)\s+\d+")


def listed_classes(root: Folder, others: Sequence[int], found: Found) -> list[Place] | None:
    """The classes that one of some ``others`` lists, a path a line, where nearly all pictures lie in those folders.

    Paths of one step alone are names, which the folders say themselves. A step of one letter in front is an index.
    """
    folders = {folder.path: folder for folder in root.walk()}
    for index in [index for index in others if found.files.names[index].lower().endswith(_ENDINGS)][:_MOST_LISTS]:
        paths = _paths(found, index)
        for above in dict.fromkeys((posixpath.dirname(found.files.names[index]), root.path, "")):
            meant = [folders.get(f"{above}/{path}".strip("/")) for path in paths]
            places = [Place(folder, "", _name(path)) for folder, path in zip(meant, paths, strict=True) if folder is not None]
            if places and len(places) >= _ENOUGH * len(paths) and _covered(places) >= _ENOUGH * root.count:
                found.note("reading.listed_classes", place=found.files.names[index])
                return places
    return None


def _paths(found: Found, index: int) -> list[str]:
    """The lines of a list as paths; none where one is no path of two steps, or says something else beside."""
    try:
        text = first_bytes(found.files, index, _LARGEST).decode("utf-8-sig")
    except (OlharError, UnicodeDecodeError):
        return []
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and all(numbered := [_NUMBERED.fullmatch(line) for line in lines]):
        lines = [match[1] for match in numbered if match is not None]
    paths = [line.replace("\\", "/").strip("/") for line in lines]
    fine = len(paths) > 1 and len({*paths}) == len(paths) and all("/" in path for path in paths)
    return paths if fine else []


def _name(path: str) -> str:
    """``church_indoor`` of ``c/church/indoor``."""
    steps = path.split("/")
    return "_".join(steps[1:] if len(steps[0]) == 1 else steps)


def _covered(places: Sequence[Place]) -> int:
    """How many pictures lie in the folders; none where one lies in another."""
    paths = {place.folder.path for place in places}
    nested = any(path[:cut] in paths for path in paths for cut, letter in enumerate(path) if letter == "/")
    return 0 if nested else sum(place.folder.count for place in places)
