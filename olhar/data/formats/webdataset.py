"""WebDataset: tars whose members belong together by their names, ``000123.jpg`` with ``000123.cls`` or ``000123.json``.

Form: the WebDataset format specification; what stands before the first dot of a member's name is the sample. Shards are read in
the order of their names; their own names say the part (``train-000000.tar``).
"""

import json
import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from olhar.base.errors import DataError
from olhar.data import layout
from olhar.data.dataset import Brought, Dataset
from olhar.data.files.files import Files, non_pictures
from olhar.data.files.folder import FolderFiles
from olhar.data.files.tar import TarMembers, is_tar
from olhar.data.formats.columns import as_text
from olhar.data.layout import part_of
from olhar.data.pieces import Piece, assemble, named_labels
from olhar.data.read_as import PassedOver, passed_over
from olhar.data.read_options import ReadOptions

_PLAIN = ("cls", "cls.txt", "label", "label.txt", "class", "class.txt", "cls.json")
_KEYS = ("label_name", "class_name", "cls_name", "label", "cls", "class", "category", "target")
_NAMES = ("classnames.txt", "classes.txt", "class_names.txt", "labels.txt")
_LONGEST = 1 << 16
_TRIED = 16


@dataclass(frozen=True)
class Shard:
    """A tar, or what lay in one."""

    name: str
    files: Files


def read(files: Files, options: ReadOptions) -> Dataset | None:
    """A WebDataset, in shards or unpacked; None where it is none, or where somebody says how its folders are to be read.

    Raises:
        DataError: a shard that is damaged, or a class that cannot be read.
    """
    if options.layout:
        return None
    shards = [Shard(files.name, files)] if _has_classes(files) else _shards(files)
    if not shards:
        return None
    pieces: list[Piece] = []
    bare: list[PassedOver] = []
    names = _class_names(files)
    for shard in shards:
        piece, without = _piece(shard, names, len(shards) > 1)
        pieces += [piece] if piece.where else []
        bare += [passed_over(shard.name, without, "reading.why_no_class")] if without else []
    return assemble(files.origin, pieces, 0, bare) if pieces else None


def _shards(files: Files) -> list[Shard]:
    """The tars of a folder that holds no pictures by itself, where the first of them is of the kind."""
    if not isinstance(files, FolderFiles) or any(map(layout.is_picture, files.names)):
        return []
    tars = [i for i in non_pictures(files) if re.search(r"\.tar(\.gz)?$", files.names[i].lower())]
    tars = sorted((i for i in tars if is_tar(files.path(i))), key=lambda index: files.names[index])
    shards: list[Shard] = []
    for index in tars:
        shard = Shard(files.names[index], TarMembers(files.path(index)))
        if not shards and not _has_classes(shard.files):
            return []
        shards.append(shard)
    return shards


def _has_classes(files: Files) -> bool:
    """Whether pictures have a file with their class beside them, by the first few; where there are folders, no JSON is one."""
    pictures = [name for _, name in zip(range(_TRIED), filter(layout.is_picture, files.names), strict=False)]
    if not pictures:
        return False
    plain = sum(any(files.has(f"{_sample(name)}.{ending}") for ending in _PLAIN) for name in pictures)
    if 2 * plain > len(pictures):
        return True
    in_json = sum(_label_in_json(files, name) for name in pictures)
    folders = {posixpath.dirname(name) for name in filter(layout.is_picture, files.names)} if in_json else set[str]()
    return 2 * in_json > len(pictures) and len(folders) == 1


def _label_in_json(files: Files, picture: str) -> bool:
    name = f"{_sample(picture)}.json"
    index = next((i for i, other in enumerate(files.names) if other == name), -1) if files.has(name) else -1
    return index >= 0 and _of_json(files.head(index, _LONGEST)) is not None


def _sample(name: str) -> str:
    """What the files of one sample share: the path up to the first dot of the last step."""
    folder, step = posixpath.split(name)
    return posixpath.join(folder, step.split(".")[0])


def _piece(shard: Shard, names: Sequence[str], several: bool) -> tuple[Piece, int]:
    """The pictures of a shard that have a class, and how many have none."""
    files = shard.files
    beside = {name: i for i, name in enumerate(files.names) if not layout.is_picture(name)}
    pictures = [name for name in files.names if layout.is_picture(name) and not layout.hidden(name)]
    labels = [_label(shard, name, beside) for name in pictures]
    kept = [i for i, label in enumerate(labels) if label is not None]
    texts = [label for label in labels if label is not None]
    if names and all(text.isdecimal() for text in texts):
        texts = named_labels([int(text) for text in texts], names)
    chosen = [pictures[i] for i in kept]
    parts: list[Brought] = [_part(shard.name)] * len(kept)
    where = [f"{shard.name}/{name}" for name in chosen] if several else chosen
    return Piece(files.pictures(chosen), where, texts, parts), len(pictures) - len(kept)


def _label(shard: Shard, picture: str, beside: dict[str, int]) -> str | None:
    """The class that stands beside a picture; None where nothing does."""
    sample = _sample(picture)
    for ending in _PLAIN:
        index = beside.get(f"{sample}.{ending}", -1)
        if index >= 0:
            text = shard.files.head(index, _LONGEST).decode("utf-8", "replace").strip()
            if not text or len(text) > 200 or "\n" in text:
                raise DataError("data.sample_class", where=shard.name, member=f"{sample}.{ending}")
            return text
    index = beside.get(f"{sample}.json", -1)
    return _of_json(shard.files.head(index, _LONGEST)) if index >= 0 else None


def _of_json(data: bytes) -> str | None:
    """The class in a sample's JSON: the number or text itself, or under one of the usual keys."""
    try:
        content: Any = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if isinstance(content, dict):
        content = next((content[key] for key in _KEYS if key in content), None)
    return as_text(content) if isinstance(content, (int, str)) and not isinstance(content, bool) and content != "" else None


def _class_names(files: Files) -> list[str]:
    """The names of the classes, a line each, in a file beside the shards."""
    for index in non_pictures(files):
        if posixpath.basename(files.names[index]).lower() in _NAMES:
            text = files.head(index, _LONGEST).decode("utf-8", "replace")
            return [line.strip() for line in text.splitlines() if line.strip()]
    return []


def _part(name: str) -> Brought:
    parts: list[Brought] = [part for word in re.split(r"[-_./\d]+", name) if (part := part_of(word))]
    return parts[0] if parts else ""
