"""A list with a name for each class folder is told of, and ``--names`` reads it."""

import pytest

import olhar
from tests.data.folders.grown import grow

HEADER = "Label, Latin Name      , Common Name , Train Images\n"
ROWS = "n0 , alouatta_palliata\t , mantled_howler , 9\nn1 , erythrocebus_patas\t , patas_monkey , 9\n"


@pytest.fixture
def monkeys(tmp_path):
    return grow(tmp_path, "training/n0 4", "training/n1 4", "validation/n0 2", "validation/n1 2")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("monkey_labels.txt", HEADER + ROWS),
        ("labels.csv", ROWS.replace(" ", "")),
        ("class_names.csv", "id,name\nn0,alouatta_palliata\nn1,erythrocebus_patas\n"),
        ("names.json", '{"n0": "alouatta_palliata", "n1": "erythrocebus_patas"}'),
    ],
)
def test_a_line_a_class_is_told_of_and_names_them(monkeys, name, text):
    (monkeys / name).write_text(text)
    found = olhar.read(monkeys)
    assert f"{name} has a name for each class, and olhar train --names shows them" in str(found.read_as)
    assert found.shown == ("n0", "n1")
    assert olhar.read(monkeys, names=monkeys / name).shown == ("alouatta_palliata", "erythrocebus_patas")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("class_counts.csv", "class,count\nn0,6\nn1,6\n"),
        ("classes.txt", "n0\nn1\n"),
        ("labels.txt", "n0 alouatta\nn7 patas\n"),
        ("readme.txt", HEADER + ROWS),
        ("labels.csv", HEADER + ROWS + ROWS),
    ],
)
def test_counts_others_and_the_classes_themselves_are_no_names(monkeys, name, text):
    (monkeys / name).write_text(text)
    assert "has a name for each class" not in str(olhar.read(monkeys).read_as)
