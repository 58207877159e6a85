"""JSON beside pictures, in the forms that people write."""

import json

import pytest

from tests.data.tables.made import classes, counts, pictures, read, refused, table

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


def test_the_class_may_stand_in_an_object_of_its_own(tmp_path):
    pictures(tmp_path, [f"photos/{i}.png" for i in range(8)])
    pieces = [{"photo": f"photos/{i}.png", "classe": {"tipo": "ab"[i % 2]}, "donor": ("x", "y", None)[i % 3]} for i in range(8)]
    (tmp_path / "inventory.json").write_text(json.dumps({"museum": "m", "pieces": pieces}))
    assert counts(read(tmp_path)) == {"": {"a": 4, "b": 4}}


@pytest.mark.parametrize("form", ["list", "lines", "objects"])
def test_a_label_among_other_cells_of_an_object_is_found_in_each_form(tmp_path, form):
    pictures(tmp_path, [f"photos/{i}.png" for i in range(8)])
    rows = [{"file": f"photos/{i}.png", "meta": {"label": "ab"[i % 2], "by": "cd"[i > 3]}} for i in range(8)]
    lines = "\n".join(map(json.dumps, rows))
    text = {"list": json.dumps(rows), "lines": lines, "objects": json.dumps({str(i): row for i, row in enumerate(rows)})}[form]
    (tmp_path / "labels.json").write_text(text)
    found = read(tmp_path)
    assert counts(found) == {"": {"a": 4, "b": 4}}
    assert counts(read(tmp_path, label_column="meta.by")) == {"": {"c": 4, "d": 4}}


def test_a_lot_and_a_donor_are_no_classes(tmp_path):
    pictures(tmp_path, [f"photos/{i}.png" for i in range(8)])
    table(tmp_path, "plan.csv", [("file", "lote", "doador"), *((f"{i}.png", f"L{i % 2}", "xy"[i > 3]) for i in range(8))])
    refused(tmp_path, "plan.csv", "--label-column")


@pytest.mark.parametrize("rest", [None, {"by": "y"}, {}])
def test_an_object_that_some_rows_lack_says_nothing_there(tmp_path, rest):
    pictures(tmp_path, [f"photos/{i}.png" for i in range(8)])
    rows = [{"file": f"photos/{i}.png", "label": "ab"[i % 2], "meta": {"by": "x", "n": i} if i < 5 else rest} for i in range(8)]
    (tmp_path / "labels.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert counts(read(tmp_path)) == {"": {"a": 4, "b": 4}}
