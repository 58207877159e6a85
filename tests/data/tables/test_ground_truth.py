"""Ground Truth's manifests: one class a picture, however its jobs are called; boxes are none."""

import json

import olhar
from tests.data.tables.made import classes, pictures, read, refused

NAMES = [f"IMG_{i}.jpg" for i in range(10)]
KINDS = ["Echo Dot", "Kindle"] * 5


def manifest(root, jobs):
    pictures(root, [f"images/{name}" for name in NAMES])
    rows = [
        {"source-ref": f"s3://gadgets/images/{name}", **jobs(kind, i)}
        for i, (name, kind) in enumerate(zip(NAMES, KINDS, strict=True))
    ]
    (root / "output.manifest").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return root


def job(kind, _=0):
    return {"gadgets": 0, "gadgets-metadata": {"class-name": kind, "type": "groundtruth/image-classification"}}


def rekognition(kind, _=0):
    return {f"set_{kind}": 1, f"set_{kind}-metadata": {"class-name": kind, "type": "groundtruth/image-classification"}}


def boxes(kind, _=0):
    annotations = {"annotations": [{"class_id": 0, "left": 1, "top": 1, "width": 2, "height": 2}]}
    return {"boxes": annotations, "boxes-metadata": {"class-map": {"0": kind}, "type": "groundtruth/object-detection"}}


def test_a_class_a_picture_whatever_its_job_is_called(tmp_path):
    wanted = {f"images/{name}": kind for name, kind in zip(NAMES, KINDS, strict=True)}
    assert classes(read(manifest(tmp_path, job))) == wanted
    assert classes(read(manifest(tmp_path, rekognition))) == wanted
    assert classes(read(manifest(tmp_path, lambda kind, _: job(kind) | boxes(kind)))) == wanted


def test_what_was_not_labelled_has_no_class(tmp_path):
    failed = {"gadgets-metadata": {"failure-reason": "ClientError", "type": "groundtruth/image-classification"}}
    manifest(tmp_path, lambda kind, i: job(kind) if i > 1 else failed if i else {})
    assert read(tmp_path).counts() == {"Echo Dot": 4, "Kindle": 4}


def test_several_classes_for_one_picture_are_refused_with_the_row(tmp_path):
    several = {
        "tags": [0, 1],
        "tags-metadata": {"class-map": {"0": "a", "1": "b"}, "type": "groundtruth/image-classification-multilabel"},
    }
    refused(manifest(tmp_path, lambda kind, i: several if i == 6 else job(kind)), "row 7", "a|b")


def test_boxes_are_no_classes(tmp_path):
    assert olhar.read(manifest(tmp_path, boxes)).classes == ()
