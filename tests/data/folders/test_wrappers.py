"""Rule 3: wrappers and second copies are taken off at every level."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import each, grow, read

PARTS = [f"{part}/{name} {n}" for part, n in (("train", 6), ("test", 3)) for name in ("cat", "dog")]
READ = each("cat dog", 6, "train") | each("cat dog", 3, "test")


def copied(lines: list[str], above: str) -> list[str]:
    return [f"{above}/{line} as {line.split()[0]}" for line in lines]


@pytest.mark.parametrize("above", ["chest_xray", "New Set (1)/New Set (1)".replace(" ", "_")])
def test_a_set_that_holds_itself_again_is_read_once(tmp_path, above):
    found, line = read(tmp_path, *PARTS, *copied(PARTS, above))
    assert found == READ
    assert f"{above.split('/')[0]} (18 pictures that are there twice) passed over" in line


def test_classes_beside_a_folder_that_holds_them_again(tmp_path):
    lines = ["yes 6", "no 6"]
    assert read(tmp_path, *lines, *copied(lines, "brain_tumor_dataset"))[0] == each("no yes", 6)


def test_two_folders_that_hold_the_same_are_one(tmp_path):
    assert read(tmp_path, *copied(PARTS, "A"), *copied(PARTS, "b"), "test 3 {}.png")[0] == READ


def test_a_copy_with_other_pictures_is_refused(tmp_path):
    with pytest.raises(DataError) as error:
        read(tmp_path, "cat 6", "dog 6", "more/cat 6", "more/dog 6")
    assert_says(error, "more", "cat, dog", "other pictures")
    assert [reading.below for reading in error.value.readings] == ["more"]


@pytest.mark.parametrize("above", ["a/b/", "Dataset/", "training_set/", ""])
def test_folders_that_hold_everything_say_nothing(tmp_path, above):
    assert read(tmp_path, f"{above}cat 4", f"{above}dog 4")[0] == each("cat dog", 4)


def test_parts_and_classes_may_be_doubled_or_wrapped(tmp_path):
    lines = [
        "seg_train/seg_train/cat 6",
        "seg_train/seg_train/dog 6",
        "seg_test/seg_test/cat/images 3",
        "seg_test/seg_test/dog 3",
    ]
    assert read(tmp_path, *lines)[0] == READ


def test_what_lies_beside_the_folder_with_the_parts_is_passed_over(tmp_path):
    found, line = read(tmp_path, *(f"data/{line}" for line in PARTS), "docs 2")
    assert found == READ
    assert "docs (2 pictures beside the parts)" in line


def test_earlier_versions_of_the_set_are_there_twice_but_not_a_test_part_within_training(tmp_path):
    grow(tmp_path / "v3_final", "cat 9", "dog 8")
    for name, n in (("v1", 3), ("v2", 6)):
        grow(tmp_path / name, f"cat {n}", f"dog {n}")
    found, line = read(tmp_path)
    assert found == {"cat": 9, "dog": 8}
    assert "v1 (6 pictures that are there twice), v2 (12 pictures that are there twice) passed over" in line
    grow(tmp_path / "parts", "train/cat 9", "train/dog 9", "test/cat 3", "test/dog 3")
    assert {name.partition("/")[0] for name in read(tmp_path / "parts")[0]} == {"train", "test"}


def test_persons_of_whom_a_person_says_that_they_are_groups_are_no_copies(tmp_path):
    grow(tmp_path, "ana/cat 3 {}.png as x", "ana/dog 3 {}.png as y", "bia/cat 4 {}.png as x", "bia/dog 4 {}.png as y")
    assert read(tmp_path)[0] == {"cat": 4, "dog": 4}
    said = olhar.read(tmp_path, layout="group/class")
    assert (said.counts(), set(said.groups)) == ({"cat": 7, "dog": 7}, {"ana", "bia"})


def test_the_pictures_of_a_readme_beside_the_classes_are_passed_over_and_many_are_refused(tmp_path):
    assert read(tmp_path, "dataset/cat 9", "dataset/dog 9", "docs 2")[0] == each("cat dog", 9)
    with pytest.raises(DataError) as error:
        read(grow(tmp_path, "mine 8"))
    assert_says(error, "dataset", "mine")
    assert [reading.place for reading in error.value.readings] == [f"{tmp_path}/dataset", str(tmp_path)]


@pytest.mark.parametrize(
    "lines",
    [
        ["tiles/tiles/a 9", "tiles/tiles/b 9", "tiles/tiles/c 9", "large/large 3"],
        ["no 9", "yes 9", "Boxes/TRAIN 4", "Boxes/VAL 2"],
        ["classification_dataset/all 9", "regression_sample/more 5"],
    ],
)
def test_a_set_beside_something_else_is_refused(tmp_path, lines):
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines)
    assert error.value.code == "OLH133"
    assert error.value.readings[-1].options == {"layout": "class"}


def test_pictures_to_predict_are_no_class(tmp_path):
    found, line = read(tmp_path, "no 6", "yes 6", "pred 4", "unlabelled_images 3")
    assert found == each("no yes", 6)
    assert "pred (4 pictures without a class), unlabelled_images (3 pictures without a class) passed over" in line
    assert read(tmp_path / "two", "prediction 4", "yes 4")[0] == each("prediction yes", 4)


def test_a_folder_that_holds_all_that_lies_beside_it_once_more_is_passed_over(tmp_path):
    lines = [f"Apple/{name} | 3 | {name}_{{}}.png" for name in ("A", "B")]
    again = [f"Apple/Total | 3 | {name}_{{}}.png as Apple/{name}" for name in ("A", "B")]
    found, line = read(tmp_path, *lines, *again, "Pear 4")
    assert found == {"Apple": 6, "Pear": 4}
    assert "Apple/Total (6 pictures that are there twice) passed over" in line


def test_a_folder_that_holds_more_than_lies_beside_it_is_kept(tmp_path):
    lines = [f"Apple/{name} | 3 | {name}_{{}}.png" for name in ("A", "B")]
    found, _ = read(tmp_path, *lines, "Apple/Total | 6 | other_{}.png", "Pear/A | 4 | p_{}.png", "Pear/B | 2 | q_{}.png")
    assert found == {"Apple": 12, "Pear": 6}
