"""Words in the names of class folders: versions of a class, and parts of one."""

import pytest

import olhar
from tests.data.folders.grown import each, grow, read
from tests.data.tables.made import counts


@pytest.mark.parametrize("form", ["{}_augmented", "{} - aumentadas", "aug_{}"])
def test_what_was_made_from_a_class_beside_it_is_passed_over(tmp_path, form):
    made = form.format("cat")
    found, line = read(tmp_path, "cat 5", "dog 6", f"{made} | 9 | x{{}}.png")
    assert found == {"cat": 5, "dog": 6}
    assert f"{made} (9 pictures made from the originals) passed over" in line


def test_a_class_that_is_there_augmented_alone_stays(tmp_path):
    assert read(tmp_path, "cat 5", "dog 6", "owl_augmented 7")[0] == {"cat": 5, "dog": 6, "owl_augmented": 7}


def test_of_versions_that_all_classes_have_the_original_is_read(tmp_path):
    lines = [f"{pet} ({how}) | 4 | {how}{{}}.png" for pet in ("cat", "dog") for how in ("original", "cropped", "grayscale")]
    found, line = read(tmp_path, *lines)
    assert found == each("cat (original)|dog (original)", 4) or set(found) == {"cat (original)", "dog (original)"}
    assert "cat (cropped) (4 pictures in another variant)" in line


@pytest.mark.parametrize("names", ["wolf|gray wolf|fox", "gray|color|black", "cat (original)|cat (cropped)|dog"])
def test_a_word_that_not_all_classes_have_is_of_the_class(tmp_path, names):
    assert set(read(tmp_path, *(f"{name} | 4 | x{{}}.png" for name in names.split("|")))[0]) == {*names.split("|")}


def test_a_training_part_that_was_augmented_is_passed_over_beside_the_other(tmp_path):
    lines = [f"{part}/{pet} 4" for part in ("train", "train_aug", "test") for pet in ("cat", "dog")]
    found = olhar.read(grow(tmp_path, *lines))
    assert counts(found) == {"train": {"cat": 4, "dog": 4}, "test": {"cat": 4, "dog": 4}}
    assert "train_aug (8 pictures made from the originals) passed over" in str(found.read_as)


@pytest.mark.parametrize("form", ["{pet}_{part}", "{part} {pet}", "{part}-{pet}-images"])
def test_a_part_and_a_class_in_each_name(tmp_path, form):
    sizes = {"treino": 6, "teste": 3}
    lines = [f"{form.format(pet=pet, part=part)} | {sizes[part]} | x{{}}.png" for pet in ("gato", "cão") for part in sizes]
    assert counts(olhar.read(grow(tmp_path, *lines))) == {"train": {"cão": 6, "gato": 6}, "test": {"cão": 3, "gato": 3}}


def test_folders_of_no_part_are_for_training_beside_tests_of_all_of_them(tmp_path):
    found = olhar.read(grow(tmp_path, "cat 9", "dog 9", "cat_test 3", "dog_test 3"))
    assert counts(found) == {"train": {"cat": 9, "dog": 9}, "test": {"cat": 3, "dog": 3}}


@pytest.mark.parametrize("names", ["beaker|flask|test_tube", "cat|dog|owl_test", "train|cat_train|cat_test"])
def test_one_class_alone_or_one_that_training_has_not_is_no_part(tmp_path, names):
    found = olhar.read(grow(tmp_path, *(f"{name} | 4 | x{{}}.png" for name in names.split("|"))), layout="class")
    assert set(found.classes) == {*names.split("|")}
    tested = {part for part in olhar.read(tmp_path).brought if part} if "train" not in names.split("|") else set()
    assert "test" not in tested


def test_parts_of_resolutions_are_no_classes(tmp_path):
    """DIV2K: one picture in high and low resolution, each with its parts."""
    names = [f"DIV2K_{part}_{how}" for part in ("train", "valid") for how in ("HR", "LR_bicubic_X2")]
    grow(tmp_path, *(f"{name} | 4 | {{}}.png" for name in names))
    assert olhar.read(tmp_path).classes == ()
