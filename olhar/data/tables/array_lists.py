"""Lists in files of arrays beside pictures, as rows of a table.

Forms: MATLAB's ``annotations`` with ``fname`` and ``class`` (Stanford Cars); ``file_list`` and ``labels`` (Stanford Dogs);
``labels``, one for each of as many pictures with running numbers, and ``trnid``, ``valid``, ``tstid``, the numbers of each part
(Oxford Flowers); ``labels.npy``.
"""

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from weakref import WeakKeyDictionary

from olhar.base.errors import DataError
from olhar.data.files.files import Files, first_bytes, open_unpacked
from olhar.data.formats import matlab
from olhar.data.formats.array_files import array_file
from olhar.data.formats.columns import as_text
from olhar.data.formats.npy import NamedArray
from olhar.data.tables.mentions import LARGEST
from olhar.data.tables.parts_said import part_of_table
from olhar.data.tables.tool_rows import Row

ENDINGS = (".mat", ".npy")
MOST = 20
"""Where more files of arrays lie than these, each is a picture or tells of one."""
_NUMBERS = re.compile(r"[\W_]*(ids?|idx|ind(ex|ices)?)$", re.IGNORECASE)
_TEST = "test"

Columns = Mapping[str, Sequence[str]]
_KNOWN: WeakKeyDictionary[Files, dict[int, Columns]] = WeakKeyDictionary()
"""What has been found, as long as the files are at hand: a list may hold labels and the names of their classes."""


def columns_of(files: Files, index: int) -> Columns:
    """The vectors and lists of texts in a file as columns of text, by the last steps of their names; none where it is damaged."""
    known = _KNOWN.setdefault(files, {})
    if index not in known:
        known[index] = _found(files, index) if files.size(index) <= LARGEST else {}
    return known[index]


def _found(files: Files, index: int) -> Columns:
    try:
        arrays = _arrays(files, index)
        return {name.rpartition(".")[2]: cells for name, array in arrays.items() if (cells := _cells(array))}
    except DataError:
        return {}  # told by the reader of arrays


def named_rows(columns: Columns) -> Iterator[list[Row]]:
    """The columns of one length as rows, the longest first; a flag called ``test`` says the part."""
    for n in sorted({len(cells) for cells in columns.values()}, reverse=True):
        alike = {name: _as_parts(cells) if name == _TEST else cells for name, cells in columns.items() if len(cells) == n}
        if len(alike) > 1:
            yield [dict(zip(alike, row, strict=True)) for row in zip(*alike.values(), strict=True)]


def numbered_rows(columns: Columns, pictures: Sequence[str]) -> list[Row]:
    """The columns of as many cells as there are pictures, in the order of their numbers; else the part of each by its number."""
    alike = {name: cells for name, cells in columns.items() if len(cells) == len(pictures) > 1}
    if alike:
        named = {**alike, "file": pictures}
        return [dict(zip(named, row, strict=True)) for row in zip(*named.values(), strict=True)]
    parts = {part: cells for name, cells in columns.items() if (part := part_of_table(_NUMBERS.sub("", name)))}
    numbers = [(int(cell), part) for part, cells in parts.items() for cell in cells if cell.isdecimal()]
    known = {number for number, _ in numbers if 0 < number <= len(pictures)}
    whole = len(known) == len(numbers) == sum(map(len, parts.values()))
    return [{"file": pictures[number - 1], "split": part} for number, part in numbers] if whole and len(parts) > 1 else []


def _arrays(files: Files, index: int) -> Mapping[str, NamedArray]:
    if matlab.is_matlab(first_bytes(files, index, matlab.HEAD)):
        file = open_unpacked(files, index)
        return matlab.arrays_of_matlab(file, files.stamp(index), files.names[index], records=True)
    found = array_file(files, index)
    stem = found.stem.rpartition("/")[2] if found else ""
    return {name or stem: opened() for name, opened in found.arrays.items()} if found else {}


def _cells(array: NamedArray) -> list[str]:
    """The values of a vector as text; none of anything else."""
    n = math.prod(array.shape)
    return [as_text(value).strip() for value in array.load().reshape(-1).tolist()] if 1 < n == max(array.shape) else []


def _as_parts(cells: Sequence[str]) -> Sequence[str]:
    return [{"0": "train", "1": "test"}[cell] for cell in cells] if {*cells} == {"0", "1"} else cells
