"""The cases of model files that a checkout may have beside it: each opened as its README wants it, or refused with the reason."""

import json
import os
import shutil
from pathlib import Path

import numpy as np
import pytest

import olhar
from olhar.base.errors import OlharError
from olhar.base.progress import Quiet
from olhar.cli.app import main
from olhar.keras_files.model import open_keras
from tests.trained import Said

CASES = Path(os.environ.get("OLHAR_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data")).parent / "cases"
pytestmark = pytest.mark.skipif(not CASES.is_dir(), reason="the cases are not here")

QUICK = {"scaling": "0..1", "epochs": 1, "batch": 16, "precision": "fp32", "threads": 1, "folds": 0}
DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
OTHERS = {
    "saved_model": "SavedModel",
    "saved_model/saved_model.pb": "SavedModel",
    "checkpoint": "checkpoint of TensorFlow",
    "checkpoint/cp.ckpt.index": "checkpoint of TensorFlow",
    "weights.bin": "TensorFlow.js",
    "picture.png": "a picture",
    "pictures.h5": "olhar train",
}


@pytest.fixture
def case(tmp_path):
    """A copy of a case, as its own folder is not to be written into."""

    def copied(name):
        shutil.copytree(CASES / name, tmp_path / name, copy_function=shutil.copyfile)
        for path in (tmp_path / name, *(tmp_path / name).rglob("*")):
            path.chmod(0o755)
        return tmp_path / name

    return copied


def test_classes_that_differ_by_case_are_matched(case, capsys):
    folder = case("models-01-class-case")
    assert main(["inspect", str(folder / "model.h5"), "--scaling", "0..1", "--save"]) == 0
    capsys.readouterr()
    assert main(["evaluate", str(folder / "model.h5"), str(folder / "data"), "--json"]) == 0
    accuracy = json.loads(capsys.readouterr().out)["data"]["accuracy"]
    assert (accuracy["value"], accuracy["n"]) == (1, 30)


def test_an_output_without_pictures_keeps_its_name(case):
    folder = case("models-02-fourth-class")
    saved = olhar.inspect(folder / "model.h5", folder / "data", save=True, progress=Quiet())
    assert saved.classes == ("red", "green", "blue", "none")


def test_of_dense_layers_only_the_last_is_replaced(case):
    folder, said = case("models-03-new-head-mlp"), Said()
    run = olhar.train(folder / "data", model=str(folder / "model.h5"), new_head=True, into=folder / "run", progress=said, **QUICK)
    layers = {row.name: row.parameters for row in olhar.inspect(run.path).layers}
    assert (layers["middle"], layers["olhar_head"]) == (6176, 99)
    assert any("middle" in line and "stays" in line for line in said.lines)


def test_one_class_more_is_no_reason_for_a_new_head(case):
    folder, said = case("models-04-same-and-one-more"), Said()
    run = olhar.train(folder / "data", model=str(folder / "model.h5"), into=folder / "run", progress=said, **QUICK)
    assert run.signature.classes == ("red", "green", "blue", "none")
    assert any("none" in line and "head" in line for line in said.lines)
    page = Path(run.report(folder / "report.html")).read_text(encoding="utf-8")
    assert "no pictures" in page


def test_a_run_exported_to_keras_scales_its_pictures_itself(case):
    folder = case("models-05-run-to-keras")
    run = olhar.train(
        folder / "data", model=str(folder / "model.h5"), new_head=True, into=folder / "run", progress=Quiet(), **QUICK
    )
    file = run.export(folder / "exported.keras")
    pixels = np.random.default_rng(0).integers(0, 256, (5, *run.signature.shape), dtype=np.uint8)
    ours = olhar.load(run.path).probabilities(pixels)
    np.testing.assert_allclose(open_keras(file).predict(pixels.astype(np.float32)), ours, atol=1e-5)


def test_of_two_scalings_that_are_as_right_the_likelier_is_taken(case):
    folder = case("models-06-scaling-tie")
    trial = olhar.inspect(folder / "model.h5", folder / "data", progress=Quiet()).trial
    assert trial.chosen.scaling == "0..1"
    assert trial.scores[0].log_loss < min(s.log_loss for s in trial.scores if s.candidate.scaling == "0..255")


def test_a_name_that_stands_twice_is_refused(case):
    folder = case("models-07-name-twice")
    with pytest.raises(OlharError, match=r"names\.txt, line 3: the class cat"):
        olhar.inspect(folder / "model.h5", scaling="0..1", classes=folder / "names.txt")


def test_files_that_name_classes_are_read_or_refused(case):
    folder = case("models-08-class-files")
    for file in sorted((folder / "files").iterdir()):
        found = olhar.inspect(folder / "model.h5", scaling="0..1", classes=file)
        assert list(found.classes) == DIGITS, file.name


@pytest.mark.parametrize("name", OTHERS)
def test_other_files_are_named(name):
    with pytest.raises(OlharError, match=OTHERS[name]):
        olhar.inspect(CASES / "models-09-other-files" / "files" / name)
