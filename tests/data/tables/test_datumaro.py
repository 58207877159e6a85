"""Datumaro's annotations: labels of whole pictures, their part by the file's name; boxes and outlines stay what they are."""

import json

import pytest

import olhar
from tests.data.tables.made import classes, counts, pictures, read, refused

LABELS = ["background", "crack", "patch"]


def label(number):
    return {"id": 0, "type": "label", "attributes": {}, "group": 0, "label_id": number}


def export(root, items, part="train", folder="images"):
    pictures(root, [f"{folder}/{part}/{name}.jpg" for name in items])
    (root / "annotations").mkdir(exist_ok=True)
    listed = [
        {"id": name, "annotations": annotations, "attr": {"frame": 0}, "image": {"path": f"{name}.jpg", "size": [4, 4]}}
        for name, annotations in items.items()
    ]
    categories = {"label": {"labels": [{"name": name, "parent": ""} for name in LABELS]}, "points": {"items": []}}
    (root / f"annotations/{part}.json").write_text(json.dumps({"infos": {}, "categories": categories, "items": listed}))
    return root


def test_the_files_are_the_parts(tmp_path):
    for part, n in (("train", 8), ("val", 4)):
        export(tmp_path, {f"frame_{i}": [label(1 + i % 2)] for i in range(n)}, part)
    assert counts(read(tmp_path)) == {"train": {"crack": 4, "patch": 4}, "validation": {"crack": 2, "patch": 2}}


def test_names_may_have_folders_and_pictures_without_a_label_have_no_class(tmp_path):
    export(tmp_path, {f"day{i // 3}/{i % 3}": [label(1 + i % 2)] if i else [] for i in range(9)}, "default")
    found = classes(read(tmp_path))
    assert found.pop("images/default/day0/1.jpg") == "patch"
    assert len(found) == 7


def test_several_labels_of_a_picture_are_refused(tmp_path):
    export(tmp_path, {f"f{i}": [label(1), label(1 + (i == 4))] for i in range(6)})
    refused(tmp_path, "annotations/train.json", "f4", "crack, patch")


def test_labels_that_are_none_of_the_listed_say_nothing(tmp_path):
    odd = [-1, 3, None, True, "1", [1]]
    export(tmp_path, {f"f{i}": [label(1 + i % 2 if i < 6 else odd[i - 6])] for i in range(12)})
    assert len(read(tmp_path)) == 6


@pytest.mark.parametrize("n_labelled", [0, 3])
def test_boxes_on_more_pictures_than_have_labels_are_what_is_meant(tmp_path, n_labelled):
    box = {"id": 1, "type": "bbox", "label_id": 1, "bbox": [1, 1, 2, 2]}
    export(tmp_path, {f"f{i}": [box, *([label(1 + i % 2)] if i < n_labelled else [])] for i in range(8)})
    assert olhar.read(tmp_path).classes == ()
