"""What spreadsheets leave behind a table, and pictures that nobody has classed yet."""

from tests.data.tables.made import counts, pictures, read, refused, table, told

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
    rows = [("image", "wing", "bug"), *((f"{i}.png", "ab"[i // 4 % 2] if i else "", "xy"[i % 2]) for i in range(12))]
    table(_photos(tmp_path), "plan.csv", rows)
    assert set(read(tmp_path).classes) == {"x", "y"}


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
