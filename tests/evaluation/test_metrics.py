import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from olhar.base.texts import speaking
from olhar.evaluation.folds import MeanAndSpread
from olhar.evaluation.intervals import Interval, wilson
from olhar.evaluation.measuring import measure
from olhar.evaluation.metrics import Metrics
from olhar.evaluation.predictions import Predictions


def predictions(n: int, classes: int, seed: int) -> Predictions:
    rng = np.random.default_rng(seed)
    shares = rng.dirichlet(np.ones(classes), n).astype(np.float32)
    names = tuple(f"c{k}" for k in range(classes))
    return Predictions([f"{i}.png" for i in range(n)], names, rng.integers(0, classes, n), shares)


@settings(max_examples=60)
@given(st.integers(2, 300), st.integers(2, 12), st.integers(0, 1000))
def test_all_numbers_are_scikit_learn_s(n, classes, seed):
    found = predictions(n, classes, seed)
    ours, labels, answers = measure(found), found.labels, found.predicted
    assert ours.accuracy.value == pytest.approx(sklearn_metrics.accuracy_score(labels, answers))
    every = list(range(classes))
    assert np.array_equal(ours.confusion, sklearn_metrics.confusion_matrix(labels, answers, labels=every))
    table = sklearn_metrics.precision_recall_fscore_support(labels, answers, labels=every, zero_division=0)
    assert [one.precision for one in ours.by_class] == pytest.approx(table[0])
    assert [one.recall for one in ours.by_class] == pytest.approx(table[1])
    assert [one.f1 for one in ours.by_class] == pytest.approx(table[2])
    assert [one.support for one in ours.by_class] == table[3].tolist()
    assert ours.macro_f1 == pytest.approx(sklearn_metrics.f1_score(labels, answers, average="macro", zero_division=0))
    shares = found.probabilities.astype(float)
    shares /= shares.sum(axis=1, keepdims=True)
    assert ours.loss == pytest.approx(sklearn_metrics.log_loss(labels, shares, labels=every), rel=1e-4)


def test_an_interval_is_wilson_s():
    found = wilson(81, 100)
    assert (found.value, found.n) == (0.81, 100)
    assert (found.low, found.high) == pytest.approx((0.7222, 0.8749), abs=1e-4)
    assert wilson(0, 10).low == pytest.approx(0, abs=1e-9)
    assert wilson(10, 10).high == pytest.approx(1)
    assert wilson(10, 10).low < 0.75


def test_an_interval_and_a_spread_are_written_as_the_reader_writes_numbers():
    interval, spread = Interval(0.405, 0.358, 0.454, 400), MeanAndSpread(0.405, 0.0123)
    with speaking("en"):
        assert str(interval) == "40.5% (35.8% to 45.4%)"
        assert str(spread) == "40.5% on average, standard deviation 1.2 points"
    with speaking("pt-BR"):
        assert str(interval) == "40,5% (35,8% a 45,4%)"
        assert str(spread) == "40,5% em média, desvio padrão de 1,2 ponto"
    assert str(wilson(194, 194)).startswith("100.0% (98.1% to 100.0%")


def test_the_interval_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits = [wilson(int(rng.binomial(200, 0.9)), 200) for _ in range(2000)]
    covered = sum(one.low <= 0.9 <= one.high for one in hits) / 2000
    assert 0.93 <= covered <= 0.97


def test_pictures_of_unknown_class_are_passed_over():
    found = predictions(20, 3, 0)
    some = Predictions(found.pictures, found.classes, np.where(np.arange(20) < 5, found.labels, -1), found.probabilities)
    assert measure(some).accuracy.n == 5
    with pytest.raises(ValueError, match="no picture"):
        measure(Predictions(found.pictures, found.classes, np.full(20, -1), found.probabilities))


def test_metrics_survive_being_written():
    ours = measure(predictions(50, 4, 1))
    again = Metrics.from_dict(json.loads(json.dumps(ours.to_dict())))
    assert again.accuracy == ours.accuracy
    assert again.by_class == ours.by_class
    assert np.array_equal(again.confusion, ours.confusion)


@settings(max_examples=40)
@given(st.integers(20, 300), st.integers(2, 12), st.integers(0, 1000))
def test_the_numbers_that_look_at_probabilities_are_scikit_learn_s(n, classes, seed):
    found = predictions(n, classes, seed)
    ours, labels, every = measure(found), found.labels, list(range(classes))
    shares = found.probabilities.astype(float)
    shares /= shares.sum(axis=1, keepdims=True)
    true = np.unique(labels)  # balanced_accuracy_score is this, with a warning where other classes were answered
    recall = sklearn_metrics.recall_score(labels, found.predicted, labels=true, average="macro")
    assert ours.balanced_accuracy == pytest.approx(recall)
    scores = sklearn_metrics.precision_recall_fscore_support(labels, found.predicted, average="weighted", zero_division=0)
    weighted = ours.weighted
    assert [weighted.precision.value, weighted.recall.value, weighted.f1.value] == pytest.approx(scores[:3])
    truth = shares[:, 1] if classes == 2 else shares
    assert ours.calibration.brier == pytest.approx(sklearn_metrics.brier_score_loss(labels, truth, labels=every), abs=1e-6)
    for one in ours.top:
        assert one.accuracy.value == pytest.approx(sklearn_metrics.top_k_accuracy_score(labels, shares, k=one.k, labels=every))
    for k, one in enumerate(ours.by_class):
        if one.auc is not None:
            own = found.probabilities[:, k]
            assert one.auc == pytest.approx(sklearn_metrics.roc_auc_score(labels == k, own))
            assert one.average_precision == pytest.approx(sklearn_metrics.average_precision_score(labels == k, own))


def test_the_first_five_are_told_from_ten_classes_on():
    assert [one.k for one in measure(predictions(50, 10, 0)).top] == [1, 5]
    assert measure(predictions(50, 9, 0)).top == ()


def test_calibration_is_by_hand_what_it_says():
    """Ten answers of 0.72 of which seven are right, ten of 0.92 of which all are: 0.5 * 0.02 + 0.5 * 0.08."""
    sure = np.repeat([0.72, 0.92], 10).astype(np.float32)
    labels = np.array([0] * 7 + [1] * 3 + [0] * 10)
    found = Predictions([""] * 20, ("a", "b"), labels, np.stack([sure, 1 - sure], axis=1))
    told = measure(found).calibration
    assert told.ece == pytest.approx(0.05, abs=1e-6)
    assert [(one.n, one.accuracy.value) for one in told.bins] == [(10, 0.7), (10, 1.0)]
    assert sum(one.low < one.confidence <= one.high for one in told.bins) == 2


def test_a_class_without_pictures_has_no_interval():
    found = predictions(30, 3, 2)
    two = Predictions(found.pictures, found.classes, found.labels % 2, found.probabilities)
    third = measure(two).by_class[2]
    assert (third.support, third.recall, third.recall_interval, third.auc) == (0, 0.0, None, None)


def test_numbers_of_the_first_versions_can_still_be_read():
    stored = json.loads(json.dumps(measure(predictions(50, 4, 1)).to_dict()))
    for later in ("macro", "weighted", "balanced_accuracy", "top", "calibration"):
        del stored[later]
    stored["by_class"] = [
        {key: row[key] for key in ("key", "precision", "recall", "f1", "support")} for row in stored["by_class"]
    ]
    del stored["accuracy"]["groups"]
    found = Metrics.from_dict(stored)
    assert (found.macro, found.calibration, found.by_class[0].recall_interval) == (None, None, None)
    assert found.to_csv().splitlines()[-1].startswith("accuracy,")


def test_a_table_of_fractions_for_other_programs():
    found = measure(predictions(50, 4, 1))
    rows = [line.split(",") for line in found.to_csv().splitlines()]
    assert rows[0] == ["class", "precision", "precision_low", "precision_high", "recall", "recall_low", "recall_high",
                       "f1", "f1_low", "f1_high", "support"]  # fmt: skip
    assert [row[0] for row in rows[1:]] == ["c0", "c1", "c2", "c3", "accuracy", "macro avg", "weighted avg"]
    assert {len(row) for row in rows} == {11}
    assert float(rows[5][7]) == pytest.approx(found.accuracy.value, abs=1e-6)
    assert float(rows[6][8]) <= float(rows[6][7]) <= float(rows[6][9])
