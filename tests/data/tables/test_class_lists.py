"""A list of pictures a class, which bears its name."""

import pytest

import olhar
from olhar.base.progress import Quiet
from tests.data.tables.made import counts, pictures, read, table, told

HALVES = (range(6), range(6, 12))


def lists(root, names, halves=HALVES, header=()):
    pictures(root, [f"images/p{i:03}.jpg" for i in range(12)])
    for name, half in zip(names, halves, strict=True):
        table(root, name, [*header, *((f"p{i:03}.jpg",) for i in half)])
    return root


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (("cats.txt", "dogs.txt"), ("cats", "dogs")),
        (("normal_list.csv", "defect-files.csv"), ("normal", "defect")),
        (("lists/maçã boa.txt", "lists/maçã ruim.txt"), ("maçã boa", "maçã ruim")),
    ],
)
@pytest.mark.parametrize("header", [(), (("file",),)])
def test_each_list_is_the_class_of_its_pictures(tmp_path, names, classes, header):
    found = read(lists(tmp_path, names, header=header))
    assert counts(found) == {"": dict.fromkeys(classes, 6)}
    assert names[0] in told(found)
    assert "each list names the pictures of the class that it is called after" in told(found)


@pytest.mark.parametrize(
    "names", [("all.txt", "bad.txt"), ("train.txt", "test.txt"), ("fold1.txt", "fold2.txt"), ("easy.txt", "hard.txt")]
)
def test_parts_folds_and_choices_of_pictures_are_no_classes(tmp_path, names):
    assert olhar.read(lists(tmp_path, names), progress=Quiet()).classes in ((), ("images",))


@pytest.mark.parametrize("halves", [(range(7), range(6, 12)), (range(4), range(6, 10))])
def test_a_picture_in_two_lists_or_many_in_none_are_no_classes(tmp_path, halves):
    assert olhar.read(lists(tmp_path, ("cats.txt", "dogs.txt"), halves), progress=Quiet()).classes in ((), ("images",))
