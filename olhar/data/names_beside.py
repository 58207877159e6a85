"""A list beside the pictures that names each class (``monkey_labels.txt`` of ``n0``, ``n1``): it is told of, for ``--names``."""

import posixpath
from collections.abc import Collection, Set
from contextlib import suppress
from dataclasses import replace

from olhar.base.errors import DataError
from olhar.base.texts import Sentence, sentence
from olhar.data.class_names import names_in
from olhar.data.dataset import Dataset
from olhar.data.files.files import Files, non_pictures
from olhar.data.layout import plain
from olhar.data.other_files import named_in, without_files
from olhar.data.tables.dialect import decoded, detect_encoding

_ENDINGS = (".txt", ".csv", ".tsv", ".names", ".json")
_WORDS = ("label", "class", "name", "categor", "species", "breed", "synset", "mapping", "rotulo", "nomes", "especie")
_LARGEST, _TRIED = 1 << 16, 8
_TOLD = ("table.names_beside", "table.numbers_named", "table.numbers_shifted")


def with_names_beside(dataset: Dataset, files: Files) -> Dataset:
    """The dataset, with a list that names its classes told of; one that was told of already stands."""
    if len(dataset.classes) < 2 or any(note.key in _TOLD for note in dataset.read_as.notes):
        return dataset
    told = _names_beside(dataset, files)
    if told is None:
        return dataset
    left = without_files(dataset.read_as.passed_over, {*named_in([told])})
    return replace(dataset, read_as=replace(dataset.read_as, passed_over=(*left,), notes=(*dataset.read_as.notes, told)))


def _names_beside(dataset: Dataset, files: Files) -> Sentence | None:
    lists = [index for index in non_pictures(files) if _may_be_list(files.names[index]) and files.size(index) <= _LARGEST]
    for index in lists[:_TRIED]:
        data = files.head(index, _LARGEST)
        encoding, bom = detect_encoding(data)
        with suppress(DataError):
            names = names_in(decoded(data[bom:], encoding), dataset.classes, files.names[index])
            if {*names} == {*dataset.classes} and _are_names({*names.values()}, dataset.classes):
                return sentence("table.names_classes", names=files.names[index])
    return None


def _are_names(names: Set[str], classes: Collection[str]) -> bool:
    """Whether they name each class otherwise than it is called, and are no counts."""
    return len(names) == len(classes) and names.isdisjoint(classes) and all(any(map(str.isalpha, name)) for name in names)


def _may_be_list(path: str) -> bool:
    name = plain(posixpath.basename(path))
    return name.endswith(_ENDINGS) and any(word in name for word in _WORDS)
