"""Long tables are read the same wherever a row begins that has to be parsed, and what is wrong is told by its row."""

import csv
import io

import pytest

from olhar.base.errors import DataError
from olhar.data.files.folder import FolderFiles
from olhar.data.tables.dialect import Dialect
from olhar.data.tables.grid import Grid, read_grid

N = 3000
"""Rows of more letters than are looked at at once."""


def grid(folder, text: str, *, named: bool = True) -> Grid:
    (folder / "table.csv").write_bytes(text.encode())
    return read_grid(FolderFiles.alone(folder / "table.csv"), 0, Dialect(), named, [0, 1])


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("odd", ['"a\nb",c', '"a""b",c', "a, c", " a,c", "", "a,"])
@pytest.mark.parametrize("place", [0, 1500, N])
@pytest.mark.parametrize("last", ["", "\n"])
@pytest.mark.parametrize("named", [True, False])
def test_a_row_that_has_to_be_parsed_may_stand_anywhere(tmp_path, end, odd, place, last, named):
    rows = [f"picture{i:04},{'ab'[i % 2]}" for i in range(N)]
    text = end.join(["name,class", *rows[:place], odd, *rows[place:]]) + last
    expected = [row for row in csv.reader(io.StringIO(text, newline=""), skipinitialspace=True) if row][named:]
    found = grid(tmp_path, text, named=named)
    assert list(map(list, zip(found.columns[0], found.columns[1], strict=True))) == expected
    assert len(found) == len(expected)


@pytest.mark.parametrize("named", [True, False])
@pytest.mark.parametrize("place", [0, 1500, N])
@pytest.mark.parametrize("before", [[], ['"x\ny",a'], ["", ""]])
def test_a_row_of_other_cells_is_told_as_an_editor_counts(tmp_path, named, place, before):
    rows = [f"picture{i:04},{'ab'[i % 2]}" for i in range(N)]
    lines = ["name,class", *before, *rows[:place], "a,b,c"]
    with pytest.raises(DataError) as error:
        grid(tmp_path, "\n".join([*lines, *rows[place:]]), named=named)
    assert error.value.key == "data.row_cells"
    assert error.value.values["row"] == len("\n".join(lines).split("\n"))


def test_a_line_too_long_is_told_wherever_it_stands(tmp_path):
    rows = [f"picture{i:04},a" for i in range(N)]
    with pytest.raises(DataError) as error:
        grid(tmp_path, "\n".join(["name,class", *rows, "x" * 2 * csv.field_size_limit() + ",a", *rows]))
    assert error.value.key == "data.row_too_long"
    assert error.value.values["row"] == N + 2
