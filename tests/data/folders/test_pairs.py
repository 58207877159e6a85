"""Two sides of one thing, a picture on each under every name, are pairs; whatever differs is a class."""

import pytest

import olhar
from olhar.base.errors import DataError
from tests.conftest import assert_says
from tests.data.folders.grown import counts, each, grow, read


@pytest.mark.parametrize("sides", ["left right", "Before After", "esquerda direita"])
@pytest.mark.parametrize("part", ["", "train/"])
def test_a_picture_on_each_side_under_every_name_is_a_pair(tmp_path, sides, part):
    tests = [f"test/{side} 3 {{:05}}.png" for side in sides.split()] if part else []
    with pytest.raises(DataError) as error:
        read(tmp_path, *(f"{part}{side} 6 {{:05}}.png" for side in sides.split()), *tests)
    assert error.value.code == "OLH969"
    assert_says(error, *sides.split(), "--layout class")
    found = counts(olhar.read(tmp_path, **error.value.readings[0].options))
    assert found == (each(sides, 6) if not part else each(sides, 6, "train") | each(sides, 3, "test"))


@pytest.mark.parametrize(
    "lines",
    [
        ("left 6 l{}.png", "right 6 r{}.png"),
        ("left 6 {}.png", "right 5 {}.png"),
        ("left_eye 6 {}.png", "right_eye 6 {}.png"),
        ("left 6 {}.png", "right 6 {}.png", "up 6 {}.png"),
        ("cat 6 {}.png", "dog 6 {}.png"),
    ],
)
def test_other_names_and_other_words_are_classes(tmp_path, lines):
    found, _ = read(tmp_path, *lines)
    assert found == {line.split()[0]: int(line.split()[1]) for line in lines}


def test_sides_can_be_read_as_classes(tmp_path):
    grow(tmp_path, "left 6 {}.png", "right 6 {}.png")
    assert counts(olhar.read(tmp_path, layout="class")) == each("left right", 6)


def test_before_and_after_below_customers_or_in_names_are_no_classes(tmp_path):
    jobs = ("Dona Cida", "Edu", "Clinic")
    grow(tmp_path / "folders", *(f"{job}/{when} | {n} | {{}}.png" for job in jobs for when, n in (("Before", 3), ("After", 2))))
    grow(tmp_path / "names", *(f"{job} | 2 | {when}{{}}.png" for job in jobs for when in ("antes", "depois")))
    for folder in ("folders", "names"):
        with pytest.raises(DataError) as error:
            olhar.read(tmp_path / folder)
        assert error.value.code == "OLH969"
        assert len(error.value.readings) == 1
