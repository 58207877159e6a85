"""Datumaro's ``annotations/train.json`` as a table of labels: an item a picture; boxes and outlines are none.

``{"categories": {"label": {"labels": [{"name": "dent"}]}},
"items": [{"id": "a/1", "annotations": [{"type": "label", "label_id": 0}]}]}``
"""

from collections.abc import Mapping, Sequence
from typing import Any

from olhar.data.tables.tool_rows import Row, labelled, one_class


def datumaro_rows(entries: Mapping[str, Any], where: str) -> list[Row] | None:
    """A row a picture that has a label; None of another form, and where more pictures have marks: then those are meant.

    Raises:
        DataError: a picture has several labels.
    """
    items, categories = entries.get("items"), _names(entries.get("categories"))
    if categories is None or not isinstance(items, list) or not all(map(_is_item, items)):
        return None
    if sum(any(map(_is_label, item["annotations"])) for item in items) < sum(map(_is_marked, items)):
        return None
    return labelled([{"name": item["id"], "label": one_class(_labels(item, categories), item["id"], where)} for item in items])


def _names(categories: object) -> Sequence[str] | None:
    """The names of the labels, by their numbers; None of another form."""
    labels: object = categories.get("label") if isinstance(categories, dict) else None
    labels = labels.get("labels") if isinstance(labels, dict) else None
    if not isinstance(labels, list) or not all(isinstance(label, dict) for label in labels):
        return None
    return [str(label.get("name", number)) for number, label in enumerate(labels)]


def _is_item(item: object) -> bool:
    """Whether a value names a picture and holds a list of annotations."""
    if not isinstance(item, dict) or not isinstance(item.get("id"), str) or not isinstance(item.get("annotations"), list):
        return False
    return all(isinstance(annotation, dict) for annotation in item["annotations"])


def _is_label(annotation: Mapping[str, Any]) -> bool:
    return annotation.get("type") == "label"


def _is_marked(item: Mapping[str, Any]) -> bool:
    return not all(map(_is_label, item["annotations"]))


def _labels(item: Mapping[str, Any], categories: Sequence[str]) -> list[str]:
    """The names of an item's labels; a number that has none says nothing."""
    numbers = [annotation.get("label_id") for annotation in item["annotations"] if _is_label(annotation)]
    return [categories[n] for n in numbers if isinstance(n, int) and not isinstance(n, bool) and 0 <= n < len(categories)]
