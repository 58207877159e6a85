import os
import shutil
import signal
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import olhar
from olhar.base.errors import RunError
from olhar.base.files import reason, safe_name
from olhar.base.texts import speaking
from olhar.runs import history
from olhar.runs.environment import environment
from olhar.runs.folder import RunFolder, free_name, is_taken, next_name
from olhar.runs.split import to_csv
from tests.conftest import assert_says
from tests.trained import QUICK, Hook


def test_a_run_that_exists_is_never_overwritten(tmp_path):
    RunFolder.create(tmp_path / "runs" / "mine")
    with pytest.raises(RunError) as error:
        RunFolder.create(tmp_path / "runs" / "mine")
    assert_says(error, "mine", "--resume", "mine-2")


def test_names_are_counted_on(tmp_path):
    assert next_name(tmp_path, "My flowers", "cnn").name == "My_flowers-cnn-1"
    (tmp_path / "My_flowers-cnn-1").mkdir()
    assert next_name(tmp_path, "My flowers", "cnn").name == "My_flowers-cnn-2"
    (tmp_path / "a-2").mkdir()
    assert free_name(tmp_path / "a-2").name == "a-3"


def test_the_folder_that_one_stands_in_is_called_by_its_name(pictures, tmp_path, monkeypatch):
    monkeypatch.chdir(pictures)
    assert free_name(Path("..")).name == f"{tmp_path.name}-2"
    with pytest.raises(RunError) as error:
        olhar.train(pictures, into=".")
    assert_says(error, "exists already", "a run that was stopped", "--resume", f"--into {pictures}-2")


@given(st.text(), st.booleans())
def test_a_safe_name_is_one_step_of_a_path_on_every_system(text, spaces):
    name = safe_name(text, spaces=spaces)
    assert name == name.strip(" ")
    assert not name.endswith(".")
    assert name not in ("", ".", "..")
    assert not set(name) & set('/\\:*?"<>|\0')
    assert len(name.encode("utf-8")) <= 61
    assert name.isprintable()


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("não", "não"),
        (unicodedata.normalize("NFD", "não"), "não"),
        ("../up", "up"),
        ("con", "_con"),
        ("", "_"),
        ("<b>", "b"),
        ("a b", "a_b"),
    ],
)
def test_a_safe_name_keeps_what_it_can(text, name):
    assert safe_name(text) == name


def test_what_is_no_run_is_told(tmp_path):
    for path in (tmp_path, tmp_path / "none"):
        with pytest.raises(RunError) as error:
            RunFolder.open(path)
        assert_says(error, str(path))


def test_a_file_is_whole_or_as_it_was(tmp_path, monkeypatch):
    run = RunFolder.create(tmp_path / "run")
    run.write("a.txt", "first")

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RunError) as error:
        run.write("a.txt", "second")
    assert_says(error, "a.txt", "MB", "No space")
    assert run.read("a.txt") == "first"
    assert sorted(path.name for path in run.path.iterdir()) == ["a.txt", "checkpoints"]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a user whom a read-only folder stops")
def test_a_read_only_place_is_told_before_the_first_epoch(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(RunError) as error:
        RunFolder.create(tmp_path / "runs" / "x")
    assert_says(error, "--into")


def test_a_place_that_is_a_file_is_told(tmp_path):
    (tmp_path / "runs").write_text("in the way")
    with pytest.raises(RunError) as error:
        RunFolder.create(tmp_path / "runs" / "x")
    assert_says(error, "--into")


def test_a_file_that_is_missing_or_damaged_is_told(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    with pytest.raises(RunError) as error:
        run.read_json("metrics.json")
    assert_says(error, "metrics.json", "--resume")
    run.write("metrics.json", "{")
    with pytest.raises(RunError) as error:
        run.read_json("metrics.json")
    assert_says(error, "metrics.json")


def test_every_json_opens_with_the_version_of_its_form(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    run.write_json("environment.json", dict(environment()))
    assert run.read("environment.json").startswith('{\n "olhar": 1,')
    assert run.read_json("environment.json")["olhar"] == 1


def test_an_epoch_that_is_done_again_replaces_the_old_one(tmp_path):
    run = RunFolder.create(tmp_path / "run")
    rest = dict.fromkeys(("step", "seconds", "seconds_left", "learning_rate", "pictures_per_second", "accuracy"), 1)
    rest |= dict.fromkeys(("val_loss", "val_accuracy", "val_f1", "val_precision", "val_recall"), 1)
    rest["by_class"] = {"a": dict.fromkeys(("precision", "recall", "f1"), 1.0)}
    for epoch, loss in ((1, 0.5), (2, 0.4), (3, 0.3), (2, 0.41)):
        history.append(run, {"epoch": epoch, "loss": loss} | rest)
    assert [(row["epoch"], row["loss"]) for row in history.read(run)] == [(1, 0.5), (2, 0.41)]
    assert [line[:6] for line in run.read("history.csv").splitlines()[1:]] == ["1,0.5,", "2,0.41"]


def test_an_empty_folder_and_what_a_killed_start_left_are_free(tmp_path):
    (tmp_path / "empty").mkdir()
    left = RunFolder.create(tmp_path / "left")
    left.write("recipe.toml", "epochs = 3\n")
    (left.path / ".split.csv.17.draft").write_text("half")
    for name in ("empty", "left"):
        assert not is_taken(tmp_path / name)
        assert RunFolder.create(tmp_path / name, over_leftovers=True).checkpoints.is_dir()


def test_why_a_file_was_not_written_is_told_in_few_words():
    assert str(reason(OSError(28, "No space left on device"))) == "No space left on device"
    hdf5 = "Can't close file (file write failed: time = now\n, filename = 'x', file descriptor = 8, errno = 28, buf = 0x5)"
    assert str(reason(OSError(hdf5))) == str(reason(OSError(28, hdf5))) == os.strerror(28)
    with speaking("pt-BR"):
        assert str(reason(OSError(28, "No space left on device"))) == "disco cheio"


def test_a_folder_with_anything_else_in_it_is_taken(tmp_path):
    begun = RunFolder.create(tmp_path / "begun")
    begun.write_json("request.json", {})
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "recipe.toml").write_text("mine")
    (tmp_path / "torch" / "checkpoints").mkdir(parents=True)
    (tmp_path / "torch" / "checkpoints" / "epoch-90.pt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for name in ("begun", "mine", "torch", "file", "link"):
        assert is_taken(tmp_path / name)
        with pytest.raises(RunError) as error:
            RunFolder.create(tmp_path / name, over_leftovers=True)
        assert_says(error, f"{name}-2")
    assert (mine / "recipe.toml").read_text() == "mine"
    assert (tmp_path / "torch" / "checkpoints" / "epoch-90.pt").read_text() == "mine"


def test_a_run_that_is_taken_away_while_it_trains_is_told_and_not_made_again(coloured, tmp_path):
    into = tmp_path / "run"
    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=into, progress=Hook(1, lambda: shutil.rmtree(into)), **QUICK)
    assert_says(error, "run", "is gone", "train again")
    assert not into.exists()


def test_a_run_that_is_emptied_while_it_trains_is_not_told_to_be_saved(coloured, tmp_path):
    into = tmp_path / "run"

    def empty() -> None:
        (into / "request.json").unlink()
        os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(RunError) as error:
        olhar.train(coloured, into=into, progress=Hook(1, empty), **QUICK)
    assert_says(error, "is gone")


def test_no_cell_of_a_split_is_a_formula_or_commands_a_terminal():
    text = to_csv([("=1+1/\x1b[31m.png", "=1+1", "train", bytes(16), b"")])
    assert text.splitlines()[1].startswith("'=1+1/\\x1b[31m.png,'=1+1,train,")
