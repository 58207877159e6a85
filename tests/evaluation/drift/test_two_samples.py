"""Two samples: the distances and probabilities are those of the methods that bear their names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from olhar.evaluation.drift.two_samples import distance, distance_p, energy_p, mix_distance, mix_p, needed_distance, strangers

FINITE = st.lists(st.integers(-50, 50), min_size=1, max_size=40)


@given(FINITE, FINITE)
def test_the_distance_is_that_of_kolmogorov_and_smirnov_ties_and_all(a, b):
    found = distance(np.sort(np.array(a, float)), 0.0, np.array(b, float))
    by_hand = max(abs(np.mean(np.array(a) <= point) - np.mean(np.array(b) <= point)) for point in (*a, *b))
    assert found == pytest.approx(by_hand)


def test_its_probability_is_the_asymptotic_one():
    a, b = np.random.default_rng(0).normal(0, 1, (2, 200))
    found = distance(np.sort(a), 0.0, b + 0.2)
    assert distance_p(found, 200, 200) == pytest.approx(stats.kstwobign.sf(10 * found))
    assert distance_p(needed_distance(0.01, 300, 80), 300, 80) == pytest.approx(0.01)


def test_a_mix_by_permutation_agrees_with_the_chi_squared_law():
    table = np.array([[100, 80, 60], [30, 40, 50]])
    assert mix_p(*table) == pytest.approx(stats.chi2_contingency(table).pvalue, abs=0.01)
    assert mix_distance(*table) == pytest.approx(0.5 * np.abs(table[0] / 240 - table[1] / 120).sum())


@pytest.mark.parametrize("test", ["energy", "mix"])
def test_under_chance_alone_a_twentieth_of_the_probabilities_lies_below_a_twentieth(test):
    found = []
    for seed in range(120):
        rng = np.random.default_rng(seed)
        if test == "energy":
            found.append(energy_p(rng.normal(0, 1, (30, 4)), rng.normal(0, 1, (20, 4))))
        else:
            found.append(mix_p(rng.multinomial(60, [0.2, 0.3, 0.5]), rng.multinomial(40, [0.2, 0.3, 0.5])))
    assert np.mean(np.array(found) <= 0.05) <= 0.11
    assert 0.35 < np.mean(np.array(found) <= 0.5) < 0.65


def test_vectors_that_moved_are_seen_and_are_strangers():
    rng = np.random.default_rng(1)
    here, there = rng.normal(3, 1, (40, 4)), rng.normal(0, 1, (60, 4))
    assert energy_p(there, here) == pytest.approx(1 / 2000)
    assert strangers(there, here, 0.95) > 0.8
    assert strangers(there, rng.normal(0, 1, (200, 4)), 0.95) < 0.15
