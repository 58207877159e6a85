"""The names to show in place of the classes' own: a mapping, a small text file of ``dogs = "Cachorro"`` lines, or a list."""

import json
from collections.abc import Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

from olhar.base.errors import DataError
from olhar.base.files import read_file
from olhar.base.texts import say
from olhar.base.types import StrPath
from olhar.data.dataset import Dataset
from olhar.data.listed_names import listed_names
from olhar.data.pieces import class_key

ClassNames = Mapping[str, str] | StrPath
_LARGEST = 2**20
_QUOTES = ('"', "'")


def with_class_names(dataset: Dataset, names: ClassNames) -> Dataset:
    """The dataset with other names to show; a class that is not named keeps its own.

    Args:
        dataset: whose classes are named.
        names: a mapping from class to name, or the file of one.

    Raises:
        DataError: the file cannot be read, names a class that is not there, or gives two classes one name.
    """
    where = "names" if isinstance(names, Mapping) else Path(names).name
    own_names = names if isinstance(names, Mapping) else read_class_names(names, dataset.classes)
    table = {class_key(str(key)): str(name) for key, name in own_names.items()}
    for key in table:
        if key not in dataset.classes:
            near = get_close_matches(key, dataset.classes, 1, 0.5)
            hint = say("data.did_you_mean", name=near[0]) if near else ""
            classes = ", ".join(dataset.classes[:10])
            raise DataError("data.names_unknown", where=where, found=key, hint=hint, known=classes)
    shown = tuple(table.get(key, name) for key, name in zip(dataset.classes, dataset.shown, strict=True))
    twice = next((name for i, name in enumerate(shown) if name in shown[:i]), None)
    if twice is not None:
        raise DataError("data.names_twice", where=where, name=twice)
    return dataset.named(shown)


def read_class_names(path: StrPath, classes: Sequence[str] | None = None) -> Mapping[str, str]:
    """A file of names: a line ``class = "name"`` each, quotes as one likes, ``#`` before what is not meant; a run's
    ``request.json``; or a list of classes as others keep it (``listed_names``).

    Args:
        path: of the file.
        classes: keys of the classes that are to be named; None where they are not known yet: then a list names all that it has.

    Raises:
        DataError: it cannot be read, or a line is no such line or names a class again.
    """
    return names_in(_text(Path(path)), classes, Path(path).name)


def names_in(text: str, classes: Sequence[str] | None, where: str) -> Mapping[str, str]:
    """The same of a file's text; ``where`` is what to call it.

    Raises:
        DataError: a line is no such line or names a class again.
    """
    kept = _of_run(text)
    if kept:
        return kept
    lines = [(number, line) for number, line in enumerate(text.splitlines(), 1) if line.strip() and line.lstrip()[0] != "#"]
    if not _is_listed(text, lines, classes or ()):
        return _of_lines(lines, where)
    return listed_names(text, classes, where)


def _is_listed(text: str, lines: Sequence[tuple[int, str]], classes: Sequence[str]) -> bool:
    """Whether a file is a list as others keep it: JSON, pbtxt, or lines of which none says ``class = name`` nor is a class."""
    if text.lstrip()[:1] in ("{", "[") and not text.lstrip().startswith("[names"):
        return True
    return not any("=" in line or class_key(line) in classes for _, line in lines) and (len(lines) > 1 or "," in text)


def _of_lines(lines: Sequence[tuple[int, str]], where: str) -> dict[str, str]:
    class_names: dict[str, str] = {}
    for number, line in lines:
        key, name = _pair(line)
        if not key or not name or key in class_names:
            raise DataError("data.names_line", where=where, row=number, found=line.strip()[:60])
        class_names[key] = name
    return class_names


def _of_run(text: str) -> dict[str, str]:
    """The names that a run keeps in its ``request.json``; none where the text is no such file."""
    try:
        return {class_key(key): str(name) for key, name in json.loads(text)["names"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def _text(path: Path) -> str:
    try:
        return read_file(path, _LARGEST).decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError("data.names_unreadable", where=str(path)) from error


def _pair(line: str) -> tuple[str, str]:
    """Key and name of a line; nothing where it has none."""
    key, rest = _word(line.strip(), "=")
    if not rest.startswith("="):
        return "", ""
    name, trailing = _word(rest[1:].strip(), "#")
    return (class_key(key), class_key(name)) if not trailing or trailing.startswith("#") else ("", "")


def _word(text: str, end: str) -> tuple[str, str]:
    """A word, quoted or up to ``end``, and what follows it."""
    if text[:1] in _QUOTES and text.find(text[0], 1) > 0:
        stop = text.index(text[0], 1)
        return text[1:stop], text[stop + 1 :].strip()
    word, mark, rest = text.partition(end)
    return word.strip(), mark + rest
