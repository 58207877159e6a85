"""Lists that deal pictures out to parts."""

from tests.data.tables.made import counts, pictures, read, table, told


def dishes(root, names):
    paths = [f"{dish}/{dish}_{i}.jpg" for dish in ("1", "2", "3") for i in range(8)]
    pictures(root, [f"food/{path}" for path in paths])
    for name, start in zip(names, (0, 6, 7), strict=True):
        table(root, f"lists/{name}", [(f"/{path}",) for path in paths if start <= int(path[-5]) < {0: 6, 6: 7, 7: 8}[start]])
    return root, paths


def test_lists_called_by_two_letters_deal_out_the_parts_and_what_is_on_a_dish_is_not_its_class(tmp_path):
    root, paths = dishes(tmp_path, ("TR.txt", "VAL.txt", "TE.txt"))
    table(
        root,
        "lists/Ingredients.txt",
        [(f"/{p}", *((i * 7 + k * 5 + i * k) % 3 - 1 for k in range(5))) for i, p in enumerate(paths)],
        " ",
    )
    found = read(tmp_path)
    assert {part: sum(each.values()) for part, each in counts(found).items()} == {"train": 18, "validation": 3, "test": 3}
    assert set(found.classes) == {"1", "2", "3"}
    assert "lists/Ingredients.txt: no column that holds the class" in told(found)


def test_what_no_list_names_does_not_teach_where_a_list_of_another_name_has_it(tmp_path):
    dishes(tmp_path, ("first.txt", "VAL.txt", "third.txt"))
    assert set(counts(read(tmp_path))) == {""}


def folds(root, n):
    paths = [f"{name}/{i:03}.jpg" for name in ("brick", "water") for i in range(10)]
    pictures(root, paths)
    for fold in range(1, n + 1):
        for part, holds in (("train", lambda i: i > 1), ("test", lambda i: i <= 1)):
            own = [path for path in paths if holds((int(path[-7:-4]) + fold) % 10)]
            table(root, f"labels/{part}{fold}.txt", [(path,) for path in own])
    return root


def test_of_numbered_lists_that_deal_out_the_pictures_in_several_ways_the_first_is_taken(tmp_path):
    found = read(folds(tmp_path, 3))
    assert counts(found) == {"train": {"brick": 8, "water": 8}, "test": {"brick": 2, "water": 2}}
    assert "the first of 3 ways in which lists deal out the pictures" in told(found)


def test_numbered_lists_of_one_way_are_all_taken(tmp_path):
    paths = [f"{name}/{i}.jpg" for name in ("brick", "water") for i in range(8)]
    pictures(tmp_path, paths)
    for name, numbers in {"train_1": "01", "train_2": "234", "test_1": "56", "test_2": "7"}.items():
        table(tmp_path, f"{name}.txt", [(path,) for path in paths if path[-5] in numbers])
    assert counts(read(tmp_path)) == {"train": {"brick": 5, "water": 5}, "test": {"brick": 3, "water": 3}}


def test_sets_written_as_one_word_are_parts(tmp_path):
    paths = [f"jpg/{name}/{i}.jpg" for name in ("bmw", "ups") for i in range(8)]
    pictures(tmp_path, paths)
    for name, numbers in {"trainset": "0123", "valset": "45", "testset": "67"}.items():
        table(tmp_path, f"{name}.relpaths.txt", [(path,) for path in paths if path[-5] in numbers])
    numbers = {"train": 4, "validation": 2, "test": 2}
    assert counts(read(tmp_path)) == {part: {"bmw": n, "ups": n} for part, n in numbers.items()}


def test_of_lists_that_share_pictures_the_first_shared_by_name_is_told(tmp_path):
    paths = [f"{name}/{i:02}.jpg" for name in ("brick", "water") for i in range(20)]
    pictures(tmp_path, paths)
    table(tmp_path, "train.txt", [(path,) for path in paths])
    table(tmp_path, "test.txt", [(path,) for path in paths[3:]])
    assert "for brick/03.jpg is in two of them" in told(read(tmp_path))


def test_a_table_of_folds_that_deals_each_picture_out_several_times_says_no_parts(tmp_path):
    """BreakHis: ``fold,mag,grp,filename``, each picture once a fold."""
    names = [f"{name}/{i}.jpg" for name in ("benign", "malignant") for i in range(6)]
    pictures(tmp_path, names)
    rows = [(fold, 40, ("train", "test")[(i + fold) % 3 == 0], name) for fold in (1, 2, 3) for i, name in enumerate(names)]
    table(tmp_path, "Folds.csv", [("fold", "mag", "grp", "filename"), *rows])
    found = read(tmp_path)
    assert counts(found) == {"": {"benign": 6, "malignant": 6}}
    assert "Folds.csv says several parts of one picture" in told(found)
