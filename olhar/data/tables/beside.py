"""A table beside pictures: it is used, or the line says why not. Against class folders, the finer of two partitions wins.

Among the pictures that both know: where folders have one class alone, or neither partition refines the other, the table's classes
are meant; where both are the same, the table adds parts, groups, and classes of pictures outside the folders; where one is finer,
the folders win.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import Sentence, sentence
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files
from olhar.data.formats.class_folders import class_folders, loose_pictures
from olhar.data.read_options import ReadOptions
from olhar.data.tables.class_numbers import names_of_numbers
from olhar.data.tables.compose import dealt, of_both, of_tables, rebuilt, told
from olhar.data.tables.opening import Opener
from olhar.data.tables.part_lists import Dealt
from olhar.data.tables.picture_names import PictureNames
from olhar.data.tables.selection import Named, gather, groups_of_others
from olhar.data.tables.values import Relation, relation
from olhar.data.tables.witnesses import Witnesses, classes_of, open_all, table_files

_SOFT = ("table.no_label", "table.one_each", "table.one_class", "data.no_files", "data.row_path", "table.ambiguous")
"""Why a table says no classes though nothing is wrong with it: there may be pictures here that are only to be asked of."""


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """Pictures with a table beside them.

    Args:
        files: what there is.
        options: what a person says of the table's columns; where they say the layout of the folders alone, no table is looked at.

    Returns:
        What folders and tables say together; None where no table lies there.

    Raises:
        DataError: a table that a person names a column of has none such, one says two things of a picture, or it is the only
            one who could say the classes and does not.
    """
    if options.layout and not options.columns:
        return None
    pictures = PictureNames(files.around())
    candidates = table_files(files, pictures)
    if not candidates or not pictures.paths:
        return None
    folders, refusal = _folders(files, options)
    known = classes_of(folders) if folders else {}
    opened = open_all(Opener(files, pictures, options, set(known.values())), candidates)
    if not (opened.tables or opened.left_out or opened.broken):
        return folders
    found = Witnesses(files, options, pictures, opened, folders, refusal)
    named = gather(opened.tables, files.name)
    if named is None:
        return _without_classes(found)
    named.left_out += opened.left_out
    named.notes += [_not_used(error) for error in opened.broken]
    _name_numbers(named, pictures)
    return _with_classes(found, named)


def _name_numbers(named: Named, pictures: PictureNames) -> None:
    """Put the names of a list in the place of classes that are numbers."""
    names, notes = names_of_numbers(pictures.files, pictures.others, {*named.classes.values()})
    if names:
        named.classes = {path: names[number] for path, number in named.classes.items()}
        named.notes += notes


def _folders(files: Files, options: ReadOptions) -> tuple[Dataset | None, DataError | None]:
    try:
        return class_folders(files, options), None
    except DataError as error:
        return None, error


def _without_classes(found: Witnesses) -> Dataset | None:
    """Folders, or names, say the classes; the tables may add parts and groups, and the line says why they do no more.

    Raises:
        DataError: neither they nor the tables say the classes, and a table would but for one thing.
    """
    folders, why = found.folders, _refusal(found)
    if why is not None and (found.options.label_column or _folders_say_nothing(found)):
        raise why
    if folders is None:
        names = _named_so(found) if found.refusal is None else None
        if why is not None and names is None and (found.files.single or why.key not in _SOFT):
            raise why
        if found.refusal is not None:
            raise found.refusal
        folders = names or loose_pictures(found.files, found.options)
    if folders is None:
        return None
    known, broken = classes_of(folders), [_not_used(error) for error in found.opened.broken]
    if not known:
        notes = [*broken, *(_not_used(table.refusal) for table in found.tables if table.refusal and not table.is_list)]
        return told(replace(folders, why_unlabelled=why), found.opened.left_out, notes)
    lists = dealt(found, known) if "train" not in folders.brought else Dealt()
    groups, group_notes = groups_of_others(found.tables, list(known))
    used = {table.name for table in lists.tables} | {table.name for table in found.tables if groups and table.group}
    others = [table for table in found.tables if table.name not in used and table.refusal and not table.is_list]
    notes = [*broken, *(_not_used(table.refusal) for table in others if table.refusal), *lists.notes, *group_notes]
    dataset = rebuilt(found, folders, known, lists.parts, groups) if lists.parts or groups else folders
    return told(dataset, found.opened.left_out, notes, len(used))


def _folders_say_nothing(found: Witnesses) -> bool:
    """Whether the folders divide the pictures in a way that has to do with no column of a table that may hold the class."""
    for table in found.tables:
        columns = [reading.options.get("label_column", "") for reading in table.refusal.readings] if table.refusal else []
        places = [place for place in map(table.grid.position, columns) if place in table.grid.columns]
        both = [(row, found.known[path]) for row, path in enumerate(table.where) if path in found.known] if places else []
        names = [name for _, name in both]
        if both and all(relation([table.grid.columns[i][row] for row, _ in both], names) == "none" for i in places):
            return True
    return False


def _named_so(found: Witnesses) -> Dataset | None:
    """The pictures by the classes that their names carry, where tables without names of columns leave it to them."""
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


def _with_classes(found: Witnesses, named: Named) -> Dataset:
    """A table says classes; what the folders say decides how much of it is used.

    Raises:
        DataError: both say different things, and nothing tells which is meant.
    """
    known = found.known
    both = [path for path in known if path in named.classes]
    by_folder, by_table = [known[path] for path in both], [named.classes[path] for path in both]
    how = relation(by_folder, by_table)
    if found.folders is None or _table_wins(found, named, by_folder, by_table, how):
        return of_tables(found, named)
    if both and how != "same":
        column = named.tables[0].labels.column
        note = sentence("table.folders_win", table=named.tables[0].name, column=column)
        return told(found.folders, named.left_out, [note])
    return of_both(found, found.folders, named, dict(zip(by_table, by_folder, strict=True)))


def _table_wins(found: Witnesses, named: Named, by_folder: Sequence[str], by_table: Sequence[str], how: Relation) -> bool:
    """Whether the classes of the table are meant rather than those of the folders.

    Raises:
        DataError: neither partition refines the other, and neither a person nor the column's name says that it is the class.
    """
    if found.options.label_column or (by_folder and len(set(by_folder)) == 1):
        return True
    if how != "none":
        return False
    if not named.said:
        column = named.tables[0].labels.column
        readings = [_reading(by_table, {"label_column": column}), _reading(by_folder, {"layout": "class"})]
        raise DataError("table.or_folders", where=named.tables[0].name, column=column).offering(readings)
    return True


def _reading(classes: Sequence[str], options: dict[str, str]) -> Reading:
    shown = ", ".join(f"{name[:20]} {n}" for name, n in sorted(Counter(classes).items())[:4])
    return Reading(sentence("table.reading", column=next(iter(options.values())), classes=shown), options=options)
