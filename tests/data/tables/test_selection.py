"""Which of several tables is meant."""

from tests.data.tables.made import counts, pictures, read, refused, table, told


def skins(root):
    pictures(root, [f"train/t{i}.jpg" for i in range(20)] + [f"test/s{i}.jpg" for i in range(8)])
    rows = [(f"t{i}", ("male", "female")[i % 2], ("nevus", "melanoma", "lentigo")[i % 3], i % 2) for i in range(20)]
    table(root, "train.csv", [("image_name", "sex", "diagnosis", "target"), *rows])
    table(root, "test.csv", [("image_name", "sex"), *((f"s{i}", ("male", "female")[i % 2]) for i in range(8))])
    return root


def test_a_table_of_training_that_says_too_much_is_not_passed_over_for_that_of_the_test(tmp_path):
    error = refused(skins(tmp_path), "train.csv", "diagnosis, target", "--label-column")
    found = read(tmp_path, **error.readings[0].options)
    assert set(found.classes) == {"nevus", "melanoma", "lentigo"}


def test_a_broken_table_is_not_passed_over_for_one_that_names_a_few(tmp_path):
    pictures(tmp_path, [f"images/{i}.jpg" for i in range(20)])
    table(tmp_path, "few.csv", [("image", "emotion"), *((f"{i}.jpg", ("joy", "fear")[i % 2]) for i in range(6))])
    rows = [(f"{i}.jpg", ("joy", "fear")[i % 2]) for i in range(18)]
    table(tmp_path, "legend.csv", [("image", "emotion"), *rows, ("18.jpg joy",)])
    refused(tmp_path, "legend.csv", "row 20")
    (tmp_path / "legend.csv").unlink()
    assert counts(read(tmp_path)) == {"": {"joy": 3, "fear": 3}}


def test_a_guess_gives_way_to_a_table_whose_columns_say_the_classes(tmp_path):
    pictures(tmp_path, [f"images/i{i}.jpg" for i in range(12)])
    table(tmp_path, "truth.csv", [("image", "MEL", "NV"), *((f"i{i}", i % 3 // 2, 1 - i % 3 // 2) for i in range(12))])
    table(tmp_path, "metadata.csv", [("image", "sex"), *((f"i{i}", ("male", "female")[i % 2]) for i in range(12))])
    assert counts(read(tmp_path)) == {"": {"MEL": 4, "NV": 8}}


def test_rows_whose_pictures_are_gone_are_left_out_and_told(tmp_path):
    pictures(tmp_path, [f"images/i{i}.jpg" for i in range(30)])
    table(tmp_path, "all.csv", [("image", "label"), *((f"i{i}.jpg", "ab"[i % 2]) for i in range(32))])
    found = read(tmp_path)
    assert counts(found) == {"": {"a": 15, "b": 15}}
    assert "2 rows of all.csv are left out, for their pictures are not here (the first is " in told(found)


def test_a_table_of_tests_is_read_beside_one_with_a_column_of_parts(tmp_path):
    """LEGO minifigures: ``index.csv`` with ``train-valid``, and ``test.csv`` without."""
    names = [f"{theme}/{i}.jpg" for theme in ("marvel", "starwars") for i in range(6)]
    pictures(tmp_path, [*names, *(f"test/{i}.jpg" for i in range(4))])
    rows = [(name, i % 4, ("train", "valid")[i % 3 == 2]) for i, name in enumerate(names)]
    table(tmp_path, "index.csv", [("path", "class_id", "train-valid"), *rows])
    table(tmp_path, "test.csv", [("path", "class_id"), *((f"test/{i}.jpg", i) for i in range(4))])
    found = counts(read(tmp_path))
    assert {part: sum(classes.values()) for part, classes in found.items()} == {"train": 8, "validation": 4, "test": 4}


def test_names_of_sounds_are_those_of_their_spectrograms(tmp_path):
    names = [f"{i}-{i % 2}-0" for i in range(12)]
    pictures(tmp_path, [f"spectrograms/fold{i % 3}/{name}.png" for i, name in enumerate(names)])
    rows = [(f"{name}.wav", ("dog", "siren")[i % 2]) for i, name in enumerate(names)]
    table(tmp_path, "sounds.csv", [("slice", "class"), *rows])
    assert counts(read(tmp_path)) == {"": {"dog": 6, "siren": 6}}


def test_of_parts_that_bear_the_same_names_the_one_called_so_is_meant(tmp_path):
    pictures(tmp_path, [f"{folder}/{i}.png" for folder in ("train", "trainResized", "testResized") for i in range(6)])
    table(tmp_path, "trainLabels.csv", [("ID", "Class"), *((i, "ab"[i % 2]) for i in range(6))])
    assert sum(sum(classes.values()) for classes in counts(read(tmp_path)).values()) == 6
