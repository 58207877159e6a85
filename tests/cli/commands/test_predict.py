import csv
import re
import subprocess
import sys

import pytest
from PIL import Image

from olhar.base.camera_notes import tells_place
from tests.base.test_camera_notes import PICTURES, noted
from tests.conftest import COLOURS, encoded, noisy


def test_answers_as_csv_go_to_standard_output(say, run, coloured):
    out = say("predict", run.path, coloured / "test", "--csv")[1]
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0]) == ["picture", "label", "predicted", "confidence", "p:blue", "p:green", "p:red", "answer", "why"]
    assert len(rows) == 36
    assert {row["label"] for row in rows} == {"blue", "green", "red"}


def test_a_column_that_would_be_empty_is_left_out_and_an_unreadable_picture_has_a_row(say, run, coloured, tmp_path):
    good = next((coloured / "test" / "red").iterdir())
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    rows = list(csv.DictReader(say("predict", run.path, good, "--csv")[1].splitlines()))
    assert list(rows[0]) == ["picture", "predicted", "confidence", "p:blue", "p:green", "p:red", "answer", "why"]
    rows = list(csv.DictReader(say("predict", run.path, good, tmp_path / "bad.jpg", "--csv")[1].splitlines()))
    assert [row["error"] == "" for row in rows] == [True, False]
    assert rows[1]["picture"].endswith("bad.jpg")
    assert rows[1]["predicted"] == ""
    assert "bad.jpg" in rows[1]["error"]


@pytest.mark.parametrize("written", [("en", ",", ".", "picture"), ("pt-BR", ";", ",", "imagem")])
def test_excel_opens_what_is_written_for_it_by_a_double_click(say, run, coloured, tmp_path, written):
    (language, between, mark, head), into = written, tmp_path / "answers.csv"
    err = say("predict", run.path, coloured / "test", "--excel", into, "--language", language)[2]
    assert str(into) in err
    text = into.read_bytes().decode("utf-8")
    assert text.startswith(f'\ufeff"{head}"{between}')
    rows = list(csv.reader(text[1:].splitlines(), delimiter=between))
    assert len(rows) == 37
    assert all(len(row) == len(rows[0]) for row in rows)
    assert all(mark in row[3] for row in rows[1:])


def test_a_table_for_excel_that_is_called_a_workbook_is_refused_before_the_model_is_asked(say, run, coloured, tmp_path):
    code, out, err = say("predict", run.path, coloured / "test", "--excel", tmp_path / "answers.xlsx")
    assert (code, out) == (2, "")
    assert "OLH900" in err
    assert ".csv" in err
    assert not (tmp_path / "answers.xlsx").exists()


def test_classes_with_next_to_no_share_are_not_named(say, run, coloured):
    out = say("predict", run.path, coloured / "test", "--language", "en")[1]
    assert not re.search(r" 0%", out)
    assert "of known class answered rightly" in out


def test_a_grid_and_sorted_copies_are_written_where_asked(say, run, coloured, tmp_path):
    code, _, err = say(
        "predict", run.path, coloured / "test", "--grid", tmp_path / "grid.png", "--sort-into", tmp_path / "sorted"
    )
    assert code == 0
    assert "grid.png" in err
    assert (tmp_path / "grid.png").stat().st_size > 1000
    assert len(list((tmp_path / "sorted").rglob("*.png"))) == 36


def test_a_bad_picture_is_named_and_alone_is_an_error(say, run, tmp_path):
    (tmp_path / "bad.jpg").write_bytes(b"nothing")
    code, out, err = say("predict", run.path, tmp_path / "bad.jpg")
    assert (code, out) == (2, "")
    assert "bad.jpg" in err


def test_a_hostile_class_name_cannot_command_the_terminal(say, run, tmp_path):
    folder = tmp_path / "\x1b[31mred\u202e"
    folder.mkdir()
    (folder / "1.png").write_bytes(encoded(noisy(COLOURS["red"], 3)))
    out = say("predict", run.path, tmp_path)[1]
    assert "\x1b" not in out
    assert "\u202e" not in out


def test_predict_needs_no_torch(run, coloured):
    picture = next((coloured / "test" / "red").iterdir())
    code = f"import sys; from olhar.cli.app import main; main(['predict', {str(run.path)!r}, {str(picture)!r}])"
    code += "; assert 'torch' not in sys.modules"
    subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.DEVNULL)


def test_a_grid_that_is_called_a_text_file_is_refused_before_the_model_is_asked(say, run, coloured, tmp_path):
    code, out, err = say("predict", run.path, coloured / "test", "--grid", tmp_path / "g.txt")
    assert (code, out) == (2, "")
    assert "OLH994" in err
    assert not (tmp_path / "g.txt").exists()


def test_the_place_in_sorted_copies_is_told_once_and_left_out_where_asked(say, run, tmp_path):
    folder = tmp_path / "photos"
    folder.mkdir()
    for i in range(2):
        (folder / f"{i}.jpg").write_bytes(PICTURES["JPEG"])
    (folder / "2.tif").write_bytes(noted("TIFF"))
    err = say("predict", run.path, folder, "--sort-into", tmp_path / "kept")[2]
    assert err.count("2 of 3 hold the place where they were taken") == 1
    assert "--without-exif" in err
    err = say("predict", run.path, folder, "--sort-into", tmp_path / "left", "--without-exif", "--language", "pt-BR")[2]
    assert "GPS" not in err
    assert "além dos pixels ficou de fora" in err
    assert "1 em outro formato" in err
    copies = sorted(path for path in (tmp_path / "left").rglob("*.*"))
    assert sorted(path.name for path in copies) == ["0.jpg", "1.jpg", "2.png"]
    assert not any(tells_place(path.read_bytes()) for path in copies)
    code, _, err = say("predict", run.path, folder, "--without-exif")
    assert (code, "OLH977" in err, "--sort-into" in err) == (2, True, True)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Where the model looks, in 36 pictures"), ("pt-BR", "Para onde o modelo olha")]
)
def test_heat_maps_are_written_where_asked(say, run, coloured, tmp_path, language, words):
    file = tmp_path / "new" / "heat.png"
    code, _, err = say("predict", run.path, coloured / "test", "--heat-map", file, "--language", language)
    assert (code, words in err, str(file) in err) == (0, True, True)
    with Image.open(file) as sheet:
        assert sheet.format == "PNG"
    files = [str(path) for path in (coloured / "train").rglob("*.png")]
    err = say("predict", run.path, *files, "--heat-map", file, "--language", language)[2]
    assert f"40 {'of' if language == 'en' else 'de'} {len(files)}" in err


def test_heat_maps_that_cannot_be_written_are_said(say, run, coloured, tmp_path):
    (tmp_path / "file").touch()
    code, _, err = say("predict", run.path, coloured / "test" / "red", "--heat-map", tmp_path / "file" / "heat.png")
    assert code == 2
    assert "heat.png" in err


def test_where_every_answer_is_sure_no_column_stands_empty(say, run, coloured):
    out = say("predict", run.path, coloured / "test" / "red")[1]
    assert "picture" in out
    assert "then" not in out.splitlines()[0]
