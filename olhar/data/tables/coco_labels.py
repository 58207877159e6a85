"""COCO's JSON as a table of labels: a category a picture and no boxes, as COCO Camera Traps has it.

``{"images": [{"id": 7, "file_name": "a.jpg"}], "annotations": [{"image_id": 7, "category_id": 1}], "categories": [...]}``
"""

from collections.abc import Mapping
from typing import Any

from olhar.base.errors import DataError
from olhar.data.known_forms.detection import listed_categories, marks_boxes

Row = Mapping[str, Any]
_KEYS, _SHOWN = ("images", "annotations", "categories"), 4
_IDS = ("id", "image_id", "category_id")


def is_coco(entries: Mapping[str, Any]) -> bool:
    """Whether a JSON object holds pictures, annotations and categories, each as a list of objects whose ids are plain."""
    return all(isinstance(rows, list) and rows and all(map(_has_ids, rows)) for rows in map(entries.get, _KEYS))


def _has_ids(row: object) -> bool:
    """Whether a value is an object whose numbers, where it has them, are no lists or objects."""
    return isinstance(row, dict) and not any(isinstance(row.get(key), (list, dict)) for key in _IDS)


def coco_rows(entries: Mapping[str, Any], where: str) -> list[Row]:
    """A row a picture that has a category: its name, that category, and what else is said of it; others have none.

    Raises:
        DataError: the annotations are boxes, or one picture has several categories.
    """
    if marks_boxes(entries["annotations"]):
        names = listed_categories([category.get("name") for category in entries["categories"]])
        raise DataError("known.coco", where=where, file=where, categories=names, n=len(entries["images"]))
    categories = _categories(entries, where)
    pictures = [picture for picture in entries["images"] if picture.get("id") in categories]
    plain = dict.fromkeys(name for picture in pictures for name, value in picture.items() if not isinstance(value, (list, dict)))
    others = [name for name in plain if name not in ("id", "file_name", "category")]
    return [
        {"file_name": picture.get("file_name"), "category": categories[picture["id"]]}
        | {name: picture.get(name) for name in others}
        for picture in pictures
    ]


def _categories(entries: Mapping[str, Any], where: str) -> Mapping[object, str]:
    """The name of the one category of each picture."""
    names = {category.get("id"): str(category.get("name", category.get("id"))) for category in entries["categories"]}
    found: dict[object, dict[str, None]] = {}
    for annotation in entries["annotations"]:
        number = annotation.get("category_id")
        found.setdefault(annotation.get("image_id"), {})[names.get(number, str(number))] = None
    several = next((picture for picture, each in found.items() if len(each) > 1), None)
    if several is not None:
        raise DataError("table.categories", where=where, picture=several, found=", ".join([*found[several]][:_SHOWN]))
    return {picture: next(iter(each)) for picture, each in found.items()}
