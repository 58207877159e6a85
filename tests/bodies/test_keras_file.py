"""A Keras file as a body: ``--model FILE.h5 --learn features``."""

import subprocess
import sys

import numpy as np
import pytest

import olhar
from olhar.base.errors import ModelError, OlharError, RecipeError
from olhar.base.progress import Quiet
from olhar.bodies.keras_file import HIDDEN, keras_body
from olhar.cli.app import main
from olhar.foreign.classifier import open_classifier
from olhar.foreign.preprocessing import known_preprocessing, signature_with_scaling
from olhar.keras_files import keras_itself
from tests.conftest import assert_says
from tests.keras_files import keras_eyes
from tests.keras_files.keras_crafting import dense, h5, sequential
from tests.trained import Said


@pytest.fixture(scope="module")
def eyes(tmp_path_factory):
    return keras_eyes.write_eyes(tmp_path_factory.mktemp("data") / "eyes", 20)


@pytest.fixture(scope="module")
def run(eyes, tmp_path_factory):
    folder = tmp_path_factory.mktemp("runs")
    file = keras_eyes.teachable(folder / "keras_model.h5")
    return olhar.train(eyes, model=str(file), learn="features", into=folder / "run", progress=Quiet())


def test_a_head_learns_from_what_the_file_sees(run, eyes):
    assert (run.measured, run.metrics.accuracy.n) == ("folds", 60)
    assert run.metrics.accuracy.value > 0.9
    assert (run.head.body, run.head.blocks) == ("keras_model.h5", (HIDDEN, "pooled"))
    assert (run.signature.mean, run.signature.fit) == ((0.5,) * 3, "crop")
    name = run.signature.classes[0]
    assert olhar.load(run.path)(next((eyes / name).iterdir())).label == name


@pytest.mark.parametrize("form", ["keras", "h5"])
def test_the_whole_network_is_had_as_a_keras_file(run, eyes, tmp_path, form):
    target = run.export(tmp_path / f"eyes.{form}")
    pixels = np.stack([run.predictor().prepare(picture) for picture in sorted((eyes / run.signature.classes[0]).iterdir())[:3]])
    answers = keras_itself.predictions(target, [pixels.astype(np.float32)])[0]
    assert answers == pytest.approx(run.predictor().probabilities(pixels), abs=1e-4)


def test_without_the_file_there_is_no_keras_file(eyes, tmp_path):
    file = keras_eyes.teachable(tmp_path / "keras_model.h5")
    run = olhar.train(eyes, model=str(file), learn="features", into=tmp_path / "run", progress=Quiet())
    file.unlink()
    with pytest.raises(ModelError) as error:
        run.export(tmp_path / "eyes.keras")
    assert_says(error, "keras_model.h5", ".onnx")
    assert run.export(tmp_path / "eyes.onnx").is_file()


def test_what_it_is_given_before_its_dense_layers_and_before_the_last(tmp_path):
    classifier = open_classifier(keras_eyes.teachable(tmp_path / "m.h5"))
    body = keras_body(classifier, known_preprocessing(classifier).signature)
    assert body.blocks == {HIDDEN: 9, "pooled": 3}
    other = keras_body(classifier, signature_with_scaling(classifier, "0..1"))
    assert body.key != other.key


def test_the_scaling_that_nobody_knows_is_found_on_the_way(eyes, tmp_path):
    said, file = Said(), keras_eyes.colours(tmp_path / "m.h5", 0.0, 1.0)
    found = olhar.train(eyes, model=str(file), learn="features", into=tmp_path / "run", progress=said)
    assert any("m.h5" in line and "pictures" in line and "scal" in line for line in said.lines)
    assert found.signature.std[0] in (1.0, 0.5, 1 / 255, 0.229)
    stated = olhar.train(eyes, model=str(file), learn="features", scaling="-1..1", into=tmp_path / "other", progress=Quiet())
    assert stated.signature.mean == (0.5,) * 3


def test_one_goes_on_from_it_with_more_pictures(run, tmp_path):
    more = keras_eyes.write_eyes(tmp_path / "more", 6, start=50_000)
    further = olhar.train(more, model=str(run.path), into=tmp_path / "further", progress=Quiet())
    assert further.head.body == "keras_model.h5"
    assert further.metrics.accuracy.n == 78


def test_of_a_run_that_learnt_by_gradients_a_head_may_learn_too(eyes, tmp_path):
    fields = {"scaling": "0..1", "epochs": 1, "batch": 16, "precision": "fp32", "threads": 1, "folds": 0}
    file = keras_eyes.colours(tmp_path / "m.h5", 0.0, 1.0)
    first = olhar.train(eyes, model=str(file), into=tmp_path / "first", progress=Quiet(), **fields)
    second = olhar.train(eyes, model=str(first.path), learn="features", into=tmp_path / "second", progress=Quiet())
    assert second.head.body == "model.onnx"


def test_neither_torch_nor_keras_is_needed(eyes, tmp_path):
    code = """
import sys, olhar
run = olhar.train(sys.argv[1], into=sys.argv[2], model=sys.argv[3], learn="features")
assert run.report() and run.export(sys.argv[2] + ".onnx")
wrong = {"torch", "keras"} & set(sys.modules)
assert not wrong, wrong
"""
    file = keras_eyes.teachable(tmp_path / "m.h5")
    subprocess.run([sys.executable, "-c", code, str(eyes), str(tmp_path / "run"), str(file)], check=True, timeout=180)


def test_what_cannot_be_is_told(eyes, tmp_path, capsys):
    rows = h5(tmp_path / "rows.h5", sequential((12,), dense("d", 3, "softmax")), {
        "d": {"kernel": np.ones((12, 3), np.float32), "bias": np.zeros(3, np.float32)}
    })  # fmt: skip
    cases = (
        (str(tmp_path / "nowhere.h5"), {}, ModelError, "nowhere.h5"),
        (str(rows), {"scaling": "0..1"}, OlharError, "rows.h5"),
        (str(keras_eyes.colours(tmp_path / "m.h5")), {"size": 64, "scaling": "0..1"}, RecipeError, "16"),
        ("cnn", {}, RecipeError, "cnn"),
    )
    for model, fields, kind, words in cases:
        with pytest.raises(kind) as error:
            olhar.train(eyes, model=model, learn="features", into=tmp_path / "run", progress=Quiet(), **fields)
        assert_says(error, words)
    (tmp_path / "a.json").write_text("{}")
    asked = ["--learn", "features", "--architecture", str(tmp_path / "a.json")]
    assert main(["train", str(eyes), "--model", str(tmp_path / "m.h5"), *asked]) == 2
    assert "olhar inspect" in capsys.readouterr().err
