"""FiftyOne's ``labels.json`` as a table of labels: the class of each picture by its name without ending; null is none.

``{"classes": ["cat", "fox"], "labels": {"000001": 1, "000002": null}}``; without classes the labels are words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from olhar.data.tables.tool_rows import Row, labelled, one_class


def fiftyone_rows(entries: Mapping[str, Any], where: str) -> list[Row] | None:
    """A row a picture that has a class; None where it is another form, as boxes are.

    Raises:
        DataError: a picture has several classes.
    """
    labels = entries.get("labels")
    if {*entries} != {"classes", "labels"} or not isinstance(labels, dict):
        return None
    names = {picture: _names(label, entries["classes"]) for picture, label in labels.items()}
    if None in names.values():
        return None
    return labelled([{"name": picture, "label": one_class(found or (), picture, where)} for picture, found in names.items()])


def _names(label: object, classes: object) -> Sequence[str] | None:
    """What a label says: a word, the number of a class, an object with either, or a list of them; None of all else."""
    label = label.get("label", label.get("labels", label)) if isinstance(label, dict) else label
    if label is None:
        return ()
    several = label if isinstance(label, list) else [label]
    found = [_name(each, classes) for each in several]
    return None if None in found else [name for name in found if name]


def _name(label: object, classes: object) -> str | None:
    if isinstance(label, int) and not isinstance(label, bool) and isinstance(classes, list):
        return str(classes[label]) if 0 <= label < len(classes) else None
    return label if isinstance(label, str) else None
