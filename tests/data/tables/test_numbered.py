"""Labels that name no picture: a row for each of as many pictures with running numbers."""

import numpy as np
import pytest

import olhar
from olhar.base.progress import Quiet
from tests.data.tables.made import classes, counts, pictures, read, refused, table, told


def _faces(root, n=12, form="files/file{:04}.jpg", first=1):
    return pictures(root, [form.format(i + first) for i in range(n)])


def test_line_n_is_picture_n(tmp_path):
    table(_faces(tmp_path), "labels.txt", [(i % 2, 0.1 * i, -0.3 * i, 0.02) for i in range(12)], " ")
    found = read(tmp_path)
    assert counts(found) == {"": {"0": 6, "1": 6}}
    assert classes(found)["files/file0002.jpg"] == "1"
    assert "files/file0001.jpg to files/file0012.jpg" in told(found)


@pytest.mark.parametrize("header", [[], [("label",)]])
def test_one_column_with_a_header_or_without(tmp_path, header):
    table(_faces(tmp_path), "labels.csv", [*header, *(("no", "yes")[i > 8 or i == 1 :][:1] for i in range(12))])
    found = read(tmp_path)
    assert [classes(found)[f"files/file{i:04}.jpg"] for i in (1, 2, 3, 12)] == ["no", "yes", "no", "yes"]


def test_numbers_that_are_not_written_out_go_by_their_size(tmp_path):
    table(_faces(tmp_path, form="{}.png", first=0), "labels.txt", [("ab"[i > 5],) for i in range(12)])
    assert classes(read(tmp_path))["10.png"] == "b"
    assert classes(read(tmp_path))["2.png"] == "a"


def test_labels_in_numpys_form(tmp_path):
    np.save(_faces(tmp_path) / "labels.npy", np.arange(12) % 3)
    assert counts(read(tmp_path)) == {"": {"0": 4, "1": 4, "2": 4}}


@pytest.mark.parametrize("n", [11, 13, 14])
def test_another_count_is_not_used(tmp_path, n):
    table(_faces(tmp_path), "labels.txt", [(i % 2,) for i in range(n)])
    assert set(olhar.read(tmp_path, progress=Quiet()).classes) <= {"files"}


@pytest.mark.parametrize("form", ["{}{}.jpg", "{}/{:04}.jpg", "IMG_{}_{}.jpg"])
def test_names_that_do_not_run_are_not_numbered(tmp_path, form):
    pictures(tmp_path, [form.format("ab"[i % 2], i * 3) for i in range(12)])
    table(tmp_path, "list.txt", [("xy"[i < 6],) for i in range(12)])
    assert not {"x", "y"} & {*olhar.read(tmp_path, progress=Quiet()).classes}


def test_of_two_columns_that_may_be_the_class_one_is_asked_for(tmp_path):
    table(_faces(tmp_path), "labels.txt", [("ab"[i % 2], "cd"[i < 6]) for i in range(12)], " ")
    refused(tmp_path, "labels.txt", "--label-column")
    assert counts(read(tmp_path, label_column="2")) == {"": {"c": 6, "d": 6}}


def test_numbers_of_the_pictures_themselves_say_nothing(tmp_path):
    table(_faces(tmp_path), "order.txt", [(i,) for i in range(12)])
    assert set(olhar.read(tmp_path, progress=Quiet()).classes) <= {"files"}


def test_numbers_of_classes_that_are_names_of_pictures_too_are_classes(tmp_path):
    root = _faces(tmp_path, form="{}.png")
    table(root, "labels.txt", [(i % 3 + 1,) for i in range(12)])
    assert counts(read(tmp_path)) == {"": {"1": 4, "2": 4, "3": 4}}
    (root / "labels.txt").unlink()
    np.save(root / "labels.npy", np.arange(12) % 3 + 1)
    assert classes(read(tmp_path))["5.png"] == "2"


def test_numbers_that_begin_far_above_one_count_something(tmp_path):
    root = _faces(tmp_path)
    table(root, "labels.txt", [(i % 4 + 20,) for i in range(12)])
    assert set(olhar.read(tmp_path, progress=Quiet()).classes) <= {"files"}
    (root / "labels.txt").unlink()
    np.save(root / "labels.npy", np.arange(12) % 4 + 20)
    refused(tmp_path, "labels.npy")


def test_a_list_a_part_goes_by_the_numbers_of_that_parts_pictures(tmp_path):
    for part, n in (("train", 12), ("test", 6)):
        pictures(tmp_path, [f"{part}/{i + 1}.png" for i in range(n)])
        table(tmp_path, f"{part}_labels.txt", [(i % 3,) for i in range(n)])
    found = read(tmp_path)
    assert counts(found) == {"train": {"0": 4, "1": 4, "2": 4}, "test": {"0": 2, "1": 2, "2": 2}}
    assert classes(found)["test/2.png"] == "1"


def test_a_list_whose_part_lies_in_two_folders_says_nothing(tmp_path):
    pictures(tmp_path, [f"{folder}/{i}.png" for folder in ("train", "extra_train") for i in range(6)])
    table(tmp_path, "train_labels.txt", [("xy"[i % 2],) for i in range(6)])
    assert not {"x", "y"} & {*olhar.read(tmp_path, progress=Quiet()).classes}


def test_rows_in_an_order_of_their_own_are_not_told_apart_by_row(tmp_path):
    """A number or a name of something else tells the rows apart: only where it counts them do they go by row."""
    pictures(tmp_path, [f"images/p{i:03}.jpg" for i in range(12)])
    kinds = ["xyz"[i % 3] for i in range(12)]
    for numbers in ([(i * 5) % 12 for i in range(12)], [f"k{(i * 5) % 12}a" for i in range(12)]):
        table(tmp_path, "labels.csv", [("picture_no", "label"), *zip(numbers, kinds, strict=True)])
        assert not {"x", "y", "z"} & {*olhar.read(tmp_path, progress=Quiet()).classes}
    table(tmp_path, "labels.csv", [("picture_no", "label"), *((i + 1, kind) for i, kind in enumerate(kinds))])
    assert counts(read(tmp_path)) == {"": {"x": 4, "y": 4, "z": 4}}
