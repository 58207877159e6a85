"""What spreadsheets leave behind a table, and pictures that nobody has classed yet."""

import pytest

from tests.data.tables.made import classes, counts, pictures, read, refused, table, told

_ROWS = [("Imagem", "Espécie", "Nota"), *((f"{i}.png", ("sara", "erato")[i % 2], "") for i in range(12))]


def _photos(root, n=14):
    return pictures(root, [f"fotos/{i}.png" for i in range(n)])


def test_rows_without_a_class_are_left_out_and_told_with_the_first(tmp_path):
    table(_photos(tmp_path), "plan.csv", [*_ROWS, ("12.png", "", "dúvida"), ("13.png", " ", "")], ";")
    found = read(tmp_path)
    assert counts(found) == {"": {"sara": 6, "erato": 6}}
    assert "2 rows of plan.csv have no class and are left out (the first is row 14)" in told(found)
    assert "do not name" not in told(found)


def test_what_pandas_and_spreadsheets_write_for_nothing_is_no_class(tmp_path):
    table(_photos(tmp_path), "plan.csv", [*_ROWS, ("12.png", "nan", ""), ("13.png", "#N/D", "")], ";")
    assert set(read(tmp_path).classes) == {"sara", "erato"}


def test_numbers_with_gaps_in_the_column_are_classes_without_their_noughts(tmp_path):
    rows = [("image", "label"), *((f"{i}.png", f"{i % 2}.0") for i in range(12)), ("12.png", "")]
    table(_photos(tmp_path), "plan.csv", rows)
    assert counts(read(tmp_path)) == {"": {"0": 6, "1": 6}}


def test_a_column_without_gaps_is_taken_before_one_with_gaps(tmp_path):
    rows = [("image", "wing", "bug"), *((f"{i}.png", "ab"[i // 4 % 2] if i > 3 else "", "xy"[i % 2]) for i in range(12))]
    table(_photos(tmp_path), "plan.csv", rows)
    assert set(read(tmp_path).classes) == {"x", "y"}


def test_a_column_with_few_gaps_beside_another_is_asked_about(tmp_path):
    rows = [("image", "wing", "bug"), *((f"{i}.png", "ab"[i // 4 % 2] if i else "", "xy"[i % 2]) for i in range(12))]
    table(_photos(tmp_path), "plan.csv", rows)
    assert refused(tmp_path, "wing, bug").code == "OLH136"


def test_a_table_that_mostly_lacks_the_class_is_refused_with_the_row(tmp_path):
    rows = [("image", "label"), *((f"{i}.png", "ab"[i % 2] if i < 5 else "") for i in range(12))]
    table(_photos(tmp_path), "plan.csv", rows)
    refused(tmp_path, "plan.csv", "row 7", "no class")


def test_empty_rows_at_the_end_say_nothing_and_a_row_that_only_lacks_its_picture_is_told(tmp_path):
    table(_photos(tmp_path, 12), "plan.csv", [*_ROWS, ("", "", ""), ("", "", "")], ";")
    found = read(tmp_path)
    assert counts(found) == {"": {"sara": 6, "erato": 6}}
    assert "left out" not in told(found)
    table(tmp_path, "plan.csv", [*_ROWS, ("", "sara", "")], ";")
    assert "1 row of plan.csv names no picture and is left out (row 14)" in told(read(tmp_path))


def test_columns_that_say_who_did_it_or_what_was_noted_are_no_classes(tmp_path):
    rows = [("Foto", "Classificação", "Responsável"), *((f"{i}.png", "ab"[i % 2], "Zé" if i < 6 else "Ana") for i in range(12))]
    table(_photos(tmp_path), "plan.csv", rows, ";")
    assert set(read(tmp_path).classes) == {"a", "b"}


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
