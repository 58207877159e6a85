"""The shared cases of tables: each read as its README wants it, or refused with the reason."""

import os
from pathlib import Path

import pytest

from tests.data.tables.made import counts, read, refused

CASES = Path(os.environ.get("OLHAR_TEST_DATA", "../shared/data")).parent / "cases"
if not CASES.is_dir():
    CASES = Path(__file__).parents[4] / "shared" / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the shared cases are not here")

THREE = {"0": 8, "1": 8, "2": 8}
TWO = {"0": 8, "1": 8}
PETS = {"cat": 8, "dog": 8}
FRUIT = {"maçã": 8, "não": 8}
DIGITS = ({"0": 5, "1": 5, "2": 5, "3": 5}, {"0": 2, "1": 2, "2": 2, "3": 2})

READ = {
    "01-id-no-ending": {"": {"boston_bull": 8, "dingo": 8, "pekinese": 8}},
    "02-three-tables": {"train": THREE, "test": {"0": 3, "1": 3, "2": 3}},
    "03-windows-absolute": {"": PETS},
    "04-absolute-elsewhere": {"": PETS},
    "05-one-hot": {
        "train": {"bird": 6, "cat": 6, "dog": 6},
        "validation": {"bird": 3, "cat": 3, "dog": 3},
        "test": {"bird": 3, "cat": 3, "dog": 3},
    },
    "08-dx-in-two-folders": {"": {"bkl": 8, "mel": 8, "nv": 8}},
    "09-metadata-per-part": {"train": {"a": 6, "b": 6}, "test": {"a": 3, "b": 3}},
    "10-id-code-diagnosis": {"": THREE},
    "11-image-id-and-names": {"": THREE},
    "12-id-label-tif": {"": TWO},
    "13-name-only": {"": PETS},
    "14-index-column": {"": PETS},
    "21-path-label-lines": {"train": {"bird": 6, "cat": 6, "dog": 6}, "validation": {"bird": 2, "cat": 2, "dog": 2}},
    "23-cp1252": {"": FRUIT},
    "24-utf16": {"": FRUIT},
    "25-sep-line": {"": FRUIT},
    "26-pixels-two-tables": {"train": DIGITS[0], "test": DIGITS[1]},
    "27-pixels-no-header": {"train": DIGITS[0], "test": DIGITS[1]},
    "28-pixels-odd-header": {"": DIGITS[0]},
    "29-pixels-and-idx": {"train": {"0": 5, "1": 5, "2": 5}, "test": {"0": 2, "1": 2, "2": 2}},
    "30-split-list": {
        "train": {"001.Black_footed_Albatross": 5, "002.Laysan_Albatross": 5, "003.Sooty_Albatross": 5},
        "test": {"001.Black_footed_Albatross": 3, "002.Laysan_Albatross": 3, "003.Sooty_Albatross": 3},
    },
    "31-meta-lists": {
        "train": {"apple_pie": 6, "baklava": 6, "sushi": 6},
        "test": {"apple_pie": 2, "baklava": 2, "sushi": 2},
    },
    "34-windows-relative": {"": PETS},
}
REFUSED = {
    "06-several-ones": ("train.csv, row 2", "Beach, Sunset"),
    "07-tags-in-a-cell": ("train_v2.csv, row 2", "tags", "haze primary", "--label-column tags"),
    "20-attributes": ("list_attr_celeba.csv", "Male, Smiling, Young", "--label-column"),
    "22-blanks-between": ("labels.csv", "--label-column"),
}
BY_COLUMN = {
    "07-tags-in-a-cell": ("tags", {"clear": 4, "clear agriculture primary": 4, "haze primary": 4}),
    "20-attributes": ("Smiling", {"-1": 4, "1": 8}),
    "22-blanks-between": ("2", TWO),
}
NAMED = {
    "11-image-id-and-names": ("label_num_to_disease_map.json", ("Bacterial Blight", "Brown Streak", "Healthy")),
    "32-cat-to-name": ("cat_to_name.json", ("pink primrose", "globe thistle", "hard-leaved pocket orchid")),
    "33-synsets": ("LOC_synset_mapping.txt", ("tench, Tinca tinca", "goldfish, Carassius auratus", "great white shark")),
}


def data(name):
    return CASES / f"tables-{name}" / "data"


@pytest.mark.parametrize("name", READ)
def test_read_as_wanted(name):
    assert counts(read(data(name))) == READ[name]


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_the_reason(name):
    refused(data(name), *REFUSED[name])


@pytest.mark.parametrize("name", BY_COLUMN)
def test_read_by_the_column_that_is_named(name):
    column, wanted = BY_COLUMN[name]
    assert counts(read(data(name), label_column=column)) == {"": wanted}


@pytest.mark.parametrize("name", NAMED)
def test_named_by_the_list_that_lies_there(name):
    file, wanted = NAMED[name]
    assert read(data(name), names=data(name) / file).shown == wanted


def test_lesions_stay_together():
    found = read(data("08-dx-in-two-folders"))
    assert len(set(found.groups)) == 12


def test_thirty_ways_to_call_two_columns():
    folders = sorted(data("15-header-names").iterdir())
    assert len(folders) == 30
    for folder in folders:
        for place in (folder, folder / "labels.csv"):
            assert counts(read(place)) == {"": {"cat": 2, "dog": 2}}, place
