"""A folder that holds pictures in archives alone, as downloads leave it: which it is, and its archives opened."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from olhar.base.errors import DataError
from olhar.base.files import neighbours
from olhar.base.texts import sentence
from olhar.data.dataset import Dataset
from olhar.data.files.archive_file import archive_file
from olhar.data.files.excluded import Excluded
from olhar.data.files.files import Files, listing
from olhar.data.files.folder import FolderFiles
from olhar.data.files.folder_of_archives import FolderOfArchives, is_archive_name, unpacked_name
from olhar.data.files.zip import MEMBERS_LIMIT
from olhar.data.folders.found import listed
from olhar.data.folders.tree import FEW_LOOSE
from olhar.data.nested import refuse_nested

MOST_ARCHIVES = 100
"""A folder of more is refused: each stays open as long as its pictures are read, and some systems let 256 files be open."""
_UNOPENED = (".rar", ".7z")


def archives_in(files: Files) -> list[int]:
    """Where archives stand in a folder that holds a few loose pictures at most, by their names; in any other folder none."""
    if not isinstance(files, FolderFiles) or files.single or not _few_loose(files):
        return []
    rows = [row for row in listing(files).others if is_archive_name(files.names[row])]
    return sorted(rows, key=lambda row: files.names[row])


def _few_loose(files: FolderFiles) -> bool:
    """Whether it holds no pictures but a few beside everything else, as a page shows of a set."""
    pictures = listing(files).pictures
    return len(pictures) <= FEW_LOOSE and not any("/" in files.names[row] for row in pictures)


def packed_folder(files: Files, excluded: Excluded | None = None) -> FolderOfArchives | None:
    """The folder with its archives as folders; None where they hold no picture, or one beside them cannot be opened.

    Raises:
        DataError: an archive is damaged or refused, or together they hold too much.
    """
    rows = archives_in(files)
    unopened = any(files.names[row].lower().endswith(_UNOPENED) for row in listing(files).others)
    if not rows or not isinstance(files, FolderFiles) or unopened:
        return None
    archives = _opened(files, rows)
    if not any(listing(archive).pictures for archive in archives.values()):
        return None
    for row in rows:
        if row not in archives:  # a page or a note saved in its place: its class would be missing without a word
            raise DataError("data.not_whole", where=files.names[row])
    return FolderOfArchives(files, archives, excluded)


def _opened(files: FolderFiles, rows: Sequence[int]) -> dict[int, Files]:
    """The archives, bounded together as one is by itself."""
    if len(rows) > MOST_ARCHIVES:
        raise DataError("data.many_archives", where=files.origin, n=len(rows), limit=MOST_ARCHIVES)
    archives: dict[int, Files] = {}
    n = len(files.names)
    for row in rows:
        path = files.path(row)
        archive = archive_file(path) if path.is_file() else None  # a pipe would keep us waiting for ever
        if archive is None:
            continue
        refuse_nested(archive)
        archives[row] = archive
        n += len(archive.names)
        if n >= MEMBERS_LIMIT:
            raise DataError("data.crowded_archives", where=files.origin, n=n)
    return archives


def told(dataset: Dataset, files: FolderOfArchives) -> Dataset:
    """The dataset, with what archives were read as folders to be told."""
    note = sentence("reading.archives", n=len(files.archives), names=listed(files.archives))
    return replace(dataset, read_as=replace(dataset.read_as, notes=(note, *dataset.read_as.notes)))


def within_archive(path: Path) -> Path:
    """``set/train/dogs`` as ``set/train.zip/dogs``, where no folder but such an archive is there; else the path itself."""
    above = next((folder for folder in path.parents[:-1] if folder.is_dir()), None)
    if above is None:
        return path
    step, *rest = path.relative_to(above).parts
    archives = [file for file in neighbours(above / step) if is_archive_name(file.name) and unpacked_name(file.name) == step]
    return archives[0].joinpath(*rest) if len(archives) == 1 else path
