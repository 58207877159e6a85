"""Boxes and points on pictures: COCO, YOLO, Pascal VOC, Open Images, tables of boxes. Olhar gives a picture one class."""

import json
import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from olhar.data import layout
from olhar.data.files.files import Files, first_bytes, non_pictures

_HEAD, _WHOLE = 1 << 16, 1 << 24
_SHOWN, _TRIED = 6, 32
_COCO = (b'"images"', b'"annotations"', b'"categories"', b'"info"', b'"licenses"', b'"bbox"', b'"image_id"', b'"iscrowd"')
_MARKS = ("bbox", "segmentation", "keypoints")
_BOX_CELL = re.compile(r"\s*\S+(\s+-?\d+(\.\d+)?){4}(\s|$)")
_BOX_LINE = re.compile(r"\d+(\s+-?\d*\.?\d+(e-?\d+)?){4,}\s*", re.IGNORECASE)
_CORNERS = (
    {"xmin", "xmax"},
    {"ymin", "ymax"},
    {"x_min", "x_max"},
    {"x1", "x2"},
    {"bbox"},
    {"bbox_x1", "bbox_x2"},
    {"bbox_x", "bbox_y"},
    {"bbox_width"},
)


def coco(files: Files) -> Mapping[str, Any] | None:
    """A JSON with ``images``, ``annotations`` and ``categories``, and boxes among the annotations."""
    for index in _with_ending(files, ".json"):
        if not is_coco_file(files, index):
            continue
        content = _coco_content(files, index)
        if not content.get("annotations") or marks_boxes(content["annotations"]):
            return _told(files, index, [category.get("name", "") for category in content.get("categories", ())])
    return None


def marks_boxes(annotations: Iterable[Mapping[str, Any]]) -> bool:
    """Whether some of COCO's annotations mark a place on a picture; without any they are labels of whole pictures."""
    return any(annotation.get(mark) for annotation in annotations for mark in _MARKS)


def is_coco_file(files: Files, index: int) -> bool:
    """Whether a file opens as COCO's JSON."""
    head = first_bytes(files, index, _HEAD)
    return head.lstrip()[:1] == b"{" and sum(key in head for key in _COCO) >= 3


def yolo(files: Files) -> Mapping[str, Any] | None:
    """Texts of ``class x y width height`` that bear the names of pictures."""
    stems = {posixpath.splitext(posixpath.basename(name))[0] for name in files.names if layout.is_picture(name)}
    texts = [i for i in _with_ending(files, ".txt") if posixpath.splitext(posixpath.basename(files.names[i]))[0] in stems]
    boxed = [i for i in texts[:_TRIED] if _is_boxes(first_bytes(files, i, 4096))]
    return _told(files, boxed[0], _yolo_names(files)) if boxed else None


def yolo_classes(data: bytes) -> list[str]:
    """The class of each line of such a text; nothing where it is none."""
    lines = data.decode("utf-8", "replace").splitlines() if _is_boxes(data) else ()
    return [line.split()[0] for line in lines if line.strip()]


def voc(files: Files) -> Mapping[str, Any] | None:
    """XML with ``<annotation>`` and ``<bndbox>``."""
    for index in _with_ending(files, ".xml")[:_TRIED]:
        head = first_bytes(files, index, _HEAD)
        if b"<annotation" in head and (b"<bndbox" in head or b"<object" in head):
            return _told(files, index, [])
    return None


def open_images(files: Files) -> Mapping[str, Any] | None:
    """A table with ``ImageID`` and ``LabelName``."""
    for index, columns in _tables(files):
        if {"imageid", "labelname"} <= columns:
            return _told(files, index, [])
    return None


def boxes(files: Files) -> Mapping[str, Any] | None:
    """A table with the corners of boxes."""
    for index, columns in _tables(files):
        if _hold_corners(columns):
            return _told(files, index, [])
    return None


def are_box_cells(cells: Sequence[str]) -> bool:
    """Whether cells, but for empty ones, hold a class and the corners of a box each, as ``n01440764 13 22 44 40``."""
    some = [*islice(filter(None, cells), _TRIED)]
    return bool(some) and all(map(_BOX_CELL.match, some))


def are_box_columns(header: Iterable[str]) -> bool:
    """Whether some columns of a table hold boxes, by their names."""
    return _hold_corners({re.sub(r"\W", "", name).lower() for name in header})


def _hold_corners(columns: set[str]) -> bool:
    return any(corners <= columns for corners in _CORNERS)


def _told(files: Files, index: int, categories: Sequence[str]) -> dict[str, Any]:
    """What the sentences tell: how many pictures there are, the file that was seen, and the categories."""
    n = sum(layout.is_picture(name) and not layout.hidden(name) for name in files.names)
    return {"n": n, "file": files.names[index], "categories": listed_categories(categories)}


def listed_categories(categories: Iterable[object]) -> str:
    """The first of some categories by name; ``?`` where none is known."""
    names = list(dict.fromkeys(str(name) for name in categories))
    return (", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")) or "?"


def _coco_content(files: Files, index: int) -> Mapping[str, list[Mapping[str, Any]]]:
    """What COCO's JSON holds, lists of objects alone; nothing where it is too large to look into, or no whole JSON."""
    data = files.head(index, _WHOLE + 1)
    if len(data) > _WHOLE:
        return {}
    try:
        content: Any = json.loads(data)
        return {key: [row for row in content.get(key, ()) if isinstance(row, dict)] for key in ("annotations", "categories")}
    except (ValueError, AttributeError, TypeError, RecursionError):
        return {}


def _is_boxes(data: bytes) -> bool:
    lines = [line for line in data.decode("utf-8", "replace").splitlines()[:_TRIED] if line.strip()]
    return bool(lines) and all(_BOX_LINE.fullmatch(line.strip()) for line in lines[: max(1, len(lines) - 1)])


def _yolo_names(files: Files) -> list[str]:
    """The names in ``data.yaml``: a list in brackets, a line each, or a line each with its number."""
    for index in _with_ending(files, ".yaml", ".yml"):
        text = first_bytes(files, index, _HEAD).decode("utf-8", "replace")
        match = re.search(r"^names:[ \t]*(\[[^\]]*\]|(\n[ \t]*(-|\d+:)[^\n]*)+)", text, re.MULTILINE)
        if match:
            words = re.split(r"[,\n]", match[1].strip("[]\n"))
            return [re.sub(r"^\s*(-|\d+:)", "", word).strip(" \t'\"") for word in words if word.strip()]
    return []


def _tables(files: Files) -> Iterator[tuple[int, set[str]]]:
    """The tables of text, and the names in their first lines, in lower case."""
    for index in _with_ending(files, ".csv", ".tsv", ".txt")[: 2 * _TRIED]:
        line = first_bytes(files, index, 4096).decode("utf-8-sig", "replace").split("\n")[0]
        yield index, {re.sub(r"\W", "", word).lower() for word in re.split(r"[,;\t]", line)}


def _with_ending(files: Files, *endings: str) -> list[int]:
    return [index for index in non_pictures(files) if files.names[index].lower().endswith(endings)]
