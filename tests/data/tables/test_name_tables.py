"""Cells of several depths are found together as each is by itself."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.data.files.folder import FolderFiles
from olhar.data.tables.name_tables import How, NameTables

STEPS = st.lists(st.sampled_from(["a", "B", "c"]), max_size=3)
NAMES = st.sampled_from(["1.jpg", "2.jpg", "2.png", "3.JPG"])
PATHS = st.builds(lambda steps, name: "/".join([*steps, name]), STEPS, NAMES)
TAILS = st.builds(lambda steps, name: "/".join([*steps, name]), STEPS, st.sampled_from(["1", "1.jpg", "2", "2.png", "3"]))


def tables(paths: list[str]) -> NameTables:
    endings = sorted({path[path.rindex(".") :] for path in paths})
    return NameTables(FolderFiles(Path(), paths), paths, endings, {path.rpartition("/")[0] for path in paths})


@given(paths=st.lists(PATHS, min_size=1, max_size=8, unique=True), tails=st.lists(TAILS, max_size=8))
@pytest.mark.parametrize("how", ["end", "bare"])
def test_cells_of_several_depths(how: How, paths, tails):
    names = tables(paths)
    assert names.find_apart("all", how, tails) == [names.find("all", tail.count("/") + 1, how, [tail])[0] for tail in tails]


@given(paths=st.lists(PATHS, min_size=1, max_size=8, unique=True), tails=st.lists(TAILS, min_size=1, max_size=8))
def test_a_picture_is_found_by_the_one_end_that_it_has_alone(paths, tails):
    names = tables(paths)
    for tail in tails:
        ends = [path for path in paths if f"/{path}".endswith(f"/{tail}")]
        if ends:
            assert names.find("all", tail.count("/") + 1, "end", [tail]) == [ends[0] if len(ends) == 1 else ""]


def test_many_cells_of_several_depths_are_looked_up_by_depth(monkeypatch):
    paths = [f"{'deep/' * (i % 3)}leaf{i}.jpg" for i in range(3000)]
    names, asked, find = tables(paths), list[int](), NameTables.find
    monkeypatch.setattr(NameTables, "find", lambda self, *how: asked.append(len(how[-1])) or find(self, *how))
    assert names.find_apart("all", "bare", [path.removesuffix(".jpg") for path in paths]) == paths
    assert asked == [1000, 1000, 1000]
