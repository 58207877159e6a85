"""What a file says that tells of one picture: labelme's flags, Supervisely's tags, a text of the picture's name and its class."""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any, NamedTuple

from olhar.data.layout import part_of
from olhar.data.tables.column_names import LABELS, is_one_of
from olhar.data.tables.dialect import decoded, detect_encoding

_NO_CLASS = "__ignore__"
_PICTURE = b'"imageData"'
"""Where labelme writes the picture itself; what is asked of a file stands in front of it."""
_WORDS, _LONGEST_NAME = re.compile(r"\d{1,3}|[^\W\d_]+([ _-][^\W\d_]+){0,2}"), 100
_APART = re.compile(r"[\s,;]+")


class Note(NamedTuple):
    """What is said of a picture: its classes, whether places on it are marked, and its part."""

    classes: Sequence[str]
    marked: bool = False
    part: str = ""


Form = Callable[[bytes, str], Note | None]


def labelme(text: bytes, picture: str) -> Note | None:
    """``{"flags": {"cat": true, "dog": false}, "shapes": [], "imagePath": "a.jpg"}``: the flags that are true."""
    del picture
    note = _loaded(text)
    flags, shapes = note.get("flags"), note.get("shapes")
    if not isinstance(flags, dict) or not isinstance(shapes, list):
        return None
    return Note([flag for flag, is_set in flags.items() if is_set is True and flag != _NO_CLASS], bool(shapes))


def supervisely(text: bytes, picture: str) -> Note | None:
    """``{"tags": [{"name": "healthy", "value": null}], "objects": [], "size": {}}``: the tags, of which some may be parts."""
    del picture
    note = _loaded(text)
    tags, objects = note.get("tags"), note.get("objects")
    if not isinstance(tags, list) or not isinstance(objects, list) or not isinstance(note.get("size"), dict):
        return None
    names = [name for tag in tags if (name := _of_tag(tag))]
    parts = [name for name in names if part_of(name)]
    return Note([name for name in names if name not in parts], bool(objects), "".join(parts[:1]))


def _of_tag(tag: object) -> str:
    """What a tag says: its name, or the value of one called so; other values are measures and remarks."""
    if not isinstance(tag, dict) or not isinstance(tag.get("name"), str):
        return ""
    value = tag["name"] if tag.get("value") is None else tag["value"] if is_one_of(tag["name"], LABELS) else ""
    return value.strip() if isinstance(value, str) else ""


def named_text(text: bytes, picture: str) -> Note | None:
    """``a.jpg, 5``: one line with the name of the picture and one word; boxes of YOLO's have no name."""
    encoding, bom = detect_encoding(text)
    front, name, behind = decoded(text[bom:], encoding).strip().partition(picture[picture.rfind("/") + 1 :])
    words = _APART.split(behind)
    named = name and (not front or (front.endswith(("/", "\\")) and "\n" not in front))
    return Note(words[1:]) if named and len(words) == 2 and not words[0] and words[1] and "\n" not in behind else None


def one_word(text: bytes, picture: str) -> Note | None:
    """``ripe``: one line of a word or three, or of a whole number, and nothing else; a caption has more."""
    del picture
    encoding, bom = detect_encoding(text[:_LONGEST_NAME])
    line = decoded(text[bom:_LONGEST_NAME], encoding).strip()
    fine = len(text) < _LONGEST_NAME and _WORDS.fullmatch(line) is not None
    return Note([line]) if fine else None


def _loaded(text: bytes) -> Mapping[str, Any]:
    """A JSON object up to the picture that it may hold; empty of all else."""
    end = text.find(_PICTURE)
    with suppress(ValueError, RecursionError):
        value: Any = json.loads(text if end < 0 else text[:end] + b'"":0}')
        return value if isinstance(value, dict) else {}
    return {}
