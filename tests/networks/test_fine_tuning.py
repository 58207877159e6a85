"""Training that begins from a Keras file, as a person does it."""

import json
import tomllib
from pathlib import Path

import numpy as np
import pytest
from safetensors.torch import load_file

import olhar
from olhar.base.errors import ModelError, RecipeError, RunError, Stopped
from olhar.keras_files.model import open_keras
from olhar.networks.reopened import write_tuned
from olhar.runs.folder import RunFolder
from tests.conftest import assert_says
from tests.keras_files import keras_eyes
from tests.trained import Said, StopAtOnce

TUNE = {"scaling": "-1..1", "epochs": 2, "batch": 16, "learning_rate": 0.01, "precision": "fp32", "threads": 1, "folds": 0}


@pytest.fixture
def eyes(tmp_path) -> Path:
    """Pictures of three colours."""
    return keras_eyes.write_eyes(tmp_path / "eyes")


@pytest.fixture
def model(tmp_path) -> Path:
    """A Keras file that knows them, its labels beside it."""
    (tmp_path / "labels.txt").write_text("\n".join(keras_eyes.ORDER))
    return keras_eyes.colours(tmp_path / "keras_model.h5")


def test_a_file_that_knows_the_classes_is_measured_before_and_after(model, eyes, tmp_path):
    said = Said()
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", progress=said, **TUNE)
    assert run.signature.classes == keras_eyes.ORDER
    assert run.before.accuracy.value > 0.95
    assert run.history[0]["epoch"] == 0
    assert run.history[0]["loss"] is None
    assert run.history[0]["val_accuracy"] > 0.95
    assert any("before training" in line for line in said.lines)
    assert "keras_model.h5" in (run.path / "report.html").read_text(encoding="utf-8")
    assert (run.path / "history.csv").read_text().splitlines()[1].startswith("0,0,")


def test_a_wrong_scale_shows_before_the_first_epoch(model, eyes, tmp_path):
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", **(TUNE | {"scaling": "0..1", "epochs": 1}))
    assert run.history[0]["val_accuracy"] < 0.8
    assert run.before.accuracy.value < 0.8


def test_where_no_epoch_is_better_the_file_s_own_weights_are_kept(model, eyes, tmp_path):
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", **(TUNE | {"learning_rate": 50.0}))
    assert json.loads((run.path / "metrics.json").read_text())["kept_epoch"] == 0
    assert run.metrics.accuracy == run.before.accuracy
    assert "as it came" in (run.path / "report.html").read_text(encoding="utf-8")


def test_other_classes_get_a_new_head(model, eyes, tmp_path):
    (eyes / "blue").rename(eyes / "azul")
    said = Said()
    run = olhar.train(
        eyes, model=str(model), into=tmp_path / "run", progress=said, **(TUNE | {"epochs": 30, "learning_rate": 0.1})
    )
    assert run.signature.classes == ("azul", "green", "red")
    assert run.before is None
    assert run.metrics.accuracy.value > 0.9
    assert any("keras_model.h5 knows red, blue, green" in line and "azul, green, red" in line for line in said.lines)
    drawn = olhar.inspect(run.path)
    assert any(f"{drawn.parameters} parameters" in line for line in said.lines)
    assert [(layer.name, layer.kind) for layer in drawn.layers[-1:]] == [("olhar_head", "Dense")]
    with pytest.raises(ModelError) as error:
        write_tuned(RunFolder.open(run.path), tmp_path / "back.h5")
    assert_says(error, "head", "--to onnx")


def test_a_file_that_knows_more_classes_keeps_its_head_and_judges_what_there_is(eyes, tmp_path):
    (tmp_path / "labels.txt").write_text("red\ngreen\nblue\nnone\n")
    said = Said()
    file = keras_eyes.strongest(tmp_path / "m.h5", outputs=4)
    run = olhar.train(eyes, model=str(file), into=tmp_path / "run", progress=said, **(TUNE | {"scaling": "0..1"}))
    assert run.signature.classes == ("red", "green", "blue", "none")
    assert run.before.accuracy.value == 1.0
    assert run.metrics.accuracy.value == 1.0
    assert any("keeps its head" in line and "no picture of none" in line for line in said.lines)
    assert not any("unequal" in line for line in said.lines)
    assert "no pictures" in (run.path / "report.html").read_text()
    again = olhar.train(eyes, model=str(file), new_head=True, into=tmp_path / "new", **(TUNE | {"scaling": "0..1"}))
    assert again.signature.classes == ("blue", "green", "red")


def test_a_run_with_a_new_head_has_its_scaling_inside_the_keras_file(model, eyes, tmp_path):
    (eyes / "blue").rename(eyes / "azul")
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", **TUNE)
    file = run.export(tmp_path / "out.h5")
    pixels = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), dtype=np.uint8)
    answers = open_keras(file).predict(pixels.astype(np.float32))
    assert np.abs(answers - run.predictor().probabilities(pixels)).max() < 1e-5
    assert olhar.inspect(file).signature.std == (1 / 255,) * 3
    assert olhar.evaluate(file, eyes).accuracy.value == olhar.evaluate(run.path, eyes).accuracy.value


def test_a_new_head_can_be_asked_for(model, eyes, tmp_path):
    run = olhar.train(eyes, model=str(model), new_head=True, into=tmp_path / "run", **TUNE)
    assert run.signature.classes == ("blue", "green", "red")
    assert run.before is None


def test_a_file_that_does_not_name_its_outputs_gets_a_new_head_and_says_how_to_keep_its_own(eyes, tmp_path, monkeypatch):
    said = Said()
    (tmp_path / "models").mkdir()
    keras_eyes.colours(tmp_path / "models" / "m.h5")
    monkeypatch.chdir(tmp_path)
    olhar.train(eyes, model="models/m.h5", into=tmp_path / "run", progress=said, **TUNE)
    assert any("olhar inspect models/m.h5 --data FOLDER --save" in line for line in said.lines)


@pytest.mark.parametrize(
    ("learn", "changed"),
    [("head", {"hidden", "last"}), ("last:1", {"last"}), ("last:9", {"hidden", "last"}), ("all", {"hidden", "last"})],
)
def test_what_was_asked_learns_and_goes_back_into_the_file(model, eyes, tmp_path, learn, changed):
    said = Said()
    tune = TUNE | {"learning_rate": 1e-3}
    run = olhar.train(eyes, model=str(model), learn=learn, into=tmp_path / "run", progress=said, label_smoothing=0.0, **tune)
    write_tuned(RunFolder.open(run.path), tmp_path / "back.h5")
    old, new = (open_keras(path).module.weights() for path in (model, tmp_path / "back.h5"))
    assert json.loads((run.path / "metrics.json").read_text())["kept_epoch"]
    assert {name.split("/")[1] for name in old if (old[name] != new[name]).any()} == changed
    assert any("whole network" in line for line in said.lines) == (learn == "last:9")
    pixels = np.random.default_rng(0).integers(0, 256, (4, 16, 16, 3), dtype=np.uint8)
    answers = open_keras(tmp_path / "back.h5").predict((pixels / 127.5 - 1).astype(np.float32))
    assert np.abs(answers - run.predictor().probabilities(pixels)).max() < 1e-5


def test_one_sigmoid_learns_as_two_classes(eyes, tmp_path):
    for name in ("blue",):
        for path in (eyes / name).iterdir():
            path.unlink()
        (eyes / name).rmdir()
    (tmp_path / "labels.txt").write_text("green\nred\n")
    model = keras_eyes.one_sigmoid(tmp_path / "m.h5")
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", **(TUNE | {"scaling": "0..1"}))
    assert run.before.accuracy.value == 1.0
    assert run.metrics.accuracy.value == 1.0


def test_a_teachable_machine_file_needs_nothing_to_be_said(eyes, tmp_path):
    run = olhar.train(
        eyes, model=str(keras_eyes.teachable(tmp_path / "keras_model.h5")), into=tmp_path / "run", epochs=1, folds=0
    )
    assert run.signature.mean == (0.5, 0.5, 0.5)
    assert run.signature.fit == "crop"


def test_going_on_needs_neither_the_file_nor_its_name_and_gives_the_same_weights(model, eyes, tmp_path):
    tune = TUNE | {"learning_rate": 1e-3, "epochs": 3, "learn": "all", "label_smoothing": 0.3}
    whole = olhar.train(eyes, model=str(model), into=tmp_path / "whole", **tune)

    with pytest.raises(Stopped):
        olhar.train(eyes, model=str(model), into=tmp_path / "broken", progress=StopAtOnce(), **tune)
    model.unlink()
    resumed = olhar.train(eyes, into=tmp_path / "broken", resume=True)
    one, other = (load_file(run.path / "best.safetensors") for run in (whole, resumed))
    assert all((one[name] == other[name]).all() for name in one)
    assert [row["val_loss"] for row in whole.history] == [row["val_loss"] for row in resumed.history]


def test_what_cannot_be_begun_from_is_told_before_anything_is_written(model, eyes, tmp_path):
    def refused(kind, **fields):
        with pytest.raises(kind) as error:
            olhar.train(eyes, into=tmp_path / "run", **fields)
        assert not (tmp_path / "run").exists()
        return error

    assert_says(refused(ModelError, model=str(model)), "keras_model.h5", "olhar inspect")
    assert_says(refused(ModelError, model=str(tmp_path / "none.h5")), "none.h5")
    assert_says(refused(RecipeError, model=str(model), size=64, scaling="0..1"), "16 × 16", "--size")
    assert_says(refused(RecipeError, model=str(model), colour="gray", scaling="0..1"), "--colour")
    assert_says(refused(RecipeError, model=str(model), learn="last:N", scaling="0..1"), "last:N")
    assert_says(refused(RecipeError, model="resnte"), "resnet")
    (tmp_path / "other.onnx").write_bytes(b"\x08\x07\x12\x05torch")
    assert_says(refused(ModelError, model=str(tmp_path / "other.onnx")), "other.onnx", "olhar models")


def test_a_base_that_is_gone_from_the_run_is_told(model, eyes, tmp_path):
    run = olhar.train(eyes, model=str(model), into=tmp_path / "run", **(TUNE | {"epochs": 1}))
    (run.path / "base" / "keras_model.h5").unlink()
    with pytest.raises(RunError) as error:
        write_tuned(RunFolder.open(run.path), tmp_path / "back.h5")
    assert_says(error, "keras_model.h5")


def test_a_keras_file_learns_with_adamw_also_by_the_recipe_fast_and_muon_is_refused(model, eyes, tmp_path):
    given = {name: value for name, value in TUNE.items() if name != "learning_rate"}
    run = olhar.train(eyes, model=str(model), recipe="fast", into=tmp_path / "run", **given | {"minutes": 0.0})
    assert tomllib.loads((run.path / "recipe.toml").read_text())["optimizer"] == "adamw"
    with pytest.raises(RecipeError) as error:
        olhar.train(eyes, model=str(model), optimizer="muon", into=tmp_path / "other", **TUNE)
    assert_says(error, "muon", "adamw", "keras_model.h5")
    assert not (tmp_path / "other").exists()
