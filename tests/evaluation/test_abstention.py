import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.evaluation.abstention import answered_by, choose_threshold, needed
from olhar.evaluation.predictions import Predictions


@pytest.mark.parametrize(("asked", "pictures"), [(0.99, 299), (0.95, 59), (0.9, 29), (0.5, 5)])
def test_so_many_pictures_without_a_mistake_show_so_much(asked, pictures):
    assert needed(asked) == pictures
    sure = np.linspace(0.9, 1, pictures)
    assert choose_threshold(sure, np.ones(pictures, bool), asked) is not None
    assert choose_threshold(sure[1:], np.ones(pictures - 1, bool), asked) is None
    assert needed(asked, 2.0) >= 2 * pictures - 1


def test_answers_that_are_all_right_are_all_given():
    found = choose_threshold(np.linspace(0.5, 1, 400), np.ones(400, bool), 0.99)
    assert found is not None
    assert (found.confidence, found.answered, found.right, found.chosen_on) == (0.5, 400, 400, 400)


def test_the_unsure_half_is_left_out_where_it_is_often_wrong():
    confidence = np.linspace(0.5, 1, 1000)
    found = choose_threshold(confidence, (confidence > 0.75) | (np.arange(1000) % 2 == 0), 0.95)
    assert found is not None
    assert 0.69 < found.confidence < 0.76
    assert found.right / found.answered > 0.95


def test_nothing_is_promised_where_confidence_tells_nothing():
    assert choose_threshold(np.linspace(0.5, 1, 1000), np.arange(1000) % 5 > 0, 0.95) is None


def test_what_was_asked_is_kept_nearly_always_and_not_half_of_the_time():
    """Two hundred times: choose on 600 pictures of a calibrated model, and see what the threshold keeps of very many."""
    rng, kept = np.random.default_rng(0), []
    many = rng.beta(6, 1, 200_000)
    for _ in range(200):
        confidence = rng.beta(6, 1, 600)
        found = choose_threshold(confidence, rng.random(600) < confidence, 0.95)
        if found is not None:
            kept.append(many[many >= found.confidence].mean() >= 0.95)
    assert sum(kept) > 30
    assert len(kept) - sum(kept) <= 10


@settings(max_examples=60)
@given(st.integers(0, 400), st.floats(0.5, 0.99), st.integers(0, 1000))
def test_whatever_the_answers_a_threshold_surely_keeps_what_was_asked_on_its_own_pictures(n, asked, seed):
    rng = np.random.default_rng(seed)
    confidence = np.round(rng.random(n), 2)
    found = choose_threshold(confidence, rng.random(n) < confidence, asked)
    if found is not None:
        assert found.answered == (confidence >= found.confidence).sum()
        assert found.right / found.answered > asked


def test_what_it_comes_to_is_counted_on_pictures_of_known_class():
    shares = np.array([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.95, 0.05]], np.float32)
    found = choose_threshold(np.linspace(0.7, 1, 60), np.ones(60, bool), 0.95)
    assert found is not None
    told = answered_by(Predictions(["a", "b", "c", "d"], ("x", "y"), np.array([0, 0, 0, -1]), shares), found)
    assert (told.coverage.value, told.coverage.n) == (2 / 3, 3)
    assert told.accuracy is not None
    assert (told.accuracy.value, told.accuracy.n) == (0.5, 2)
