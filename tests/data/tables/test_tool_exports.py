"""Exports of labelling tools: the class of a picture as a whole is read; damage is refused in Olhar's own words."""

import csv
import gzip
import io
import json
from contextlib import suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import olhar
from olhar.base.errors import OlharError
from tests.data.tables.made import classes, damaged, pictures, read, told

NAMES = [f"{i:06x}a.jpg" for i in range(6)]
KINDS = ["dent", "dirt"] * 3
PAIRS = list(zip(NAMES, KINDS, strict=True))
LABEL_STUDIO = [
    {"annotations": [{"result": [{"type": "choices", "value": {"choices": [kind]}}]}], "data": {"image": f"/data/{name}"}}
    for name, kind in PAIRS
]
COCO = {
    "images": [{"id": i, "file_name": name} for i, name in enumerate(NAMES)],
    "annotations": [{"id": i, "image_id": i, "category_id": i % 2} for i in range(6)],
    "categories": [{"id": 0, "name": "dent"}, {"id": 1, "name": "dirt"}],
}
VIA = {
    f"{name}1179": {"filename": name, "size": 1179, "regions": [], "file_attributes": {"caption": "", "what": kind}}
    for name, kind in PAIRS
}
EDGE_IMPULSE = {
    "version": 1,
    "files": [{"path": name, "category": "split", "label": {"type": "label", "label": kind}} for name, kind in PAIRS],
}
FIFTYONE = {"classes": ["dent", "dirt"], "labels": {name[:-4]: i % 2 for i, name in enumerate(NAMES)}}
GROUND_TRUTH = [
    {
        "source-ref": f"s3://bucket/{name}",
        "job": i % 2,
        "job-metadata": {"class-name": kind, "confidence": 0.9, "type": "groundtruth/image-classification"},
    }
    for i, (name, kind) in enumerate(PAIRS)
]
DATUMARO = {
    "infos": {},
    "categories": {"label": {"labels": [{"name": "dent", "parent": ""}, {"name": "dirt", "parent": ""}]}},
    "items": [{"id": name[:-4], "annotations": [{"type": "label", "label_id": i % 2}]} for i, name in enumerate(NAMES)],
}
CVAT = {name: [kind] for name, kind in PAIRS}
VIA_HEADER = "filename,file_size,file_attributes,region_count,region_id,region_shape_attributes,region_attributes"
WILD = st.sampled_from([None, [], {}, [[]], [{}], {"a": []}, 7, 1.5, "", "x", True, [None], -1, "\0", ["a", "b"]])


def lines(rows):
    return "\n".join(map(json.dumps, rows)) if isinstance(rows, list) else json.dumps(rows)


def via_csv(entries, header=VIA_HEADER):
    """VIA's CSV of what its JSON says; what is no picture is written as it is."""
    text = io.StringIO()
    csv.writer(text).writerow(header.split(","))
    for entry in entries.values():
        cells = entry if isinstance(entry, dict) else {"filename": entry}
        regions = cells.get("regions") if isinstance(cells.get("regions"), list) else []
        for region in regions or [{}]:
            shape = region.get("shape_attributes", {}) if isinstance(region, dict) else region
            said = json.dumps(cells.get("file_attributes"))
            csv.writer(text).writerow([cells.get("filename"), 1179, said, len(regions), 0, json.dumps(shape), "{}"])
    return text.getvalue()


def cvat_xml(tags):
    images = (
        f'<image name="{name}">' + "".join(f"<tag label={json.dumps(str(each))}/>" for each in named) + "</image>"
        for name, named in tags.items()
        if isinstance(named, list)
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<annotations><version>1.1</version>{"".join(images)}</annotations>'


EXPORTS = {
    "Label Studio": ("tasks.json", LABEL_STUDIO, json.dumps),
    "COCO": ("coco.json", COCO, json.dumps),
    "VIA's JSON": ("via_region_data.json", VIA, json.dumps),
    "VIA's project": ("via_project.json", {"_via_settings": {}, "_via_img_metadata": VIA, "_via_attributes": {}}, json.dumps),
    "VIA's CSV": ("via_export.csv", VIA, via_csv),
    "VIA's first CSV": ("via_export.csv", VIA, lambda entries: via_csv(entries, f"#{VIA_HEADER}")),
    "Datumaro": ("default.json", DATUMARO, json.dumps),
    "Edge Impulse": ("info.labels", EDGE_IMPULSE, json.dumps),
    "FiftyOne": ("labels.json", FIFTYONE, json.dumps),
    "Ground Truth": ("output.manifest", GROUND_TRUTH, lines),
    "CVAT": ("annotations.xml", CVAT, cvat_xml),
}


@pytest.mark.parametrize("tool", EXPORTS)
@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("alone", [False, True])
def test_the_class_of_each_picture_is_read(tmp_path, tool, packed, alone):
    name, export, written = EXPORTS[tool]
    pictures(tmp_path, NAMES)
    file = tmp_path / (f"{name}.gz" if packed else name)
    text = written(export).encode()
    file.write_bytes(gzip.compress(text) if packed else text)
    found = read(file if alone else tmp_path)
    assert classes(found) == dict(PAIRS)
    assert f"classes from {file.name}" in told(found)


@pytest.mark.parametrize("tool", EXPORTS)
@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=st.integers(0, 10**6), wild=st.lists(WILD, min_size=1, max_size=3), kept=st.floats(0, 1))
def test_anything_in_an_export_is_read_or_refused(tmp_path, tool, seed, wild, kept):
    name, export, written = EXPORTS[tool]
    pictures(tmp_path, NAMES)
    text = written(damaged(export, wild, seed))
    for changed in (text, text[: int(kept * len(text))]):
        (tmp_path / name).write_text(changed, encoding="utf-8")
        with suppress(OlharError):
            assert len(olhar.read(tmp_path)) <= len(NAMES)


@pytest.mark.parametrize("tool", ["COCO", "VIA's JSON", "VIA's project", "Datumaro", "Edge Impulse", "FiftyOne", "CVAT"])
def test_what_is_read_as_a_whole_is_left_alone_where_it_is_too_large(tmp_path, tool, monkeypatch):
    for module in ("row_forms", "tool_exports", "mentions"):
        monkeypatch.setattr(f"olhar.data.tables.{module}.LARGEST", 8)
    name, export, written = EXPORTS[tool]
    pictures(tmp_path, NAMES)
    (tmp_path / name).write_text(written(export))
    assert olhar.read(tmp_path).classes == ()
