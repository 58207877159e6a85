"""The corners of boxes are never the class, whether the columns have names or not."""

import pytest

import olhar
from olhar.data.tables.box_columns import box_columns
from olhar.data.tables.grid import Grid
from tests.data.tables.made import counts, pictures, read, refused, table, told

KINDS = ("homer", "ned", "krusty")
PATHS = [f"{kind}/pic_{i:04}.jpg" for kind in KINDS for i in range(8)]


def corners(i):
    return 1 + i % 4, 2 + i % 4, 11 + i % 5, 21 + i % 3


def sizes(i):
    return 11 + i % 4, 2 + i % 4, 5 + i % 5, 3 + i % 3


@pytest.mark.parametrize(("numbers", "header"), [(corners, None), (sizes, None), (corners, ("file", "a", "b", "c", "d", "who"))])
def test_the_class_is_the_other_column(tmp_path, numbers, header):
    pictures(tmp_path, [f"all/{i}.jpg" for i in range(24)])
    rows = [(f"all/{i}.jpg", *numbers(i), KINDS[i % 3]) for i in range(24)]
    table(tmp_path, "annotation.txt", [header, *rows] if header else rows)
    assert counts(read(tmp_path)) == {"": dict.fromkeys(KINDS, 8)}


def test_a_row_a_box_is_no_row_a_picture(tmp_path):
    pictures(tmp_path, [f"all/{i}.jpg" for i in range(12)])
    table(tmp_path, "annotation.txt", [(f"all/{i % 12}.jpg", *corners(i), KINDS[i % 3]) for i in range(24)])
    refused(tmp_path, "table of boxes", "annotation.txt")


def test_boxes_of_some_of_the_pictures_in_class_folders_witness_their_classes(tmp_path):
    tests = [f"kaggle_simpson_testset/kaggle_simpson_testset/{kind}_{i}.jpg" for kind in KINDS for i in range(4)]
    pictures(tmp_path, [*(f"simpsons_dataset/{path}" for path in PATHS), *tests])
    table(tmp_path, "annotation.txt", [(f"./characters/{p}", *corners(i), p.partition("/")[0]) for i, p in enumerate(PATHS[::2])])
    dataset = read(tmp_path)
    assert counts(dataset) == {"train": dict.fromkeys(KINDS, 8), "test": dict.fromkeys(KINDS, 4)}
    assert "annotation.txt agrees with the folders" in told(dataset)
    assert "./characters/ in annotation.txt does not exist here" in told(dataset)


def test_two_columns_beside_one_box_a_picture_are_told_as_such(tmp_path):
    pictures(tmp_path, [f"all/{i}.jpg" for i in range(24)])
    rows = [(f"all/{i}.jpg", *corners(i), KINDS[i % 3], "ab"[i % 2]) for i in range(24)]
    table(tmp_path, "boxes.csv", [("file", "x1", "y1", "x2", "y2", "who", "how"), *rows])
    refused(tmp_path, "who, how", "--label-column")


def test_boxes_and_nothing_else_give_no_class(tmp_path):
    pictures(tmp_path, [f"all/{i}.jpg" for i in range(24)])
    table(tmp_path, "boxes.csv", [("file", "x1", "y1", "x2", "y2"), *((f"all/{i}.jpg", *corners(i)) for i in range(24))])
    refused(tmp_path, "table of boxes", "boxes.csv")
    assert len(olhar.read(tmp_path)) == 24  # they can be asked of


@pytest.mark.parametrize(("odd", "columns"), [(0, {0, 1, 2, 3}), (2, {0, 1, 2, 3}), (3, set())])
def test_a_twentieth_of_the_corners_may_be_odd(odd, columns):
    rows = [corners(i) if i < 40 - odd else (9, 9, 9, 9) for i in range(40)]
    cells = {i: [str(row[i]) for row in rows] for i in range(4)}
    values = {i: {*column} for i, column in cells.items()}
    assert box_columns(Grid("a.csv", ("a", "b", "c", "d"), cells, values, None, lambda place: place, 40)) == columns
