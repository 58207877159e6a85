"""Where the pictures that a table names may lie: below its folder, among those of its part, anywhere."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from olhar.data.dataset import Part
from olhar.data.tables.parts_said import part_said


def scopes(folder: str, part: Part | None) -> Iterable[str]:
    """Where to look, the nearest first: below the table's folder, among pictures of its part, among all but other parts'."""
    if folder:
        yield f"below:{folder}/"
    if part:
        yield f"part:{part}"
        yield f"not another part:{part}"
    else:
        yield "all"


def in_scope(scope: str, paths: Sequence[str]) -> Iterable[str]:
    """Those of some paths that lie there."""
    kind, _, what = scope.partition(":")
    if kind == "below":
        return (path for path in paths if path.startswith(what))
    if kind == "part":
        return (path for path in paths if part_of_path(path) == what)
    if kind == "not another part":
        return (path for path in paths if part_of_path(path) in (None, what))
    return paths


def part_of_path(path: str) -> Part | None:
    """The part that a folder of a path says, the outermost first."""
    return _part_of_folder(path.rpartition("/")[0])


@lru_cache(4096)
def _part_of_folder(folder: str) -> Part | None:
    return next((part for step in folder.split("/") if (part := part_said(step))), None) if folder else None
