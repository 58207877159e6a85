"""A listing as a tree of folders that hold pictures; what rules pass over is taken off it."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from olhar.data.layout import sorted_out


@dataclass(eq=False)
class Folder:
    """A folder with pictures in it or below.

    Attributes:
        name: its last step; empty for the whole.
        path: as seen from the whole; empty for the whole.
        folders: those in it, by name, sorted.
        pictures: the pictures right in it, as places in the listing, by name.
        count: how many pictures are in it and below.
    """

    name: str
    path: str
    folders: dict[str, "Folder"] = field(default_factory=dict[str, "Folder"])
    pictures: list[int] = field(default_factory=list[int])
    count: int = 0

    @property
    def flat(self) -> bool:
        """Whether all its pictures lie right in it."""
        return not self.folders

    @property
    def kids(self) -> list["Folder"]:
        """The folders in it."""
        return list(self.folders.values())

    def walk(self) -> Iterator["Folder"]:
        """Itself and all folders below, each before those in it."""
        yield self
        for kid in self.folders.values():
            yield from kid.walk()

    def rows(self) -> Iterator[int]:
        """All pictures in it and below."""
        for folder in self.walk():
            yield from folder.pictures

    def without(self, dropped: Iterable["Folder"]) -> None:
        """Take some folders off, wherever they lie below; folders that are left empty go too."""
        gone = set(dropped)
        self._prune(gone)

    def _prune(self, gone: set["Folder"]) -> int:
        self.folders = {name: kid for name, kid in self.folders.items() if kid not in gone and kid._prune(gone)}
        self.count = len(self.pictures) + sum(kid.count for kid in self.folders.values())
        return self.count


def tree_of(names: Sequence[str]) -> tuple[Folder, int]:
    """The folders of a listing's pictures, and how many files are neither pictures nor hidden.

    The order of the listing changes nothing: folders and pictures are sorted by their names.
    """
    pictures, others, *_ = sorted_out(names)
    pictures.sort(key=names.__getitem__)
    root, by_path = Folder("", ""), dict[str, Folder]()
    by_path[""] = root
    for i in pictures:
        _folder(names[i].rpartition("/")[0], by_path).pictures.append(i)
    _count(root)
    return root, len(others)


def _folder(path: str, by_path: dict[str, Folder]) -> Folder:
    """The folder of a path, made with those above it where it is not there; names from a Mac and from Windows are one."""
    if (folder := by_path.get(path)) is not None:
        return folder
    above, _, name = path.rpartition("/")
    parent, name = _folder(above, by_path), unicodedata.normalize("NFC", name)
    folder = parent.folders.get(name)
    if folder is None:
        folder = parent.folders[name] = Folder(name, f"{parent.path}/{name}" if parent.path else name)
    by_path[path] = folder
    return folder


def _count(folder: Folder) -> int:
    folder.folders = dict(sorted(folder.folders.items()))
    folder.count = len(folder.pictures) + sum(map(_count, folder.folders.values()))
    return folder.count


def content(folder: Folder) -> Folder:
    """What a folder holds once wrappers are off: the only folder in a folder without pictures of its own, and so on.

    A last folder without folders in it is not taken for a wrapper: it may be a class.
    """
    while not folder.pictures and len(folder.folders) == 1 and not folder.kids[0].flat:
        folder = folder.kids[0]
    return folder


def one_store(folder: Folder) -> bool:
    """Whether all pictures of a folder lie right in it, or in the only one in it."""
    return folder.flat or (not folder.pictures and len(folder.folders) == 1 and folder.kids[0].flat)


FEW_LOOSE = 3


def few(n: int, of: int) -> bool:
    """Whether so many loose pictures are so few that they may be left out: up to three, or one in a hundred."""
    return n <= max(FEW_LOOSE, of // 100)
