"""Classes that were typed in several ways in cells of tables."""

from tests.data.tables.made import counts, pictures, read, table, told


def _read(root, *classes, name="plan.csv"):
    pictures(root, [f"{i}.png" for i in range(len(classes))])
    table(root, name, [("image", "label"), *((f"{i}.png", each) for i, each in enumerate(classes))])
    return read(root)


def test_case_and_blanks_do_not_make_a_further_class_and_the_commonest_spelling_is_taken(tmp_path):
    found = _read(tmp_path, *["Heliconius sara"] * 4, "heliconius sara", "Heliconius  sara", *["Heliconius erato"] * 4)
    assert counts(found) == {"": {"Heliconius sara": 6, "Heliconius erato": 4}}
    assert "read as one class: Heliconius sara (Heliconius  sara, heliconius sara)" in told(found)


def test_letters_and_codes_are_told_apart_by_case(tmp_path):
    assert set(_read(tmp_path, *"AaBb" * 3).classes) == {"A", "a", "B", "b"}
    assert set(_read(tmp_path, *["abcD1", "abcd1"] * 6).classes) == {"abcD1", "abcd1"}


def test_parts_in_tables_of_their_own_are_joined_too(tmp_path):
    pictures(tmp_path, [f"{part}/{i}.png" for part in ("train", "test") for i in range(8)])
    for part, names in (("train", ("Cat", "Dog")), ("test", ("cat", "dog"))):
        table(tmp_path, f"{part}.csv", [("image", "label"), *((f"{part}/{i}.png", names[i % 2]) for i in range(8))])
    assert counts(read(tmp_path)) == {"train": {"Cat": 4, "Dog": 4}, "test": {"Cat": 4, "Dog": 4}}
