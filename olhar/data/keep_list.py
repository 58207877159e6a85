"""The keep list: a CSV of the pictures that take part, and their labels; found again by their content, wherever they lie now."""

import csv
import io
import os
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from olhar.base.cells import guarded, unguarded
from olhar.base.errors import DataError, PictureError
from olhar.base.files import read_file, reason
from olhar.base.texts import Sentence, say
from olhar.base.types import StrPath
from olhar.data.cache.store import content_hash
from olhar.data.dataset import Brought, Dataset

COLUMNS = ("picture", "label", "content")
LARGEST = 512 * 2**20
"""A list of more bytes is refused: a million pictures take about a hundred megabytes."""

_FIRST_TO_STAY: dict[Brought, int] = {"test": 0, "validation": 1, "train": 2, "": 2}


@dataclass(frozen=True)
class KeepList:
    """Pictures that take part, one row each.

    Attributes:
        name: of its file, for sentences.
        pictures: the name of each; ``""`` where the list goes by content alone.
        labels: the class of each; ``""`` leaves the data's own.
        contents: hex of the content's hash; ``""`` where the list goes by name alone.
    """

    name: str
    pictures: Sequence[str]
    labels: Sequence[str]
    contents: Sequence[str]

    def __len__(self) -> int:
        return len(self.pictures)

    def to_csv(self) -> str:
        """``picture,label,content``; a cell that a spreadsheet would take for a formula gets an apostrophe in front."""
        out = io.StringIO(newline="")
        rows = [*zip(map(guarded, self.pictures), map(guarded, self.labels), self.contents, strict=True)]
        returns = any("\r" in cell for row in rows for cell in row)  # which the csv module forgets to quote
        writer = csv.writer(out, lineterminator="\n", quoting=csv.QUOTE_ALL if returns else csv.QUOTE_MINIMAL)
        writer.writerow(COLUMNS)
        writer.writerows(rows)
        return out.getvalue()

    @classmethod
    def read(cls, path: StrPath) -> "KeepList":
        """A list from its file.

        Raises:
            DataError: it cannot be read, or is no such list.
        """
        where = Path(path)
        try:
            if where.stat().st_size > LARGEST:
                raise DataError("keep.too_large", where=where.name, megabytes=where.stat().st_size / 2**20)
            text = read_file(where).decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise DataError("keep.encoding", where=where.name) from error
        except OSError as error:
            raise DataError("keep.missing", where=os.fspath(path), reason=reason(error)) from error
        return cls.from_csv(text, where.name)

    @classmethod
    def from_csv(cls, text: str, name: str) -> "KeepList":
        """A list from its text. Columns may be parted by semicolons, as spreadsheets do in some languages.

        Raises:
            DataError: neither a column ``picture`` nor ``content``, or a row that is no row.
        """
        head = text.split("\n", 1)[0]
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if head.count(";") > head.count(",") else ",")
        try:
            rows = [row for row in reader if row]
        except csv.Error as error:
            raise DataError("keep.not_a_list", where=name, reason=f"{reader.line_num}: {error}") from error
        titles = [title.strip().casefold() for title in rows[0]] if rows else []
        if "picture" not in titles and "content" not in titles:
            raise DataError("keep.not_a_list", where=name, reason=", ".join(titles) or "-")
        columns = [titles.index(title) if title in titles else None for title in COLUMNS]
        for number, row in enumerate(rows[1:], start=2):
            if len(row) < len(titles):
                raise DataError("keep.short_row", where=name, row=number)
        pictures, labels, contents = (_column(rows[1:], at) for at in columns)
        return cls(name, pictures, labels, [content.strip().lower() for content in contents])


@dataclass(frozen=True)
class KeptPictures:
    """What a keep list leaves of a dataset.

    Attributes:
        dataset: the pictures that take part, with the list's labels.
        notices: what was left out, relabelled and not found, a sentence each.
        keep_list: the list that was obeyed; None where there was none.
    """

    dataset: Dataset
    notices: tuple[Sentence, ...] = ()
    keep_list: KeepList | None = None


def apply_keep_list(dataset: Dataset, keep_list: KeepList, advance: Callable[[int], object] = bool) -> KeptPictures:
    """The pictures of ``dataset`` that the list names, with its labels.

    A picture is found by name and content, or, where it was renamed, by its content. One that kept its name and has another
    content is another picture.

    Args:
        dataset: N pictures.
        keep_list: what takes part.
        advance: is told how many pictures more were read.

    Raises:
        DataError: a label that is no class of the data, or no picture of the list is there.
    """
    labels = _labels(dataset, keep_list)
    contents = [content.hex() for content in content_hashes(dataset, advance)] if any(keep_list.contents) else [""] * len(dataset)
    entry_of = _matched(dataset, keep_list, contents)
    rows = sorted(entry_of)
    if not rows:
        raise DataError("keep.nothing", where=keep_list.name, n=len(keep_list), origin=dataset.origin)
    new_labels = np.array([labels[entry_of[row]] for row in rows], dtype=np.int64)
    new_labels = np.where(new_labels < 0, dataset.labels[rows], new_labels)
    chosen = replace(dataset.only(rows), labels=new_labels)
    return KeptPictures(chosen, tuple(_notices(dataset, keep_list, entry_of, new_labels)), keep_list)


def suggested_rows(dataset: Dataset, contents: Sequence[bytes]) -> NDArray[np.int64]:
    """The rows that a check would keep: all but unreadable pictures and further copies of a picture within its class.

    Of copies in several parts the one in the test part stays, then the one in validation, so that what judges stays whole; of
    those in one part the one of the shortest name: ``rose.jpg``, not ``rose (1).jpg``.

    Args:
        dataset: N pictures.
        contents: the content hash of each; empty where it cannot be read.
    """
    order = sorted(range(len(dataset)), key=lambda row: (_FIRST_TO_STAY[dataset.brought[row]], len(dataset.where[row]), row))
    contents_kept: set[tuple[int, bytes]] = set()
    kept_rows: list[int] = []
    for row in order:
        picture = (int(dataset.labels[row]), contents[row])
        if contents[row] and picture not in contents_kept:
            contents_kept.add(picture)
            kept_rows.append(row)
    return np.array(sorted(kept_rows), dtype=np.int64)


def make_keep_list(dataset: Dataset, contents: Sequence[bytes], rows: NDArray[np.int64], name: str = "keep.csv") -> KeepList:
    """Some pictures of ``dataset``, by name and content, with the labels that they have."""
    chosen: list[int] = rows.tolist()
    labels = [dataset.classes[label] if label >= 0 else "" for label in dataset.labels[rows].tolist()]
    return KeepList(name, [dataset.where[row] for row in chosen], labels, [contents[row].hex() for row in chosen])


def content_hashes(dataset: Dataset, advance: Callable[[int], object] = bool) -> Iterator[bytes]:
    """The content hash of each picture; empty where it cannot be read."""
    for row in range(len(dataset)):
        try:
            yield content_hash(dataset.read(row))
        except PictureError:
            yield b""
        advance(1)


def _column(rows: Sequence[Sequence[str]], at: int | None) -> list[str]:
    return [unguarded(row[at]) if at is not None else "" for row in rows]


def _labels(dataset: Dataset, keep_list: KeepList) -> list[int]:
    """The class of each entry as an index; -1 where the list does not say."""
    index = {"": -1} | {key: number for number, key in enumerate(dataset.classes)}
    for picture, label in zip(keep_list.pictures, keep_list.labels, strict=True):
        if label not in index:
            near = get_close_matches(label, dataset.classes, 1)
            hint = say("data.did_you_mean", name=near[0]) if near else ""
            raise DataError("keep.no_such_class", where=keep_list.name, picture=picture, found=label, hint=hint)
    return [index[label] for label in keep_list.labels]


def _matched(dataset: Dataset, keep_list: KeepList, contents: Sequence[str]) -> dict[int, int]:
    """Row of the dataset -> entry of the list. Who bears the same name goes first, then who bears the same label."""
    keys = [dataset.classes[label] if label >= 0 else "" for label in dataset.labels.tolist()]
    by_content = [entry for entry, content in enumerate(keep_list.contents) if content]
    entry_of: dict[int, int] = {}
    named = [entry for entry, content in enumerate(keep_list.contents) if not content]
    _match(entry_of, named, keep_list.pictures, dataset.where)
    any_of_same_content = ([""] * len(keep_list), [""] * len(dataset))
    for theirs, ours in ((keep_list.pictures, dataset.where), (keep_list.labels, keys), any_of_same_content):
        matched = set(entry_of.values())
        left = [entry for entry in by_content if entry not in matched]
        if left:
            _match(entry_of, left, [*zip(theirs, keep_list.contents, strict=True)], [*zip(ours, contents, strict=True)])
    return entry_of


def _match(entry_of: dict[int, int], entries: Sequence[int], theirs: Sequence[Hashable], ours: Sequence[Hashable]) -> None:
    """Give each of the entries the first free row of the same key."""
    free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for row, key in enumerate(ours):
        if row not in entry_of:
            free[key].append(row)
    for entry in entries:
        if rows := free.get(theirs[entry]):
            entry_of[rows.popleft()] = entry


def _notices(dataset: Dataset, keep_list: KeepList, entry_of: dict[int, int], labels: NDArray[np.int64]) -> Iterator[Sentence]:
    out = [row for row in range(len(dataset)) if row not in entry_of]
    if out:
        yield Sentence("keep.left_out", {"n": len(out), "where": keep_list.name, "first": dataset.where[out[0]]})
    rows = sorted(entry_of)
    changed = np.flatnonzero(labels != dataset.labels[rows]).tolist()
    if changed:
        first = rows[changed[0]]
        old_name = dataset.shown[dataset.labels[first]] if dataset.labels[first] >= 0 else "?"
        values = {"first": dataset.where[first], "before": old_name, "after": dataset.shown[labels[changed[0]]]}
        yield Sentence("keep.relabelled", {"n": len(changed), "where": keep_list.name, **values})
    used = set(entry_of.values())
    unknown = [entry for entry in range(len(keep_list)) if entry not in used]
    if unknown:
        first = keep_list.pictures[unknown[0]] or keep_list.contents[unknown[0]]
        yield Sentence("keep.unknown", {"n": len(unknown), "where": keep_list.name, "first": first})
