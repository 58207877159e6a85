import math

import numpy as np
import pytest

from olhar.evaluation.compare.paired import PairedCounts, paired_difference
from olhar.evaluation.compare.power import Needed, more_for_recipes, more_pictures
from olhar.evaluation.compare.recipe_difference import Spread, recipe_difference

ONLY_ONE = np.repeat([[False, True, True], [True, False, True]], [28, 20, 152], axis=1)
"""Answers of two models: 28 that only the second gives rightly, 20 only the first, 152 both."""


def test_with_so_many_more_pictures_four_of_five_test_sets_tell():
    second, first, n = 30, 20, 500
    wanted = more_pictures(PairedCounts(second, first, n, math.inf), n)
    assert wanted is not None
    total, rng, told = n + wanted.n, np.random.default_rng(0), 0
    for more, less, alike in rng.multinomial(total, [second / n, first / n, 1 - (second + first) / n], 300).tolist():
        answers = np.repeat([[False, True], [True, False], [True, True]], [more, less, alike], axis=0)
        told += paired_difference(answers[:, 0], answers[:, 1]).told
    assert 0.72 * 300 <= told <= 0.9 * 300


def test_no_difference_and_one_out_of_reach_want_nothing():
    assert more_pictures(PairedCounts(9, 9, 100, math.inf), 100) is None
    assert more_pictures(PairedCounts(201, 200, 1000, math.inf), 1000) is None


def test_two_digits_are_all_that_is_known():
    wanted = more_pictures(PairedCounts(30, 20, 500, math.inf), 500)
    assert wanted == Needed("pictures", 1500)


def recipes(shares: list[list[float]], n: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    first, second = (np.stack([rng.random(n) < share for share in own]) for own in shares)
    return first, second


def test_where_seeds_keep_it_open_more_seeds_are_wanted():
    first, second = recipes([[0.80, 0.86, 0.83], [0.84, 0.90, 0.87]], 20_000)
    wanted = more_for_recipes(recipe_difference(first, second), Spread.of(first, second))
    assert wanted is not None
    assert wanted.what == "seeds"
    assert 4 <= wanted.n <= 12


def test_where_pictures_keep_it_open_more_pictures_are_wanted():
    """Seeds that answer all alike: no number of them would tell."""
    first, second = (np.repeat(rights[None], 3, axis=0) for rights in ONLY_ONE)
    wanted = more_for_recipes(recipe_difference(first, second), Spread.of(first, second))
    assert wanted is not None
    assert wanted.what == "pictures"
    assert 900 <= wanted.n <= 1200  # (2.8 / 0.04)**2 * 0.24 is 1176 pictures in all


def test_equal_recipes_want_nothing():
    same = np.repeat(np.arange(50)[None] % 3 > 0, 3, axis=0)
    assert more_for_recipes(recipe_difference(same, same), Spread.of(same, same)) is None


@pytest.mark.parametrize(("second", "first"), [(5, 0), (1, 0)])
def test_it_is_said_for_the_fewest_pictures_too(second, first):
    wanted = more_pictures(PairedCounts(second, first, 20, math.inf), 20)
    assert wanted is not None
    assert wanted.n >= 1
