"""Words of parts, numbers and sets in the names of folders, where they are those of classes and where they are not."""

import pytest

from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import each, grow, read


@pytest.mark.parametrize(
    "names",
    [
        "test_tube train_station training_shoes valley",
        "train_station test_tube",
        "train_station validation_stamp",
        "test_pattern valid_ticket train_ticket_office tram",
        "freight_train crash_test car",
        "TrainStation TestTube",
    ],
)
def test_words_of_parts_within_longer_names_of_loose_pictures_are_classes(tmp_path, names):
    assert read(tmp_path, *(f"{name} 6 {name}_{{}}.png" for name in names.split()))[0] == each(names, 6)


def test_names_that_share_their_own_words_are_parts(tmp_path):
    lines = [f"fruit_{part}/{name} 6" for part in ("train", "test") for name in ("kiwi", "lime")]
    assert read(tmp_path, *lines)[0] == each("kiwi lime", 6, "train test")


@pytest.mark.parametrize("names", ["fruit_train fruit_test", "train test", "seg_train seg_test seg_pred", "fruit_train test1"])
def test_parts_of_loose_pictures_are_still_told(tmp_path, names):
    found, _ = read(tmp_path, *(f"{name} 6" for name in names.split()))
    assert found == {"test/?": 6, "train/?": 6}


def test_a_class_word_beside_a_folder_of_classes_is_asked_about(tmp_path):
    grow(tmp_path, "valley/north 6", "valley/south 6", "test_tube 6")
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert [reading.options for reading in error.value.readings] == [{"layout": "class"}, {}]


def test_gestures_with_numbers_below_numbered_people_are_the_classes(tmp_path):
    lines = [f"{person:02}/{name} 4" for person in range(6) for name in ("01_wave", "02_ok", "03_point")]
    found, line = read(tmp_path, *lines)
    assert found == each("01_wave 02_ok 03_point", 24)
    assert "6 groups that stay together" in line


def test_classes_with_numbers_above_states_stay_the_classes(tmp_path):
    kinds = ("1_apple", "2_pear", "3_plum", "4_fig", "5_kiwi")
    found, line = read(tmp_path, *(f"{kind}/{state} 4" for kind in kinds for state in ("fresh", "rotten")))
    assert found == each(" ".join(kinds), 8)
    assert "--layout '*/class'" in line


def test_numbers_below_numbers_are_asked_about(tmp_path):
    grow(tmp_path, *(f"{top:02}/{low:02} 4" for top in range(5) for low in range(3)))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert len(error.value.readings) == 2


@pytest.mark.parametrize(
    ("lines", "last"),
    [
        (("D/CD", "D/UD", "W/CW", "W/UW"), "CD"),
        (("apple/apple_fresh", "apple/apple_old", "pear/pear_fresh", "pear/pear_old"), "apple_fresh"),
        (("Tomato/Healthy Tomato", "Tomato/Sick Tomato", "Corn/Healthy Corn", "Corn/Sick Corn"), "Healthy Tomato"),
    ],
)
def test_names_that_hold_those_above_may_be_the_classes_as_well(tmp_path, lines, last):
    grow(tmp_path, *(f"{line} | 5" for line in lines))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, last, "first level", "Say which")
    assert [reading.options["layout"] for reading in error.value.readings] == ["class", "*/class"]
    assert read(tmp_path, layout="*/class")[0] == {line.partition("/")[2]: 5 for line in sorted(lines)}


def test_what_is_asked_of_a_part_names_the_part(tmp_path):
    grow(tmp_path, *(f"{part}/{name} 5" for part in ("train", "test") for name in ("D/CD", "D/UD", "W/CW", "W/UW")))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert [reading.options["layout"] for reading in error.value.readings] == ["part/class", "part/*/class"]
    assert read(tmp_path, layout="part/*/class")[0] == each("CD CW UD UW", 5, "train test")


@pytest.mark.parametrize("below", ["cat_1 cat_2", "garden park", "cat_a"])
def test_other_names_below_are_told_and_not_asked_about(tmp_path, below):
    lines = [f"{top}/{name.replace('cat', top)} 5" for top in ("cat", "dog") for name in below.split()]
    assert read(tmp_path, *lines)[0] == each("cat dog", 5 * len(below.split()))


@pytest.mark.parametrize("names", ["s0001 s0002 s0003", "AF01 AM01 BF02", "person1 person2 person12", "P-01 P-02 P-03"])
def test_classes_that_look_like_persons_are_told(tmp_path, names):
    found, line = read(tmp_path, *(f"{name} 5 x{name}{{}}.png" for name in names.split()))
    assert found == each(names, 5)
    assert "look like persons or series" in line


@pytest.mark.parametrize(
    "names",
    [
        "c0 c1 c2",
        "c00 c01 c02",
        "n01443537 n01498041 n02002724",
        "0 1 2",
        "00 01 02",
        "001.Albatross 002.Auklet 003.Bunting",
        "f16 b52 c17",
        "grade0 grade1 grade2",
        "class_01 class_02 class_03",
        "s01 s02",
    ],
)
def test_codes_of_classes_bear_no_remark(tmp_path, names):
    found, line = read(tmp_path, *(f"{name} 5" for name in names.split()))
    assert found == each(names, 5)
    assert "persons" not in line


def test_masks_in_folders_named_after_the_pictures(tmp_path):
    lines = [f"{name}/{name}{end}" for name in ("cod", "eel", "ray") for end in (" | 6 | {}.png", " GT | 6 | {}.png | mask")]
    found, line = read(tmp_path, *lines)
    assert found == each("cod eel ray", 6)
    assert "* gt (18 masks)" in line.replace("*/", "")


def test_folders_beside_each_other_with_a_word_of_masks_that_hold_photographs_stay_classes(tmp_path):
    assert read(tmp_path, *(f"{name} 8" for name in ("jar", "jar_label", "jar_mask")))[0] == each("jar jar_label jar_mask", 8)


@pytest.mark.parametrize("tops", ["Leaf_Dataset NA_Leaf_Dataset", "Fish_Images/Fish_Images Small_Fish_Images"])
def test_sets_named_after_each_other_are_asked_about(tmp_path, tops):
    grow(tmp_path, *(f"{top}/{name} 5" for top in tops.split() for name in ("oak", "elm")))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert_says(error, "hold the same classes (elm, oak)")
    assert error.value.readings


def test_classes_named_after_each_other_stay_classes(tmp_path):
    lines = [f"{top}/{state} 5" for top in ("pepper", "bell_pepper") for state in ("fresh", "old")]
    assert read(tmp_path, *lines)[0] == each("bell_pepper pepper", 10)


def test_a_class_that_lies_four_levels_deep_is_among_the_readings(tmp_path):
    days = [
        f"{lot}/{sky}/{day}" for lot in ("north", "south") for sky in ("sunny", "rainy") for day in ("2020-01-02", "2020-01-03")
    ]
    grow(tmp_path, *(f"{day}/{state} 3 a{{}}_{state}_7.png" for day in days for state in ("free", "taken")))
    with pytest.raises(DataError) as error:
        read(tmp_path)
    assert error.value.readings[0].options == {"layout": "*/*/*/class"}
    assert read(tmp_path, layout="*/*/*/class")[0] == each("free taken", 24)
