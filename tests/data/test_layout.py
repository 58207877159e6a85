import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.data.layout import classes_in_names, hidden, part_of, read_layout


def table(*paths: str) -> list[tuple[str, str | None, str]]:
    found = read_layout(paths)
    return [(paths[row], name, part) for row, name, part in zip(found.rows, found.classes, found.parts, strict=True)]


def test_class_folders_give_classes():
    assert table("dog/1.jpg", "cat/2.PNG") == [("cat/2.PNG", "cat", ""), ("dog/1.jpg", "dog", "")]


def test_parts_give_parts_and_classes():
    assert table("train/cat/1.jpg", "val/cat/2.jpg", "test/cat/3.jpg") == [
        ("test/cat/3.jpg", "cat", "test"),
        ("train/cat/1.jpg", "cat", "train"),
        ("val/cat/2.jpg", "cat", "validation"),
    ]


@pytest.mark.parametrize(
    ("folder", "part"),
    [
        *((name, "train") for name in ("train", "Training", "treino", "treinamento", "train_set")),
        *((name, "validation") for name in ("val", "valid", "validation", "validate", "validacao", "validação", "Validação")),
        *((name, "test") for name in ("test", "TEST", "teste", "test_data", "test-data", "testing")),
        *((name, None) for name in ("trains", "tester", "contest", "data", "validity", "train_cats")),
    ],
)
def test_parts_are_known_by_their_many_spellings(folder, part):
    assert part_of(folder) == part
    assert part_of(unicodedata.normalize("NFD", folder)) == part


def test_folders_that_everything_lies_in_are_taken_off():
    assert table("a/b/train/cat/1.jpg", "a/b/test/cat/2.jpg")[0] == ("a/b/test/cat/2.jpg", "cat", "test")
    assert table("photos/cat/1.jpg", "photos/dog/1.jpg")[0][1] == "cat"


def test_folders_below_the_class_are_read_too():
    assert table("cat/home/1.jpg", "dog/2.jpg")[0] == ("cat/home/1.jpg", "cat", "")


def test_a_class_may_be_called_test():
    assert [name for _, name, _ in table("test/1.jpg", "ripe/2.jpg")] == ["ripe", "test"]


def test_a_flat_folder_has_no_classes():
    assert table("1.jpg", "2.jpg") == [("1.jpg", None, ""), ("2.jpg", None, "")]


def test_one_class_folder_keeps_its_name():
    assert table("cat/1.jpg", "cat/2.jpg")[0] == ("cat/1.jpg", "cat", "")


def test_what_systems_leave_behind_is_passed_over_in_silence():
    junk = (".DS_Store", "cat/Thumbs.db", "cat/desktop.ini", "__MACOSX/cat/._1.jpg", "cat/.hidden.jpg", ".git/x.png")
    assert all(map(hidden, junk))
    found = read_layout(("cat/1.jpg", "cat/notes.txt", *junk))
    assert (len(found.rows), found.passed_over) == (1, 1)


def test_names_from_a_mac_and_from_windows_are_one_class():
    mac = unicodedata.normalize("NFD", "não/1.jpg")
    assert {name for _, name, _ in table(mac, "não/2.jpg", "sim/3.jpg")} == {"não", "sim"}


@pytest.mark.parametrize(
    ("names", "classes"),
    [
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.12.png"), ["cat", "cat", "dog", "dog"]),
        (("x/dog_003.png", "x/dog_004.png", "x/big dog (1).png", "x/big dog (2).png"), ["dog", "dog", "big dog", "big dog"]),
        (("cão-1.jpg", "ca\u0303o-2.jpg", "猫-1.jpg", "猫-2.jpg"), ["cão", "cão", "猫", "猫"]),
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg"), None),
        (("cat.1.jpg", "cat.2.jpg"), None),
        (("cat.1.jpg", "cat.2.jpg", "dog.1.jpg", "dog.2.jpg", "new.jpg"), None),
        (("IMG_0001.jpg", "IMG_0002.jpg", "DSC_0001.jpg", "DSC_0002.jpg"), None),
        (("2020-01-01.jpg", "2020-01-02.jpg", "2021-01-01.jpg", "2021-01-02.jpg"), None),
        (("cat1.jpg", "cat2.jpg", "dog1.jpg", "dog2.jpg"), None),
        (("train_1.jpg", "train_2.jpg", "test_1.jpg", "test_2.jpg"), None),
    ],
)
def test_a_name_carries_its_class_only_where_all_clearly_do(names, classes):
    assert classes_in_names(names) == classes


@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=20)))
def test_no_listing_is_too_strange(paths):
    found = read_layout(paths)
    assert len(found.rows) == len(found.classes) == len(found.parts)
    assert len(found.rows) + found.passed_over <= len(paths)
