"""A column that may tell one individual from another is told, with the flag that keeps its pictures together."""

from tests.data.tables.made import pictures, read, table, told


def _collection(root, codes):
    pictures(root, [f"{i}.png" for i in range(24)])
    rows = [("image", "Code", "label"), *((f"{i}.png", code, "ab"[i // 2 % 2]) for i, code in enumerate(codes))]
    table(root, "all.csv", rows)
    return root


def test_the_same_animal_from_above_and_from_below_is_asked_about(tmp_path):
    line = told(read(_collection(tmp_path, [f"CAM{i // 2}" for i in range(24)])))
    assert "Code of all.csv says the same in several rows (12 values in 24 rows)" in line
    assert "--group-column Code" in line
    assert "says the same" not in told(read(tmp_path, group_column="Code"))


def test_what_is_of_several_classes_or_hardly_repeats_is_no_individual(tmp_path):
    assert "says the same" not in told(read(_collection(tmp_path, [f"day{i % 6}" for i in range(24)])))
    assert "says the same" not in told(read(_collection(tmp_path, [f"{min(i, 20)}" for i in range(24)])))
