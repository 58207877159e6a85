"""Tables in which each class has a column of 0 and 1."""

import pytest

from tests.data.tables.made import counts, pictures, read, refused, table, told


def _flags(root, n_without):
    """Twenty pictures of cats and dogs in turn, of which the first few are marked as neither."""
    rows = [(f"{i}.png", int(i >= n_without and i % 2), int(i >= n_without and not i % 2)) for i in range(20)]
    table(pictures(root, [f"photos/{i}.png" for i in range(20)]), "labels.csv", [("image", "cat", "dog"), *rows])
    return root


def test_a_few_rows_without_a_one_are_left_out_and_told(tmp_path):
    found = read(_flags(tmp_path, 2))
    assert counts(found) == {"": {"cat": 9, "dog": 9}}
    assert "2 rows of labels.csv have no class and are left out (the first is row 2)" in told(found)


@pytest.mark.parametrize("n_without", [3, 12])
def test_more_of_them_may_be_a_class_of_their_own(tmp_path, n_without):
    assert refused(_flags(tmp_path, n_without), "labels.csv, row 2").code == "OLH184"


def test_two_ones_in_a_row_are_several_labels(tmp_path):
    rows = [(f"{i}.png", int(i % 2), 1) for i in range(8)]
    table(pictures(tmp_path, [f"{i}.png" for i in range(8)]), "labels.csv", [("image", "cat", "dog"), *rows])
    assert "cat, dog" in str(refused(tmp_path, "labels.csv, row 3"))


@pytest.mark.parametrize(("yes", "no"), [("x", ""), ("X", "-"), ("sim", "não"), ("TRUE", "FALSE"), ("✓", "")])
def test_a_mark_in_one_of_several_columns_is_the_class(tmp_path, yes, no):
    rows = [(f"{i}.png", *(yes if i % 3 == k else no for k in range(3))) for i in range(12)]
    table(pictures(tmp_path, [f"photos/{i}.png" for i in range(12)]), "plan.csv", [("foto", "boa", "ruim", "podre"), *rows], ";")
    assert counts(read(tmp_path)) == {"": {"boa": 4, "ruim": 4, "podre": 4}}


def test_marks_in_several_columns_of_one_row_are_several_columns_that_may_be_the_class(tmp_path):
    rows = [(f"{i}.png", ("sim", "não")[i % 2], ("sim", "não")[i // 2 % 2]) for i in range(12)]
    table(pictures(tmp_path, [f"{i}.png" for i in range(12)]), "plan.csv", [("foto", "madura", "grande"), *rows])
    assert refused(tmp_path, "madura, grande", "--label-column").code == "OLH136"
