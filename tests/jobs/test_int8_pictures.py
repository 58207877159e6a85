"""Pictures that settle eight bits: those that taught, others that measure, none of a test part, few and even over classes."""

import shutil

import numpy as np
import pytest

import olhar
from olhar.base.errors import DataError
from olhar.base.progress import Quiet
from olhar.bundle.predictor import Predictor
from olhar.jobs import int8_pictures as subject
from olhar.jobs.int8_pictures import int8_pictures
from olhar.runs.folder import RunFolder
from tests.conftest import assert_says, write_pictures
from tests.serving.kit import write_bundle
from tests.trained import QUICK


@pytest.fixture
def model(tmp_path):
    return write_bundle(tmp_path / "colours.onnx")


def of(model, data):
    return int8_pictures(model, None, data, Predictor.open(model), Quiet())


def has(pixels, picture):
    return any((picture == one).all() for one in pixels)


def test_a_run_gives_what_taught_it_and_its_validation_pictures(run):
    predictor = run.predictor()
    pictures = int8_pictures(run.path, RunFolder.open(run.path), None, predictor, Quiet())
    assert (len(pictures.calibrating), len(pictures.measuring), pictures.by) == (61, 11, "validation")
    assert not any(has(pictures.calibrating, picture) for picture in pictures.measuring)
    assert (predictor.probabilities(pictures.measuring).argmax(1) == pictures.labels).all()


def test_test_pictures_take_no_part_whoever_gives_them(run, coloured):
    predictor = run.predictor()
    pictures = int8_pictures(run.path, RunFolder.open(run.path), coloured, predictor, Quiet())
    assert len(pictures.calibrating) + len(pictures.measuring) == 72
    with pytest.raises(DataError):
        int8_pictures(run.path, RunFolder.open(run.path), coloured / "test", predictor, Quiet())


def test_where_none_were_held_back_half_of_those_that_taught_measure(scenes, tmp_path):
    trained = olhar.train(scenes, into=tmp_path / "run", **{**QUICK, "folds": 2, "epochs": 1})
    split = (trained.path / "split.csv").read_text().replace(",validation,", ",train,")
    (trained.path / "split.csv").write_text(split)
    pictures = int8_pictures(trained.path, RunFolder.open(trained.path), None, trained.predictor(), Quiet())
    assert (pictures.by, len(pictures.calibrating), len(pictures.measuring)) == ("taught", 18, 18)


def test_a_run_whose_pictures_are_gone_asks_for_others(tmp_path):
    data = write_pictures(tmp_path / "data", 8)
    trained = olhar.train(data, into=tmp_path / "run", **{**QUICK, "epochs": 1})
    shutil.move(data, tmp_path / "elsewhere")
    folder = RunFolder.open(trained.path)
    with pytest.raises(DataError) as error:
        int8_pictures(trained.path, folder, None, trained.predictor(), Quiet())
    assert_says(error, "run", "--data", "--int8")
    assert len(int8_pictures(trained.path, folder, tmp_path / "elsewhere", trained.predictor(), Quiet()).labels)


def test_pictures_that_were_changed_or_broken_since_are_passed_over(tmp_path):
    data = write_pictures(tmp_path / "data", 8)
    trained = olhar.train(data, into=tmp_path / "run", **{**QUICK, "epochs": 1})
    folder = RunFolder.open(trained.path)
    before = int8_pictures(trained.path, folder, None, trained.predictor(), Quiet())
    for path in (data / "blue").iterdir():
        path.write_bytes(path.read_bytes()[:40])
    after = int8_pictures(trained.path, folder, None, trained.predictor(), Quiet())
    assert len(after.calibrating) + len(after.measuring) < len(before.calibrating) + len(before.measuring)


def test_of_a_persons_pictures_every_other_one_measures(model, tmp_path):
    pictures = of(model, write_pictures(tmp_path / "data", 5))
    assert (len(pictures.calibrating), len(pictures.measuring), pictures.by) == (9, 6, "given")
    assert not any(has(pictures.calibrating, picture) for picture in pictures.measuring)
    assert np.bincount(pictures.labels).tolist() == [2, 2, 2]


def test_one_picture_alone_does_both(model, tmp_path):
    data = write_pictures(tmp_path / "data", 1)
    for name in ("red", "green"):
        shutil.rmtree(data / name)
    pictures = of(model, data)
    assert (len(pictures.calibrating), len(pictures.measuring)) == (1, 1)


def test_many_pictures_are_thinned_evenly_over_classes(model, tmp_path, monkeypatch):
    monkeypatch.setattr(subject, "_CALIBRATING", 7)
    monkeypatch.setattr(subject, "_MEASURING", 4)
    data = write_pictures(tmp_path / "data", 20)
    write_pictures(tmp_path / "data", 60, start=5000)
    pictures = of(model, data)
    assert (len(pictures.calibrating), len(pictures.measuring)) == (7, 4)
    assert np.bincount(pictures.labels).tolist() == [2, 1, 1]


def test_a_folder_of_broken_pictures_is_none(model, tmp_path):
    data = write_pictures(tmp_path / "data", 3)
    for path in data.rglob("*.png"):
        path.write_bytes(path.read_bytes()[:50])
    with pytest.raises(DataError) as error:
        of(model, data)
    assert_says(error, "colours.onnx", "--data")
