"""A table beside pictures: it is used, or the line says why not."""

from dataclasses import replace
from weakref import WeakKeyDictionary

import numpy as np

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files.files import Files
from olhar.data.formats.class_folders import loose_pictures
from olhar.data.known_forms.detection import is_coco_file
from olhar.data.read_options import ReadOptions
from olhar.data.tables.against_folders import with_classes
from olhar.data.tables.class_lists import of_class_lists
from olhar.data.tables.class_numbers import names_of_numbers
from olhar.data.tables.column_names import NO_CLASSES, is_one_of
from olhar.data.tables.compose import dealt, rebuilt, told
from olhar.data.tables.folder_witness import FolderWitness, classes_of
from olhar.data.tables.named import Named
from olhar.data.tables.opener import Opener
from olhar.data.tables.part_lists import Dealt
from olhar.data.tables.parts_differ import agreeing
from olhar.data.tables.picture_names import PictureNames
from olhar.data.tables.selection import gather, groups_of_others
from olhar.data.tables.values import relation
from olhar.data.tables.witnesses import Witnesses, open_all, table_files

_SOFT = (
    "table.no_label",
    "table.one_each",
    "table.one_class",
    "data.no_files",
    "data.row_path",
    "table.several_files",
    "table.several_files_and_classes",
    "table.ambiguous",
    "table.measure",
    "known.boxes",
)
"""Why a table says no classes though nothing is wrong with it: there may be pictures here that are only to be asked of."""
_SAYS_MORE = ("table.measure", "table.no_label", "table.several_labels", "known.boxes")
"""Of these a table says or marks something of each picture, though nothing that is its class."""
_MARKS, _FLAGS = 3, frozenset(("-1", "0", "1"))

_UNLABELLED: WeakKeyDictionary[Files, Dataset] = WeakKeyDictionary()
"""What ``read`` left to readers of other forms, for ``read_unlabelled``, as long as the files are at hand."""


def read_unlabelled(files: Files, options: ReadOptions) -> Dataset | None:
    """Pictures with a table beside them that say no classes, where no other form is there; they can be asked of."""
    del options  # they have been obeyed by the first reader
    return _UNLABELLED.pop(files, None)


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """Pictures with a table beside them.

    Args:
        files: what there is.
        options: what a person says of the table's columns; where they say the layout of the folders alone, no table is looked at.

    Returns:
        What folders and tables say together; None where no table lies there, or where nothing says classes: then the pictures
        may be illustrations of another form.

    Raises:
        DataError: a table that a person names a column of has none such, one says two things of a picture, or it is the only
            one who could say the classes and does not; one cannot be read, and the others name fewer than half of the pictures.
    """
    if options.layout and not options.columns:
        return None
    pictures = PictureNames(files.around())
    if not files.single:
        pictures.find_notes()
    candidates = table_files(files, pictures)
    if not candidates or not (pictures.paths or (files.single and is_coco_file(files, 0))):
        return None
    by_folder = FolderWitness(files, options)
    opened = open_all(Opener(files, pictures, options, by_folder.names), candidates)
    if not (opened.tables or opened.left_out or opened.broken):
        return None
    found = Witnesses(files, options, pictures, opened, by_folder)
    opened.tables = agreeing(opened.tables, files.name)
    named = gather(opened.tables, files.name)
    if named is None and not found.known and not opened.broken:
        named = of_class_lists(opened.tables, len(pictures.paths), files.name)
    if named is None:
        dataset = _without_classes(found)
        if dataset is None or dataset.classes or files.single:
            return dataset
        _UNLABELLED[files] = dataset
        return None
    _refuse_boxes_of_more(found, named)
    if found.opened.broken and 2 * len(named.classes) < len(pictures.paths) and found.folders is None:
        raise found.opened.broken[0]
    named.left_out += opened.left_out
    named.notes += [_not_used(error) for error in opened.broken]
    _name_numbers(named, pictures)
    return with_classes(found, named)


def _refuse_boxes_of_more(found: Witnesses, named: Named) -> None:
    """A table of boxes on more pictures than have classes, which are fewer than half, is what the set is for.

    Raises:
        DataError: there is one.
    """
    if 2 * len(named.classes) < len(found.pictures.paths) and found.folders is None:
        for table in found.tables:
            if table.refusal is not None and table.refusal.key == "known.boxes" and len({*table.where}) > len(named.classes):
                raise table.refusal


def _name_numbers(named: Named, pictures: PictureNames) -> None:
    """Put the names of a list in the place of classes that are numbers."""
    names, notes = names_of_numbers(pictures.files, pictures.others, {*named.classes.values()})
    if names:
        named.classes = {path: names[number] for path, number in named.classes.items()}
    named.notes += notes


def _without_classes(found: Witnesses) -> Dataset | None:
    """Folders, or names, say the classes; the tables may add parts and groups, and the line says why they do no more.

    Raises:
        DataError: neither they nor the tables say the classes, and a table would but for one thing.
    """
    folders, why = found.folders, _refusal(found)
    if why is not None and (found.options.label_column or _folders_say_nothing(found)):
        raise why
    for error in found.opened.broken:
        if error.key == "table.several_paths_and_class":
            raise error
    if folders is None:
        measured = why is not None and why.key == "table.measure"
        names = _named_so(found) if found.refusal is None and not measured else None
        if why is not None and names is None and (found.files.single or why.key not in _SOFT):
            raise why
        if found.refusal is not None:
            raise found.refusal
        folders = names or _loose(found, why)
    if folders is None:
        return None
    known, broken = classes_of(folders), [_not_used(error) for error in found.opened.broken]
    if not known:
        notes = [*broken, *(_not_used(table.refusal) for table in found.tables if table.refusal and not table.is_list)]
        return told(found, replace(folders, why_unlabelled=folders.why_unlabelled or why), found.opened.left_out, notes)
    lists = dealt(found, known) if "train" not in folders.brought else Dealt()
    groups, group_notes = groups_of_others(found.tables, list(known))
    used = {table.name for table in lists.tables} | {table.name for table in found.tables if groups and table.group}
    others = [table for table in found.tables if table.name not in used and table.refusal and not table.is_list]
    notes = [*broken, *(_not_used(table.refusal) for table in others if table.refusal), *lists.notes, *group_notes]
    dataset = rebuilt(found, folders, known, lists.parts, groups) if lists.parts or groups else folders
    return told(found, dataset, found.opened.left_out, notes, used)


def _loose(found: Witnesses, why: DataError | None) -> Dataset | None:
    """Loose pictures; the one folder that they lie in is no class where a table says something else of them, though no class."""
    dataset = loose_pictures(found.files, found.options)
    if dataset is None or why is None or why.key not in _SAYS_MORE or (len(dataset.classes) > 1 and why.key != "table.measure"):
        return dataset
    read_as = replace(dataset.read_as, classes=0)
    return replace(dataset, classes=(), labels=np.full_like(dataset.labels, UNLABELLED), names=(), read_as=read_as)


def _folders_say_nothing(found: Witnesses) -> bool:
    """Whether the folders divide the pictures in a way that has to do with no column of a table that may hold the class.

    Several columns of 0 and 1 are what is on a picture, such as the ingredients of a dish.
    """
    for table in found.tables:
        columns = [reading.options.get("label_column", "") for reading in table.refusal.readings] if table.refusal else []
        meant = [column for column in columns if not is_one_of(column, NO_CLASSES)]
        places = [place for place in map(table.grid.position, meant) if place in table.grid.columns]
        if len(places) >= _MARKS and all({*table.grid.columns[i]} <= _FLAGS for i in places):
            continue
        both = [(row, found.known[path]) for row, path in enumerate(table.where) if path in found.known] if places else []
        names = [name for _, name in both]
        if both and all(relation([table.grid.columns[i][row] for row, _ in both], names) == "none" for i in places):
            return True
    return False


def _named_so(found: Witnesses) -> Dataset | None:
    """The pictures by the classes that their names carry, where tables without names of columns leave it to them."""
    if any(error.key not in _SOFT for error in found.opened.broken):
        return None
    if found.files.single or not all(table.grid.nameless for table in found.tables):
        return None
    dataset = loose_pictures(found.files, found.options)
    return dataset if dataset is not None and len(dataset.classes) > 1 else None


def _refusal(found: Witnesses) -> DataError | None:
    """Why the table that names most pictures does not say their classes; one for other parts, or of names alone, need not."""
    meant = [table for table in found.tables if table.refusal and table.part in (None, "train") and not table.is_list]
    if meant:
        return max(meant, key=lambda table: len(table.grid)).refusal
    return next(iter(found.opened.broken), None)


def _not_used(error: DataError) -> Sentence:
    return sentence("table.not_used", why=sentence(error.key, **error.values))
