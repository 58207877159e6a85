"""Datasets of what tables and folders say together."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from itertools import filterfalse

from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Brought, Dataset
from olhar.data.folders.derived import derived_anywhere
from olhar.data.other_files import named_in, without_files
from olhar.data.pieces import Piece, assemble
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.tables.folder_witness import classes_of
from olhar.data.tables.named import Named, shown
from olhar.data.tables.part_lists import Dealt, Parts, listed_parts, numbered_split
from olhar.data.tables.partners import partners
from olhar.data.tables.scopes import part_of_path
from olhar.data.tables.selection import groups_of_others
from olhar.data.tables.witnesses import Witnesses


def dealt(found: Witnesses, known: Mapping[str, str]) -> Dealt:
    """The parts that lists say."""
    split, notes = numbered_split(found.pictures)
    return Dealt(split, notes) if split else listed_parts(found.tables, known)


def of_tables(found: Witnesses, named: Named) -> Dataset:
    """The pictures that the tables name, and of others how many there are and where."""
    paths = list(named.classes)
    lists = Dealt() if named.parts else dealt(found, named.classes)
    parts: Parts = named.parts or lists.parts
    groups, group_notes = _groups(found, named, paths, parts)
    speak = {table.name for table in lists.tables} | {note.values.get("table") for note in group_notes}
    left_out = [entry for entry in named.left_out if entry.place not in speak]
    paths = [path for path in paths if path in parts] if parts else paths
    piece = Piece(
        found.files.pictures(paths),
        paths,
        [named.classes[path] for path in paths] if parts else [*named.classes.values()],
        [parts[path] for path in paths] if parts else ("",) * len(paths),
        [groups.get(path, "") for path in paths] if groups else (),
    )
    used = {*paths} | named.unclassed if parts or named.unclassed else named.classes
    all_used = len(used) == len(found.pictures.paths) and not any(table.lacking for table in named.tables)
    unnamed = [] if found.files.single or all_used else _by_folder(sorted(filterfalse(used.__contains__, found.pictures.paths)))
    others = [*(passed_over(folder, n, "table.unnamed") for folder, n in unnamed), *found.pictures.masks]
    told_of = [*named.notes, *lists.notes, *group_notes, *partners(found.files)]
    n_files = (1 if found.files.single else len(found.pictures.others)) - len(named.tables)
    return assemble(found.files.origin, [piece], n_files, left_out=[*others, *left_out], notes=told_of)


def _groups(found: Witnesses, named: Named, paths: Sequence[str], parts: Parts) -> tuple[Mapping[str, str], Sequence[Sentence]]:
    """What pictures were taken of, by a table that knows of those that teach; else which were made from which, by their names."""
    if named.groups:
        return named.groups, ()
    groups, notes = groups_of_others(found.tables, [path for path in paths if parts.get(path, "train") == "train"])
    return (groups, notes) if groups else derived_anywhere(paths)


def of_folders(found: Witnesses, folders: Dataset, named: Named, note: Sentence) -> Dataset:
    """The folders' classes alone, with the parts that lists say."""
    lists = dealt(found, found.known) if "train" not in folders.brought else Dealt()
    used = {table.name for table in lists.tables}
    left_out = [entry for entry in named.left_out if entry.place not in used]
    dataset = rebuilt(found, folders, found.known, lists.parts, {}) if lists.parts else folders
    return told(found, dataset, left_out, [note, *lists.notes], used)


def of_both(found: Witnesses, folders: Dataset, named: Named, folder_of: Mapping[str, str]) -> Dataset:
    """The folders' classes, with the parts, the groups and the further pictures of the tables."""
    known = classes_of(folders)
    classes = known | {path: folder_of.get(name, name) for path, name in named.classes.items() if path not in known}
    brought = dict(zip(folders.where, folders.brought, strict=True))
    parts: dict[str, Brought] = {path: named.parts.get(path) or brought.get(path, "") for path in classes}
    if any(parts.values()) and "train" not in parts.values():
        parts = {path: part or part_of_path(path) or "train" for path, part in parts.items()}
    agree = [table.name for table in named.tables if not known.keys().isdisjoint(table.where)]
    key = "table.agrees" if len(agree) == 1 else "table.agree"
    notes = [*named.notes, *([sentence(key, table=shown(agree))] if agree else [])]
    lists = Dealt() if any(parts.values()) else dealt(found, classes)
    said: Parts = lists.parts or (parts if any(parts.values()) else {})
    dataset = rebuilt(found, folders, classes, said, named.groups)
    return told(found, dataset, named.left_out, [*notes, *lists.notes], {table.name for table in named.tables})


def rebuilt(found: Witnesses, folders: Dataset, classes: Mapping[str, str], parts: Parts, groups: Mapping[str, str]) -> Dataset:
    """The pictures of folders with more said of them; where parts are said, a picture of none is left out, and told."""
    paths = [path for path in classes if not parts or parts.get(path)]
    before = {path: group for path, group in zip(folders.where, folders.groups, strict=False) if group}
    groups = before | dict(groups)
    piece = Piece(
        found.files.pictures(paths),
        paths,
        [classes[path] for path in paths],
        [parts.get(path, "") for path in paths],
        [groups.get(path, "") for path in paths] if groups else (),
    )
    used = {*paths}
    told_before = [entry for entry in folders.read_as.passed_over if not _used(entry, used)]
    unlisted, notes = _unlisted(classes, used), folders.read_as.notes
    return assemble(found.files.origin, [piece], folders.passed_over, left_out=[*unlisted, *told_before], notes=notes)


def _unlisted(classes: Mapping[str, str], used: AbstractSet[str]) -> list[PassedOver]:
    """The pictures that no list of parts names, by their folders; classes of which none is named come first."""
    rest = [path for path in classes if path not in used]
    left = {classes[path] for path in used}
    whole = _by_folder(path for path in rest if classes[path] not in left)
    some = _by_folder(path for path in rest if classes[path] in left)
    entries = [passed_over(place, n, "table.unlisted_class") for place, n in whole]
    return [*entries, *(passed_over(place, n, "table.unlisted") for place, n in some)]


def told(
    found: Witnesses, dataset: Dataset, left_out: Sequence[PassedOver], notes: Sequence[Sentence], used: Iterable[str] = ()
) -> Dataset:
    """The dataset with more to tell of it; tables that are told of, or ``used``, are none of the other files any more."""
    tables = {*used, *(entry.place for entry in left_out), *named_in(notes)}
    rest = without_files(dataset.read_as.passed_over, tables | _notes_among(found, tables))
    more = replace(dataset.read_as, passed_over=(*rest, *left_out), notes=(*dataset.read_as.notes, *notes))
    return replace(dataset, read_as=more)


def _notes_among(found: Witnesses, tables: AbstractSet[str]) -> AbstractSet[str]:
    """The files of notes, one a picture, where these are among some tables."""
    notes = found.pictures.notes
    return {found.files.names[index] for index in notes.pictures} if notes is not None and notes.name in tables else set()


def _used(entry: PassedOver, used: AbstractSet[str]) -> bool:
    """Whether pictures of a place that the folders passed over are read after all."""
    return entry.pictures and any(path == entry.place or path.startswith(f"{entry.place}/") for path in used)


def _by_folder(paths: Iterable[str]) -> list[tuple[str, int]]:
    """How many of some pictures lie in each folder, the fullest first."""
    return Counter(path.rpartition("/")[0] or path for path in paths).most_common()
