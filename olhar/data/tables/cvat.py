"""CVAT's XML for pictures as a table of labels: a tag a picture; boxes and outlines are none.

``<annotations><image name="a.jpg" subset="Train"><tag label="ripe"/></image></annotations>``
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from xml.parsers.expat import ExpatError, ParserCreate

from olhar.data.tables.tool_rows import Row, labelled, one_class

_MARKS = {"box", "polygon", "polyline", "points", "cuboid", "ellipse", "mask", "skeleton"}


@dataclass
class _Picture:
    """What lies within one ``<image>``."""

    name: str
    subset: str
    tags: list[str] = field(default_factory=list[str])
    marked: bool = False


def is_cvat(head: bytes) -> bool:
    """Whether a file opens as CVAT's XML; Pascal VOC's has ``<annotation>``."""
    return head.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] == b"<" and b"<annotations>" in head


def cvat_rows(text: bytes, where: str) -> list[Row] | None:
    """A row a picture that has a tag; None of damaged XML, and where more pictures have marks than tags: then those are meant.

    Raises:
        DataError: a picture has several tags.
    """
    try:
        pictures = _pictures(text)
    except (ExpatError, LookupError, ValueError):
        return None
    if sum(bool(picture.tags) for picture in pictures) < sum(picture.marked for picture in pictures):
        return None
    return labelled(
        [
            {"image": picture.name, "label": one_class(picture.tags, picture.name, where), "split": picture.subset}
            for picture in pictures
        ]
    )


def _pictures(text: bytes) -> list[_Picture]:
    """All ``<image>`` of a text.

    Raises:
        ValueError: it declares a type of document, in which entities could grow without bounds; an encoding that cannot be read.
    """
    pictures: list[_Picture] = []

    def begin(element: str, attributes: Mapping[str, str]) -> None:
        if element == "image":
            pictures.append(_Picture(attributes.get("name", ""), attributes.get("subset", "")))
        elif pictures and element == "tag":
            pictures[-1].tags.append(attributes.get("label", ""))
        elif pictures and element in _MARKS:
            pictures[-1].marked = True

    parser = ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = _refuse_doctype
    parser.Parse(text, True)
    return pictures


def _refuse_doctype(*declared: object) -> None:
    raise ValueError(declared)
