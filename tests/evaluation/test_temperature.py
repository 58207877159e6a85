import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.evaluation.calibration import calibration
from olhar.evaluation.temperature import temperature


def softmax(logits):
    shares = np.exp(logits - logits.max(axis=1, keepdims=True))
    return (shares / shares.sum(axis=1, keepdims=True)).astype(np.float32)


def drawn(n, scale, seed):
    """Logits, and labels drawn by the probabilities that they give once divided by ``scale``."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (n, 4)) * scale
    labels = (softmax(logits / scale).cumsum(axis=1) > rng.random(n)[:, None]).argmax(axis=1)
    return logits, labels


@settings(max_examples=20)
@given(st.floats(0.3, 4), st.integers(0, 100))
def test_logits_that_are_too_large_are_divided_by_as_much(scale, seed):
    logits, labels = drawn(4000, scale, seed)
    assert temperature(logits, labels) == pytest.approx(scale, rel=0.12)


def test_confidence_becomes_accuracy():
    logits, labels = drawn(6000, 3.0, 1)
    assert calibration(softmax(logits), labels).ece > 0.1
    assert calibration(softmax(logits / temperature(logits, labels)), labels).ece < 0.03


def test_a_few_pictures_answered_rightly_are_no_reason_to_be_certain():
    logits = np.array([[2.0, 0.0]] * 5)
    assert 0.2 < temperature(logits, np.zeros(5, np.int64)) < 1


def test_without_pictures_nothing_changes():
    assert temperature(np.zeros((0, 3)), np.zeros(0, np.int64)) == 1.0
