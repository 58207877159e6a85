"""VGG Image Annotator's export as a table of labels: of each picture what is said of it as a whole; regions are none.

CSV has a row a region, with JSON in ``file_attributes``; JSON an object a picture, or a project of such objects.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from olhar.data.tables.column_names import LABELS, NO_CLASSES, is_one_of
from olhar.data.tables.dialect import Dialect, decoded, detect_encoding
from olhar.data.tables.tool_rows import Row, one_class
from olhar.data.tables.values import few

_ENOUGH = 0.9
_TEXTS = ("caption", "description", "comment", "comments", "note", "notes", "url", "imageurl", "legenda", "descricao")
"""Keys of what is no class however few its values are."""
_HEADER = re.compile(r'"?#?filename"?([,;\t])"?file_size"?\1"?file_attributes"?\1"?region_count')

_Said = Mapping[str, Sequence[str]]


class _Picture(NamedTuple):
    """A picture: what is said of it by each key, several answers where there are boxes to tick, and whether it has regions."""

    name: str
    said: _Said
    regions: bool


def via_dialect(head: bytes) -> Dialect | None:
    """How VIA's CSV is written, whose header may begin with ``#``; None where it is another file."""
    encoding, bom = detect_encoding(head)
    header = _HEADER.match(decoded(head[bom:], encoding))
    return Dialect(encoding, bom, header[1], cells=7) if header else None


def via_rows(rows: Iterable[Sequence[str]], where: str, wanted: str | None) -> list[Row] | None:
    """The pictures of VIA's CSV, as of its JSON; the first row is the header."""
    cells = ((*row, *[""] * 6)[:6] for row in islice(rows, 1, None))
    pictures = [_Picture(name.strip(), _said(_loaded(file)), shape not in ("", "{}")) for name, _, file, _, _, shape in cells]
    return _labels(pictures, where, wanted)


def via_json_rows(entries: Mapping[str, Any], where: str, wanted: str | None) -> list[Row] | None:
    """A row a picture with what may be its class, where it has such; None of another form, and of regions alone.

    Args:
        entries: a project, or an object a picture.
        where: what to call it.
        wanted: the key that a person names.

    Raises:
        DataError: several boxes of what may be the class are ticked for a picture.
    """
    pictures = entries.get("_via_img_metadata", entries)
    if not isinstance(pictures, dict) or not pictures or not all(map(_is_picture, pictures.values())):
        return None
    return _labels(
        [_Picture(each["filename"], _said(each["file_attributes"]), bool(each.get("regions"))) for each in pictures.values()],
        where,
        wanted,
    )


def _is_picture(value: object) -> bool:
    return isinstance(value, dict) and isinstance(value.get("filename"), str) and isinstance(value.get("file_attributes"), dict)


def _loaded(cell: str) -> object:
    try:
        return json.loads(cell)
    except (ValueError, RecursionError):
        return None


def _said(attributes: object) -> _Said:
    """The answers by each key; no answers where it is something else."""
    return {key: _answers(value) for key, value in attributes.items()} if isinstance(attributes, dict) else {}


def _answers(value: object) -> list[str]:
    """A text, or the boxes that are ticked."""
    if isinstance(value, dict):
        return [str(name) for name, ticked in value.items() if ticked]
    return [value.strip()] if isinstance(value, str) and value.strip() else []


def _labels(pictures: Sequence[_Picture], where: str, wanted: str | None) -> list[Row] | None:
    """A column each for what may be the class, of the pictures that have an answer there; where nothing may, for all else."""
    marked = {picture.name for picture in pictures if picture.regions}
    said_of = {picture.name: picture.said for picture in pictures}
    every = [*said_of.values()]
    keys = [*dict.fromkeys(key for said in every for key in said)]
    meant = _meant(keys, every, wanted, boxes=2 * len(marked) > len(every))
    if meant:
        rows = [({key: one_class(said.get(key, ()), name, where) for key in meant}, name) for name, said in said_of.items()]
        return [row | {"filename": name} for row, name in rows if all(row.values())]
    if marked:
        return None
    others = [key for key in keys if not is_one_of(key, _TEXTS)]
    return [{key: "|".join(said.get(key, ())) for key in others} | {"filename": name} for name, said in said_of.items()]


def _meant(keys: Sequence[str], every: Sequence[_Said], wanted: str | None, boxes: bool) -> list[str]:
    """The keys that may say the class: the one that is asked for, those called so, else all; none of these in a set of boxes."""
    asked = [key for key in keys if wanted and key.strip().casefold() == wanted.strip().casefold()]
    classes = [key for key in keys if _may_be_class(key, every)]
    return asked or [key for key in classes if is_one_of(key, LABELS)] or ([] if boxes else classes)


def _may_be_class(key: str, every: Sequence[_Said]) -> bool:
    """Whether nearly all pictures have an answer by a key, and those are few."""
    answers = ["|".join(said[key]) for said in every if said.get(key)]
    return len(answers) >= _ENOUGH * len(every) and few({*answers}, len(answers)) and not is_one_of(key, (*NO_CLASSES, *_TEXTS))
