"""Numbers in the names of pictures that may be the classes, beside folders that hardly are."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read

WEATHERS = {"ChallengeFree": "00_00", "Haze-2": "12_02", "Rain-1": "09_01", "Rain-3": "09_03"}


def signs(form: str, folders: dict[str, str]) -> list[str]:
    return [f"{folder} 3 {form.format(sign, own)}" for folder, own in folders.items() for sign in ("01", "05", "14")]


@pytest.mark.parametrize("part", ["", "train/"])
def test_levels_of_something_beside_names_that_cross_them_are_asked_about(tmp_path, part):
    lines = signs("01_{}_{}_000{{}}.png", {part + folder: own for folder, own in WEATHERS.items()})
    tests = signs("01_{}_{}_100{{}}.png", {f"test/{folder}": own for folder, own in WEATHERS.items()}) if part else []
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines, *tests)
    assert error.value.code == "OLH990"
    assert_says(error, "01, 05, 14", "Haze-2", "--layout")
    found = counts(olhar.read(tmp_path, **error.value.readings[0].options))
    assert set(found.values()) == {9}


@pytest.mark.parametrize(
    ("form", "folders"),
    [
        ("01_{}_000{{}}.png", WEATHERS),
        ("01_{}_{}_000{{}}.png", {"happy": "03_01", "sad": "04_01", "calm": "02_01"}),
        ("01_{}_{}_000{{}}.png", {"grade1": "03_01", "grade2": "04_01", "grade3": "02_01"}),
    ],
)
def test_numbers_say_nothing_where_none_is_the_folders_or_folders_are_no_levels(tmp_path, form, folders):
    assert read(tmp_path, *signs(form, folders))[0] == each(" ".join(folders), 9)


def test_numbers_in_front_of_all_names_in_a_folder_beside_a_few_pictures_may_be_the_classes(tmp_path):
    lines = [f"ships 1 {k % 2}_2017_{k}_103a_-122.{k}37.png" for k in range(30)]
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines, "scenes/scenes 3 bay_{}.png")
    assert error.value.code == "OLH897"
    assert_says(error, "ships", "scenes", "0, 1")
    assert counts(olhar.read(tmp_path, **error.value.readings[0].options)) == {"scenes": 3, "ships": 30}


def test_two_underscores_set_the_class_apart_and_a_few_scenes_beside_are_passed_over(tmp_path):
    lines = [f"planes/planes 1 {k % 2}__2017_{k}_103a__-122.{k}37.png" for k in range(30)]
    found, says = read(tmp_path, *lines, "scenes/scenes 3 bay_{}.png")
    assert found == {"0": 15, "1": 15}
    assert "scenes (3 pictures without a class)" in says


@pytest.mark.parametrize(
    ("names", "beside"),
    [
        ("{0}__2017_{1}_103a.png", "dogs 20 bay_{}.png"),
        ("{1}__2017.png", "dogs 3 bay_{}.png"),
        ("{0}__7_{1}.png", "dogs 3 1__9_{}.png"),
    ],
)
def test_they_say_nothing_beside_many_or_where_they_run_or_stand_in_all_folders(tmp_path, names, beside):
    lines = [f"ships 1 {names.format(k % 2, k)}" for k in range(30)]
    assert read(tmp_path, *lines, beside)[0] == {"dogs": int(beside.split()[1]), "ships": 30}


def test_a_picture_or_two_more_beside_a_class_change_nothing(tmp_path):
    assert counts(olhar.read(grow(tmp_path, "cats 40 cat_{}.png", "dogs 3 dog_{}.png"))) == {"cats": 40, "dogs": 3}
