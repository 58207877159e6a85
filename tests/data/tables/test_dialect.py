"""A table says the same however it is written: in any encoding, with any mark between its cells, with a header or without."""

import csv
import io

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from olhar.data.tables.dialect import MARKS, Dialect, detect_dialects
from olhar.data.tables.values import is_missing
from tests.data.tables.made import classes, counts, pictures, read, refused, table, told

ENCODINGS = ("utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252")
WORDS = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cf", "Zs", "Zl", "Zp"), exclude_characters="|;#"),
    min_size=1,
    max_size=8,
).filter(lambda name: not is_missing(name))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return pictures(tmp_path_factory.mktemp("set"), [f"fotos/{i}.png" for i in range(6)])


@given(
    names=st.lists(WORDS, min_size=2, max_size=3, unique_by=lambda name: name.casefold()),
    note=st.text(st.characters(codec="cp1252", exclude_categories=("Cc",)), max_size=12),
    mark=st.sampled_from(MARKS),
    encoding=st.sampled_from(ENCODINGS),
    end=st.sampled_from(("\n", "\r\n")),
    said=st.booleans(),
)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_table_that_csv_writes_reads_the_same_in_any_form(folder, names, note, mark, encoding, end, said):  # noqa: PLR0917
    text = io.StringIO()
    writer = csv.writer(text, delimiter=mark, lineterminator=end)
    writer.writerow(("imagem", "nota", "rótulo"))
    expected = {f"fotos/{i}.png": names[i % len(names)] for i in range(6)}
    writer.writerows((path, f"{note} {i}", name) for i, (path, name) in enumerate(expected.items()))
    first = f"sep={mark}{end}" if said and mark not in "\t|" else ""
    (folder / "tabela.csv").write_bytes((first + text.getvalue()).encode(encoding))
    assert classes(read(folder)) == expected


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_the_encoding_is_told(folder, encoding):
    rows = "imagem;rotulo\n" + "\n".join(f"fotos/{i}.png;{('maçã', 'não')[i % 2]}" for i in range(6))
    (folder / "tabela.csv").write_bytes(rows.encode(encoding))
    found = read(folder)
    assert counts(found) == {"": {"maçã": 3, "não": 3}}
    assert {"cp1252": "cp1252", "utf-16": "UTF-16"}[encoding] in told(found)


def test_a_letter_of_windows_far_down_is_read_too(folder):
    rows = [f"fotos/{i % 6}.png,{('gato', 'cachorro')[i % 2]},{'x' * 60}" for i in range(3000)]
    text = "imagem,rotulo,nota\n" + "\n".join([*rows, "fotos/0.png,gato,maçã"])
    (folder / "tabela.csv").write_bytes(text.encode("cp1252"))
    assert counts(read(folder)) == {"": {"gato": 3, "cachorro": 3}}


def test_lines_of_path_and_number_need_no_header(tmp_path):
    pictures(tmp_path, [f"my pictures/{i} a.jpg" for i in range(6)])
    table(tmp_path, "train.txt", [(f"my pictures/{i} a.jpg", i % 2) for i in range(4)], " ")
    table(tmp_path, "val.txt", [(f"my pictures/{i} a.jpg", i % 2) for i in range(4, 6)], " ")
    assert counts(read(tmp_path)) == {"train": {"0": 2, "1": 2}, "validation": {"0": 1, "1": 1}}


def test_runs_of_blanks_are_one_and_two_columns_of_few_values_are_asked_about(tmp_path):
    pictures(tmp_path, [f"images/cell{i}.png" for i in range(6)])
    rows = [f"images/cell{i}.png   {float(i % 2):.16f}    {('mono', 'poly')[i // 3]}" for i in range(6)]
    (tmp_path / "labels.csv").write_text("\n".join(rows))
    error = refused(tmp_path, "labels.csv", "--label-column")
    assert {reading.options["label_column"] for reading in error.readings} == {"2", "3"}
    assert counts(read(tmp_path, label_column="2")) == {"": {"0": 3, "1": 3}}
    assert counts(read(tmp_path, label_column="3")) == {"": {"mono": 3, "poly": 3}}


def test_row_numbers_of_pandas_are_no_class_and_no_picture(tmp_path):
    pictures(tmp_path, [f"images/{i}.jpg" for i in range(6)])
    rows = [(i, f"images/{5 - i}.jpg", ("cat", "dog")[i % 2]) for i in range(6)]
    table(tmp_path, "df.csv", [("", "filepaths", "labels"), *rows])
    assert classes(read(tmp_path))["images/5.jpg"] == "cat"
    table(tmp_path, "df.csv", [("Unnamed: 0", "picture_id", "labels"), *((i, 5 - i, row[2]) for i, row in enumerate(rows))])
    assert classes(read(tmp_path))["images/5.jpg"] == "cat"


@pytest.mark.parametrize(
    "path",
    [
        "C:\\Users\\me\\set\\images\\{}",
        "/content/drive/MyDrive/set/images/{}",
        "../input/set/images/{}",
        "D:/set/images/{}",
        ".\\images\\{}",
    ],
)
def test_a_root_that_is_not_here_is_cut_and_told_once(tmp_path, path):
    pictures(tmp_path, [f"images/{i}.jpg" for i in range(6)])
    table(tmp_path, "t.csv", [("path", "label"), *((path.format(f"{i}.jpg"), ("cat", "dog")[i % 2]) for i in range(6))])
    for data in (tmp_path, tmp_path / "t.csv"):
        found = read(data)
        assert counts(found) == {"": {"cat": 3, "dog": 3}}
        assert ("does not exist here and is cut off" in told(found)) == (not path.startswith("."[:1] + "\\"))


def test_nothing_outside_the_data_is_read(tmp_path):
    pictures(tmp_path, ["secret/0.jpg", "data/1.jpg", "data/2.jpg"])
    rows = [("path", "label"), (tmp_path / "secret/0.jpg", "cat"), ("1.jpg", "dog"), ("2.jpg", "cat")]
    table(tmp_path / "data", "t.csv", rows)
    refused(tmp_path / "data", "t.csv, row 2", "refused, the path")


def test_prose_is_no_table():
    assert all(
        dialect.cells == 1 or dialect.separator.startswith(" ")
        for dialect in detect_dialects(b"Read me first.\n\nThis is a set of pictures, made\nby hand.\n")
    )
    assert detect_dialects(b"\x00\x01\x02\x03" * 100) == []
    assert detect_dialects(b"") == []


@given(
    words=st.lists(st.sampled_from(("a", "bc", ",", ",", "\n", "\n", "\r\n", "\r", '"', " ", ";")), max_size=24),
    width=st.integers(1, 3),
    mark=st.sampled_from(MARKS),
)
@settings(max_examples=300, deadline=None)
def test_columns_that_need_no_parsing_are_those_that_parsing_gives(words, width, mark):
    text, dialect = "".join([*words, "\n"]), Dialect(separator=mark)
    columns = dialect.columns(text, width)
    assert columns is None or list(map(tuple, columns)) == list(zip(*dialect.rows(io.StringIO(text, newline="")), strict=True))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_plain_lines_need_no_parsing(end):
    assert Dialect().columns(f"a,1{end},é{end}", 2) == [["a", ""], ["1", "é"]]


def test_a_name_may_have_a_comma_beside_a_blank(tmp_path):
    """Clothing1M: ``images/6/55/818106501,981670265.jpg 2``."""
    names = [f"images/{i % 3}/{i}18106501,981670265.jpg" for i in range(12)]
    table(pictures(tmp_path, names), "labels.txt", [(name, i % 2) for i, name in enumerate(names)], " ")
    assert counts(read(tmp_path)) == {"": {"0": 6, "1": 6}}
