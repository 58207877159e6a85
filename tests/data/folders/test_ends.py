"""The same names below tops that judge the pictures, not what is on them: either level may be the class."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.data.folders.grown import counts, each, grow, read

CROPS = {
    "Cashew": ("healthy", "red rust", "gumosis"),
    "Maize": ("healthy", "leaf spot", "streak"),
    "Fig": ("leaf blight", "curl"),
}


@pytest.mark.parametrize(
    ("tops", "layout"),
    [
        (("GoodImg/Bmp", "BadImag/Bmp"), "*/*/class"),
        (("easy_images", "hard_images"), "*/class"),
        (("alta qualidade", "baixa qualidade"), "*/class"),
    ],
)
@pytest.mark.parametrize("below", ["Sample001 Sample002 Sample011", "fig kiwi plum"])
def test_judgements_of_pictures_above_the_same_names_are_asked_about(tmp_path, tops, layout, below):
    grow(tmp_path, *(f"set/{top}/{name} | 3 | {top[:1]}{{}}.png" for top in tops for name in below.split()))
    with pytest.raises(DataError) as error:
        olhar.read(tmp_path)
    assert error.value.code == "OLH128"
    first, last = error.value.readings
    assert (first.options, last.options) == ({"layout": "class"}, {"layout": layout})
    assert counts(olhar.read(tmp_path, **last.options)) == each(below, 6)


def test_masks_below_them_change_nothing(tmp_path):
    kinds = (("Bmp", "photo"), ("Msk", "mask"))
    with pytest.raises(DataError) as error:
        read(
            tmp_path,
            *(
                f"{top}/{kind}/Sample00{n} 3 img00{n}-{top[0]}{{}}.png {look}"
                for top in ("GoodImg", "BadImag")
                for kind, look in kinds
                for n in (1, 2, 3)
            ),
        )
    assert error.value.code == "OLH128"


def test_the_layout_counts_from_the_part(tmp_path):
    places = [f"{top} images/{name}" for top in ("clean", "noisy") for name in ("fig", "kiwi", "plum")]
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{part}/{place} | 3 | {part}{place[:1]}{{}}.png" for place in places for part in ("train", "test")))
    first, last = error.value.readings
    assert counts(olhar.read(tmp_path, **first.options)) == {
        f"{part}/{top} images": 9 for part in ("test", "train") for top in ("clean", "noisy")
    }
    assert counts(olhar.read(tmp_path, **last.options)) == each("fig kiwi plum", 6, "test train")


@pytest.mark.parametrize(
    ("tops", "below"),
    [
        ("good images|bad images", "2024-03-01 2024-03-02 2024-03-03"),
        ("good images|bad images", "left right top"),
        ("good|bad", "Sample001 Sample002 Sample011"),
        ("good fruit|bad fruit", "fig kiwi plum"),
    ],
)
def test_judgements_of_what_is_on_them_are_the_classes(tmp_path, tops, below):
    lines = [f"{top}/{name} | 3 | {top[:1]}{{}}.png" for top in tops.split("|") for name in below.split()]
    assert read(tmp_path, *lines)[0] == dict.fromkeys(sorted(tops.split("|")), 9)


def test_judged_pictures_without_folders_below_are_classes(tmp_path):
    assert read(tmp_path, "good images | 3", "bad images | 3")[0] == {"bad images": 3, "good images": 3}


def test_the_same_judgement_beside_names_of_each_top_s_own_is_asked_about(tmp_path):
    lines = [f"{crop}/{name} | 4 | img_{{}}.png" for crop, names in CROPS.items() for name in names]
    with pytest.raises(DataError) as error:
        read(tmp_path, *lines)
    assert error.value.code == "OLH128"
    assert [reading.options for reading in error.value.readings] == [{"layout": "class"}, {"layout": "*/class"}]


def test_judgements_alone_below_kinds_are_told_of_as_before(tmp_path):
    found, line = read(tmp_path, *(f"{fruit}/{name} 4" for fruit in ("apple", "fig", "pear") for name in ("good", "bad")))
    assert found == each("apple fig pear", 8)
    assert "--layout '*/class'" in line


@pytest.mark.parametrize(
    "names", [("fire", "nofire"), ("vehicles", "non-vehicles"), ("com ferrugem", "sem ferrugem"), ("with_mask", "without_mask")]
)
def test_that_it_is_so_and_that_it_is_not_are_the_classes_whatever_lies_below(tmp_path, names):
    below = {names[0]: ("smoke", "flames"), names[1]: ("fog", "leaves", "sun")}
    found, _ = read(tmp_path, *(f"{name}/{kind} | 4 | img_{{}}.png" for name in names for kind in below[name]))
    assert found == {names[0]: 8, names[1]: 12}
