import numpy as np
import pytest

from olhar.bundle.class_distance import class_distance
from olhar.bundle.unlike_score import FEWEST, unlikeness
from tests.bundle.test_class_distance import clouds

SURE = np.array([[0.98, 0.01, 0.01]], np.float32)


def held_back(n: int, seed: int) -> np.ndarray:
    return np.random.default_rng(seed).exponential(1, n).astype(np.float32)


@pytest.mark.parametrize("n", [60, 200, 2000])
def test_one_in_a_hundred_of_further_pictures_is_flagged(n):
    far = class_distance(*clouds(0))
    alarms = []
    for seed in range(60):
        found = unlikeness({"features": far}, {"features": held_back(n, seed)}, np.repeat(SURE, n, axis=0))
        further = held_back(4000, 1000 + seed)
        alarms.append((found.of_distances({"features": further}, np.repeat(SURE, 4000, axis=0)) > 1).mean())
    assert 0.005 < np.mean(alarms) < 0.02


def test_the_usual_picture_is_at_0_and_the_threshold_at_1():
    numbers = held_back(2001, 0)
    found = unlikeness({"features": class_distance(*clouds(0))}, {"features": numbers}, np.repeat(SURE, 2001, axis=0))
    scores = found.of_distances({"features": numbers}, np.repeat(SURE, 2001, axis=0))
    assert np.median(scores) == pytest.approx(0, abs=1e-6)
    assert (scores > 1).sum() in (19, 20)  # the twentieth is the threshold itself
    assert found.chosen_on == 2001


def test_doubt_adds_to_it_but_flags_nothing_alone():
    numbers = held_back(500, 0)
    found = unlikeness({"features": class_distance(*clouds(0))}, {"features": numbers}, np.repeat(SURE, 500, axis=0))
    usual = {"features": np.array([np.median(numbers)] * 2)}
    sure, unsure = found.of_distances(usual, np.array([[0.98, 0.01, 0.01], [0.34, 0.33, 0.33]]))
    assert sure < unsure < 1


def test_with_few_pictures_nothing_is_told():
    far = {"features": held_back(FEWEST - 1, 0)}
    assert unlikeness({"features": class_distance(*clouds(0))}, far, np.repeat(SURE, FEWEST - 1, axis=0)) is None


def test_pictures_that_are_all_alike_give_a_threshold_too():
    found = unlikeness({"features": class_distance(*clouds(0))}, {"features": np.zeros(50)}, np.repeat(SURE, 50, axis=0))
    scores = found.of_distances({"features": np.array([0.0, 1.0])}, np.repeat(SURE, 2, axis=0))
    assert scores[0] <= 1 < scores[1]
