"""What eight bits cost: shares before and after, and when it is too much."""

import numpy as np
import pytest

from olhar.exports.tflite.int8.cost import Int8Cost


def shares(*answers: int):
    return np.eye(3, dtype=np.float32)[list(answers)]


def test_shares_before_and_after():
    cost = Int8Cost.of(shares(0, 1, 2, 0), shares(0, 1, 1, 1), np.array([0, 1, 2, -1]))
    assert (cost.n, cost.other, cost.labelled) == (4, 2, 3)
    assert cost.accuracy == (1, pytest.approx(2 / 3))
    assert (cost.agreement, cost.difference, cost.lost, cost.won) == (0.5, 1, 1, 0)


def test_one_lost_answer_of_few_is_chance():
    assert not Int8Cost.of(shares(0, 1, 2, 0), shares(1, 1, 2, 0), np.array([0, 1, 2, 0])).too_much


@pytest.mark.parametrize("known", [True, False])
def test_many_lost_answers_are_too_much(known):
    before, after = shares(*[0] * 60), shares(*[0] * 50, *[1] * 10)
    labels = np.zeros(60, np.int64) if known else np.full(60, -1)
    cost = Int8Cost.of(before, after, labels)
    assert cost.too_much
    assert cost.labelled == (60 if known else 0)


def test_answers_that_change_both_ways_are_no_fall():
    before, after = shares(*[0] * 10, *[1] * 10, *[0] * 40), shares(*[1] * 10, *[0] * 10, *[0] * 40)
    cost = Int8Cost.of(before, after, np.zeros(60, np.int64))
    assert (cost.lost, cost.won, cost.too_much) == (10, 10, False)
