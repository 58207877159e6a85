"""The manifest of SageMaker Ground Truth and Rekognition: the class of a picture far inside, as rows of a table.

``{"source-ref": "s3://bucket/a.jpg", "job": 0, "job-metadata": {"class-name": "cat", "type": "groundtruth/..."}}``
"""

from collections.abc import Iterable, Iterator
from typing import Any

from olhar.data.tables.tool_rows import Row

_PICTURE, _METADATA, _TYPE = "source-ref", "-metadata", "groundtruth/image-classification"


def classified(rows: Iterable[tuple[int, Row]]) -> Iterator[tuple[int, Row]]:
    """Numbered rows; of a manifest's the picture and its class, several joined by ``|``; without one, as of boxes, it is none."""
    for number, row in rows:
        said = [value for key, value in row.items() if key.endswith(_METADATA) and isinstance(value, dict)]
        if not isinstance(row.get(_PICTURE), str) or (len(row) > 1 and not said):
            yield number, row
        elif names := {name for metadata in said for name in _names(metadata)}:
            yield number, {"image": row[_PICTURE], "label": "|".join(sorted(names))}


def _names(metadata: dict[str, Any]) -> list[str]:
    """The classes that a job gave to the picture as a whole."""
    if not str(metadata.get("type")).startswith(_TYPE):
        return []
    several = metadata.get("class-map")
    names = [metadata.get("class-name"), *(several.values() if isinstance(several, dict) else ())]
    return [name for name in names if isinstance(name, str) and name.strip()]
