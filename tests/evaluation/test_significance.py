import numpy as np
import pytest

from olhar.evaluation.significance import mcnemar, sign_flips, sign_test


def test_chance_is_told_from_more_than_chance():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 5) == 1.0
    assert sign_test(10, 0) == pytest.approx(2 / 1024)
    one, other = np.array([True] * 12 + [False] * 3), np.array([False] * 12 + [True, False, False])
    assert mcnemar(one, other) == pytest.approx(2 * 14 / 2**13)


def test_differences_that_lean_one_way_are_told_from_those_that_do_not():
    leaning, even = np.full(12, 0.5), np.array([1.0, -1.0] * 20)
    assert sign_flips(np.zeros(5)) == sign_flips(np.array([])) == 1.0
    assert sign_flips(even) == 1.0
    assert sign_flips(leaning) == pytest.approx(2 / 2**12, abs=5e-4)
    assert sign_flips(leaning) == sign_flips(-leaning) == sign_flips(3 * leaning)


def test_one_large_difference_is_not_made_up_for_by_small_ones():
    small = np.full(30, 0.01)
    assert sign_flips(small) < 0.001
    assert sign_flips(np.append(small, -0.4)) > 0.3
