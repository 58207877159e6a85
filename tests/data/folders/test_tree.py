"""Folders as they lie there: names in any form, whatever strange names a listing holds."""

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from olhar.data.folders.tree import tree_of
from tests.data.folders.grown import each, read


def test_one_class_folder_keeps_its_name(tmp_path):
    assert read(tmp_path, "cat 2") == (
        {"cat": 2},
        "read as: 1 class; every picture lies in one folder, cat: one class alone teaches nothing",
    )


def test_folders_below_the_class_are_read_too(tmp_path):
    assert read(tmp_path, "cat/home 1", "cat 1", "dog 2")[0] == each("cat dog", 2)


def test_a_flat_folder_has_no_classes(tmp_path):
    assert read(tmp_path, ". 2 {}.png")[0] == {"?": 2}


def test_names_from_a_mac_and_from_windows_are_one_class(tmp_path):
    mac = unicodedata.normalize("NFD", "não")
    assert read(tmp_path, f"{mac} 1 a{{}}.png", "não 1 b{}.png", "sim 2")[0] == each("não sim", 2)


@given(st.lists(st.text(st.characters(exclude_characters="\0"), min_size=1, max_size=20)))
def test_no_listing_is_too_strange(paths):
    root, others = tree_of(paths)
    assert root.count == len(list(root.rows())) <= len(paths) - others
