"""What lies there to read classes from: the tables that name pictures, those that do not, and what class folders say."""

import posixpath
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from olhar.base.errors import DataError
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, first_bytes
from olhar.data.formats.workbook import ENDINGS as WORKBOOKS
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables import array_lists
from olhar.data.tables.column_names import is_form
from olhar.data.tables.folder_witness import FolderWitness
from olhar.data.tables.joined import joined
from olhar.data.tables.many_names import without_ending
from olhar.data.tables.mentions import why_unread
from olhar.data.tables.opener import Opener
from olhar.data.tables.opening import open_notes, open_table
from olhar.data.tables.path_table import PathTable
from olhar.data.tables.picture_names import PictureNames
from olhar.data.tables.tool_exports import ENDINGS

PARQUETS = (".parquet", ".pq")
_TABLES = (
    *(".csv", ".tsv", ".tab", ".txt", ".lst", ".list", ".json", ".jsonl", ".ndjson", ".data", ".dat"),
    *(*ENDINGS, *PARQUETS, *WORKBOOKS),
)
_SURELY = (".csv", ".tsv", ".tab", *WORKBOOKS)
_NO_NOTES = (*_SURELY, *PARQUETS)
"""What lies beside a picture with its name may be a note of that picture alone; tables of these kinds are none."""
_PACKED = ".gz"
_FIRST = 64
_OWN = re.compile(rb'(\xef\xbb\xbf)?"?picture"?[,;]("?label"?[,;])?"?(content|predicted)"?[,;\r\n]')
"""How keep lists and lists of answers begin."""


def table_files(files: Files, pictures: PictureNames) -> list[int]:
    """The files that may be tables by their names; what lies beside a picture with its name tells of that picture alone."""
    named = {i: posixpath.splitext(files.names[i].removesuffix(_PACKED)) for i in ([0] if files.single else pictures.others)}
    arrays = [i for i, (_, ending) in named.items() if ending.lower() in array_lists.ENDINGS]
    wanted = (*_TABLES, *array_lists.ENDINGS) if len(arrays) <= array_lists.MOST else _TABLES
    candidates = {i: (stem, ending.lower()) for i, (stem, ending) in named.items() if ending.lower() in wanted}
    if all(ending in _NO_NOTES for _, ending in candidates.values()):
        return [*candidates]
    stems = {without_ending(name[name.rfind("/") + 1 :]) for name in pictures.paths}
    first = pictures.notes.first if pictures.notes else -1
    return [
        i
        for i, (stem, ending) in candidates.items()
        if i == first or ending in _NO_NOTES or posixpath.basename(stem) not in stems
    ]


@dataclass
class Opened:
    """What came of opening the files that may be tables.

    Attributes:
        tables: those that name pictures.
        left_out: those that do not, and forms, with the reason.
        broken: why others could not be read.
    """

    tables: list[PathTable] = field(default_factory=list[PathTable])
    left_out: list[PassedOver] = field(default_factory=list[PassedOver])
    broken: list[DataError] = field(default_factory=list[DataError])


@dataclass(frozen=True)
class Witnesses:
    """What there is to read from: the files, what was said, the tables that name pictures, and what the folders say."""

    files: Files
    options: ReadOptions
    pictures: PictureNames
    opened: Opened
    by_folder: FolderWitness

    @property
    def tables(self) -> Sequence[PathTable]:
        """The tables that name pictures."""
        return self.opened.tables

    @property
    def folders(self) -> Dataset | None:
        """What class folders say."""
        return self.by_folder.dataset

    @property
    def refusal(self) -> DataError | None:
        """Why they say nothing though they are there."""
        return self.by_folder.refusal

    @property
    def known(self) -> Mapping[str, str]:
        """The class of each picture by the folders."""
        return self.by_folder.known


def _why_not_opened(files: Files, index: int) -> str | None:
    """Why a table beside pictures says nothing of them: it is a form, or a list of answers or of what to keep, Olhar's own."""
    if is_form(posixpath.basename(files.names[index])):
        return "table.form"
    return "table.own" if _OWN.match(first_bytes(files, index, _FIRST)) else None


def open_all(opener: Opener, candidates: Sequence[int]) -> Opened:
    """Open the files that may be tables.

    Raises:
        DataError: no table has a column that a person names.
    """
    opened, notes = Opened(), opener.pictures.notes
    for index in candidates:
        name = opener.files.names[index]
        if not opener.files.single and (why := _why_not_opened(opener.files, index)):
            opened.left_out.append(passed_over(name, 1, why, pictures=False))
            continue
        try:
            table = open_notes(opener, notes) if notes is not None and index == notes.first else open_table(opener, index)
        except DataError as error:
            if error.key == "known.coco" and not opener.files.single:
                opened.left_out.append(passed_over(name, 1, "table.coco_boxes", pictures=False))
            else:
                opened.broken.append(error)
            continue
        if table is not None:
            opened.tables.append(table)
        elif name.lower().removesuffix(_PACKED).endswith(_SURELY):
            opened.left_out.append(passed_over(name, 1, "table.names_none", pictures=False))
        elif name.lower().endswith(".json") and (why := why_unread(opener.files, index, opener.pictures.paths)):
            opened.left_out.append(passed_over(name, 1, why, pictures=False))
    bare = [i for i in candidates if (n := opener.files.names[i]).lower().endswith(WORKBOOKS) or n in _named_none(opened)]
    opened.tables, partners = joined(opened.tables, bare, opener)
    opened.left_out = [each for each in opened.left_out if each.place not in partners]
    lacking = [error for error in opened.broken if error.key == "table.no_such_column"]
    if lacking and not opened.tables:
        raise lacking[0]
    opened.broken = [error for error in opened.broken if error not in lacking]
    return opened


def _named_none(opened: Opened) -> set[str]:
    """The tables that name no picture."""
    return {each.place for each in opened.left_out if each.why.key == "table.names_none"}
