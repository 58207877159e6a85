"""Which files of TFRecords there are, and whether they belong together: of one set, in one size and version."""

import posixpath
import re
from collections.abc import Sequence
from itertools import pairwise

from olhar.base.errors import DataError
from olhar.base.reading import Reading
from olhar.base.texts import sentence
from olhar.data.files.files import MOST_OTHERS, Files, first_bytes, listing
from olhar.data.formats.tfrecord_file import HEAD, starts_as_records
from olhar.data.tables.parts_said import part_said

_SIZES = re.compile(r"\d+x\d+|\d+\.\d+\.\d+")
_SHOWN = 6


def record_files(files: Files) -> list[int]:
    """The files that bear the name of TFRecords or begin as they do, in the order of their names."""
    others = listing(files).others
    named = [".tfrec" in posixpath.basename(files.names[index]).lower() for index in others]
    found = [
        index
        for place, index in enumerate(others)
        if named[place] or (place < MOST_OTHERS and starts_as_records(first_bytes(files, index, HEAD)))
    ]
    return sorted(found, key=lambda index: files.names[index])


def refuse_several_sets(files: Files, indices: Sequence[int]) -> None:
    """See to it that all files are of one set, in one size and version: else a test picture would teach in another size.

    Args:
        files: where they are.
        indices: which they are.

    Raises:
        DataError: they are of several; where each has a folder, with a reading for each.
    """
    paths = [files.names[index] for index in indices]
    words = sorted({_words(path) for path in paths}, key=len)
    sizes = {tuple(_SIZES.findall(path)) for path in paths}
    if len(sizes) == 1 and all(one <= other for one, other in pairwise(words)):
        return
    sets: dict[object, list[str]] = {}
    for path in paths:
        sets.setdefault((_words(path), *_SIZES.findall(path)), []).append(path)
    folders = [posixpath.commonpath(map(posixpath.dirname, each)) for each in sets.values()]
    apart = all(folders) and len(set(folders)) == len(folders)
    shown = folders if apart else [each[0] for each in sets.values()]
    readings = [Reading(sentence("table.reading_table", table=folder), folder) for folder in folders if apart]
    raise DataError("data.several_record_sets", where=files.origin, sets=", ".join(shown[:_SHOWN])).offering(readings)


def _words(path: str) -> frozenset[str]:
    """The words of a path but for those that say parts, sizes and numbers; of the file's own name, numbers at their end too."""
    folder, name = posixpath.split(_SIZES.sub("/", path.casefold()))
    steps = [word for word in re.split(r"[\W_]+", folder) if word and not word.isdigit()]
    own = [word.rstrip("0123456789") for word in re.split(r"[\W_]+", name)]
    return frozenset(word for word in (*steps, *own) if word and part_said(word) is None)
