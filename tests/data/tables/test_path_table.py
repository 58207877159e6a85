"""Rows of a table without a class: a few are left out and told; of a table that lacks most, nothing is learnt."""

import pytest

from tests.data.tables.made import classes, counts, pictures, read, refused, table, told


def _fifty(root, empty, column="label", values=("cat", "dog")):
    names = [f"photos/{i:02}.jpg" for i in range(50)]
    pictures(root, names)
    rows = [(f"{i:02}.jpg", "" if i in empty else values[i % 2]) for i in range(50)]
    table(root, "labels.csv", [("file", column), *rows])
    return root


def test_three_empty_cells_of_fifty_leave_their_pictures_out_and_are_told(tmp_path):
    found = read(_fifty(tmp_path, {4, 7, 20}))
    assert counts(found) == {"": {"cat": 23, "dog": 24}}
    assert not {f"photos/{i:02}.jpg" for i in (4, 7, 20)} & {*found.where}
    assert "3 rows of labels.csv have no class and are left out (the first is row 6)" in told(found)
    assert "do not name" not in told(found)


def test_half_of_the_rows_may_lack_it_and_no_more(tmp_path):
    assert counts(read(_fifty(tmp_path, set(range(25))))) == {"": {"cat": 12, "dog": 13}}
    _fifty(tmp_path, set(range(26)))
    refused(tmp_path, "labels.csv", "row 2", "no class")


@pytest.mark.parametrize("blank", [" ", '"  "'])
def test_blanks_are_nothing(tmp_path, blank):
    names = [f"{i}.jpg" for i in range(9)]
    pictures(tmp_path, names)
    table(tmp_path, "labels.csv", [("file", "label"), *((name, blank if i == 3 else i % 2) for i, name in enumerate(names))])
    assert counts(read(tmp_path)) == {"": {"0": 5, "1": 3}}


def test_whole_numbers_that_a_gap_made_fractions_stay_the_classes_that_they_are(tmp_path):
    found = read(_fifty(tmp_path, {0}, values=("0.0", "1.0")))
    assert counts(found) == {"": {"0": 24, "1": 25}}


def test_a_gap_does_not_make_classes_of_numbers_that_measure_something(tmp_path):
    pictures(tmp_path, [f"{i:02}.jpg" for i in range(30)])
    rows = [(f"{i:02}.jpg", "" if i == 3 else i + 0.5) for i in range(30)]
    table(tmp_path, "train.csv", [("file", "target"), *rows])
    refused(tmp_path, "train.csv", "target")


def test_a_column_that_a_person_names_may_have_gaps_too(tmp_path):
    found = read(_fifty(tmp_path, {1}, column="kind"), label_column="kind")
    assert counts(found) == {"": {"cat": 25, "dog": 24}}


def test_the_test_rows_of_a_table_may_have_no_class(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(12)])
    rows = [(f"{i}.jpg", "" if i > 8 else "ab"[i % 2], "test" if i > 8 else "train") for i in range(12)]
    table(tmp_path, "all.csv", [("file", "label", "split"), *rows])
    assert counts(read(tmp_path)) == {"": {"a": 5, "b": 4}}


def test_where_folders_say_the_class_it_stays_theirs(tmp_path):
    names = [f"{kind}/{kind}{i}.jpg" for kind in ("cat", "dog") for i in range(6)]
    pictures(tmp_path, names)
    rows = [(name, "" if i == 2 else name[:3], f"p{i // 2}") for i, name in enumerate(names)]
    table(tmp_path, "all.csv", [("file", "label", "patient"), *rows])
    found = read(tmp_path)
    assert classes(found)["cat/cat2.jpg"] == "cat"
    assert len(found) == 12


def test_of_a_picture_with_two_classes_the_rows_with_classes_are_told(tmp_path):
    pictures(tmp_path, [f"{i}.jpg" for i in range(6)])
    rows = [("0.jpg", ""), *((f"{i}.jpg", "ab"[i % 2]) for i in range(6)), ("0.jpg", "b")]
    table(tmp_path, "all.csv", [("file", "label"), *rows])
    refused(tmp_path, "0.jpg", "rows 3 and 9")
