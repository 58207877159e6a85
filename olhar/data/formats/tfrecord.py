"""TFRecords of pictures with a class each, as TensorFlow's data sets and contests have them: a ``tf.train.Example`` a picture.

Folders and names of the files say the part, a list beside them (``label.labels.txt``) the names of the numbers. Boxes on
pictures are named and not read.
"""

import posixpath
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from olhar.base.errors import DataError
from olhar.base.texts import Sentence
from olhar.data.dataset import Brought, Dataset, Selection
from olhar.data.files.files import Files, first_bytes, non_pictures, open_unpacked
from olhar.data.formats.npy import spread
from olhar.data.formats.tf_example import features_of
from olhar.data.formats.tfrecord_file import RecordSource, records_of
from olhar.data.formats.tfrecord_roles import (
    FeatureRoles,
    Features,
    class_of,
    feature_roles,
    part_in,
    place_of,
    text_of,
)
from olhar.data.formats.tfrecord_sets import record_files, refuse_several_sets
from olhar.data.pieces import Piece, assemble
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions
from olhar.data.tables.class_numbers import names_of_numbers
from olhar.data.tables.parts_said import part_of_table

_SAMPLED, _LONGEST_LIST = 16, 1 << 20


@dataclass
class _Rows:
    """What the records of all files say, a row a picture."""

    indices: "array[int]" = field(default_factory=lambda: array("q"))
    starts: "array[int]" = field(default_factory=lambda: array("q"))
    sizes: "array[int]" = field(default_factory=lambda: array("q"))
    where: list[str] = field(default_factory=list[str])
    labels: list[str | None] = field(default_factory=list[str | None])
    texts: list[str] = field(default_factory=list[str])
    groups: list[str] = field(default_factory=list[str])
    parts: list[Brought] = field(default_factory=list[Brought])


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """The TFRecords among ``files``; None where there are none, or they hold something else.

    Raises:
        DataError: one is damaged, they are of several sets or sizes, say several classes of a picture, or mark boxes on it.
    """
    indices = record_files(files)
    first = files.names[indices[0]] if indices else ""
    samples = [_first(files, indices[place]) for place in spread(len(indices), _SAMPLED)]
    roles = feature_roles(samples, options, first)
    if roles is None:
        return None
    refuse_several_sets(files, indices)
    if roles.label is None and roles.boxes:
        raise DataError("known.boxes", where=files.origin, file=first)
    rows = _Rows()
    for index in indices:
        _gather(rows, files, index, roles)
    dataset = _dataset(files, rows, roles.label, len(non_pictures(files)) - len(indices))
    why = DataError("data.no_label_column", where=first, found=", ".join(roles.header[:10]))
    return dataset if dataset.classes else replace(dataset, why_unlabelled=why)


def _first(files: Files, index: int) -> Features:
    """The features of the first record of a file; none where it holds something else."""
    with suppress(ValueError, DataError), open_unpacked(files, index) as file:
        return features_of(next(records_of(file, files.names[index]), (0, b""))[1])
    return {}


def _gather(rows: _Rows, files: Files, index: int, roles: FeatureRoles) -> None:
    """Take what the records of a file say.

    Raises:
        DataError: one is damaged, holds no picture, or says several classes.
    """
    name = files.names[index]
    said: Brought = part_of_table(name) or ""
    with open_unpacked(files, index) as file:
        for row, (start, record) in enumerate(records_of(file, name), 1):
            try:
                features = features_of(record)
                begin, end = place_of(features, roles.picture)
                rows.labels.append(class_of(features, roles.label, name, row))
                rows.texts.append(text_of(features, roles.text))
                rows.groups.append(text_of(features, roles.group))
                rows.parts.append(part_in(features, roles.part, name, row) or said)
            except ValueError as error:
                raise DataError("data.row_pixels", where=name, row=row) from error
            for column, value in ((rows.indices, index), (rows.starts, start + begin), (rows.sizes, end - begin)):
                column.append(value)
            rows.where.append(f"{name}:{row}")


def _dataset(files: Files, rows: _Rows, label: str | None, others: int) -> Dataset:
    """The rows that teach or judge: where some have a class, those without are passed over; so are those of no part."""
    labels, notes = _named(files, rows, label)
    labelled = any(name is not None for name in labels)
    parts = "train" in rows.parts
    why = [
        "reading.why_no_class" if labelled and name is None else "reading.why_no_part" if parts and not part else ""
        for name, part in zip(labels, rows.parts, strict=True)
    ]
    kept = [row for row, reason in enumerate(why) if not reason]
    source = RecordSource(files, rows.indices, rows.starts, rows.sizes, rows.where)
    piece = Piece(
        source if len(kept) == len(why) else Selection(source, kept),
        [rows.where[row] for row in kept],
        [labels[row] for row in kept],
        [rows.parts[row] for row in kept],
        [rows.groups[row] for row in kept] if any(rows.groups) else (),
    )
    return assemble(files.origin, [piece], others, _left_out(rows.where, why), notes)


def _left_out(where: Sequence[str], why: Sequence[str]) -> list[PassedOver]:
    counts = Counter((posixpath.dirname(name), reason) for name, reason in zip(where, why, strict=True) if reason)
    return [passed_over(folder, n, reason) for (folder, reason), n in counts.items()]


def _named(files: Files, rows: _Rows, label: str | None) -> tuple[list[str | None], list[Sentence]]:
    """The class of each row: in words where the records have a word for each number, or where a list beside them has."""
    numbers = {name for name in rows.labels if name is not None}
    words = {text for text, name in zip(rows.texts, rows.labels, strict=True) if name is not None}
    if "" not in words and len(words) >= len(numbers):
        return [None if name is None else text for text, name in zip(rows.texts, rows.labels, strict=True)], []
    around = files.around()
    names, notes = _own_list(around, label), list[Sentence]()
    if not names:
        names, notes = names_of_numbers(around, non_pictures(around), numbers)
    return [None if name is None else names.get(name, name) for name in rows.labels], notes


def _own_list(files: Files, label: str | None) -> Mapping[str, str]:
    """The names that TensorFlow Datasets keeps of a feature's numbers, a line each from 0."""
    wanted = f"{label or ''}.labels.txt".replace("/", "-")
    index = next((index for index in non_pictures(files) if posixpath.basename(files.names[index]) == wanted), None)
    text = first_bytes(files, index, _LONGEST_LIST).decode("utf-8", "replace") if index is not None else ""
    return {str(number): line.strip() for number, line in enumerate(text.splitlines()) if line.strip()}
