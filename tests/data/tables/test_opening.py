"""Parquet and tables in memory that name pictures are read by their cells, as CSV is."""

import polars as pl
import pytest

import olhar
from tests.data.tables.made import classes, pictures, read, refused, told

_IDS = [f"leaf{i:02}" for i in range(12)]
_KINDS = ["rust", "scab"] * 6
_WANTED = {f"train/{name}.jpg": kind for name, kind in zip(_IDS, _KINDS, strict=True)}


@pytest.fixture
def folder(tmp_path):
    return pictures(tmp_path, _WANTED)


@pytest.mark.parametrize(
    ("names", "column", "kind"),
    [
        ("{}", "id_code", "diagnosis"),
        ("train/{}.jpg", "arquivo", "o que é"),
        ("/content/drive/set/train/{}.jpg", "filepath", "label"),
        ("C:\\set\\train\\{}.jpg", "path", "label"),
    ],
)
@pytest.mark.parametrize("alone", [False, True])
def test_a_parquet_table_names_pictures_in_every_way_that_csv_does(folder, names, column, kind, alone):
    pl.DataFrame({column: [names.format(name) for name in _IDS], kind: _KINDS}).write_parquet(folder / "labels.parquet")
    found = read(folder / "labels.parquet" if alone else folder)
    assert classes(found) == _WANTED
    assert f"column {kind}" in told(found)


def test_numbers_in_a_parquet_table_are_read_as_numbers(folder):
    pl.DataFrame({"image_id": _IDS, "label": [i % 3 for i in range(12)]}).write_parquet(folder / "labels.parquet")
    assert read(folder).classes == ("0", "1", "2")


def test_a_parquet_table_with_several_columns_that_may_be_the_class_is_refused_with_the_commands(folder):
    odd = ["a", "b", "c"] * 4
    pl.DataFrame({"id": _IDS, "leaf": _KINDS, "spot": odd}).write_parquet(folder / "labels.parquet")
    refused(folder, "labels.parquet", "leaf, spot", "--label-column")
    assert read(folder, label_column="spot").classes == ("a", "b", "c")


def test_a_frame_is_read_by_what_stands_in_it(folder):
    frame = pl.DataFrame({"n": range(12), "ficheiro": [f"{folder}/train/{name}.jpg" for name in _IDS], "o que é": _KINDS})
    found = olhar.read(frame)
    assert [found.classes[label] for label in found.labels] == _KINDS
    assert found.read(2) == (folder / "train/leaf02.jpg").read_bytes()
    refused(pl.DataFrame({"ficheiro": frame["ficheiro"], "leaf": _KINDS, "spot": ["a", "b", "c"] * 4}), "DataFrame", "leaf, spot")


@pytest.mark.parametrize("line", ["leaf01.jpg\t1", "leaf01.jpg", "leaf01 leaf02", "1 leaf01.jpg"])
def test_a_list_of_one_line_is_read_as_any_other(folder, line):
    (folder / "added.txt").write_text(line + "\n")
    pl.DataFrame({"id": _IDS, "label": _KINDS}).write_csv(folder / "labels.csv")
    assert classes(read(folder)) == _WANTED
