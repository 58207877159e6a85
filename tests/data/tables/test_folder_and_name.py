"""Tables that say a picture by its folder and its name there."""

import pytest

from tests.data.tables.made import counts, pictures, read, table, told

MONTHS = ("janeiro", "fevereiro", "março")


@pytest.mark.parametrize("columns", [("pasta", "ficheiro"), ("ficheiro", "pasta")])
def test_the_names_that_each_folder_has_are_told_apart(tmp_path, columns):
    pictures(tmp_path, [f"nodoas/{month}/{i}.jpg" for month in MONTHS for i in range(4)])
    cells = [{"pasta": month, "ficheiro": f"{i}.jpg"} for month in MONTHS for i in range(4)]
    rows = [(*(cell[name] for name in columns), ("vinho", "gordura")[i % 3 % 2]) for i, cell in enumerate(cells)]
    table(tmp_path, "registo.csv", [(*columns, "tipo de nódoa"), *rows], ";")
    found = read(tmp_path)
    assert counts(found) == {"": {"gordura": 4, "vinho": 8}}
    assert "column tipo de nódoa" in told(found)
