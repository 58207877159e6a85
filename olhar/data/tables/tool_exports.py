"""Exports of labelling tools that are no plain tables: which tool wrote a file, and its rows."""

from collections.abc import Mapping
from typing import Any

from olhar.data.files.files import Files, open_unpacked
from olhar.data.tables.coco_labels import coco_rows, is_coco
from olhar.data.tables.cvat import cvat_rows, is_cvat
from olhar.data.tables.datumaro import datumaro_rows
from olhar.data.tables.edge_impulse import edge_impulse_rows
from olhar.data.tables.fiftyone import fiftyone_rows
from olhar.data.tables.mentions import LARGEST
from olhar.data.tables.rows import rows_of_file
from olhar.data.tables.tool_rows import Row
from olhar.data.tables.via import via_dialect, via_json_rows, via_rows

ENDINGS = (".xml", ".manifest", ".labels")
"""How the names of exports end of which no other kind of table is read."""


def export_rows(files: Files, index: int, head: bytes, wanted: str | None) -> list[Row] | None:
    """The rows of a file that opens with ``head`` and is CVAT's XML or VIA's CSV; None where it is neither.

    Raises:
        DataError: several classes for one picture; a row that cannot be read.
    """
    where = files.names[index]
    if is_cvat(head) and files.size(index) <= LARGEST:
        with open_unpacked(files, index) as file:
            return cvat_rows(file.read(LARGEST), where)
    dialect = via_dialect(head)
    if dialect is None:
        return None
    with open_unpacked(files, index) as file, rows_of_file(file, dialect, where) as rows:
        return via_rows(rows, where, wanted)


def json_export_rows(entries: Mapping[str, Any], where: str, wanted: str | None) -> list[Row] | None:
    """The rows of a JSON object of COCO's, Datumaro's, Edge Impulse's, FiftyOne's or VIA's form; None where it is none.

    Raises:
        DataError: COCO's form, with boxes; several classes for one picture.
    """
    if is_coco(entries):
        return coco_rows(entries, where)
    rows = datumaro_rows(entries, where)
    rows = edge_impulse_rows(entries) if rows is None else rows
    rows = fiftyone_rows(entries, where) if rows is None else rows
    return via_json_rows(entries, where, wanted) if rows is None else rows
