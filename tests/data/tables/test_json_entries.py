"""JSON beside pictures, in the forms that people write."""

import json

import pytest

from tests.data.tables.made import classes, counts, pictures, read, refused

NAMES = [f"p{i:03}.jpg" for i in range(8)]
KINDS = ["oak", "elm"] * 4
ROWS = [{"image_filepath": f"images/{name}", "anomaly_class": kind} for name, kind in zip(NAMES, KINDS, strict=True)]
FORMS = {
    "an entry each": {str(i): row for i, row in enumerate(ROWS)},
    "an entry each, indented": {str(i): row for i, row in enumerate(ROWS)},
    "an entry each by the picture's name": {name: {"species": kind, "n": 7} for name, kind in zip(NAMES, KINDS, strict=True)},
    "a class each": dict(zip(NAMES, KINDS, strict=True)),
    "a list a class": {"elm": NAMES[1::2], "oak": NAMES[::2]},
    "a column each": {"path": dict(enumerate(NAMES)), "label": dict(enumerate(KINDS))},
    "a list each": {"path": NAMES, "label": KINDS},
    "a list within": {"version": 1, "data": ROWS},
    "a list": ROWS,
}


@pytest.mark.parametrize("form", FORMS)
def test_a_class_for_each_picture(tmp_path, form):
    pictures(tmp_path, [f"images/{name}" for name in NAMES])
    (tmp_path / "labels.json").write_text(json.dumps(FORMS[form], indent=2 if "indented" in form else None))
    assert classes(read(tmp_path)) == {f"images/{name}": kind for name, kind in zip(NAMES, KINDS, strict=True)}


def test_lists_of_parts_deal_out_what_lies_in_class_folders(tmp_path):
    paths = [f"{kind}/{name}" for name, kind in zip(NAMES, KINDS, strict=True)]
    pictures(tmp_path, paths)
    (tmp_path / "split.json").write_text(json.dumps({"train": paths[:6], "test": paths[6:]}))
    assert counts(read(tmp_path)) == {"train": {"elm": 3, "oak": 3}, "test": {"elm": 1, "oak": 1}}


def test_numbers_of_classes_are_no_pictures(tmp_path):
    pictures(tmp_path, ["0.jpg", "1.jpg"])
    (tmp_path / "classes.json").write_text(json.dumps({"0": "oak", "1": "elm"}))
    refused(tmp_path, "no class folders")
