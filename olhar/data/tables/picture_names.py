"""PictureNames: which picture a cell of a table names: by its path, without its ending, or as it was called elsewhere."""

import posixpath
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from functools import cached_property, lru_cache, partial
from itertools import chain, repeat
from typing import Literal

from olhar.data import layout
from olhar.data.dataset import Part
from olhar.data.files.files import MOST_OTHERS, Files, listing
from olhar.data.folders.found import Found
from olhar.data.folders.masks import pass_over_masks
from olhar.data.folders.tree import tree_of
from olhar.data.folders.words import is_mask_name
from olhar.data.read_as import PassedOver
from olhar.data.tables.many_names import bare_names, ends_of, without_ending, without_front
from olhar.data.tables.parts_said import part_said

ENOUGH = 0.9
"""A column names pictures where so many of its first cells do."""
_LOOKED_AT = 1000
_DEEPEST = 8
_TRIED, _BEGINNING = 100, 4096

Find = Callable[[Sequence[str]], list[str]]
How = Literal["whole", "end", "bare", "doubled"]
WAYS: tuple[How, ...] = ("whole", "end", "bare", "doubled")
"""How cells may name pictures, the surest first: by whole paths; by the ends of paths; by those whatever their endings and case;
and the same where pictures lie there several times over, of which the first is taken."""


@dataclass(frozen=True)
class Match:
    """How the cells of a column name pictures.

    Attributes:
        find: the picture that each of some plain paths names, ``""`` where there is none.
        share: how many of the first cells name one, 0 to 1.
        cut: what was cut off the front of every cell, for it does not exist here.
        moved: whether pictures lie elsewhere than the cells say: below, or without what was cut off.
        doubled: whether pictures lie there several times over, of which the first is taken.
        partial: whether only some of the pictures that the table names are meant to be here: the rows of others are left out.
    """

    find: Find
    share: float
    cut: str = ""
    moved: bool = False
    doubled: bool = False
    partial: bool = False


class PictureNames:
    """The pictures of the data by name; found by what a table calls them. Nothing outside the data is ever looked at.

    Attributes:
        files: all that there is.
        paths: the pictures.
        folders: those that pictures lie right in.
        masks: what is to be told of masks of other pictures, which no table means.
        others: where other files stand, as ``files.non_pictures`` gives them.
    """

    def __init__(self, files: Files) -> None:
        rows, others, self._endings = listing(files)
        self.files, self.others = files, others[:MOST_OTHERS]
        self.paths = [files.names[row] for row in rows] if len(rows) < len(files.names) else files.names
        self.folders = {path.rpartition("/")[0] for path in self.paths}
        masks, self.masks = _masks(files, self.paths, self.folders)
        if masks:
            self.paths = [path for path in self.paths if path not in masks]
        self._tails: dict[tuple[str, int, How], Mapping[str, str]] = {}
        self._some: tuple[AbstractSet[str], bool, Sequence[str]] | None = None

    @cached_property
    def _known(self) -> AbstractSet[str]:
        """All paths."""
        return frozenset(self.paths)

    @cached_property
    def _composed(self) -> Mapping[str, str]:
        """Paths that are not in Unicode's NFC form, by that form."""
        if "".join(self.paths).isascii():
            return {}
        return {unicodedata.normalize("NFC", path): path for path in self.paths if not path.isascii()}

    def match(self, cells: Sequence[str], folder: str, part: Part | None, how: How) -> Match | None:
        """How ``cells`` name pictures: in the table's own folder, from the data's top, or by the ends of their paths.

        Args:
            cells: of one column; the first thousand are looked up.
            folder: the table's own.
            part: which part the table is of, by its name; pictures of another part are not meant.
            how: whether to look for whole paths, for the ends of paths anywhere, or for those whatever their endings and case.

        Returns:
            The first way by which nine in ten of the cells name one picture each; None where there is none.
        """
        sample = plain_paths(cells[:_LOOKED_AT])
        if not sample or not self.paths:
            return None
        ways = self._near(sample, folder) if how == "whole" else self._far(sample, shared_folders(cells), folder, part, how)
        return next((match for match in ways if match.share >= ENOUGH), None)

    def best(self, cells: Sequence[str], folder: str, part: Part | None) -> Match | None:
        """The way by which most cells name a picture, however few; None where none does."""
        sample = plain_paths(cells[:_LOOKED_AT])
        if not sample or not self.paths:
            return None
        shared = shared_folders(cells)
        far = (self._far(sample, shared, folder, part, how) for how in WAYS[1:])
        ways = [*self._near(sample, folder), *chain.from_iterable(far)]
        best = max(ways, key=lambda match: match.share)
        return best if best.share else None

    def ambiguous(self, cells: Sequence[str]) -> bool:
        """Whether the names of most cells are each borne by several pictures."""
        names = {without_ending(cell.rpartition("/")[2]).casefold() for cell in plain_paths(cells[:_LOOKED_AT]) if cell}
        borne = Counter(name for tail in self._names if (name := without_ending(tail).casefold()) in names)
        return bool(names) and sum(n > 1 for n in borne.values()) >= ENOUGH * len(names)

    def _near(self, sample: Sequence[str], folder: str) -> Iterable[Match]:
        """In the table's own folder, then from the data's top; as it stands, then with one of the endings that are here."""
        for above in dict.fromkeys((folder, "")):
            find = partial(self._below, f"{above}/" if above else "")
            yield Match(find, _share(find, sample), moved=above != folder)

    def _below(self, start: str, cells: Sequence[str]) -> list[str]:
        paths = [start + cell for cell in cells]
        if len(paths) > _LOOKED_AT:
            return _completed(paths, self._known, self._endings, self._composed)
        wanted = {*paths, *(path + ending for path in paths for ending in self._endings)}
        return _completed(paths, wanted.intersection(self.paths), self._endings, self._composed)

    def _far(self, sample: Sequence[str], shared: Sequence[str], folder: str, part: Part | None, how: How) -> Iterable[Match]:
        """By the ends of paths, of which ever more is cut off in front that all share; near pictures first."""
        for n_cut in range(len(shared) + 1):
            cut = "/".join(shared[:n_cut])
            for scope in _scopes(folder, part):
                find = self._by_tail(scope, cut, how)
                yield Match(find, _share(find, sample), cut, moved=True, doubled=how == "doubled")

    def _by_tail(self, scope: str, cut: str, how: How) -> Find:
        front = f"{cut}/" if cut else ""

        def find(cells: Sequence[str]) -> list[str]:
            tails = [cell.lstrip("/") for cell in cells] if any(cell.startswith("/") for cell in cells) else cells
            tails = without_front(tails, front) if front else tails
            tails = tails if how == "end" else bare_names(tails)
            if "/" not in "".join(tails):
                return self._in_table(scope, 1, how, tails)
            depths = {tail.count("/") + 1 for tail in tails if tail}
            if len(depths) == 1:
                return self._in_table(scope, depths.pop(), how, tails)
            return [self._in_table(scope, tail.count("/") + 1, how, [tail])[0] for tail in tails]

        return find

    def _in_table(self, scope: str, depth: int, how: How, tails: Sequence[str]) -> list[str]:
        if depth > _DEEPEST:
            return [""] * len(tails)
        endings = self._endings if how == "end" else ()
        if len(tails) <= _LOOKED_AT:
            some = _in_scope(scope, self._of_names(tails, how))
            return _completed(tails, self._by_end(some, depth, how), endings)
        key = (scope, depth, how)
        if key not in self._tails:
            self._tails[key] = self._by_end(_in_scope(scope, self.paths), depth, how)
        return _completed(tails, self._tails[key], endings)

    def _by_end(self, paths: Iterable[str], depth: int, how: How) -> Mapping[str, str]:
        """Pictures by the last ``depth`` steps of their paths."""
        deep = paths if depth == 1 and isinstance(paths, Sequence) else [path for path in paths if path.count("/") >= depth - 1]
        if depth == 1 and deep is self.paths:
            keys = self._names if how == "end" else self._bare_names
        else:
            keys = ends_of(deep, depth) if how == "end" else bare_names(ends_of(deep, depth), self._endings)
        return self._with_doubles(keys, deep) if how == "doubled" else _once(keys, deep)

    def _of_names(self, tails: Sequence[str], how: How) -> Sequence[str]:
        """The pictures that bear the names of a few cells, in whatever folders: no others can be meant."""
        names = frozenset(tail[tail.rfind("/") + 1 :] for tail in tails)
        if how == "end":
            names |= {name + ending for name in names for ending in self._endings}
        if self._some is None or self._some[:2] != (names, how == "end"):
            own = self._names if how == "end" else self._bare_names
            self._some = names, how == "end", [path for path, name in zip(self.paths, own, strict=True) if name in names]
        return self._some[2]

    @cached_property
    def _names(self) -> Sequence[str]:
        """The name of each picture, without its folders."""
        return ends_of(self.paths, 1)

    @cached_property
    def _bare_names(self) -> Sequence[str]:
        """The same without endings and case."""
        return bare_names(self._names, self._endings)

    def _with_doubles(self, keys: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
        """As ``_once``, but that of pictures of one size and beginning the first stands for all; nothing where most differ."""
        several: dict[str, list[str]] = {}
        for key, path in zip(keys, paths, strict=True):
            several.setdefault(key, []).append(path)
        meant, alike = {*paths}, 0
        rows = {name: index for index, name in enumerate(self.files.names) if name in meant}
        table: dict[str, str] = {}
        for key, same in several.items():
            indices = [rows[path] for path in same]
            alike += one if (one := len(same) == 1 or self._alike(indices)) else 0
            table[key] = min(same) if one else ""
            if len(table) == _TRIED and alike < ENOUGH * _TRIED:
                return {}
        return table

    def _alike(self, indices: Sequence[int]) -> bool:
        sizes = {self.files.size(index) for index in indices}
        return len(sizes) == 1 and len({self.files.head(index, _BEGINNING) for index in indices}) == 1


def _in_scope(scope: str, paths: Sequence[str]) -> Iterable[str]:
    kind, _, what = scope.partition(":")
    if kind == "below":
        return (path for path in paths if path.startswith(what))
    if kind == "part":
        return (path for path in paths if part_of_path(path) == what)
    if kind == "not another part":
        return (path for path in paths if part_of_path(path) in (None, what))
    return paths


def _masks(files: Files, paths: Sequence[str], folders: AbstractSet[str]) -> tuple[AbstractSet[str], Sequence[PassedOver]]:
    """The pictures that are masks of others, and what is to be told; looked for where a folder or a name sounds like it."""
    steps = {step for folder in folders for step in folder.split("/")}
    if not any(map(is_mask_name, steps)) and "mask." not in "\n".join(paths).lower():
        return frozenset(), ()
    tree, _ = tree_of(files.names)
    found = Found(files)
    pass_over_masks(tree, found)
    return {*paths} - {files.names[row] for row in tree.rows()}, found.passed_over


def _completed(
    cells: Sequence[str],
    known: Mapping[str, str] | AbstractSet[str],
    endings: Sequence[str],
    composed: Mapping[str, str] | None = None,
) -> list[str]:
    """What is found of each cell as it stands, else with the one of some ``endings`` behind it that gives a picture."""

    def find(paths: Sequence[str]) -> list[str]:
        if isinstance(known, Mapping):
            found = list(map(known.get, paths, repeat("")))
        else:
            found = [path if path in known else "" for path in paths]
        return [path or composed.get(paths[i], "") for i, path in enumerate(found)] if composed else found

    if not endings:
        return find(cells)
    bare = not layout.is_picture(cells[0])
    if bare and len(endings) == 1:
        found = find([cell + endings[0] for cell in cells])
        missing = [place for place, path in enumerate(found) if not path]
        for place, path in zip(missing, find([cells[place] for place in missing]), strict=True):
            found[place] = path
        return found
    found = [""] * len(cells) if bare else find(cells)
    for place in [place for place, path in enumerate(found) if not path]:
        tried = {path for path in find([cells[place] + ending for ending in endings]) if path}
        found[place] = tried.pop() if len(tried) == 1 else "" if tried else find([cells[place]])[0]
    return found


def plain_paths(cells: Iterable[str]) -> list[str]:
    """Cells as relative paths of this machine's form: ``.\\a\\b.png`` is ``a/b.png``."""
    texts = [cell.strip() for cell in cells]
    whole = "\n".join(texts)
    if "\\" in whole:
        texts = [text.replace("\\", "/") for text in texts]
        whole = whole.replace("\\", "/")
    if "./" in whole or "//" in whole:
        texts = [posixpath.normpath(text) if text and ("./" in text or "//" in text) else text for text in texts]
    return texts if whole.isascii() else [unicodedata.normalize("NFC", text) for text in texts]


def shared_folders(cells: Sequence[str]) -> list[str]:
    """The folders that all paths open with."""
    ends = plain_paths([min(cells, default=""), max(cells, default="")])
    return posixpath.commonprefix(ends).lstrip("/").split("/")[:-1]


@lru_cache(4096)
def _part_of_folder(folder: str) -> Part | None:
    return next((part for step in folder.split("/") if (part := part_said(step))), None) if folder else None


def part_of_path(path: str) -> Part | None:
    """The part that a folder of a path says, the outermost first."""
    return _part_of_folder(path.rpartition("/")[0])


def _scopes(folder: str, part: Part | None) -> Iterable[str]:
    """Where to look, the nearest first: below the table's folder, among pictures of its part, among all but other parts'."""
    if folder:
        yield f"below:{folder}/"
    if part:
        yield f"part:{part}"
        yield f"not another part:{part}"
    else:
        yield "all"


def _share(find: Find, sample: Sequence[str]) -> float:
    return sum(map(bool, find(sample))) / len(sample)


def _once(keys: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
    """Each path by its key; a key of two paths stands for neither."""
    table = dict(zip(keys, paths, strict=True))
    if len(table) < len(paths):
        seen, twice = set[str](), set[str]()
        for key in keys:
            (twice if key in seen else seen).add(key)
        table |= dict.fromkeys(twice, "")
    return table
