"""The file of a model that takes pictures of any size: proved, and not written over another."""

import json

import numpy as np
import onnxruntime
import pytest

import olhar
from olhar.base.errors import ModelError, UsageError
from olhar.bundle.predictor import Predictor
from olhar.cli.app import main
from olhar.exports import any_size_file
from tests.conftest import COLOURS, assert_says, noisy
from tests.trained import QUICK


def test_a_run_becomes_a_model_that_shrinks_pictures_itself(run, tmp_path, capsys):
    target = tmp_path / "m.onnx"
    assert main(["export", str(run.path), "--to", "onnx", "--any-size", "--into", str(target)]) == 0
    assert "any size" in capsys.readouterr().err
    proof = json.loads((tmp_path / "m.golden.json").read_text())
    assert proof["agreement"] < 1e-5
    assert proof["pictures_compared"] == 6
    picture = np.kron(noisy(COLOURS["red"], 3), np.ones((5, 7, 1), np.uint8))
    answer = onnxruntime.InferenceSession(target).run(["probabilities"], {"pictures": picture[None]})[0][0]
    np.testing.assert_allclose(answer, run.predictor()(picture).probabilities, atol=1e-6)
    np.testing.assert_allclose(olhar.load(target)(picture).probabilities, answer, atol=1e-6)


def test_the_rule_for_large_jpegs_goes_with_it(run, tmp_path):
    olhar.export(run.path, tmp_path / "m.onnx", any_size=True, whole=True)
    assert Predictor.open(tmp_path / "m.onnx").signature.whole


def test_a_file_is_enough_and_what_is_promised_goes_with_it(coloured, tmp_path):
    trained = olhar.train(coloured, into=tmp_path / "run", **QUICK)
    asked = olhar.export(trained.path, tmp_path / "asked.onnx", any_size=True, at_least=0.5)
    assert Predictor.open(asked).signature.at_least == 0.5
    of_file = olhar.export(trained.path / "model.onnx", tmp_path / "plain.onnx", any_size=True)
    pixels = noisy(COLOURS["red"], 3)
    np.testing.assert_array_equal(Predictor.open(of_file)(pixels).probabilities, Predictor.open(asked)(pixels).probabilities)


def test_another_form_is_refused_and_so_is_a_file_that_is_there(run, tmp_path):
    for target in (tmp_path / "m.html", tmp_path / "m.safetensors"):
        with pytest.raises(UsageError) as error:
            olhar.export(run.path, target, any_size=True)
        assert_says(error, "--any-size", "--to onnx")
    (tmp_path / "m.onnx").write_bytes(b"mine")
    with pytest.raises(UsageError) as error:
        olhar.export(run.path, tmp_path / "m.onnx", any_size=True)
    assert_says(error, "m.onnx", "--force")


def test_what_answers_otherwise_is_not_kept(run, tmp_path, monkeypatch):
    monkeypatch.setattr(any_size_file, "fitted", lambda image, size, _: image.resize(size[::-1]).point(lambda x: 255 - x))
    with pytest.raises(ModelError) as error:
        olhar.export(run.path, tmp_path / "m.onnx", any_size=True)
    assert_says(error, "m.onnx")
    assert not list(tmp_path.iterdir())
