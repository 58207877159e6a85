import numpy as np
import pytest

from olhar.evaluation.choosing import best_order, counts, doubtful, mcnemar, sign_test


def test_the_best_order_is_the_one_that_answers_most_rightly():
    labels = np.array([0, 0, 0, 1, 1, 2, 2, 2], np.int64)
    shares = np.eye(4, dtype=np.float32)[[3, 3, 0, 0, 0, 1, 1, 3]]
    order = best_order(labels, shares, 3)
    assert order.tolist() == [3, 0, 1]
    assert doubtful(counts(labels, shares.argmax(1), 3, 4), order) == [0, 1, 2]


def test_chance_is_told_from_more_than_chance():
    assert sign_test(0, 0) == 1.0
    assert sign_test(5, 5) == 1.0
    assert sign_test(10, 0) == pytest.approx(2 / 1024)
    one, other = np.array([True] * 12 + [False] * 3), np.array([False] * 12 + [True, False, False])
    assert mcnemar(one, other) == pytest.approx(2 * 14 / 2**13)


def test_an_order_that_many_pictures_show_is_not_doubtful():
    labels = np.repeat(np.arange(3), 20)
    shares = np.eye(3, dtype=np.float32)[np.repeat([2, 0, 1], 20)]
    order = best_order(labels, shares, 3)
    assert order.tolist() == [2, 0, 1]
    assert doubtful(counts(labels, shares.argmax(1), 3, 3), order) == []
