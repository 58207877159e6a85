import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn import metrics as sklearn_metrics

from olhar.base.texts import speaking
from olhar.evaluation.folds import MeanAndSpread
from olhar.evaluation.metrics import Interval, Metrics, measure, wilson
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
