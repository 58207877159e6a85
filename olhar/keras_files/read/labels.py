"""The classes of a model, from the small text file that people keep beside it."""

import re
from collections.abc import Sequence
from pathlib import Path

from olhar.base.class_lists import ClassListError, parse_class_list
from olhar.base.errors import ModelError

_NAME = re.compile(r"(labels?|class(es)?|class_?names|rotulos|classes_?nomes)\.txt$", re.IGNORECASE)
_LARGEST = 2**20
_MOST_FILES = 2000


def parse_labels(data: bytes, where: str) -> tuple[str, ...]:
    """The classes of a file in the order of their indices: one a line (``cat``, ``0 cat``, ``cat 0``), or in any form that
    ``base.class_lists`` reads; a byte-order mark, Windows line ends and blank lines do not matter.

    Raises:
        ModelError: a name stands there twice, an index is missing or strange, or it is no list of classes.
    """
    try:
        classes = parse_class_list(_text(data)).ordered()
    except ClassListError as error:
        raise ModelError("keras.labels_order", labels=where, row=error.line, found=error.found) from error
    seen = set[str]()
    for name, line in sorted(zip(classes.names, classes.lines, strict=True), key=lambda pair: pair[1]):
        if name in seen:
            raise ModelError("keras.labels_twice", labels=where, name=name, row=line)
        seen.add(name)
    return classes.names


def _text(data: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1252"):
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "replace")
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("latin-1")


def labels_beside(model: Path) -> tuple[tuple[str, ...], str] | None:
    """The classes in the labels file in the model's folder and its name, where there is one that is meant.

    Of several, the one whose name opens as the model's does.
    """
    files = [path for path in _siblings(model) if _NAME.search(path.name)]
    if len(files) > 1:
        named = [path for path in files if path.name.lower() == "labels.txt" or _shared_prefix(path.name, model.name)]
        files = sorted(named, key=lambda path: -_shared_prefix(path.name, model.name))[:1]
    for path in files:
        names = parse_labels(path.read_bytes()[:_LARGEST], path.name)
        if names:
            return names, path.name
    return None


def is_only_model(model: Path) -> bool:
    """Whether no other file in the model's folder opens as a model does."""
    for path in _siblings(model, None):
        with path.open("rb") as file:
            if path != model and file.read(8).startswith((b"\x89HDF", b"PK\x03\x04")):
                return False
    return True


def _siblings(model: Path, largest: int | None = _LARGEST) -> Sequence[Path]:
    try:
        paths = [path for path, _ in zip(sorted(model.parent.iterdir()), range(_MOST_FILES), strict=False)]
        return [path for path in paths if path.is_file() and (largest is None or path.stat().st_size <= largest)]
    except OSError:
        return []


def _shared_prefix(name: str, model_name: str) -> int:
    return next((i for i, (a, b) in enumerate(zip(name, model_name, strict=False)) if a != b), min(len(name), len(model_name)))
