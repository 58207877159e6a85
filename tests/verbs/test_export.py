"""Models taken out: a run and an old Keras file become files that today's Keras opens; nothing is overwritten without a word."""

import sys
from importlib.util import find_spec

import numpy as np
import pytest

import olhar
from olhar.base.errors import ExtraError, UsageError
from olhar.cli.app import main
from olhar.keras_files import open_keras
from tests.conftest import COLOURS, assert_says, noisy
from tests.verbs.keras_eyes import colours, teachable

needs_keras = pytest.mark.skipif(find_spec("keras") is None, reason="Keras is not installed (the extra [keras])")
PIXELS = np.stack([noisy(colour, 9) for colour in COLOURS.values()])


@needs_keras
@pytest.mark.parametrize("form", ["keras", "h5", "json"])
def test_a_run_becomes_a_keras_model_that_takes_raw_pictures(run, tmp_path, form, capsys):
    target = tmp_path / f"m.{form}"
    assert main(["export", str(run.path), "--into", str(target)]) == 0
    assert "opened again by Keras" in " ".join(capsys.readouterr().err.split())
    assert (tmp_path / "m.labels.txt").read_text().split() == ["blue", "green", "red"]
    model = tmp_path / "m.weights.h5" if form == "json" else target
    opened = open_keras(model, target if form == "json" else None)
    expected = run.predictor().probabilities(PIXELS)
    np.testing.assert_allclose(opened.predict(PIXELS.astype(np.float32)), expected, atol=1e-4)
    eye = olhar.load(model)
    assert eye.signature.classes == ("blue", "green", "red")
    np.testing.assert_allclose(eye.probabilities(PIXELS), expected, atol=1e-4)


@needs_keras
def test_an_old_file_becomes_one_that_todays_keras_opens(tmp_path, monkeypatch):
    source = teachable(tmp_path / "keras_model.h5")
    monkeypatch.chdir(tmp_path)
    assert main(["export", "keras_model.h5", "--to", "keras"]) == 0
    x = np.random.default_rng(2).uniform(-1, 1, (2, *open_keras(source).input_shape[1:])).astype(np.float32)
    np.testing.assert_allclose(open_keras("keras_model.keras").predict(x), open_keras(source).predict(x), atol=1e-5)
    assert main(["export", "keras_model.h5", "--to", "h5"]) == 0
    assert (tmp_path / "keras_model-keras3.h5").is_file()


def test_nothing_is_overwritten_without_a_word(run, tmp_path):
    target = tmp_path / "m.onnx"
    run.export(target)
    run.export(target)
    target.write_bytes(b"a person's own")
    with pytest.raises(UsageError) as error:
        run.export(target)
    assert_says(error, "m.onnx", "--force")
    assert target.read_bytes() == b"a person's own"
    run.export(target, force=True)
    assert target.read_bytes() == (run.path / "model.onnx").read_bytes()


def test_endings_that_do_not_go_together_are_told(run, tmp_path, capsys):
    assert main(["export", str(run.path), "--to", "h5", "--into", str(tmp_path / "m.keras")]) == 2
    assert ".h5" in capsys.readouterr().err
    assert not (tmp_path / "m.keras").exists()


def test_a_model_is_not_written_onto_itself(tmp_path):
    source = colours(tmp_path / "m.h5")
    with pytest.raises(UsageError) as error:
        olhar.export(source, source, force=True)
    assert_says(error, "m.h5", "--into")


def test_without_keras_the_extra_is_named(run, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr("olhar.verbs.extras.find_spec", lambda name: None if name == "keras" else True)
    with pytest.raises(ExtraError) as error:
        run.export(tmp_path / "m.keras")
    assert_says(error, "keras", "olhar[keras]")


def test_a_formula_is_said_once(tmp_path):
    from tests.keras_files.keras_crafting import layer

    first = layer("Lambda", "scale", function=["", None, None], function_type="lambda")
    path = colours(tmp_path / "m.h5", first=first)
    olhar.inspect(path, lambdas={"scale": "x/127.5-1"}, save=True)
    assert olhar.load(path).signature.shape == olhar.load(path, lambdas={"scale": "x/127.5-1"}).signature.shape
