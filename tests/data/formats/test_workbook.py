"""Excel's workbooks beside pictures are tables like any other."""

import random
import zipfile

import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.progress import Quiet
from tests.data.formats.workbook_makers import workbook
from tests.data.tables.made import counts, pictures, read, refused, told

_ROWS = [(f"{i}.png", ("Maçã", "Pêra & cia")[i % 2], i // 3) for i in range(12)]


def _photos(root, names=None):
    return pictures(root, names or [f"fotos/{i}.png" for i in range(12)])


@pytest.mark.parametrize("shared", [True, False])
def test_a_sheet_says_the_classes(tmp_path, shared):
    workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]}, shared=shared)
    found = read(tmp_path)
    assert counts(found) == {"": {"Maçã": 6, "Pêra & cia": 6}}
    assert "classes from frutas.xlsx, column espécie" in told(found)


def test_it_may_be_given_itself(tmp_path):
    workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    assert counts(read(tmp_path / "frutas.xlsx")) == {"": {"Maçã": 6, "Pêra & cia": 6}}


def test_a_title_above_and_another_sheet_in_front_are_passed_over(tmp_path):
    rows = [("Coleta de 2024", "", ""), ("", "", ""), ("foto", "espécie", "caixa"), *_ROWS, ("11.png", "", "")]
    workbook(_photos(tmp_path) / "frutas.xlsx", {"Notas": [("dia", "chuva"), (1, 20)], "Fotos": rows})
    assert counts(read(tmp_path)) == {"": {"Maçã": 6, "Pêra & cia": 6}}
    workbook(tmp_path / "frutas.xlsx", {"Fotos": [*rows[:3], *_ROWS[:-1], ("11.png", "", 3)]})
    assert "1 row of frutas.xlsx has no class and is left out (row 15)" in told(read(tmp_path))


def test_numbers_that_lost_their_noughts_and_groups_are_read_as_in_text(tmp_path):
    _photos(tmp_path, [f"{i:03}.png" for i in range(12)])
    rows = [(i, ("a", "b")[i % 2], i // 2) for i in range(12)]
    workbook(tmp_path / "plan.xlsx", {"Plan1": [("Nome", "label", "paciente"), *rows]})
    found = read(tmp_path, group_column="paciente")
    assert counts(found) == {"": {"a": 6, "b": 6}}
    assert found.groups[0] == "0"


def test_a_file_that_excel_keeps_while_it_is_open_is_nothing(tmp_path):
    workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    (tmp_path / "~$frutas.xlsx").write_bytes(b"\x04Ana")
    assert "~$" not in told(read(tmp_path))


def test_columns_of_pictures_that_are_not_here_are_told(tmp_path):
    _photos(tmp_path, ["a.png", "b.png"])
    workbook(tmp_path / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    refused(tmp_path, "frutas.xlsx", "(12, the first is 0.png) are not here")


def test_a_cell_far_away_does_not_make_everything_huge(tmp_path):
    path = workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    far = '<row r="900000"><c r="XFD900000"><v>1</v></c></row></sheetData>'
    _rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: xml.replace("</sheetData>", far))
    assert counts(read(tmp_path)) == {"": {"Maçã": 6, "Pêra & cia": 6}}


def test_entities_are_not_read(tmp_path):
    path = workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    _rewritten(path, "xl/worksheets/sheet1.xml", lambda xml: '<!DOCTYPE x [<!ENTITY a "aaaa">]>' + xml)
    assert "espécie" not in told(olhar.read(tmp_path, progress=Quiet()))


def test_a_damaged_workbook_ends_nothing(tmp_path):
    path = workbook(_photos(tmp_path) / "frutas.xlsx", {"Plan1": [("foto", "espécie", "caixa"), *_ROWS]})
    whole, chance = path.read_bytes(), random.Random(0)
    for _ in range(200):
        data = bytearray(whole[: chance.randrange(4, len(whole) + 1)])
        for _ in range(chance.randrange(4)):
            data[chance.randrange(len(data))] = chance.randrange(256)
        path.write_bytes(data)
        try:
            olhar.read(tmp_path, progress=Quiet())
        except DataError:
            continue


def _rewritten(path, name, change):
    with zipfile.ZipFile(path) as book:
        members = {each: book.read(each).decode() for each in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for each, text in members.items():
            book.writestr(each, change(text) if each == name else text)
