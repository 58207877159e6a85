from dataclasses import replace

import numpy as np

from olhar.evaluation.predictions import Predictions
from olhar.jobs.behind import PredictedPictures, behind
from olhar.runs.behind import read_behind
from olhar.runs.folder import RunFolder
from olhar.runs.samples import Sample
from tests.bundle.heat_models import corners, eye


def test_a_finished_training_keeps_pictures_of_each_cell_the_least_sure_and_maps(run):
    found, metrics = read_behind(RunFolder(run.path)), run.metrics
    cells = {(one.label, one.predicted) for one in found.cells}
    assert cells == set(zip(*map(list, np.nonzero(metrics.confusion)), strict=True))
    confidences = [one.confidence for one in found.unsure]
    assert confidences == sorted(confidences)
    assert len(found.of_right) == len(found.right) == 3
    assert found.method == "occlusion"


def test_what_a_picture_costs_is_measured(run):
    from olhar.runs.results import results

    speed = results(RunFolder(run.path)).speed
    assert speed is not None
    assert speed.size == (run.path / "model.onnx").stat().st_size
    assert 0 < speed.milliseconds < 60_000


def answered(n: int, classes: int) -> PredictedPictures:
    rng = np.random.default_rng(0)
    shares = rng.dirichlet(np.ones(classes), n).astype(np.float32)
    keys = tuple(f"class {k}" for k in range(classes))
    pictures = Predictions([f"{i}.png" for i in range(n)], keys, rng.integers(0, classes, n), shares)
    return PredictedPictures(pictures, np.broadcast_to(corners(), (n, 16, 16, 3)), np.arange(n))


def test_ten_thousand_answers_of_two_hundred_classes_keep_few_pictures():
    many = answered(10_000, 200)
    wrong = replace(many.predictions, labels=(many.predictions.predicted + 1 + many.rows % 7) % 200)  # no answer is right
    found = behind(replace(many, predictions=wrong), [], eye("plain"))
    assert len(found.cells) == 400
    assert len(found.unsure) == 8


def test_mistakes_come_surest_first_and_right_answers_least_sure_first():
    found = behind(answered(400, 3), [], eye("plain"))
    for truth in range(3):
        for answer in range(3):
            confidences = [one.confidence for one in found.cells if (one.label, one.predicted) == (truth, answer)]
            assert len(confidences) == 6
            assert confidences == sorted(confidences, reverse=truth != answer)


def test_large_pictures_are_kept_small():
    many = answered(30, 3)
    large = np.zeros((30, 300, 120, 1), np.uint8)
    found = behind(PredictedPictures(many.predictions, large, many.rows), [], eye("labels"))
    assert {one.pixels.shape for one in (*found.cells, *found.unsure)} == {(96, 38, 1)}
    assert found.heat is None


def test_maps_are_of_the_answers_that_were_given():
    mistake = Sample("a.png", corners(), 1, 0, 0.9)
    found = behind(answered(9, 3), [mistake], eye("plain"))
    (heat,) = found.of_mistakes
    assert heat.dtype == np.uint8
    assert heat.max() == 255
    assert heat[:8, :8].sum() > 0.6 * heat.sum()


def test_a_picture_that_is_surely_of_another_class_is_suspect_where_the_model_is_mostly_right():
    labels = np.repeat(np.arange(3), 20)
    shares = np.full((60, 3), 0.01, np.float32)
    shares[np.arange(60), labels] = 0.98
    shares[7] = (0.01, 0.98, 0.01)
    pictures = Predictions([f"{i}.png" for i in range(60)], ("a", "b", "c"), labels, shares)
    told = PredictedPictures(pictures, np.broadcast_to(corners(), (60, 16, 16, 3)), np.arange(60))
    found = behind(told, [], eye("plain"))
    assert [(one.picture, one.label, one.predicted) for one in found.suspects] == [("7.png", 0, 1)]
    poor = replace(pictures, labels=(labels + (np.arange(60) % 2)) % 3)  # right on half of them
    assert not behind(replace(told, predictions=poor), [], eye("plain")).suspects
