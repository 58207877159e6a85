"""Rule 8: names that differ by case or plural are joined across parts where each has one partner, and never inside a part."""

import numpy as np
import pytest

import olhar
from olhar.data.folders.spelling import spelled_alike, spelled_as
from olhar.data.labelled import require_labelled
from tests.data.folders.grown import each, grow, read
from tests.data.tables.made import pictures


@pytest.mark.parametrize(
    ("names", "known", "spelling"),
    [
        (["cat", "dog"], ["Cat", "Dog"], {"cat": "Cat", "dog": "Dog"}),
        (["cat", "dog"], ["cats", "dogs"], {"cat": "cats", "dog": "dogs"}),
        (["gato", "cão"], ["gatos", "cães"], {"gato": "gatos", "cão": "cães"}),
        (["Glass", "Glasses"], ["glass", "glasses"], {"Glass": "glass", "Glasses": "glasses"}),
        (["red"], ["RED", "GREEN", "none"], {"red": "RED"}),
        (["no damage", "damage"], ["no_damage", "damage"], {"no damage": "no_damage"}),
        (["berry"], ["berries", "nuts"], {"berry": "berries"}),
        (["A", "a"], ["A", "B"], {}),
        (["cat", "Cat"], ["CAT", "dog"], {}),
        (["cat", "fox"], ["Cat", "Dog"], {}),
        (["as"], ["a"], {}),
        (["cat"], ["cat", "Cat"], {}),
    ],
)
def test_names_are_matched_where_the_mapping_is_one_to_one(names, known, spelling):
    assert spelled_alike(names, known) == spelling


def test_inside_one_part_nothing_is_joined(tmp_path):
    assert read(tmp_path, "A 3", "a 3", "glass 3", "glasses 3")[0] == each("A a glass glasses", 3)


def test_parts_are_joined_and_told(tmp_path):
    found, line = read(tmp_path, "train/Cat 4", "train/Dog 4", "val/cat 2", "val/dog 2")
    assert found == each("Cat Dog", 4, "train") | each("Cat Dog", 2, "validation")
    assert line.endswith("the same classes, spelled otherwise: cat = Cat, dog = Dog")


def test_folders_may_bear_the_names_that_a_model_shows(tmp_path):
    pictures(tmp_path, [*(f"Moeda de 1 real/{i}.jpg" for i in "ab"), *(f"moeda de 10 centavos/{i}.jpg" for i in "abc")])
    found = require_labelled(olhar.read(tmp_path))
    shown = ("Moeda de 10 centavos", "Moeda de 25 centavos", "Moeda de 1 real")
    told = spelled_as(found, ("0", "1", "2"), names=shown)
    assert told.classes == ("0", "2")
    assert np.bincount(told.labels).tolist() == [3, 2]
    assert spelled_as(found, ("0", "1", "2")) is found
    assert spelled_as(found, ("Moeda de 1 real", "1", "2"), names=shown) is found


def test_a_dataset_is_spelled_as_a_model_spells(tmp_path):
    dataset = olhar.read(grow(tmp_path, "red 3", "blue 2"))
    spelled = spelled_as(dataset, ["RED", "GREEN", "BLUE", "none"])
    assert spelled.counts() == {"BLUE": 2, "RED": 3}
    assert np.array_equal(spelled.labels, dataset.labels)
    assert spelled_as(dataset, ["blue", "red"]) is dataset
