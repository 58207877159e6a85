"""The best so far under a name of the person's own, while a training runs and once it is over."""

import json
import os
import shutil
import signal
import subprocess
import sys
from importlib.util import find_spec

import numpy as np
import pytest
from safetensors.torch import load_file
from torch import equal, nn, tensor

import olhar
from olhar.base.errors import ModelError, Stopped, TrainingError, UsageError
from olhar.exports.keep_as import KeepAs, Keeper
from olhar.keras_files.model import open_keras
from olhar.training.loop import Training
from tests.conftest import assert_says, write_pictures
from tests.keras_files import keras_eyes
from tests.trained import QUICK, Hook, Said

CHANGED = QUICK | {"epochs": 5, "patience": 0, "learning_rate": 0.003}
FORMS = ["onnx", "safetensors", *(["h5", "keras"] if find_spec("keras") else [])]
PIXELS = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), dtype=np.uint8)


def answers(path):
    """Probabilities of some pictures, by a file that was kept."""
    if path.suffix == ".onnx":
        return olhar.load(path).probabilities(PIXELS)
    return open_keras(path).predict(PIXELS.astype(np.float32))


@pytest.mark.parametrize("form", FORMS)
def test_it_is_there_after_the_first_epoch_and_holds_the_best_in_the_end(coloured, tmp_path, form, run):
    kept, seen = tmp_path / f"best.{form}", []
    said = Hook(1, lambda: seen.append(kept.read_bytes()))
    found = olhar.train(coloured, into=tmp_path / "run", keep_as=kept, progress=said, **QUICK)
    assert len(seen[0]) > 1000
    assert seen[0] != kept.read_bytes()
    assert any(str(kept) in line for line in said.lines)
    weights, unkept = (load_file(one.path / "best.safetensors") for one in (found, run))
    assert all(bool((weights[name] == unkept[name]).all()) for name in unkept)
    if form == "safetensors":
        assert kept.read_bytes() == (found.path / "best.safetensors").read_bytes()
    else:
        assert np.abs(answers(kept) - found.predictor().probabilities(PIXELS)).max() < 1e-5
    assert list(tmp_path.glob(".*")) == []


def test_a_stop_leaves_the_best_so_far_and_going_on_keeps_the_name(coloured, tmp_path):
    kept = tmp_path / "best.onnx"
    stop = Hook(1, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", keep_as=kept, progress=stop, **CHANGED)
    before = answers(kept)
    found = olhar.train(into=tmp_path / "run", resume=True)
    assert np.abs(before - answers(kept)).max() > 1e-4
    np.testing.assert_array_equal(answers(kept), found.predictor().probabilities(PIXELS))


KILLED = """
import os, pathlib, shutil, signal, olhar
def kill(*_):
    os.kill(os.getpid(), signal.SIGKILL)
replace = pathlib.Path.replace
pathlib.Path.replace = lambda self, target: kill() if self.name.startswith(".best.") else replace(self, target)
shutil.move = kill
olhar.train({data!r}, into={into!r}, keep_as={kept!r}, **{choices!r})
"""


@pytest.mark.parametrize("form", [form for form in FORMS if form in ("onnx", "keras")])  # one leaves a file, one a folder
def test_going_on_clears_away_what_a_kill_left_half_written_beside_it(coloured, tmp_path, form):
    kept, into = tmp_path / f"best.{form}", tmp_path / "run"
    code = KILLED.format(data=str(coloured), into=str(into), kept=str(kept), choices=CHANGED)
    killed = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert len(list(tmp_path.glob(".best*"))) == 1
    olhar.train(into=into, resume=True)
    assert kept.is_file()
    assert list(tmp_path.glob(".*")) == []


def test_a_training_that_fails_leaves_the_best_so_far(coloured, tmp_path, monkeypatch):
    kept, best, learn = tmp_path / "best.safetensors", {}, Training.learn

    def failing(self, *rest):
        if self.step == 4 * len(self.train):
            best.update(self.best)
            raise TrainingError("training.not_finite", step=self.step, rate=1.0)
        learn(self, *rest)

    monkeypatch.setattr(Training, "learn", failing)
    with pytest.raises(TrainingError):
        olhar.train(coloured, into=tmp_path / "run", keep_as=kept, **CHANGED)
    written = load_file(kept)
    assert written.keys() == best.keys()
    assert all(equal(written[name], weights) for name, weights in best.items())


@pytest.mark.skipif("h5" not in FORMS, reason="Keras is not installed (the extra [keras])")
def test_a_keras_file_that_learns_on_is_kept_in_a_copy_of_itself(tmp_path):
    (tmp_path / "labels.txt").write_text("\n".join(keras_eyes.ORDER))
    model, eyes = keras_eyes.colours(tmp_path / "keras_model.h5"), keras_eyes.write_eyes(tmp_path / "eyes")
    kept, seen = tmp_path / "best.h5", []
    said = Hook(1, lambda: seen.append(open_keras(kept).module.weights()))
    tune = {"scaling": "-1..1", "epochs": 2, "batch": 16, "learning_rate": 1e-3, "label_smoothing": 0.0, "folds": 0}
    olhar.train(eyes, model=str(model), into=tmp_path / "run", keep_as=kept, progress=said, **tune)
    old, new = (open_keras(path).module.weights() for path in (model, kept))
    assert old.keys() == new.keys() == seen[0].keys()
    assert any((old[name] != new[name]).any() for name in old)


def test_what_waits_is_written_once_it_is_time_and_after_a_failure_again(tmp_path, monkeypatch):
    folder, said = tmp_path / "kept", Said()
    folder.mkdir()
    keeper = Keeper(KeepAs(folder / "best.safetensors"), None, said)

    def kept():
        return float(load_file(keeper.keep_as.path)["weight"])

    keeper.note({"weight": tensor(1.0)})
    keeper.write()
    keeper.note({"weight": tensor(2.0)})
    keeper.write()
    assert kept() == 1.0
    monkeypatch.setattr("olhar.exports.keep_as._SECONDS", 0.0)
    keeper.write()
    assert kept() == 2.0
    shutil.rmtree(folder)
    keeper.note({"weight": tensor(3.0)})
    keeper.write()
    assert "was not written" in said.lines[-1]
    folder.mkdir()
    keeper.write()
    assert kept() == 3.0


def test_a_file_may_be_named_when_a_run_goes_on_or_is_finished_and_none_is_replaced(coloured, tmp_path, run):
    mine = tmp_path / "mine.safetensors"
    mine.write_text("mine")
    stop = Hook(1, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(Stopped):
        olhar.train(coloured, into=tmp_path / "run", progress=stop, **CHANGED)
    for path in (tmp_path / "run", run.path):
        with pytest.raises(UsageError) as error:
            olhar.train(into=path, resume=True, keep_as=mine)
        assert_says(error, "mine.safetensors", "is there already")
    kept = tmp_path / "best.safetensors"
    again = Hook(1, lambda: os.kill(os.getpid(), signal.SIGINT))
    with pytest.raises(Stopped):
        olhar.train(into=tmp_path / "run", resume=True, keep_as=kept, progress=again)
    assert json.loads((tmp_path / "run" / "request.json").read_text())["keep_as"] == str(kept)
    found = olhar.train(into=tmp_path / "run", resume=True)
    assert kept.read_bytes() == (found.path / "best.safetensors").read_bytes()
    late = tmp_path / "late.safetensors"
    olhar.train(into=tmp_path / "run", resume=True, keep_as=late)
    assert late.read_bytes() == kept.read_bytes()
    assert mine.read_text() == "mine"


def test_the_folds_of_a_run_keep_nothing_under_the_name(tmp_path):
    data = write_pictures(tmp_path / "colours", 12)
    fields = QUICK | {"folds": 2, "epochs": 1, "batch": 8}
    olhar.train(data, into=tmp_path / "run", keep_as=tmp_path / "best.onnx", **fields)
    assert "keep_as" in json.loads((tmp_path / "run" / "request.json").read_text())
    assert "keep_as" not in json.loads((tmp_path / "run" / "fold-1" / "request.json").read_text())


def test_a_file_that_cannot_be_written_is_told_and_the_training_goes_on(coloured, tmp_path):
    folder = tmp_path / "kept"
    folder.mkdir()

    class Gone(Said):
        def stage(self, text, _total):
            text = str(text)
            if "Training" in text:
                shutil.rmtree(folder, ignore_errors=True)
            return super().stage()

    said = Gone()
    olhar.train(coloured, into=tmp_path / "run", keep_as=folder / "best.safetensors", progress=said, **QUICK)
    assert any("best.safetensors was not written" in line for line in said.lines)
    assert (folder / "best.safetensors").is_file()


def test_what_cannot_be_kept_is_told_before_anything_is_read(tmp_path):
    (tmp_path / "mine.h5").write_text("mine")
    (tmp_path / "best.golden.json").write_text("mine")
    for name, words in (
        ("best.pt", ("best.pt", "h5, keras, onnx, safetensors")),
        ("best.H5", ("best.H5", "h5, keras, onnx, safetensors")),
        ("best.onnx", ("best.golden.json", "is there already")),
        ("mine.h5", ("mine.h5", "is there already")),
        ("none/best.onnx", (str(tmp_path / "none"),)),
    ):
        with pytest.raises(UsageError) as error:
            olhar.train(tmp_path / "no pictures", keep_as=tmp_path / name)
        assert_says(error, *words)
    with pytest.raises(UsageError) as error:
        olhar.train(tmp_path / "no pictures", keep_as=tmp_path / "best.onnx", seeds=2)
    assert_says(error, "--seeds")
    assert (tmp_path / "mine.h5").read_text() == "mine"


@pytest.mark.skipif("h5" not in FORMS, reason="Keras is not installed (the extra [keras])")
def test_a_network_of_one_s_own_is_kept_in_forms_that_need_no_rebuilding(coloured, tmp_path):
    own = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 3))
    rest = {name: value for name, value in QUICK.items() if name not in ("model", "width")}
    with pytest.raises(ModelError) as error:
        olhar.train(coloured, model=own, into=tmp_path / "run", keep_as=tmp_path / "best.h5", **rest)
    assert_says(error, "best.h5", ".onnx")
    assert not (tmp_path / "run").exists()
