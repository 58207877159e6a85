import numpy as np
import pytest

from olhar.evaluation.significance import mcnemar, sign_test


def test_chance_is_told_from_more_than_chance():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 5) == 1.0
    assert sign_test(10, 0) == pytest.approx(2 / 1024)
    one, other = np.array([True] * 12 + [False] * 3), np.array([False] * 12 + [True, False, False])
    assert mcnemar(one, other) == pytest.approx(2 * 14 / 2**13)
