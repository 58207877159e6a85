"""COCO's JSON beside pictures: labels of whole pictures are a table, boxes are none, and either is told of by its name."""

import json

import pytest

import olhar
from tests.data.tables.made import classes, counts, pictures, read, refused, told

NAMES = [f"S1/A0{i % 5}/IMG_{i:04}.JPG" for i in range(12)]
KINDS = ["empty", "kudu"] * 6
CATEGORIES = [{"id": 0, "name": "empty"}, {"id": 4, "name": "kudu"}]


def content(names=NAMES, kinds=KINDS, **marks):
    number = {category["name"]: category["id"] for category in CATEGORIES}
    return {
        "info": {"version": "1.0"},
        "categories": CATEGORIES,
        "images": [
            {"id": f"p{i}", "file_name": name, "location": name.split("/")[-2], "seq_id": f"s{i}", "width": 40}
            for i, name in enumerate(names)
        ],
        "annotations": [
            {"id": i, "image_id": f"p{i}", "category_id": number[kind], "seq_id": f"s{i}", **marks}
            for i, kind in enumerate(kinds)
        ],
    }


def written(root, name, value):
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_text(json.dumps(value))
    return root / name


@pytest.mark.parametrize("name", ["Snapshot_S1_v1.0.json", "_annotations.coco.json", "annotations/annotations.json"])
@pytest.mark.parametrize("marks", [{}, {"bbox": [], "segmentation": []}], ids=["no boxes", "empty boxes"])
def test_a_category_a_picture_is_its_class(tmp_path, name, marks):
    pictures(tmp_path, [f"public/{path}" for path in NAMES])
    file = written(tmp_path, name, content(**marks))
    wanted = {f"public/{path}": kind for path, kind in zip(NAMES, KINDS, strict=True)}
    dataset = read(tmp_path)
    assert classes(dataset) == wanted
    assert {*dataset.groups} == {f"A0{i}" for i in range(5)}  # where a camera stood
    assert f"classes from {name}, column category" in told(dataset)
    if "/" not in name:
        assert classes(read(file)) == wanted


def test_files_of_parts_are_parts(tmp_path):
    for part, n in (("train", 8), ("val", 4)):
        names = [f"{part}/{i % 3}/{i}.jpg" for i in range(n)]
        pictures(tmp_path, names)
        written(tmp_path, f"annotations/instances_{part}.json", content(names, KINDS[:n]))
    assert counts(read(tmp_path)) == {"train": {"empty": 4, "kudu": 4}, "validation": {"empty": 2, "kudu": 2}}


def test_pictures_without_an_annotation_are_left_out_and_told(tmp_path):
    pictures(tmp_path, NAMES)
    written(tmp_path, "labels.json", content(kinds=KINDS[:10]))
    dataset = read(tmp_path)
    assert len(dataset) == 10
    assert "1 picture that the tables read do not name" in told(dataset)


def test_boxes_beside_class_folders_leave_these_their_classes(tmp_path):
    paths = [f"{kind}/{i}.jpg" for i, kind in enumerate(KINDS)]
    pictures(tmp_path, paths)
    written(tmp_path, "instances_train.json", content(paths, bbox=[1, 1, 3, 3]))
    dataset = read(tmp_path)
    assert counts(dataset) == {"": {"empty": 6, "kudu": 6}}
    assert "instances_train.json (boxes on pictures, in COCO's form" in told(dataset)


def test_boxes_given_themselves_are_named_as_such(tmp_path):
    pictures(tmp_path, NAMES)
    file = written(tmp_path, "boxes.json", content(bbox=[1, 1, 3, 3]))
    refused(file, "COCO", "boxes.json", "empty, kudu")
    alone = written(tmp_path / "alone", "boxes.json", content(bbox=[1, 1, 3, 3]))
    refused(alone, "COCO", "boxes.json")


def test_labels_of_pictures_that_are_not_there_say_so(tmp_path):
    refused(written(tmp_path, "labels.json", content()), "labels.json", NAMES[0])


def test_several_categories_for_one_picture_are_refused_by_its_name(tmp_path):
    paths = [f"all/{i}.jpg" for i in range(12)]
    pictures(tmp_path, paths)
    value = content(paths)
    value["annotations"].append({"image_id": "p3", "category_id": 0})
    file = written(tmp_path, "labels.json", value)
    for data in (tmp_path, file):
        refused(data, "labels.json", "p3", "kudu, empty", "one class")


def test_a_json_that_names_pictures_in_another_form_is_told_by_name(tmp_path):
    paths = [f"{kind}/{i}.jpg" for i, kind in enumerate(KINDS)]
    pictures(tmp_path, paths)
    written(tmp_path, "regions.json", {"project": {path: {"regions": [[1, 2]]} for path in paths}, "n": 3})
    written(tmp_path, "settings.json", {"colour": {"a": 1}, "size": 3})
    said = str(olhar.read(tmp_path).read_as)
    assert "regions.json (a JSON that names pictures, in a form that is not read)" in said
    assert "settings.json (" not in said


def test_a_json_that_is_too_large_is_told_by_name(tmp_path, monkeypatch):
    paths = [f"{kind}/{i}.jpg" for i, kind in enumerate(KINDS)]
    pictures(tmp_path, paths)
    written(tmp_path, "all.json", content(paths))
    for module in ("mentions", "row_forms"):
        monkeypatch.setattr(f"olhar.data.tables.{module}.LARGEST", 100)
    assert "all.json (a JSON of more than 64 MB, which is not read)" in str(olhar.read(tmp_path).read_as)
