"""PictureNames: which picture a cell of a table names: by its path, without its ending, or as it was called elsewhere."""

import posixpath
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from olhar.data import layout
from olhar.data.dataset import Part
from olhar.data.files.files import Files
from olhar.data.tables.parts_said import part_said

ENOUGH = 0.9
"""A column names pictures where so many of its first cells do."""
_LOOKED_AT = 1000
_DEEPEST = 8
_AMBIGUOUS = ""

Find = Callable[[str], str]


@dataclass(frozen=True)
class Match:
    """How the cells of a column name pictures.

    Attributes:
        find: the picture that a cell names, ``""`` where there is none.
        share: how many of the first cells name one, 0 to 1.
        cut: what was cut off the front of every cell, for it does not exist here.
        moved: whether pictures lie elsewhere than the cells say: below, or without what was cut off.
    """

    find: Find
    share: float
    cut: str = ""
    moved: bool = False


class PictureNames:
    """The pictures of the data by name; found by what a table calls them. Nothing outside the data is ever looked at."""

    def __init__(self, files: Files) -> None:
        self.paths = [name for name in files.names if layout.is_picture(name) and not layout.hidden(name)]
        self._tails: dict[tuple[str, int, bool], Mapping[str, str]] = {}

    @cached_property
    def known(self) -> frozenset[str]:
        """All paths."""
        return frozenset(self.paths)

    def match(self, cells: Sequence[str], folder: str, part: Part | None, *, far: bool) -> Match | None:
        """How ``cells`` name pictures: in the table's own folder, from the data's top, or by the ends of their paths.

        Args:
            cells: of one column; the first thousand are looked up.
            folder: the table's own.
            part: which part the table is of, by its name; pictures of another part are not meant.
            far: whether to look for the ends of paths anywhere, or for whole paths.

        Returns:
            The first way by which nine in ten of the cells name one picture each; None where there is none.
        """
        sample = _sample(cells)
        ways = self._far(sample, shared_folders(cells), folder, part) if far else self._near(sample, folder)
        return next((match for match in ways if match.share >= ENOUGH), None) if sample and self.paths else None

    def best(self, cells: Sequence[str], folder: str, part: Part | None) -> Match | None:
        """The way by which most cells name a picture, however few; None where none does."""
        sample = _sample(cells)
        if not sample or not self.paths:
            return None
        ways = [*self._near(sample, folder), *self._far(sample, shared_folders(cells), folder, part)]
        best = max(ways, key=lambda match: match.share)
        return best if best.share else None

    def _near(self, sample: Sequence[str], folder: str) -> Iterable[Match]:
        for above in dict.fromkeys((folder, "")):
            for find in (self._exactly(above), self._without_ending(above)):
                yield Match(find, _share(find, sample), moved=above != folder)

    def _far(self, sample: Sequence[str], shared: Sequence[str], folder: str, part: Part | None) -> Iterable[Match]:
        for n_cut in range(len(shared) + 1):
            cut = "/".join(shared[:n_cut])
            for scope in self._scopes(folder, part):
                for bare in (False, True):
                    find = self._by_tail(scope, cut, bare)
                    yield Match(find, _share(find, sample), cut, moved=True)

    def _scopes(self, folder: str, part: Part | None) -> Iterable[str]:
        """Where to look, the nearest first: below the table's folder, among pictures of its part, among all but other parts'."""
        if folder:
            yield f"below:{folder}/"
        if part:
            yield f"part:{part}"
            yield f"not another part:{part}"
        else:
            yield "all"

    def _exactly(self, folder: str) -> Find:
        start = f"{folder}/" if folder else ""

        def find(cell: str) -> str:
            path = start + cell
            return path if path in self.known else self._composed.get(path, "")

        return find

    @cached_property
    def _composed(self) -> Mapping[str, str]:
        """Paths whose names are not in Unicode's NFC form, by that form."""
        return {unicodedata.normalize("NFC", path): path for path in self.paths if not path.isascii()}

    def _without_ending(self, folder: str) -> Find:
        start = f"{folder}/" if folder else ""
        return lambda cell: self._by_stem.get(start + cell, "")

    @cached_property
    def _by_stem(self) -> Mapping[str, str]:
        return _once((posixpath.splitext(path)[0], path) for path in self.paths)

    def _by_tail(self, scope: str, cut: str, bare: bool) -> Find:
        n = len(cut) + 1 if cut else 0

        def find(cell: str) -> str:
            rooted = cell.lstrip("/")
            if n and not rooted.startswith(cut + "/"):
                return ""
            tail = rooted[n:]
            depth = tail.count("/") + 1
            if depth > _DEEPEST:
                return ""
            key = without_ending(tail).casefold() if bare else tail
            return self._tail_table(scope, depth, bare).get(key, "")

        return find

    def _tail_table(self, scope: str, depth: int, bare: bool) -> Mapping[str, str]:
        key = (scope, depth, bare)
        if key not in self._tails:
            paths = self._in_scope(scope)
            tails = ((_tail(path, depth), path) for path in paths if path.count("/") >= depth - 1)
            bared = ((without_ending(tail).casefold(), path) for tail, path in tails) if bare else tails
            self._tails[key] = _once(bared)
        return self._tails[key]

    def _in_scope(self, scope: str) -> Iterable[str]:
        kind, _, what = scope.partition(":")
        if kind == "below":
            return (path for path in self.paths if path.startswith(what))
        if kind == "part":
            return (path for path in self.paths if part_of_path(path) == what)
        if kind == "not another part":
            return (path for path in self.paths if part_of_path(path) in (None, what))
        return self.paths


def plain_path(cell: str) -> str:
    """A cell as a relative path of this machine's form: ``.\\a\\b.png`` is ``a/b.png``."""
    text = cell.strip().replace("\\", "/")
    if "./" in text or "//" in text:
        text = posixpath.normpath(text) if text else text
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def without_ending(path: str) -> str:
    """A path without an ending that pictures have."""
    stem, ending = posixpath.splitext(path)
    return stem if ending.lower() in _ENDINGS else path


def _sample(cells: Sequence[str]) -> list[str]:
    return [plain_path(cell) for cell in cells[:_LOOKED_AT]]


def shared_folders(cells: Sequence[str]) -> list[str]:
    """The folders that all paths open with."""
    low, high = plain_path(min(cells, default="")), plain_path(max(cells, default=""))
    return posixpath.commonprefix([low, high]).lstrip("/").split("/")[:-1]


@lru_cache(4096)
def _part_of_folder(folder: str) -> Part | None:
    return next((part for step in folder.split("/") if (part := part_said(step))), None) if folder else None


def part_of_path(path: str) -> Part | None:
    """The part that a folder of a path says, the outermost first."""
    return _part_of_folder(path.rpartition("/")[0])


def _share(find: Find, sample: Sequence[str]) -> float:
    return sum(1 for cell in sample if cell and find(cell)) / len(sample)


def _once(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A table of what has one name alone; a name that two bear stands for neither."""
    table: dict[str, str] = {}
    for key, path in pairs:
        if table.setdefault(key, path) != path:
            table[key] = _AMBIGUOUS
    return table


def _tail(path: str, depth: int) -> str:
    """The last ``depth`` steps of a path."""
    return "/".join(path.rsplit("/", depth)[-depth:])


_ENDINGS = layout.SUFFIXES | {".dcm", ".dicom", ".raw"}
