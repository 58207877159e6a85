"""A table that says classes against class folders that do: which of the two is meant, and what is taken of the other.

Among the pictures that both know: where folders have one class alone, or neither way to divide them is finer than the other, the
table's classes are meant; where both are the same, the table adds parts, groups, and classes of pictures outside the folders;
where one is finer, the folders are, unless these only count persons or series. A table that names fewer than half of the pictures
in class folders says nothing of the others, and never takes their place.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.dataset import Dataset
from olhar.data.folders.identifiers import are_identifiers
from olhar.data.folders.spelling import spelled_alike
from olhar.data.layout import plain
from olhar.data.read_as import passed_over
from olhar.data.tables.compose import of_both, of_folders, of_tables, told
from olhar.data.tables.named import Named
from olhar.data.tables.picture_names import PictureNames
from olhar.data.tables.values import Relation, relation, whole_numbers
from olhar.data.tables.witnesses import Witnesses

_MOST, _ENOUGH = 0.5, 0.9
_EVERY = 16
"""Every so-manieth picture is looked at first, which is enough where folders hold many."""


def with_classes(found: Witnesses, named: Named) -> Dataset:
    """The pictures by what tables and folders say together.

    Raises:
        DataError: both say different things, and nothing tells which is meant; folders that are refused, where the table names
            fewer than half of the pictures.
    """
    if found.options.label_column or (named.said and _cuts_across(named.classes, found.pictures)):
        return of_tables(found, named)
    if found.folders is None:
        if found.refusal is not None and _share(named.classes, found.pictures.paths) < _MOST:
            raise found.refusal
        return of_tables(found, named)
    both = _both(found.known, named.classes)
    if _table_wins(found, named, both):
        return of_tables(found, named)
    if both.paths and both.how != "same":
        note = sentence("table.folders_win", table=named.tables[0].name, column=named.tables[0].labels.column)
        return of_folders(found, found.folders, named, note)
    return _joined(found, found.folders, named, both)


@dataclass(frozen=True)
class _Both:
    """The pictures that folders and tables know, and the class of each by either."""

    paths: Sequence[str]
    by_folder: Sequence[str]
    by_table: Sequence[str]

    @property
    def how(self) -> Relation:
        """How the folders' way to divide them stands to the table's."""
        return relation(self.by_folder, self.by_table)


def _both(known: Mapping[str, str], classes: Mapping[str, str]) -> _Both:
    paths = [path for path in known if path in classes]
    return _Both(paths, [known[path] for path in paths], [classes[path] for path in paths])


def _share(classes: Mapping[str, str], paths: Collection[str]) -> float:
    return sum(path in classes for path in paths) / len(paths)


def _cuts_across(classes: Mapping[str, str], pictures: PictureNames) -> bool:
    """Whether a table of nearly all pictures divides them in a way that is no folders', whatever those mean.

    That is certain without reading the folders where each holds more than half of the classes: no folder is of one class, and
    any two have a class in common, so that neither way to divide the pictures can be finer than the other.
    """
    if len(classes) < _ENOUGH * len(pictures.paths):
        return False
    n_classes = len({*classes.values()})
    some = islice(classes.items(), 0, None, _EVERY)
    return _all_mixed(some, n_classes, pictures.folders) or _all_mixed(classes.items(), n_classes, ())


def _all_mixed(classes: Iterable[tuple[str, str]], n_classes: int, folders: Collection[str]) -> bool:
    """Whether each folder of some pictures holds more than half of the classes, and ``folders`` are all among them."""
    pairs = {f"{path.rpartition('/')[0]}\0{name}" for path, name in classes}  # tuples would call for a collection of garbage
    held = Counter(pair.partition("\0")[0] for pair in pairs)
    return all(2 * n_held > n_classes for n_held in held.values()) and held.keys() >= {*folders}


def _table_wins(found: Witnesses, named: Named, both: _Both) -> bool:
    """Whether the classes of the table are meant rather than those of the folders.

    Raises:
        DataError: neither partition refines the other, and neither a person nor the column's name says that it is the class; or
            it is another one, of few of the pictures.
    """
    few = len(both.paths) < _MOST * len(found.known)
    if both.paths and len(set(both.by_folder)) == 1:
        if few and not _is_store(found.known, both):
            raise _of_few(found, named, both)
        return True
    if both.how != "none":
        series = named.said and both.how == "finer" and are_identifiers({*both.by_folder})
        return series or (len(both.paths) >= _ENOUGH * len(found.known) and _names_a_level(both))
    if few:
        raise _of_few(found, named, both)
    if not named.said:
        column = named.tables[0].labels.column
        raise DataError("table.or_folders", where=named.tables[0].name, column=column).offering(_readings(found, named, both))
    return True


def _names_a_level(both: _Both) -> bool:
    """Whether the table's class of each picture is the name of a folder around it, another one than its class folder."""
    if [*map(plain, both.by_table)] == [*map(plain, both.by_folder)]:
        return False
    steps = (map(plain, path.split("/")[:-1]) for path in both.paths)
    return all(plain(name) in around for name, around in zip(both.by_table, steps, strict=True))


def _is_store(known: Mapping[str, str], both: _Both) -> bool:
    """Whether the one folder that a table knows is where labelled pictures lie, beside one of others (``unlabelled``) at most."""
    counts = Counter(known.values())
    return len(counts) <= 2 and len(both.paths) >= _MOST * counts[both.by_folder[0]]


def _joined(found: Witnesses, folders: Dataset, named: Named, both: _Both) -> Dataset:
    """The folders' classes with what the table adds; pictures of classes that are none of the folders' are left out, and told."""
    folder_of = dict(zip(both.by_table, both.by_folder, strict=True))
    further = {name for path, name in named.classes.items() if path not in found.known} - {*folder_of}
    known = {*found.known.values()}
    folder_of |= _aligned(further, known - {*folder_of.values()})
    strange = further - {*folder_of} - known
    if further and strange == further and not both.paths:
        table = named.tables[0].name
        n = sum(name in strange for name in named.classes.values())
        left_out = passed_over(table, n, "table.strange_classes", classes=_listed(strange))
        return told(found, folders, [*named.left_out, left_out], [])
    return of_both(found, folders, named, folder_of)


def _aligned(names: Collection[str], folders: Collection[str]) -> Mapping[str, str]:
    """The class folder that each of some classes of a table means: ``0`` is ``00000``, ``cats`` is ``Cat``."""
    numbers, folder_numbers = whole_numbers(names), whole_numbers(folders)
    if numbers is None or folder_numbers is None:
        return spelled_alike(names, folders)
    by_number = dict(zip(folder_numbers, folders, strict=True))
    if len(by_number) < len(folders) or len({*numbers}) < len(names):
        return {}
    return {name: by_number[number] for name, number in zip(names, numbers, strict=True) if number in by_number}


def _of_few(found: Witnesses, named: Named, both: _Both) -> DataError:
    table, n = named.tables[0], len(found.known)
    error = DataError("table.of_few", where=table.name, column=table.labels.column, n=len(both.paths), of=n)
    return error.offering(_readings(found, named, both))


def _readings(found: Witnesses, named: Named, both: _Both) -> list[Reading]:
    layout = "part/class" if found.folders is not None and any(found.folders.brought) else "class"
    column = named.tables[0].labels.column
    of_table = [_reading(both.by_table, {"label_column": column})] if column else []
    return [*of_table, _reading([*found.known.values()], {"layout": layout})]


def _reading(classes: Sequence[str], options: dict[str, str]) -> Reading:
    shown = ", ".join(f"{name[:20]} {n}" for name, n in sorted(Counter(classes).items())[:4])
    return Reading(sentence("table.reading", column=next(iter(options.values())), classes=shown), options=options)


def _listed(names: Collection[str]) -> str:
    return ", ".join(name[:20] for name in sorted(names)[:4]) + (", ..." if len(names) > 4 else "")
