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
