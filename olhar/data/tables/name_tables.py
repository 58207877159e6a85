"""NameTables: pictures by the ends of their paths, looked up whole columns at a time."""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cached_property
from typing import Literal

from olhar.data.files.files import Files
from olhar.data.layout import is_picture
from olhar.data.tables.lookup import completed, once
from olhar.data.tables.many_names import bare_names, ends_of
from olhar.data.tables.scopes import in_scope

ENOUGH = 0.9
"""A column names pictures where so many of its first cells do."""
LOOKED_AT = 1000
"""So many cells are looked up to find out how a column names pictures."""
_DEEPEST = 8
_TRIED, _BEGINNING = 100, 4096

How = Literal["whole", "end", "bare", "doubled"]
WAYS: tuple[How, ...] = ("whole", "end", "bare", "doubled")
"""How cells may name pictures, the surest first: by whole paths; by the ends of paths; by those whatever their endings and case;
and the same where pictures lie there several times over, of which the first is taken."""


class NameTables:
    """Pictures by the ends of their paths.

    Attributes:
        files: all that there is; some are opened where pictures lie there several times over.
        paths: the pictures.
        endings: those that they have.
        folders: those that they lie right in.
    """

    def __init__(self, files: Files, paths: Sequence[str], endings: Sequence[str], folders: Iterable[str]) -> None:
        self.files, self.paths, self.endings, self.folders = files, paths, endings, folders
        self._tables: dict[tuple[str, int, How], Mapping[str, str]] = {}
        self._some: tuple[AbstractSet[str], bool, Sequence[str]] | None = None

    @cached_property
    def names(self) -> Sequence[str]:
        """The name of each picture, without its folders."""
        return ends_of(self.paths, 1)

    @cached_property
    def _bare_names(self) -> Sequence[str]:
        """The same without endings and case."""
        return bare_names(self.names, self.endings)

    def find(self, scope: str, depth: int, how: How, tails: Sequence[str]) -> list[str]:
        """The picture in a scope that ends with each of some tails of so many steps; ``""`` where there is none."""
        if depth > _DEEPEST:
            return [""] * len(tails)
        endings = self.endings if how == "end" else ()
        if len(tails) <= LOOKED_AT:
            if how == "end" and depth > 1 and not self._have_folders(tails, depth - 1):
                return [""] * len(tails)
            some = in_scope(scope, self._of_names(tails, how))
            return completed(tails, self._by_end(some, depth, how), endings)
        return completed(tails, self._table(scope, depth, how), endings)

    def find_apart(self, scope: str, how: How, tails: Sequence[str]) -> list[str]:
        """The same of tails of several depths, those with a picture's ending apart from the others."""
        alike: dict[tuple[int, bool], list[int]] = {}
        for place, tail in enumerate(tails):
            alike.setdefault((tail.count("/") + 1, is_picture(tail)), []).append(place)
        found = [""] * len(tails)
        for (depth, _), places in alike.items():
            for place, path in zip(places, self.find(scope, depth, how, [tails[i] for i in places]), strict=True):
                found[place] = path
        return found

    def _have_folders(self, tails: Sequence[str], depth: int) -> bool:
        """Whether a folder of pictures ends with that of some tail; there are fewer folders than pictures."""
        deep = [folder for folder in self.folders if folder.count("/") >= depth - 1]
        return not {*ends_of(deep, depth)}.isdisjoint(tail.rpartition("/")[0] for tail in tails)

    def _table(self, scope: str, depth: int, how: How) -> Mapping[str, str]:
        key = (scope, depth, how)
        if key not in self._tables:
            self._tables[key] = self._by_end(in_scope(scope, self.paths), depth, how)
        return self._tables[key]

    def _by_end(self, paths: Iterable[str], depth: int, how: How) -> Mapping[str, str]:
        """Pictures by the last ``depth`` steps of their paths."""
        deep = paths if depth == 1 and isinstance(paths, Sequence) else [path for path in paths if path.count("/") >= depth - 1]
        if depth == 1 and deep is self.paths:
            keys = self.names if how == "end" else self._bare_names
        else:
            keys = ends_of(deep, depth) if how == "end" else bare_names(ends_of(deep, depth), self.endings)
        return self._with_doubles(keys, deep) if how == "doubled" else once(keys, deep)

    def _of_names(self, tails: Sequence[str], how: How) -> Sequence[str]:
        """The pictures that bear the names of a few cells, in whatever folders: no others can be meant."""
        names = frozenset(tail[tail.rfind("/") + 1 :] for tail in tails)
        if how == "end":
            names |= {name + ending for name in names for ending in self.endings}
            table = self._table("all", 1, "end")
            found = [table[name] for name in names if name in table]
            if "" not in found:
                return found
        if self._some is None or self._some[:2] != (names, how == "end"):
            own = self.names if how == "end" else self._bare_names
            self._some = names, how == "end", [path for path, name in zip(self.paths, own, strict=True) if name in names]
        return self._some[2]

    def _with_doubles(self, keys: Sequence[str], paths: Sequence[str]) -> Mapping[str, str]:
        """As ``once``, but that of pictures of one size and beginning the first stands for all; nothing where most differ."""
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
