"""Parts that the names of pictures say."""

from tests.data.tables.made import counts, pictures, read, table, told


def faces(root, form="{part}_{i:05}.jpg"):
    names = [(form.format(part=part, i=i), i % 3 + 1) for part, n in (("train", 12), ("test", 6)) for i in range(n)]
    pictures(root, [f"images/{name}" for name, _ in names])
    table(root, "list_label.txt", names, " ")
    return root


def test_names_that_begin_with_parts_say_them(tmp_path):
    found = read(faces(tmp_path))
    assert counts(found) == {"train": {"1": 4, "2": 4, "3": 4}, "test": {"1": 2, "2": 2, "3": 2}}
    assert "the names of the pictures in list_label.txt say their parts" in told(found)


def test_names_that_speak_of_parts_elsewhere_say_none(tmp_path):
    assert counts(read(faces(tmp_path, "cifar-{part}-{i:05}.jpg"))) == {"": {"1": 6, "2": 6, "3": 6}}
