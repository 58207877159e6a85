import csv
import subprocess
import sys

import pytest
from PIL import Image

from tests.conftest import COLOURS, encoded, noisy


def test_answers_as_csv_go_to_standard_output(say, run, coloured):
    out = say("predict", run.path, coloured / "test", "--csv")[1]
    rows = list(csv.DictReader(out.splitlines()))
    assert list(rows[0]) == ["picture", "predicted", "confidence", "p:blue", "p:green", "p:red"]
    assert len(rows) == 36


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
