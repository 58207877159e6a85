import numpy as np
import pytest
from scipy.stats import norm

from olhar.evaluation.compare.recipe_difference import Spread, recipe_difference


def drawn(rng, seeds: int, n: int, between: float, ease, own: float = 0.5) -> np.ndarray:
    """bool (R, N): answers of a probit model of pictures' ease, the recipe's own taste, seeds and luck."""
    taste = ease + rng.normal(0, own, n)
    return taste + rng.normal(0, between, (seeds, 1)) + rng.normal(0, 1, (seeds, n)) > 0


def test_the_parts_of_the_variance_are_those_of_an_analysis_of_variance():
    rng = np.random.default_rng(0)
    first, second = (drawn(rng, seeds, 60, 0.3, rng.normal(1, 1, 60)) for seeds in (4, 6))
    spread = Spread.of(first, second)
    for rights, part in ((first.astype(float), spread.first), (second.astype(float), spread.second)):
        seeds, n = rights.shape
        within = rights - rights.mean(1, keepdims=True) - rights.mean(0) + rights.mean()
        residual = (within**2).sum() / ((seeds - 1) * (n - 1))
        assert part.seen == pytest.approx(rights.mean(1).var(ddof=1) / seeds)
        assert part.luck == pytest.approx(residual / (seeds * n))
    off = second.mean(0) - first.mean(0)
    assert spread.pictures == pytest.approx(off.var(ddof=1) / 60 + (1 / 4 + 1 / 6) / 60**2)


@pytest.mark.parametrize("n", [100, 600])
@pytest.mark.parametrize("between", [0.0, 0.1, 0.3])
@pytest.mark.parametrize("seeds", [(3, 3), (5, 3)])
def test_of_two_equal_recipes_nothing_is_told_in_95_of_100(n, between, seeds):
    rng, told = np.random.default_rng([n, int(10 * between), *seeds]), 0
    for _ in range(200):
        ease = rng.normal(2, 1.6, n)
        told += recipe_difference(drawn(rng, seeds[0], n, between, ease), drawn(rng, seeds[1], n, between, ease)).told
    assert told <= 0.075 * 200


def test_the_interval_holds_a_true_difference():
    rng, held = np.random.default_rng(3), 0
    true = norm.cdf(2.3 / np.sqrt(1.01 + 2.25 + 0.25)) - norm.cdf(2 / np.sqrt(1.01 + 2.25 + 0.25))
    for _ in range(200):
        ease = rng.normal(0, 1.5, 500)
        told = recipe_difference(drawn(rng, 3, 500, 0.1, ease + 2), drawn(rng, 3, 500, 0.1, ease + 2.3))
        held += told.low <= true <= told.high
    assert held >= 0.93 * 200


def test_one_lucky_seed_is_no_better_recipe():
    """Pictures alone would tell the two apart: seeds are what keeps it open."""
    rng = np.random.default_rng(0)
    first = np.stack([rng.random(2000) < share for share in (0.80, 0.86, 0.83)])
    second = np.stack([rng.random(2000) < share for share in (0.84, 0.90, 0.87)])
    told = recipe_difference(first, second)
    assert not told.told
    assert told.high - told.low > 0.05


def test_groups_widen_the_interval():
    rng = np.random.default_rng(0)
    group = np.repeat(np.arange(60), 5)
    first, second = (drawn(rng, 3, 60, 0, rng.normal(1, 1, 60))[:, group] for _ in range(2))
    apart, together = recipe_difference(first, second), recipe_difference(first, second, group)
    assert together.high - together.low > 1.5 * (apart.high - apart.low)
    assert together.groups == 60


def test_where_all_is_right_the_interval_is_no_point():
    told = recipe_difference(np.ones((3, 50), bool), np.ones((3, 50), bool))
    assert told.low < 0 < told.high
    assert told.p == 1


def test_of_fewer_than_five_pictures_nothing_is_said():
    assert not recipe_difference(np.zeros((3, 4), bool), np.ones((3, 4), bool)).told


@pytest.mark.parametrize("shapes", [((2, 9), (3, 9)), ((3, 0), (3, 0))])
def test_fewer_than_three_seeds_or_no_pictures_are_refused(shapes):
    with pytest.raises(ValueError, match="seeds on"):
        recipe_difference(*(np.ones(shape, bool) for shape in shapes))
