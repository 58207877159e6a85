"""A name in a table that stands for several pictures is refused as that, and not as a picture that is missing."""

import pytest

import olhar
from tests.data.tables.made import pictures, refused, table

IDS = [f"e574f3b4-{i:04}" for i in range(8)]
CHANNELS = ("red", "green", "blue", "yellow")


def cells(root, mark="_"):
    return pictures(root, [f"train/{name}{mark}{channel}.png" for name in IDS for channel in CHANNELS])


@pytest.mark.parametrize("mark", ["_", "-", "."])
def test_several_pictures_of_a_name_are_told_as_such(tmp_path, mark):
    table(cells(tmp_path, mark), "train.csv", [("Id", "Target"), *((name, i % 2) for i, name in enumerate(IDS))])
    refused(tmp_path, "train.csv", f"{IDS[0]}{mark}blue.png", "several pictures")
    assert len(olhar.read(tmp_path)) == 32


@pytest.mark.parametrize("several", ["16 0", "1|0"])
def test_several_classes_beside_are_told_too(tmp_path, several):
    rows = [(name, several if i == 3 else i % 2) for i, name in enumerate(IDS)]
    table(cells(tmp_path), "train.csv", [("Id", "Target"), *rows])
    refused(tmp_path, f"row 5: {several}", "several pictures", "one class")


def test_a_name_of_which_there_is_nothing_is_missing(tmp_path):
    table(cells(tmp_path), "train.csv", [("Id", "Target"), *((f"a{name}", i % 2) for i, name in enumerate(IDS))])
    refused(tmp_path, "are not here")
