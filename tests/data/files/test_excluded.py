"""What a person wants left out is left out, told, and never silently nothing."""

import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

import olhar
from olhar.data.files.excluded import Excluded
from tests.data.folders.grown import counts, grow, read
from tests.data.tables.made import pictures, refused, table

_SET = ("cat 6", "dog 6", "extra 4", "cat/raw 3 old_{}.png", "dog/raw 3")


@pytest.mark.parametrize(
    ("exclude", "wanted", "told"),
    [
        ("extra", {"cat": 9, "dog": 9}, "extra (4 left out as you say)"),
        ("extra/", {"cat": 9, "dog": 9}, "extra (4 left out as you say)"),
        ("extra,raw", {"cat": 6, "dog": 6}, "raw (6 left out as you say)"),
        ("ext*, cat/raw", {"cat": 6, "dog": 9}, "cat/raw (3 left out as you say)"),
        ("extra,**/old_?.png", {"cat": 6, "dog": 9}, "**/old_?.png (3 left out as you say)"),
    ],
)
@pytest.mark.parametrize("packed", [False, True])
def test_folders_and_files_are_left_out_by_name_or_path(tmp_path, exclude, wanted, told, packed):
    root = grow(tmp_path / "set", *_SET)
    if packed:
        with zipfile.ZipFile(tmp_path / "set.zip", "w") as archive:
            for path in sorted(root.rglob("*.png")):
                archive.write(path, path.relative_to(root))
        root = tmp_path / "set.zip"
    found = olhar.read(root, exclude=exclude)
    assert counts(found) == wanted
    assert told in str(found.read_as)


def test_a_name_that_leaves_out_nothing_is_refused_with_what_is_there(tmp_path):
    grow(tmp_path, *_SET)
    refused(tmp_path, "Extra", "cat, dog, extra", exclude="Extra")


def test_of_parts_that_lie_apart_one_may_hold_nothing_of_it(tmp_path):
    grow(tmp_path, "a/cat 4", "a/dog 4", "a/extra 3", "b/cat 2 x{}.png", "b/dog 2 x{}.png")
    found = olhar.read(tmp_path / "a", test=str(tmp_path / "b"), exclude="extra")
    assert counts(found) == {"train/cat": 4, "train/dog": 4, "test/cat": 2, "test/dog": 2}


def test_pictures_beside_a_table_that_is_named_alone_are_left_out_too(tmp_path):
    pictures(tmp_path, [f"{place}/{i}.png" for place in ("new", "old") for i in range(6)])
    table(tmp_path, "labels.csv", [("image", "label"), *((f"{i}.png", "ab"[i % 2]) for i in range(6))])
    found = olhar.read(tmp_path / "labels.csv", exclude="old")
    assert set(found.where) == {f"new/{i}.png" for i in range(6)}


def test_the_line_of_a_run_says_how_to_read_it_again(tmp_path):
    _, line = read(tmp_path, *_SET, exclude="extra")
    assert "extra" in line
    assert olhar.data.read_options.ReadOptions(exclude="extra").flags == ("--exclude", "extra")


@given(
    st.lists(st.text("ab/*?.", min_size=1, max_size=6), max_size=3), st.lists(st.text("ab/.", min_size=1, max_size=8), max_size=9)
)
def test_any_patterns_leave_out_whole_names_alone(patterns, names):
    excluded = Excluded(",".join(patterns))
    kept = excluded.kept(names)
    assert kept == sorted(set(kept))
    gone = {name for each in excluded.left_out.values() for name in each}
    assert {names[place] for place in kept}.isdisjoint(gone)
    assert {names[place] for place in kept} | gone == set(names)
