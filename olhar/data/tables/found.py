"""What lies there to read classes from: the tables that name pictures, those that do not, and what class folders say."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from olhar.base.errors import DataError
from olhar.data import layout
from olhar.data.dataset import UNLABELLED, Dataset
from olhar.data.files.files import Files, non_pictures
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables.column_names import is_form
from olhar.data.tables.path_table import PathTable, open_table
from olhar.data.tables.picture_names import PictureNames, without_ending

_TABLES = (".csv", ".tsv", ".tab", ".txt", ".lst", ".list", ".json", ".jsonl", ".ndjson", ".data", ".dat")
_SURELY = (".csv", ".tsv", ".tab")
_PACKED = ".gz"


@dataclass(frozen=True)
class Found:
    """What there is to read from: the files, what was said, the tables that name pictures, and what the folders say."""

    files: Files
    options: ReadOptions
    pictures: PictureNames
    tables: Sequence[PathTable]
    reasons: Sequence[PassedOver]
    folders: Dataset | None
    refusal: DataError | None

    @cached_property
    def known(self) -> dict[str, str]:
        """The class of each picture by the folders."""
        return classes_of(self.folders) if self.folders else {}


def classes_of(dataset: Dataset) -> dict[str, str]:
    """The class of each picture that has one."""
    labels = zip(dataset.where, dataset.labels.tolist(), strict=True)
    return {path: dataset.classes[label] for path, label in labels if label != UNLABELLED}


def table_files(files: Files) -> list[int]:
    """The files that may be tables by their names; what lies beside a picture with its name tells of that picture alone."""
    stems = {without_ending(name) for name in files.names if layout.is_picture(name)}
    bases = {posixpath.basename(stem) for stem in stems}
    found: list[int] = []
    for index in non_pictures(files):
        name = files.names[index].lower().removesuffix(_PACKED)
        stem, ending = posixpath.splitext(files.names[index].removesuffix(_PACKED))
        if ending.lower() in _TABLES and (name.endswith(_SURELY) or posixpath.basename(stem) not in bases):
            found.append(index)
    return found


def open_all(
    files: Files, candidates: Sequence[int], pictures: PictureNames, options: ReadOptions, folders: set[str]
) -> tuple[list[PathTable], list[PassedOver]]:
    """The tables that name pictures, and those that do not, with the reason.

    Raises:
        DataError: no table has a column that a person names.
    """
    tables: list[PathTable] = []
    reasons: list[PassedOver] = []
    lacking: DataError | None = None
    for index in candidates:
        name = files.names[index]
        if is_form(posixpath.basename(name)):
            reasons.append(passed_over(name, 1, "table.form", pictures=False))
            continue
        try:
            table = open_table(files, index, pictures, options, folders)
        except DataError as error:
            if error.key != "table.no_such_column":
                raise
            lacking = error
            continue
        if table is not None:
            tables.append(table)
        elif name.lower().removesuffix(_PACKED).endswith(_SURELY):
            reasons.append(passed_over(name, 1, "table.names_none", pictures=False))
    if lacking is not None and not tables:
        raise lacking
    return tables, reasons
