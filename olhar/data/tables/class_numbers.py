"""Classes that a table gives as numbers, named by a list beside it: ``classes.txt`` with as many lines as they count up to.

A JSON that names each (``label_num_to_disease_map.json``) is told of; ``--names`` shows its names.
"""

import posixpath
from collections.abc import Collection, Mapping, Sequence

from olhar.base.class_lists import ClassListError, parse_class_list
from olhar.base.texts import Sentence, sentence
from olhar.data.files.files import Files, first_bytes
from olhar.data.pieces import class_key
from olhar.data.tables.column_names import plain_name
from olhar.data.tables.dialect import decoded, detect_encoding

_LISTS = ("classes", "labels", "classnames", "names", "labelnames", "categories", "labelmap", "rotulos", "classeslist", "synsets")
_ENDINGS = (".txt", ".names", ".pbtxt")
_INDEXED = ".json"
_LARGEST = 1 << 20
_OF_A_RUN = "request.json"
"""A run that lies below the data keeps its own labels, which are names to show."""


def names_of_numbers(files: Files, others: Sequence[int], classes: Collection[str]) -> tuple[Mapping[str, str], list[Sentence]]:
    """The name of each number, and what is to be told of it; no names where the classes are no numbers, or where not exactly one
    list among the ``others`` has as many different names as they count up to, from 0. Numbers between may have no pictures.
    """
    if not all(name.isascii() and name.isdigit() and str(int(name)) == name for name in classes):
        return {}, []
    n = max(map(int, classes), default=-1) + 1
    ours = {posixpath.dirname(name) for name in files.names if posixpath.basename(name) == _OF_A_RUN}
    lists = [index for index in others if posixpath.dirname(files.names[index]) not in ours]
    found = {files.names[index]: names for index in lists if (names := _names(files, index, n))}
    taken = {where: names for where, names in found.items() if not where.lower().endswith(_INDEXED)}
    if len({*taken.values()}) != 1:
        return {}, [sentence("table.names_beside", names=where) for where in list(found)[:1] if where not in taken]
    where, names = next(iter(taken.items()))
    return {str(number): name for number, name in enumerate(names)}, [sentence("table.numbers_named", names=where)]


def _names(files: Files, index: int, n: int) -> tuple[str, ...]:
    """The names in a list of ``n`` classes, by their indices from 0 where it has such; else nothing."""
    stem, ending = posixpath.splitext(posixpath.basename(files.names[index]))
    indexed = ending.lower() == _INDEXED
    if not indexed and (ending.lower() not in _ENDINGS or plain_name(stem) not in _LISTS):
        return ()
    head = first_bytes(files, index, _LARGEST)
    encoding, bom = detect_encoding(head)
    try:
        listed = parse_class_list(decoded(head[bom:], encoding)).ordered()
    except ClassListError:
        return ()
    names = tuple(class_key(name) for name in listed.names)
    from_zero = listed.indices[0] == 0 if listed.indices else not indexed
    return names if from_zero and len(names) == n == len({*names}) else ()
