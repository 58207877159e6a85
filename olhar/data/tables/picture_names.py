"""PictureNames: which picture a cell of a table names: by its path, without its ending, or as it was called elsewhere."""

import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain

from olhar.data.dataset import Part
from olhar.data.files.files import MOST_OTHERS, Files, listing
from olhar.data.folders.by_number import by_number
from olhar.data.folders.words import part_said
from olhar.data.tables.lookup import completed
from olhar.data.tables.many_names import bare_names, without_ending, without_front
from olhar.data.tables.masks_among import masks_among
from olhar.data.tables.name_tables import ENOUGH, LOOKED_AT, WAYS, How, NameTables
from olhar.data.tables.picture_notes import Notes, find_notes
from olhar.data.tables.plain_paths import plain_paths, shared_folders
from olhar.data.tables.scopes import scopes

Find = Callable[[Sequence[str]], list[str]]
_FEW_FOLDERS = 8
"""So many at most hold pictures where one holds all that a table means, and the others masks of them."""


@dataclass(frozen=True)
class Match:
    """How the cells of a column name pictures.

    Attributes:
        find: the picture that each of some plain paths names, ``""`` where there is none.
        share: how many of the first cells name one, 0 to 1.
        cut: what was cut off the front of every cell, for it does not exist here.
        moved: whether pictures lie elsewhere than the cells say: below, or without what was cut off.
        doubled: whether pictures lie there several times over, of which the first is taken.
        padded: whether the pictures are called by numbers with noughts in front, which the cells lack.
        numbered: whether nothing names them, and the rows are those of running numbers.
        partial: whether only some of the pictures that the table names are meant to be here: the rows of others are left out.
    """

    find: Find
    share: float
    cut: str = ""
    moved: bool = False
    doubled: bool = False
    padded: bool = False
    numbered: bool = False
    partial: bool = False


class PictureNames:
    """The pictures of the data by name; found by what a table calls them. Nothing outside the data is ever looked at.

    Attributes:
        files: all that there is.
        paths: the pictures.
        folders: those that pictures lie right in.
        masks: what is to be told of masks of other pictures, which no table means.
        others: where other files stand, as ``files.non_pictures`` gives them; of notes the first stands for all.
        notes: files that tell of one picture each.
    """

    def __init__(self, files: Files) -> None:
        rows, others, self._endings, self.folders = listing(files)
        self.files, self.others = files, others[:MOST_OTHERS]
        self.paths = [files.names[row] for row in rows] if len(rows) < len(files.names) else files.names
        masks, self.masks = masks_among(files, self.paths, self.folders)
        if masks:
            self.paths = [path for path in self.paths if path not in masks]
        self.notes: Notes | None = None
        self._ends = NameTables(files, self.paths, self._endings, self.folders)

    def find_notes(self) -> None:
        """Find out whether other files tell of one picture each."""
        self.notes = notes = find_notes(self.files, self.paths)
        if notes is not None:
            rest = [index for index in listing(self.files).others if index not in notes.pictures]
            self.others = [notes.first, *rest[: MOST_OTHERS - 1]]

    @cached_property
    def _known(self) -> frozenset[str]:
        """All paths."""
        return frozenset(self.paths)

    def in_order(self, part: Part | None) -> Sequence[str]:
        """All pictures in the order of their numbers, where these run; else those of the one folder of a part; else none."""
        if len(self.folders) >= _FEW_FOLDERS:
            return ()
        return self._in_order or (self._parts_in_order.get(part, ()) if part else ())

    @cached_property
    def _in_order(self) -> Sequence[str]:
        return by_number(self.paths)

    @cached_property
    def _parts_in_order(self) -> Mapping[Part, Sequence[str]]:
        """The pictures of each part that one folder holds, where their numbers run."""
        held: dict[str, list[str]] = {}
        for path in self.paths:
            held.setdefault(path.rpartition("/")[0], []).append(path)
        folders: dict[Part, list[str]] = {}
        for folder in held:
            part = part_said(folder.rpartition("/")[2])
            if part is not None:
                folders.setdefault(part, []).append(folder)
        return {part: by_number(held[named[0]]) for part, named in folders.items() if len(named) == 1}

    @cached_property
    def _composed(self) -> Mapping[str, str]:
        """Paths that are not in Unicode's NFC form, by that form."""
        if all(map(str.isascii, self.paths)):
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
        sample = plain_paths(cells[:LOOKED_AT])
        if not sample or not self.paths:
            return None
        ways = self._near(sample, folder) if how == "whole" else self._far(sample, shared_folders(cells), folder, part, how)
        return next((match for match in ways if match.share >= ENOUGH), None)

    def best(self, cells: Sequence[str], folder: str, part: Part | None) -> Match | None:
        """The way by which most cells name a picture, however few; None where none does."""
        sample = plain_paths(cells[:LOOKED_AT])
        if not sample or not self.paths:
            return None
        shared = shared_folders(cells)
        far = (self._far(sample, shared, folder, part, how) for how in WAYS[1:])
        ways = [*self._near(sample, folder), *chain.from_iterable(far)]
        best = max(ways, key=lambda match: match.share)
        return best if best.share else None

    def ambiguous(self, cells: Sequence[str]) -> bool:
        """Whether the names of most cells are each borne by several pictures."""
        names = {without_ending(cell.rpartition("/")[2]).casefold() for cell in plain_paths(cells[:LOOKED_AT]) if cell}
        borne = Counter(name for tail in self._ends.names if (name := without_ending(tail).casefold()) in names)
        return bool(names) and sum(n > 1 for n in borne.values()) >= ENOUGH * len(names)

    def _near(self, sample: Sequence[str], folder: str) -> Iterable[Match]:
        """In the table's own folder, then from the data's top; as it stands, then with one of the endings that are here."""
        for above in dict.fromkeys((folder, "")):
            find = partial(self._below, f"{above}/" if above else "")
            yield Match(find, _share(find, sample), moved=above != folder)

    def _below(self, start: str, cells: Sequence[str]) -> list[str]:
        paths = [start + cell for cell in cells]
        if not (self._composed or any(path.rpartition("/")[0] in self.folders for path in paths)):
            return [""] * len(paths)
        return completed(paths, self._known, self._endings, self._composed)

    def _are_paths(self, tails: Sequence[str]) -> bool:
        """Whether all are whole paths; the first look spares the rest."""
        return all(tail.rpartition("/")[0] in self.folders for tail in tails[:1]) and self._known.issuperset(tails)

    def _far(self, sample: Sequence[str], shared: Sequence[str], folder: str, part: Part | None, how: How) -> Iterable[Match]:
        """By the ends of paths, of which ever more is cut off in front that all share; near pictures first."""
        for n_cut in range(len(shared) + 1):
            cut = "/".join(shared[:n_cut])
            for scope in scopes(folder, part):
                find = self._by_tail(scope, cut, how)
                yield Match(find, _share(find, sample), cut, moved=True, doubled=how == "doubled")

    def _by_tail(self, scope: str, cut: str, how: How) -> Find:
        front = f"{cut}/" if cut else ""

        def find(cells: Sequence[str]) -> list[str]:
            text = "\n".join(cells)
            rooted = text.startswith("/") or "\n/" in text
            tails = without_front(cells, front) if front or rooted else cells
            tails = tails if how == "end" else bare_names(tails)
            if how == "end" and scope == "all" and self._are_paths(tails):
                return list(tails)
            if "/" not in (text if tails is cells else "".join(tails)):
                return self._ends.find(scope, 1, how, tails)
            depths = {tail.count("/") + 1 for tail in tails if tail}
            if len(depths) == 1:
                return self._ends.find(scope, depths.pop(), how, tails)
            return self._ends.find_apart(scope, how, tails)

        return find


def _share(find: Find, sample: Sequence[str]) -> float:
    return sum(map(bool, find(sample))) / len(sample)
