import json
import tracemalloc

import numpy as np
import polars as pl
import pytest

from olhar.base.errors import DataError, PictureError
from olhar.data.formats import records
from olhar.data.labelled import require_labelled
from olhar.data.sources import read
from tests.conftest import assert_says, encoded, noisy
from tests.data import forms


@pytest.fixture
def folder(tmp_path):
    """Four pictures, and no table yet."""
    for i in range(4):
        (tmp_path / f"{i}.png").write_bytes(encoded(noisy((9, 99, 199), i, 4)))
    return tmp_path


def csv(folder, *lines, name="table.csv"):
    path = folder / name
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def refused(path, *words):
    with pytest.raises(DataError) as error:
        require_labelled(read(path))
    assert_says(error, *words)


def test_labels_may_be_words_or_numbers_in_any_script(folder):
    found = read(csv(folder, "path,classe", "0.png,não", "1.png,na\u0303o", "2.png,猫", "3.png,10"))
    assert found.classes == ("10", "não", "猫")
    assert found.counts() == {"10": 1, "não": 2, "猫": 1}


def test_text_in_quotes_may_hold_commas_quotes_and_line_ends(folder):
    lines = ("note,path,label", '"a, ""b""\nc",0.png,cat', ',1.png,"dog, small"', "x,2.png,cat")
    found = read(csv(folder, *lines))
    assert found.classes == ("cat", "dog, small")
    assert list(found.where) == ["0.png", "1.png", "2.png"]


def test_rows_whose_pictures_are_gone_are_left_out_and_told_and_all_gone_is_an_error(folder):
    found = read(csv(folder, "path,label", "0.png,a", "nowhere.png,b", "1.png,b"))
    assert list(found.where) == ["0.png", "1.png"]
    assert "1 row of table.csv is left out, for its picture is not here (nowhere.png)" in str(found.read_as)
    (folder / "alone").mkdir()
    csv(folder / "alone", "Imagem;Espécie", "7;sara", "8;erato", name="plan.csv")
    refused(csv(folder, "path,label", "x/8.png,a", "x/9.png,b"), "table.csv", "(2, the first is x/8.png) are not here")
    refused(folder / "alone", "plan.csv", "(2, the first is 7) are not here", "beside the table")


@pytest.mark.parametrize("path", ["../0.png", "/etc/passwd", "C:\\x.png", "..\\0.png", "a/../../0.png"])
def test_a_path_that_climbs_is_refused_with_its_row(folder, path):
    refused(csv(folder, "path,label", "0.png,a", f"{path},b"), "table.csv", "row 3")
    refused(forms.tarred(folder / "set.tar", {"table.csv": f"path,label\n{path},b\n".encode(), "9.png": b"x"}), "row 2")


def test_a_missing_column_is_told_with_those_that_are_there(folder):
    refused(csv(folder, "path,colour", "0.png,a"), "table.csv", "class", "path, colour")
    refused(csv(folder, "label,colour", "a,red"), "table.csv", "pictures", "label, colour")
    refused(csv(folder, json.dumps({"bild": "rot", "label": "a"}), name="t.jsonl"), "t.jsonl", "bild, label")


def test_an_odd_row_is_named(folder):
    refused(csv(folder, "path,label", "0.png,a", "1.png,b,c"), "row 3", "3 cells")
    refused(csv(folder, "path,label", "0.png,a", "1.png"), "row 3", "1 cells")
    refused(csv(folder, "path,label", "0.png,a", "", "1.png, ", "2.png,nan"), "row 4", "no class")
    refused(csv(folder, "path,label,split", "0.png,a,train", "1.png,b,later"), "row 3", "later")
    refused(csv(folder, "path,label,split", "0.png,a,train", "1.png,b,"), "row 3")
    lines = [f'{{"path": "{i}.png", "label": "{"ab"[i % 2]}"}}' for i in range(3)]
    found = read(csv(folder, *lines, '{"path": "3.png"}', name="t.jsonl"))
    assert "1 row of t.jsonl has no class and is left out (row 4)" in str(found.read_as)
    refused(csv(folder, '{"path": "0.png", "label": "a"}', "[1]", name="t.jsonl"), "row 2", "JSON")
    refused(csv(folder, '{"path": "0.png", "label": "a"}', "[" * 5000, name="t.jsonl"), "row 2", "JSON")


@pytest.mark.parametrize("label", ["cat;dog", "cat | dog", "dog,cat"])
def test_several_classes_for_a_picture_are_told(folder, label):
    refused(csv(folder, "path,label", "0.png,cat", "1.png,dog", f'2.png,"{label}"'), "row", "several classes", label)


def test_several_classes_in_lists_are_told(folder, tmp_path):
    refused(csv(folder, '{"path": "0.png", "label": ["a", "b"]}', name="t.jsonl"), "row 1", "several classes")
    pl.DataFrame({"path": ["0.png"], "label": [[1, 2]]}).write_parquet(tmp_path / "t.parquet")
    refused(tmp_path / "t.parquet", "row 1", "several classes")


def test_bytes_that_are_not_of_the_encoding_that_a_table_says_are_told_with_the_row(folder):
    path = csv(folder, "path,label", "0.png,gato", "1.png,cão")
    path.write_bytes(b"\xef\xbb\xbf" + "path,label\n0.png,gato\n1.png,cão\n".encode("latin-1"))
    refused(path, "table.csv", "row 3", "UTF-8")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "json"])
def test_a_line_without_end_is_refused_in_little_memory(folder, monkeypatch, ending):
    monkeypatch.setattr(records, "ROW_LIMIT", 2**21)
    path = folder / f"table.{ending}"
    opening = {
        "csv": b"label,pixels\na,1 1 1 1\nb,",
        "jsonl": b'{"label": "a", "pixels": "1 1 1 1"}\n{"label": "',
        "json": b'[{"label": "',
    }
    with path.open("wb") as file:
        file.write(opening[ending])
        file.truncate(2**31)
    tracemalloc.start()
    refused(path, f"table.{ending}", "row")
    assert tracemalloc.get_traced_memory()[1] < 2**24
    tracemalloc.stop()


def test_pixels_that_are_no_picture_are_told_with_the_row(tmp_path):
    refused(csv(tmp_path, "label,pixels", "a,1 2 3 4", "b,1 2 3 4 5"), "row 3", "not a picture")
    refused(csv(tmp_path, "label,pixels", "a,1 2 3 400", "b,1 2 3 4"), "row 2")
    refused(csv(tmp_path, "label,pixels", "a,cat.png", "b,1 2 3 4"), "row 2")
    refused(csv(tmp_path, '{"label": 1, "pixels": [[1, 2], [3]]}', name="t.json"), "row 1")
    refused(csv(tmp_path, '{"label": 1, "pixels": {"a": 1}}', name="t.json"), "row 1")


def test_a_bad_row_far_down_is_one_bad_picture(tmp_path):
    lines = [f"{i % 2},{i} {i} {i} {i}" for i in range(100)] + ["0,1 2 3 4 5", "1,-1 0 0 0"]
    found = read(csv(tmp_path, "label,pixels", *lines))
    assert found.read(99).tolist() == [[99, 99], [99, 99]]
    for row in (100, 101):
        with pytest.raises(PictureError) as error:
            found.read(row)
        assert_says(error, "table.csv", f"row {row + 2}")


@pytest.mark.parametrize(
    "cell", ["0 51 102 255", "[0, 51, 102, 255]", "[[0, 51], [102, 255]]", "0.0 0.2 0.4 1.0", "0 51.2 101.9 255"]
)
def test_numbers_may_be_written_in_many_ways(tmp_path, cell):
    found = read(csv(tmp_path, "label;pixels", f"a;{cell}", f"b;{cell}"))
    assert found.read(1).tolist() == [[0, 51], [102, 255]]


def test_patients_stay_together(folder):
    found = read(csv(folder, "path,label,patient", "0.png,a,p1", "1.png,b,p1", "2.png,a,"))
    assert list(found.groups) == ["p1", "p1", ""]


def test_of_several_tables_one_must_be_named(folder):
    csv(folder, "path,label", "0.png,a", "1.png,b", name="one.csv")
    csv(folder, "path,label", "0.png,b", "1.png,a", name="two.csv")
    refused(folder, "one.csv, two.csv")
    assert len(read(folder / "two.csv")) == 2


def test_a_parquet_of_another_kind_is_told(tmp_path):
    path = tmp_path / "t.parquet"
    pl.DataFrame({"a": [1], "b": [2]}).write_parquet(path)
    refused(path, "t.parquet", "class")
    pl.DataFrame({"image": [1.5, 2.5], "label": [0, 1]}).write_parquet(path)
    refused(path, "t.parquet", "image")
    pl.DataFrame({"image": [b"x" * 99, b"y" * 99], "label": [0, 1]}).write_parquet(path)
    data = path.read_bytes()
    for damaged in (data[:200], data[:8] + bytes(len(data) - 16) + data[-8:], data[:-8] + b"\xff" * 4 + data[-4:]):
        path.write_bytes(damaged)
        with pytest.raises(DataError) as error:
            read(path).read(0)
        assert_says(error, "t.parquet")


def test_a_parquet_damaged_anywhere_is_told_or_read_and_nothing_else_is_printed(tmp_path, capfd):
    """Polars panics on some, with pages of addresses on standard error."""
    path, draw = tmp_path / "t.parquet", np.random.default_rng(0)
    pictures = [encoded(noisy((9, 99, 199), i, 8)) for i in range(40)]
    pl.DataFrame({"image": pictures, "label": [i % 2 for i in range(40)]}).write_parquet(path)
    whole, told = path.read_bytes(), 0
    panics = [{-614: 79}, {-420: 163}, {-419: 18}, {-412: 222}]  # found by trying: places from the end, in the footer
    drawn = [dict(zip(draw.integers(-len(whole), 0, 3), draw.integers(0, 256, 3), strict=True)) for _ in range(80)]
    for damage in panics + drawn:
        damaged = bytearray(whole)
        for place, value in damage.items():
            damaged[place] = value
        path.write_bytes(damaged)
        try:
            found = read(path)
            [found.read(row) for row in range(len(found))]
        except (DataError, PictureError):
            told += 1
    assert told
    assert capfd.readouterr().err == ""


def test_a_million_rows_want_little_memory_each(tmp_path):
    n = 5_000
    path = csv(tmp_path, "label,pixels", *(f"{i % 7},{i % 256} 0 0 0" for i in range(n)))
    tracemalloc.start()
    found = read(path)
    assert tracemalloc.get_traced_memory()[0] / n < 300
    tracemalloc.stop()
    assert found.read(n - 1).tolist() == [[(n - 1) % 256, 0], [0, 0]]


def test_a_folder_of_many_pictures_wants_less_than_a_kilobyte_each(tmp_path):
    n = 1000
    for i in range(n):
        folder = tmp_path / f"class-{i % 5}"
        folder.mkdir(exist_ok=True)
        (folder / f"picture-number-{i:06}.jpg").touch()
    tracemalloc.start()
    found = read(tmp_path)
    now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(found) == n
    assert now / n < 400
    assert most / n < 1000


def test_rows_of_pixels_without_a_class_are_left_out_and_told(tmp_path):
    rows = [(name, [i] * 4) for i, name in enumerate(("a", "", "b", "a"))]
    frame = pl.DataFrame({"label": [name or None for name, _ in rows], "pixels": [pixels for _, pixels in rows]})
    frame.write_parquet(tmp_path / "table.parquet")
    text = csv(tmp_path, "label,pixels", *(f"{name},{' '.join(map(str, pixels))}" for name, pixels in rows))
    for data, row, name in ((text, 3, "table.csv"), (tmp_path / "table.parquet", 2, "table.parquet"), (frame, 2, "DataFrame")):
        found = read(data)
        assert found.counts() == {"a": 2, "b": 1}
        assert [int(found.read(i).flat[0]) for i in range(3)] == [0, 2, 3]
        assert f"1 row of {name} has no class and is left out (row {row})" in str(found.read_as)
    refused(csv(tmp_path, "label,pixels", ",1 1 1 1", ",2 2 2 2", "a,3 3 3 3", name="most.csv"), "most.csv, row 2", "no class")


def test_a_frame_in_memory_is_read():
    part, name, pixels = (list(column) for column in zip(*forms.rows(), strict=True))
    frames = (
        pl.DataFrame({"label": name, "pixels": [each.reshape(-1).tolist() for each in pixels], "split": part}),
        pl.DataFrame({"label": name, "image": [{"bytes": encoded(each), "path": ""} for each in pixels], "split": part}).lazy(),
    )
    for frame in frames:
        found = read(frame)
        assert found.classes == forms.CLASSES
        assert found.brought.count("test") == 12
        assert len(list(found.source.fingerprint())) == 37
    with pytest.raises(DataError) as error:
        read(pl.DataFrame({"x": [1]}))
    assert_says(error, "DataFrame", "class")
    with pytest.raises(DataError) as error:
        read(pl.DataFrame({"label": ["a"], "pixels": [[1, 2, 3, 4, 5]]}))
    assert_says(error, "DataFrame", "pixels")


def test_a_pandas_frame_is_read(tmp_path):
    pandas = pytest.importorskip("pandas")
    (tmp_path / "1.png").write_bytes(encoded(noisy((1, 2, 3), 1)))
    found = read(pandas.DataFrame({"file": [str(tmp_path / "1.png")] * 2, "label": ["a", "b"]}))
    assert found.read(1) == (tmp_path / "1.png").read_bytes()


def test_anything_else_in_memory_is_told():
    for wrong in (3, [1, 2], np.zeros((2, 2))):
        with pytest.raises(DataError) as error:
            read(wrong)
        assert_says(error, type(wrong).__name__)


def test_each_pixel_may_have_its_own_column(tmp_path):
    header = ",".join(["label", *(f"pixel{i}" for i in range(16))])
    path = csv(tmp_path, header, *(f"{i % 2},{','.join([str(i)] * 16)}" for i in range(6)))
    found = read(path)
    assert (found.classes, found.read(5).tolist()) == (("0", "1"), [[5] * 4] * 4)
    header = ",".join(["label", *(f"{i}x{j}" for i in range(1, 5) for j in range(1, 5))])
    assert read(csv(tmp_path, header, "a" + ",7" * 16, "b" + ",7" * 16)).read(0).tolist() == [[7] * 4] * 4


def test_pieces_of_one_table_are_read_together(tmp_path):
    for i in range(3):
        frame = pl.DataFrame({"pixels": [[i] * 4] * 2, "label": ["a", "b"], "split": ["train", "test"]})
        frame.write_parquet(tmp_path / f"0000{i}.parquet")
    found = read(tmp_path)
    assert (len(found), found.brought.count("test"), found.read(5).tolist()) == (6, 3, [[2, 2], [2, 2]])


def test_a_table_with_parts_wins_over_its_neighbours(tmp_path):
    csv(tmp_path, "emotion, Usage, pixels", "0,Training,1 1 1 1", "1,PrivateTest,2 2 2 2", name="icml_face_data.csv")
    csv(tmp_path, "emotion,pixels", "0,1 1 1 1", name="train.csv")
    csv(tmp_path, "pixels", "2 2 2 2", name="test.csv")
    found = read(tmp_path)
    assert (list(found.brought), list(found.where)) == (["train", "test"], ["icml_face_data.csv:2", "icml_face_data.csv:3"])


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("form", ["csv", "lines"])
def test_pixels_are_read_in_any_encoding_and_it_is_told(tmp_path, encoding, form):
    names = ("raiva", "não")
    pixels = [" ".join(str((i * 7 + at) % 256) for at in range(16)) for i in range(8)]
    if form == "csv":
        text = "classe;pixels\n" + "\n".join(f"{names[i % 2]};{row}" for i, row in enumerate(pixels))
    else:
        text = "\n".join(f'{{"classe": "{names[i % 2]}", "pixels": "{row}"}}' for i, row in enumerate(pixels))
    (tmp_path / f"fer.{'csv' if form == 'csv' else 'jsonl'}").write_bytes(text.encode(encoding))
    found = read(tmp_path)
    assert [found.classes[label] for label in found.labels] == [names[i % 2] for i in range(8)]
    assert found.read(3).reshape(-1).tolist() == [int(cell) for cell in pixels[3].split()]
    assert ("cp1252" if encoding == "cp1252" else "UTF-16") in str(found.read_as)


def test_a_letter_of_windows_far_down_among_pixels_is_read_too(tmp_path):
    row = " ".join(["7"] * 4096)
    text = "classe,pixels\n" + "\n".join(f"{('raiva', 'medo')[i % 2] if i < 18 else 'não'},{row}" for i in range(20))
    (tmp_path / "fer.csv").write_bytes(text.encode("cp1252"))
    found = read(tmp_path)
    assert found.counts() == {"medo": 9, "não": 2, "raiva": 9}
    assert "cp1252" in str(found.read_as)


def test_text_that_breaks_off_within_a_letter_is_told(tmp_path):
    text = "classe,pixels\n" + "\n".join(f"{i % 2},{' '.join(['7'] * 16)}" for i in range(8))
    (tmp_path / "fer.csv").write_bytes(text.encode("utf-16")[:-1])
    refused(tmp_path, "fer.csv")


def test_the_only_column_beside_a_column_a_pixel_is_the_class(tmp_path):
    header = ",".join(f"pixel_{i:04}" for i in range(16)) + ",character"
    rows = [",".join(["7"] * 16) + f",{('ka', 'kha')[i % 2]}" for i in range(8)]
    csv(tmp_path, header, *rows, name="data.csv")
    assert read(tmp_path).counts() == {"ka": 4, "kha": 4}


def test_of_numbers_alone_the_first_is_the_class_where_the_last_is_no_less_varied(tmp_path):
    rows = [f"{i % 13 + 1}," + ",".join(str((i * 37 + at * 11) % 256) for at in range(64)) for i in range(25)]
    csv(tmp_path, *rows, name="letters.csv")
    assert len(read(tmp_path).classes) == 13


def test_a_table_that_lies_there_twice_is_read_once(tmp_path):
    for place in ("", "mnist_train"):
        (tmp_path / place).mkdir(exist_ok=True)
        csv(tmp_path / place, "label,pixels", "a,1 2 3 4", "b,1 2 3 5", name="mnist_train.csv")
    csv(tmp_path, "label,pixels", "a,1 2 3 9", name="mnist_test.csv")
    found = read(tmp_path)
    assert found.counts() == {"a": 2, "b": 1}
    assert "mnist_train.csv (a table that says the same again)" in str(found.read_as)


def test_ids_beside_pixels_are_no_classes_and_another_labelled_table_is_told(tmp_path):
    """Kannada's test pictures have an id each and no class."""
    head = ",".join(f"pixel{i}" for i in range(16))
    cells = [",".join(str(17 * (i + row) % 255) for i in range(16)) for row in range(12)]
    csv(tmp_path, f"label,{head}", *(f"{i % 3},{row}" for i, row in enumerate(cells)), name="train.csv")
    csv(tmp_path, f"id,{head}", *(f"{i},{row}" for i, row in enumerate(cells)), name="test.csv")
    csv(tmp_path, f"label,{head}", *(f"{i % 3},{row}" for i, row in enumerate(cells[::-1])), name="Dig-MNIST.csv")
    found = read(tmp_path)
    assert found.counts() == {"0": 4, "1": 4, "2": 4}
    assert "Dig-MNIST.csv (a table of other pictures), test.csv (a table without a class) passed over" in str(found.read_as)
