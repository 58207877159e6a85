"""Edge Impulse's ``info.labels``: labels of whole pictures with their parts; boxes and the unlabelled are none."""

import json

import pytest

import olhar
from tests.data.tables.made import counts, pictures, read

NAMES = [f"{'training' if i < 8 else 'testing'}/IMG_{i}.jpg.3d033f0{i}.ingestion-ab21-1d{i}.jpg" for i in range(12)]


def export(root, label, **further):
    pictures(root, NAMES)
    files = [
        {"path": name, "category": name.split("/")[0], "label": label(i), "metadata": {}, **further}
        for i, name in enumerate(NAMES)
    ]
    (root / "info.labels").write_text(json.dumps({"version": 1, "files": files}, indent=1))
    return root


def lamp_or_plant(i):
    return {"type": "label", "label": ("lamp", "plant")[i % 2]}


def test_categories_are_parts(tmp_path):
    assert counts(read(export(tmp_path, lamp_or_plant))) == {"train": {"lamp": 4, "plant": 4}, "test": {"lamp": 2, "plant": 2}}


def test_what_is_unlabelled_has_no_class(tmp_path):
    export(tmp_path, lambda i: lamp_or_plant(i) if i else {"type": "unlabeled"})
    assert read(tmp_path).counts() == {"lamp": 5, "plant": 6}


@pytest.mark.parametrize("label", [None, {"type": "unlabeled"}])
def test_boxes_are_no_classes(tmp_path, label):
    boxes = [{"label": "lamp", "x": 1, "y": 1, "width": 2, "height": 2}]
    assert olhar.read(export(tmp_path, lambda _: label, boundingBoxes=boxes)).classes == ()
