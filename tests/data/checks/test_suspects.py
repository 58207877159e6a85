import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.data.checks.suspects import confident, suspects, thresholds


def told(truth: np.ndarray, classes: int, sure: float, seed: int) -> np.ndarray:
    """Probabilities of a model that mostly knows the truth, whatever the labels say."""
    rng = np.random.default_rng(seed)
    noise = rng.dirichlet(np.ones(classes), len(truth))
    return (sure * np.eye(classes)[truth] + (1 - sure) * noise).astype(np.float32)


def swapped(truth: np.ndarray, classes: int, share: float, seed: int) -> tuple[np.ndarray, set[int]]:
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(truth))[: round(share * len(truth))]
    labels = truth.copy()
    labels[rows] = (labels[rows] + rng.integers(1, classes, len(rows))) % classes
    return labels, set(rows.tolist())


@pytest.mark.parametrize("classes", [2, 3, 10])
def test_labels_swapped_on_purpose_are_found_and_the_truth_is_proposed(classes):
    truth = np.random.default_rng(0).integers(0, classes, 1000)
    labels, wrong = swapped(truth, classes, 0.05, 1)
    found = suspects(labels, told(truth, classes, 0.7, 2))
    rows = {case.rows[0] for case in found}
    assert len(rows & wrong) >= 0.4 * len(wrong)  # half of them, whatever their noise, lie above the mean
    assert len(rows & wrong) >= 0.95 * len(rows)
    assert all(case.label == truth[case.rows[0]] for case in found if case.rows[0] in wrong)
    assert [case.score for case in found] == sorted((case.score for case in found), reverse=True)


def test_where_every_answer_is_the_label_nothing_is_suspect():
    labels = np.arange(60) % 3
    assert suspects(labels, np.eye(3, dtype=np.float32)[labels]) == ()


def test_pictures_are_counted_as_in_the_paper():
    """Two classes: thresholds are the mean self-confidences, 0.6 and 0.7."""
    labels = np.array([0, 0, 0, 1, 1, 1])
    ones = np.array([0.1, 0.3, 0.8, 0.9, 0.9, 0.3])
    probabilities = np.stack([1 - ones, ones], axis=1).astype(np.float32)
    assert thresholds(labels, probabilities).tolist() == pytest.approx([0.6, 0.7])
    assert confident(labels, probabilities).tolist() == [0, 0, 1, 1, 1, 0]


def test_a_class_of_a_few_pictures_is_not_judged_and_one_without_any_takes_nothing():
    labels = np.array([0] * 40 + [1] * 5)
    probabilities = np.tile(np.array([[0.9, 0.05, 0.05]], np.float32), (45, 1))
    assert suspects(labels, probabilities) == ()


@settings(max_examples=60)
@given(st.integers(2, 6), st.integers(1, 80), st.integers(0, 10**6))
def test_whatever_comes_in_each_suspect_is_a_picture_that_the_models_call_otherwise(classes, n, seed):
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, classes, n)
    probabilities = rng.dirichlet(np.full(classes, 0.3), n).astype(np.float32)
    found = suspects(labels, probabilities)
    rows = [case.rows[0] for case in found]
    assert len(set(rows)) == len(rows)
    for case in found:
        assert case.label == probabilities[case.rows[0]].argmax() != labels[case.rows[0]]
        assert case.score == pytest.approx(1 - case.values["own"], abs=1e-6)
    order = rng.permutation(n)
    again = suspects(labels[order], probabilities[order])
    assert sorted(order[case.rows[0]] for case in again) == sorted(rows)
