"""Files that name classes, as people keep them: JSON, pbtxt, synsets, lines -> names with their indices or keys.

Nothing in a file is run: a Python list is read as a literal.
"""

import ast
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

_FIRST = re.compile(r"(\d+)(?:\s*[:,;\t]\s*|[.)-]?\s+|[.)-]+)(.+)")
_GLUED = re.compile(r"\d+[.)-]+\S")
_LAST = re.compile(r"(.+?)(?:\s*[:,;\t]\s*|\s+)(\d+)")
_MARKED = re.compile(r"[:,;\t]")
_SYNSET = re.compile(r"(n\d{8})[\s,:]+(.+)")
_ITEM = re.compile(r"item\s*\{([^{}]*)\}")
_FIELD = re.compile(r"(\w+)\s*:\s*(?:'((?:[^'\\]|\\.)*)'|\"((?:[^\"\\]|\\.)*)\"|(-?\d+))")


class ClassListError(ValueError):
    """A list of classes that says no order: an index is missing, strange or there twice.

    Attributes:
        line: where it was found, from 1.
        found: the entry.
    """

    def __init__(self, line: int, found: str) -> None:
        super().__init__(found)
        self.line, self.found = line, found


@dataclass(frozen=True)
class ClassList:
    """Names of classes.

    Attributes:
        names: in the order of the file.
        lines: the line, or the place in a JSON, of each, from 1.
        indices: the index that the file gives each; empty where it gives none.
        keys: what the file calls each by, where that is no index: ``n01440764``; empty where it does not.
    """

    names: tuple[str, ...]
    lines: tuple[int, ...]
    indices: tuple[int, ...] = field(default=())
    keys: tuple[str, ...] = field(default=())

    def ordered(self) -> "ClassList":
        """The names by their indices, which are those from 0, or from 1, without gaps; without indices, as they stand.

        Raises:
            ClassListError: an index is missing, or there twice.
        """
        if not self.indices:
            return self
        start = min(self.indices) if min(self.indices) in (0, 1) else 0
        for place, index in enumerate(self.indices):
            if not start <= index < start + len(self.names) or index in self.indices[:place]:
                raise ClassListError(self.lines[place], f"{index} {self.names[place]}")
        order = sorted(range(len(self.names)), key=self.indices.__getitem__)
        return ClassList(tuple(self.names[i] for i in order), tuple(self.lines[i] for i in order), tuple(sorted(self.indices)))


def parse_class_list(text: str) -> ClassList:
    """Read a list of classes.

    Known are JSON (``{"cat": 0}``, ``{"0": "cat"}``, ``{"0": ["n02123045", "tabby"]}``, ``["cat", "dog"]``), a Python list,
    pbtxt, ``0 cat``, ``0: cat``, ``0,cat`` (under a header or not), ``cat 0``, synsets (``n01440764 tench``), one line of names
    with commas between, and a name a line.

    Raises:
        ClassListError: JSON or pbtxt of another form.
    """
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        return _of_literal(_literal(stripped))
    if _ITEM.match(stripped):
        return _of_pbtxt(stripped)
    lines = [(number, line.strip()) for number, line in enumerate(text.splitlines(), 1) if line.strip()]
    if len(lines) == 1 and "," in lines[0][1]:
        names = [name.strip() for name in lines[0][1].split(",")]
        return ClassList(tuple(filter(None, names)), (1,) * sum(map(bool, names)))
    return _of_lines(lines)


def _literal(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError) as error:
        raise ClassListError(1, text[:60]) from error


def _of_literal(value: Any) -> ClassList:
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _numbered(((None, name) for name in value), value)
    if not isinstance(value, Mapping):
        raise ClassListError(1, str(value)[:60])
    pairs = {str(key): each[-1] if isinstance(each, list) and each else each for key, each in value.items()}
    if all(isinstance(each, int) and not isinstance(each, bool) for each in pairs.values()):
        return _numbered(((index, name) for name, index in pairs.items()), value)
    if all(key.strip().isdecimal() for key in pairs):
        return _numbered(((int(key), name) for key, name in pairs.items()), value)
    listed = _numbered(((None, name) for name in pairs.values()), value)
    return ClassList(listed.names, listed.lines, keys=tuple(key.strip() for key in pairs))


def _numbered(pairs: Iterable[tuple[Any, Any]], whole: Any) -> ClassList:
    indices, names = list[int](), list[str]()
    for index, name in pairs:
        if not isinstance(name, (str, int)) or not str(name).strip():
            raise ClassListError(len(names) + 1, str(name)[:60])
        names.append(str(name).strip())
        if index is not None:
            indices.append(index)
    if not names:
        raise ClassListError(1, str(whole)[:60])
    return ClassList(tuple(names), tuple(range(1, len(names) + 1)), tuple(indices))


def _of_pbtxt(text: str) -> ClassList:
    names, lines, indices = list[str](), list[int](), list[int]()
    for item in _ITEM.finditer(text):
        fields = {name: single or double or bare for name, single, double, bare in _FIELD.findall(item[1])}
        line = text[: item.start()].count("\n") + 1
        name = fields.get("display_name") or fields.get("name")
        if not name or not fields.get("id", "").isdecimal():
            raise ClassListError(line, " ".join(item[0].split())[:60])
        names.append(name)
        lines.append(line)
        indices.append(int(fields["id"]))
    return ClassList(tuple(names), tuple(lines), tuple(indices))


def _of_lines(lines: Sequence[tuple[int, str]]) -> ClassList:
    """Lines with an index first or last, or a synset first; else each is a name. A header above numbered lines is passed over."""
    for rows in (lines, lines[1:] if len(lines) > 2 and _MARKED.search(lines[0][1]) else []):
        numbers = tuple(number for number, _ in rows)
        for pattern, index_at in ((_FIRST, 1), (_LAST, 2)):
            matches = [pattern.fullmatch(line) for _, line in rows]
            found = [(int(match[index_at]), match[3 - index_at].strip()) for match in matches if match]
            if rows and len(found) == len(rows) and _is_numbering(found, [line for _, line in rows], first=index_at == 1):
                return ClassList(tuple(name for _, name in found), numbers, tuple(index for index, _ in found))
    synsets = [_SYNSET.fullmatch(line) for _, line in lines]
    if lines and all(synsets):
        matched = [match for match in synsets if match]
        numbers = tuple(number for number, _ in lines)
        return ClassList(tuple(match[2].strip() for match in matched), numbers, keys=tuple(match[1] for match in matched))
    return ClassList(tuple(line for _, line in lines), tuple(number for number, _ in lines))


def _is_numbering(found: Sequence[tuple[int, str]], lines: Sequence[str], *, first: bool) -> bool:
    """Whether numbers beside names are their indices.

    They are where they are those from 0 or 1 without gaps; where a mark or a blank stands behind each first one (gaps are refused
    then); and not where they are part of the name: ``001.Albatross``, ``Boeing 737``, ``90 degrees`` beside ``180 degrees``.
    """
    names, indices = [name for _, name in found], sorted(index for index, _ in found)
    if len(set(names)) < len(names) and len(set(lines)) == len(lines):
        return False
    whole = indices in (list(range(len(indices))), list(range(1, len(indices) + 1)))
    if any(map(_GLUED.match, lines)):
        return [index for index, _ in found] == list(range(len(found)))
    return whole or (first and len(found) > 1) or all(map(_MARKED.search, lines))
