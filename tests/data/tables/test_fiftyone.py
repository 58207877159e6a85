"""FiftyOne's labels of whole pictures: numbers of classes or words, alone or within objects; null is none."""

import json

import pytest

import olhar
from tests.data.tables.made import classes, pictures, read, refused

NAMES = [f"{i:06}" for i in range(1, 11)]
CLASSES = ["cat", "deer", "frog"]


def export(root, label, known=CLASSES):
    pictures(root, [f"data/{name}.jpg" for name in NAMES])
    labels = {name: label(i) for i, name in enumerate(NAMES)}
    (root / "labels.json").write_text(json.dumps({"classes": known, "labels": labels}))
    return root


@pytest.mark.parametrize(
    ("label", "known"),
    [
        (lambda i: i % 3, CLASSES),
        (lambda i: {"label": i % 3, "confidence": 0.5}, CLASSES),
        (lambda i: [i % 3], CLASSES),
        (lambda i: CLASSES[i % 3], None),
        (lambda i: {"label": CLASSES[i % 3], "attributes": {}}, None),
    ],
)
def test_labels_are_numbers_or_words(tmp_path, label, known):
    found = classes(read(export(tmp_path, lambda i: label(i) if i else None, known)))
    assert found == {f"data/{name}.jpg": CLASSES[i % 3] for i, name in enumerate(NAMES) if i}


def test_several_labels_for_one_picture_are_refused(tmp_path):
    refused(export(tmp_path, lambda i: [i % 3, 0]), "labels.json", NAMES[1], "cat, deer")


@pytest.mark.parametrize("label", [3, -1, True, [{"label": 0, "bounding_box": [0, 0, 1, 1]}]])
def test_boxes_and_numbers_of_no_class_are_left_alone(tmp_path, label):
    assert olhar.read(export(tmp_path, lambda i: label if i == 5 else i % 3)).classes == ()
