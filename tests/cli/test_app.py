import json
import os
import re
import subprocess
import sys
from pathlib import Path

import h5py
import numpy as np
import pytest

from olhar.cli.app import main
from tests.cli.conftest import FLAGS
from tests.conftest import write_pictures
from tests.data.folders.grown import grow
from tests.keras_files.keras_crafting import small


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["trian"], ["trian", "Did you mean train?"]),
        (["train", "digits", "--epohcs", "3"], ["--epohcs", "--epochs"]),
        (["train", "digits", "--taxa-de-aprendisado", "3"], ["--taxa-de-aprendisado", "--learning-rate"]),
        (["train", "digits", "--activation", "relu"], ["--activation", "FILE.py:FUNCTION"]),
        (["train", "digits", "--validation_split", "0.2"], ["--validation_split", "80/20"]),
        (["train", "--data", "digits"], ["--data", "olhar train DATA"]),
        (["serve", "--model", "runs/x"], ["--model", "olhar serve MODEL"]),
        (["train", "digits", "--verbose"], ["--verbose", "Progress"]),
        (["train", "digits", "--qqq"], ["--qqq", "--help"]),
        (["train", "digits", "--model", "MobileNetV2"], ["MobileNetV2", "lite0", "FILE.keras"]),
        (["treiner"], ["treiner", "train"]),
        (["train", "digits", "--minuts", "3"], ["--minuts", "Did you mean --minutes?"]),
        (["train", "digits", "--epochs"], ["--epochs", "value"]),
        (["train", "digits", "--epochs", "abc"], ["abc", "whole number"]),
        (["train", "digits", "--epochs", "0"], ["epochs", "0"]),
        (["train", "digits", "--model", "resnt"], ["resnt", "resnet"]),
        (["train", "digits", "--recipe", "bst"], ["bst", "best", "cifar10-1"]),
        (["train", "digits", "--stop-at", "accuracy"], ["--stop-at accuracy=0.95"]),
        (["recipes", "bst"], ["bst", "best"]),
        (["train", "digits", "more"], ["more"]),
        (["train", "nowhere/"], ["nowhere"]),
        (["train"], ["olhar train digits"]),
        (["train", "digits", "--split", "90/20"], ["80/10/10"]),
        (["predict"], ["MODEL"]),
        (["predict", "nowhere"], ["nowhere"]),
        (["report", "nowhere"], ["nowhere"]),
        (["serve", "nowhere", "--port", "abc"], ["--port", "whole number"]),
        (["serve", "nowhere", "--max-megabytes", "abc"], ["--max-megabytes", "such as 2.5"]),
        (["serve", "nowhere", "--max-megabytes", "2,5"], ["nowhere"]),
        (["check", "digits", "--deep", "--minutes", "abc"], ["--minutes", "such as 2.5"]),
        (["check", "digits", "--minutes", "5"], ["--minutes", "--deep"]),
        (["train", "digits", "--minutes", "5", "--epochs", "3"], ["--minutes", "--epochs"]),
        (["train", "digits", "--model", "cnn", "--lambda", "scale=x/255"], ["--lambda scale", "--model FILE.h5"]),
        (["train", "digits", "--model", "cnn", "--architecture", "m.json"], ["--architecture m.json", "--model FILE.h5"]),
        (["--language", "xx"], ["xx", "pt-BR"]),
    ],
)
def test_a_wrong_word_gets_one_line_and_exit_code_2(say, arguments, words, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code, out, err = say(*arguments)
    assert (code, out) == (2, "")
    assert re.fullmatch(r"olhar OLH\d{3}  [^\n]+\n", err), err
    assert all(word in err for word in words), err
    assert list(tmp_path.iterdir()) == []
    portuguese = say(*[word for word in arguments if word not in ("--language", "xx")], "--language", "pt")[2]
    assert portuguese != err


def test_an_error_can_be_had_as_json(say):
    code, out, err = say("train", "nowhere", "--json")
    found = json.loads(out)
    assert (code, err, found["olhar"], found["error"]["code"]) == (2, "", 1, "OLH101")


def test_debug_shows_the_traceback(say):
    assert "Traceback" in say("train", "nowhere", "--debug")[2]
    assert "Traceback" not in say("train", "nowhere")[2]


def test_results_as_json_open_with_their_version(say, run, coloured):
    for arguments in (
        ["evaluate", run.path],
        ["evaluate", run.path, coloured],
        ["predict", run.path, coloured / "test"],
        ["models", "--no-speed"],
    ):
        code, out, _ = say(*arguments, "--json")
        assert (code, next(iter(json.loads(out)))) == (0, "olhar")


def test_the_package_is_the_command_too():
    done = subprocess.run([sys.executable, "-m", "olhar", "recipes", "nosuch"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("olhar OLH")
    assert "nosuch" in done.stderr


@pytest.fixture
def variants(tmp_path):
    return grow(tmp_path / "my set", *(f"{top}/{name} 3" for top in ("color", "gray") for name in ("ash", "oak")))


@pytest.mark.parametrize(("language", "words"), [("en", "It can be read as:"), ("pt-BR", "Pode ser lido como:")])
@pytest.mark.parametrize("verb", ["train", "check"])
def test_data_with_several_readings_is_refused_with_the_command_for_each(say, variants, verb, language, words):
    code, out, err = say(verb, variants, "--size", "32", "--language", language)
    assert (code, out) == (2, "")
    first, *ways = err.splitlines()
    assert first.startswith("olhar OLH125  my set:")
    assert ways == [
        words,
        *("  classes ash 3, oak 3", f"    olhar {verb} '{variants}/color' --size 32 --language {language}"),
        *("  classes ash 3, oak 3", f"    olhar {verb} '{variants}/gray' --size 32 --language {language}"),
    ]


def test_readings_stand_in_json(say, variants):
    code, out, _ = say("check", variants, "--json")
    readings = json.loads(out)["error"]["readings"]
    assert code == 2
    assert [reading["command"] for reading in readings] == [f"olhar check '{variants}/{top}' --json" for top in ("color", "gray")]


def test_a_command_that_was_offered_reads_the_data(say, variants):
    code, out, err = say("check", f"{variants}/color", "--layout", "class", "--json")
    assert (code, err) == (0, "read as: 2 classes\n")
    assert json.loads(out)["read_as"]["classes"] == 2


@pytest.fixture
def desk(tmp_path, monkeypatch, run):
    """A folder as a newcomer has it: pictures of two classes, one that is called in capitals, a run, and files that are none."""
    grow(tmp_path / "photos", "ash 3", "oak 3")
    grow(tmp_path / "Maius", "ash 3", "oak 3")
    (tmp_path / "run").symlink_to(run.path)
    (tmp_path / "page.zip").write_text("<p>Sign in, please")
    (tmp_path / "note.zip").write_text("hello\n")
    monkeypatch.chdir(tmp_path)
    return next((tmp_path / "photos" / "ash").iterdir()).relative_to(tmp_path).as_posix()


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["predict", "run", "no.jpg"], "OLH988", ["no.jpg", "no such picture"]),
        (["predict", "run", "PICTURE.x"], "OLH988", ["PICTURE.x", "Did you mean PICTURE?"]),
        (["predict", "PICTURE", "run"], "OLH623", ["a picture", "olhar predict MODEL PICTURE"]),
        (["serve", "PICTURE"], "OLH623", ["a picture"]),
        (["inspect", "PICTURE"], "OLH623", ["a picture"]),
        (["serve", "photos"], "OLH632", ["photos", "olhar train photos"]),
        (["evaluate", "photos", "run"], "OLH632", ["photos", "a folder of pictures"]),
        (["train", "run"], "OLH991", ["olhar predict run", "--resume --into run"]),
        (["check", "run"], "OLH991", ["run"]),
        (["train", "photos", "old.h5"], "OLH992", ["--model old.h5"]),
        (["train", "PICTURE", "--model", "cnn"], "OLH993", ["single picture", "sub-folder per class"]),
        (["train", "photos/ash", "--model", "cnn"], "OLH104", ["ash", "(photos)"]),
        (["train", "mnist"], "OLH101", ["mnist", "olhar datasets"]),
        (["train", "maius"], "OLH101", ["Did you mean Maius?"]),
        (["train", "note.zip"], "OLH884", ["note.zip", "Download it again"]),
        (["train", "page.zip"], "OLH884", ["page.zip", "Download it again"]),
        (["predict", "run", "photos", "--grid", "g.txt"], "OLH994", ["g.txt", ".png"]),
        (["predict", "run", "photos", "--grid", "."], "OLH994", [".png"]),
    ],
)
def test_what_a_newcomer_gives_is_named_as_what_it_is(say, desk, arguments, code, words):
    typed = [word.replace("PICTURE", desk) for word in arguments]
    english, portuguese = say(*typed, "--language", "en"), say(*typed, "--language", "pt")
    for status, out, err in (english, portuguese):
        assert (status, out) == (2, "")
        assert f"olhar {code}  " in err
    assert all(word.replace("PICTURE", desk) in english[2] for word in words), english[2]
    assert english[2] != portuguese[2]


@pytest.mark.skipif(os.sep != "/", reason="there a backslash separates folders")
@pytest.mark.usefixtures("desk")
def test_a_path_as_windows_writes_it_is_told_as_it_is_written_here(say):
    for words in (["train", "photos\\ash"], ["predict", "run", "photos\\ash\\1.png"]):
        assert "photos/ash" in say(*words)[2]


@pytest.mark.parametrize("words", [("predict", "RUN"), ("train",), ("check",), ("inspect",), ("evaluate", "RUN"), ("serve",)])
def test_a_name_that_no_file_can_have_is_told(say, run, words):
    code, _, err = say(*(run.path if word == "RUN" else word for word in words), "a" * 300 + ".png")
    assert (code, len(err.splitlines())) == (2, 1)
    assert "OLH" in err
    assert "OLH999" not in err


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes by name")
@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("train", "DATA", "--keep", "PIPE"), "OLH260"),
        (("train", "DATA", "--names", "PIPE"), "OLH195"),
        (("inspect", "MODEL", "--classes", "PIPE"), "OLH596"),
        (("predict", "PIPE", "DATA"), "OLH"),
        (("train", "DATA", "--model", "PIPE"), "OLH"),
        (("train", "DATA", "--recipe", "PIPE"), "OLH"),
        (("predict", "RUN", "PIPE"), "OLH"),
    ],
)
def test_a_pipe_is_refused_where_a_file_is_asked_and_nothing_waits_for_it(say, run, coloured, tmp_path, words, told):
    os.mkfifo(tmp_path / "pipe.onnx")
    names = {"DATA": coloured, "PIPE": tmp_path / "pipe.onnx", "RUN": run.path, "MODEL": small(tmp_path / "model.h5")}
    code, _, err = say(*(names.get(word, word) for word in words))
    assert code == 2
    assert told in err
    assert "OLH999" not in err


def test_complex_weights_are_refused_and_named(say, tmp_path):
    path = small(tmp_path / "model.h5")
    with h5py.File(path, "r+") as file:
        name = next(name for name in _datasets(file) if name.endswith("kernel:0"))
        values = np.asarray(file[name])
        del file[name]
        file[name] = values.astype(np.complex64) + 1j
    code, _, err = say("inspect", path)
    assert code == 2
    assert "OLH976" in err
    assert "complex numbers" in err
    assert "model.h5" in err
    assert "números complexos" in say("inspect", path, "--language", "pt-BR")[2]


def _datasets(file):
    found = []
    file.visit(lambda name: found.append(name) if isinstance(file[name], h5py.Dataset) else None)
    return found


def test_names_and_cells_of_a_run_command_nothing(say, tmp_path):
    data = write_pictures(tmp_path / "set", per_class=4)
    (data / "red").rename(data / "=1+1")
    (data / "blue").rename(data / "\x1b[31mblue")
    code, out, err = say("train", data, *FLAGS, "--epochs", "1", "--into", tmp_path / "run")
    assert code == 0
    assert "\x1b" not in out + err
    for path in (tmp_path / "run").rglob("*.*"):
        if path.suffix in (".csv", ".txt", ".html", ".json", ".toml"):
            text = path.read_text(encoding="utf-8")
            assert "\x1b" not in text, path
            assert path.suffix != ".csv" or not re.search(r'(?m)(?:^|,)"?[=@+]', text), path
    assert "\\x1b[31mblue" in (tmp_path / "run" / "labels.txt").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
def test_a_full_disk_behind_the_answers_is_told_in_one_line():
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        words = [sys.executable, "-m", "olhar", "models", "--json", "--language", "en"]
        done = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert "OLH748  The disk is full" in done.stderr
    assert "OLH999" not in done.stderr


def test_a_run_by_its_name_alone_is_answered_with_its_place(tmp_path, monkeypatch, capsys):
    (tmp_path / "runs" / "leaves").mkdir(parents=True)
    (tmp_path / "runs" / "leaves" / "model.onnx").write_bytes(b"")
    (tmp_path / "leaves.onnx").write_bytes(b"")
    monkeypatch.chdir(tmp_path)
    assert main(["predict", "leaves", "1.jpg"]) == 2
    assert f"Did you mean {Path('runs') / 'leaves'}?" in capsys.readouterr().err


def test_a_run_by_nearly_its_name_is_answered_with_the_name(tmp_path, monkeypatch, capsys):
    (tmp_path / "runs" / "lixo reciclável").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    assert main(["predict", "runs/lixo reciclavel", "1.jpg"]) == 2
    assert "Did you mean runs/lixo reciclável?" in capsys.readouterr().err
    assert main(["predict", "runs/another", "1.jpg"]) == 2
    assert "Did you mean" not in capsys.readouterr().err
    (tmp_path / "a file").touch()
    for word in (["predict", "a file/run", "1.jpg"], ["check", "a file/photos"]):
        assert main(word) == 2
        assert "Did you mean" not in (told := capsys.readouterr().err)
        assert word[1] in told


def test_a_folder_whose_name_begins_with_a_dash_is_no_option(say, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    write_pictures(Path("-fotos"), 4)
    assert f"-fotos: no such option. Did you mean .{os.sep}-fotos?" in say("check", "-fotos")[2]
    code, out, _ = say("check", "./-fotos", "--ignore", "CHK051")
    assert (code, f"olhar train .{os.sep}-fotos" in out.splitlines()[-1]) == (0, True)
