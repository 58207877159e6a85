"""Tables with a column a class, and the names of its pictures below."""

import pytest

from olhar.base.errors import DataError
from tests.data.formats.workbook_makers import workbook
from tests.data.tables.made import counts, pictures, read, table, told

HEADER, LISTS = ("cru", "no ponto", "queimado"), ([0, 1, 2], [3, 4, 5, 6, 7], [8, 9])


def _rows(lists=LISTS, ending=""):
    longest = max(map(len, lists))
    return [[f"IMG_{each[i]}{ending}" if i < len(each) else "" for each in lists] for i in range(longest)]


@pytest.mark.parametrize("ending", ["", ".jpg"])
@pytest.mark.parametrize("form", ["xlsx", "csv", ";"])
def test_the_names_of_the_columns_are_the_classes(tmp_path, form, ending):
    pictures(tmp_path, [f"Fotos/IMG_{i}.jpg" for i in range(10)])
    if form == "xlsx":
        workbook(tmp_path / "fotos.xlsx", {"Página1": [HEADER, *_rows(ending=ending)]})
    else:
        table(tmp_path, "fotos.csv", [HEADER, *_rows(ending=ending)], form.replace("csv", ","))
    found = read(tmp_path)
    assert counts(found) == {"": {"cru": 3, "no ponto": 5, "queimado": 2}}
    assert ", a column each" in told(found)


@pytest.mark.parametrize(
    ("header", "lists"),
    [
        (("cru", "queimado"), ([0, 1, 2], [3, 4, 5])),
        (("antes", "foto"), ([0, 1], [2, 3, 4])),
        (("cru", "queimado"), ([0, 1], [1, 2, 3])),
    ],
)
def test_pairs_names_of_pictures_and_pictures_in_two_columns_are_no_classes(tmp_path, header, lists):
    pictures(tmp_path, [f"Fotos/IMG_{i}.jpg" for i in range(6)])
    table(tmp_path, "fotos.csv", [header, *_rows(lists, ".jpg")])
    assert ", a column each" not in _told(tmp_path)


def _told(root):
    try:
        return told(read(root))
    except DataError as error:
        return str(error)
