"""Several sheets of a workbook, kept by hand: a class, a part or a lot each."""

import pytest

from tests.data.formats.workbook_makers import workbook
from tests.data.tables.made import counts, pictures, read, told

HEADER = ("Foto", "Data", "Operador")


def _sheets(root, names, header=HEADER, more=()):
    """Three rows of pictures a sheet."""
    pictures(root, [f"imagens/{i}.png" for i in range(3 * len(names))])
    sheets = {
        name: [header, *((f"{3 * k + i}.png", f"0{i + 1}/03/2021", ("Ivo", "Célia")[i % 2], *more[i : i + 1]) for i in range(3))]
        for k, name in enumerate(names)
    }
    workbook(root / "couro.xlsx", sheets)
    return read(root)


def test_a_sheet_a_class(tmp_path):
    found = _sheets(tmp_path, ["Risco", "Furo", "Sem defeito"])
    assert counts(found) == {"": {"Furo": 3, "Risco": 3, "Sem defeito": 3}}
    assert "classes from couro.xlsx, a sheet each" in told(found)


@pytest.mark.parametrize(
    "names", [["Lote 1", "Lote 2"], ["Planilha1", "Planilha2"], ["Ana", "Bruno"], ["2023-05-01", "2023-05-09"]]
)
def test_sheets_of_lots_dates_people_or_without_names_are_one_table(tmp_path, names):
    found = _sheets(tmp_path, names, (*HEADER, "Defeito"), ("risco", "furo", "risco"))
    assert counts(found) == {"": {"furo": 2, "risco": 4}}
    assert "column Defeito" in told(found)


def test_a_sheet_a_part(tmp_path):
    found = _sheets(tmp_path, ["Treino", "Teste"], (*HEADER, "Defeito"), ("risco", "furo", "risco"))
    assert counts(found) == {"train": {"furo": 1, "risco": 2}, "test": {"furo": 1, "risco": 2}}


def test_a_picture_in_two_sheets_leaves_the_larger_one(tmp_path):
    pictures(tmp_path, [f"{i}.png" for i in range(8)])
    rows = [(f"{i}.png", "ab"[i % 2]) for i in range(8)]
    workbook(tmp_path / "plan.xlsx", {"antes": [("foto", "classe"), *rows], "depois": [("foto", "classe"), *rows[:4]]})
    assert counts(read(tmp_path)) == {"": {"a": 4, "b": 4}}
