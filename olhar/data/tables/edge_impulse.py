"""Edge Impulse's ``info.labels`` as a table of labels: a path, a class and a part a picture; boxes and the unlabelled are none.

``{"files": [{"path": "training/a.jpg", "category": "training", "label": {"type": "label", "label": "lamp"}}]}``
"""

from collections.abc import Mapping
from typing import Any

from olhar.data.tables.tool_rows import Row, labelled


def edge_impulse_rows(entries: Mapping[str, Any]) -> list[Row] | None:
    """A row a picture that has a class; None where it is another form."""
    files = entries.get("files")
    if not isinstance(files, list) or not files or not all(map(_is_file, files)):
        return None
    return labelled([{"path": file["path"], "label": _label(file.get("label")), "split": file.get("category")} for file in files])


def _is_file(file: object) -> bool:
    """Whether a value names a file and its category; its label is an object, of boxes there may be none."""
    return (
        isinstance(file, dict)
        and isinstance(file.get("path"), str)
        and "category" in file
        and not isinstance(file.get("label"), str)
    )


def _label(label: object) -> str:
    name = label.get("label") if isinstance(label, dict) and label.get("type") == "label" else ""
    return name.strip() if isinstance(name, str) else ""
