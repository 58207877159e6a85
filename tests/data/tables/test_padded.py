"""Numbers that lack the noughts in front which the names of the pictures have."""

from tests.data.tables.made import counts, pictures, read, table, told


def test_noughts_that_a_spreadsheet_took_off_are_put_back_and_told(tmp_path):
    pictures(tmp_path, [f"fotos/{i:04}.png" for i in range(996, 1008)])
    rows = [("id", "número", "espécie"), *((i - 995, i, ("sara", "erato")[i % 2]) for i in range(996, 1008))]
    table(tmp_path, "plan.csv", rows)
    found = read(tmp_path)
    assert counts(found) == {"": {"sara": 6, "erato": 6}}
    assert "lack the noughts in front that the names of the pictures have (0996.png)" in told(found)


def test_a_class_of_numbers_names_no_pictures(tmp_path):
    pictures(tmp_path, [f"{i:03}.png" for i in range(12)])
    table(tmp_path, "plan.csv", [("class", "image"), *((i % 3, i) for i in range(12))])
    assert counts(read(tmp_path)) == {"": {"0": 4, "1": 4, "2": 4}}


def test_names_of_several_lengths_are_as_they_stand(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(8, 20)])
    table(tmp_path, "plan.csv", [("image", "label"), *((i, i % 3) for i in range(8, 20))])
    assert "noughts" not in told(read(tmp_path))
