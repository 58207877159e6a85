"""Tables whose numbers make the names of the pictures."""

import pytest

from tests.data.tables.made import classes, counts, pictures, read, refused, table, told

NAMES = ("nought", "one", "two")


def numbers(root, order="input_{suite}_{sample}_{code}.png"):
    cells = [(suite, sample, code) for suite in (1, 2, 3, 12) for sample in (1, 2, 10) for code in (1, 2, 3)]
    pictures(root, [order.format(suite=suite, sample=sample, code=code) for suite, sample, code in cells])
    rows = [(suite, sample, code, code - 1, NAMES[code - 1]) for suite, sample, code in cells]
    table(root, "all.csv", [("suite_id", "sample_id", "code", "value", "character"), *rows])
    return root


@pytest.mark.parametrize("order", ["input_{suite}_{sample}_{code}.png", "data/{sample:03}-{code}-{suite}.png"])
def test_the_numbers_of_a_row_find_its_picture(tmp_path, order):
    found = read(numbers(tmp_path, order))
    assert counts(found) == {"": {"nought": 12, "one": 12, "two": 12}}
    name = order.format(suite=12, sample=10, code=2)
    assert classes(found)[name] == "one"
    assert "all.csv, column character" in told(found)


def test_rows_of_pictures_that_are_not_here_are_left_out(tmp_path):
    (numbers(tmp_path) / "input_3_2_1.png").unlink()
    assert counts(read(tmp_path)) == {"": {"nought": 11, "one": 12, "two": 12}}


def test_numbers_that_may_stand_in_two_orders_are_not_guessed(tmp_path):
    pictures(tmp_path, [f"a_{i}_{j}.png" for i in range(1, 5) for j in range(1, 5)])
    rows = [(i, j, ("x", "y")[i % 2]) for i in range(1, 5) for j in range(1, 5)]
    table(tmp_path, "all.csv", [("left", "right", "label"), *rows])
    refused(tmp_path, "no column of all.csv")
