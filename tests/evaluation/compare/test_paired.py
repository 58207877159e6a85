import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest, chi2, norm

from olhar.base.texts import speaking
from olhar.evaluation.compare.paired import PairedCounts, exact_p, paired_difference, points, score_p, tango
from olhar.evaluation.significance import sign_test

Z = float(norm.ppf(0.975))
COUNTS = st.tuples(st.integers(0, 60), st.integers(0, 60), st.integers(0, 200)).filter(lambda counts: sum(counts) > 0)


def counts(second: float, first: float, alike: float = 0) -> PairedCounts:
    return PairedCounts(second, first, second + first + alike, math.inf)


def answered(second: int, first: int, alike: int) -> tuple[np.ndarray, np.ndarray]:
    """Answers of two models of which so many only the second, only the first, or both give rightly."""
    only_second = np.repeat([True, False, True], [second, first, alike])
    return np.repeat([False, True, True], [second, first, alike]), only_second


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_exact_test_is_the_binomial_one(second, first):
    expected = binomtest(second, second + first).pvalue if second + first else 1.0
    assert exact_p(counts(second, first)) == pytest.approx(expected, rel=1e-9)
    assert exact_p(counts(second, first)) == pytest.approx(sign_test(second, first), rel=1e-9)


@given(st.integers(0, 300), st.integers(0, 300))
def test_the_score_test_is_chi_squared(second, first):
    statistic = (second - first) ** 2 / (second + first) if second + first else 0.0
    assert score_p(counts(second, first)) == pytest.approx(chi2.sf(statistic, 1), rel=1e-6, abs=1e-12)


def score(second: int, first: int, n: int, difference: float) -> float:
    """The score at a difference, the nuisance share found by maximising the likelihood, not by Tango's closed form."""

    def unlikely(share: float) -> float:
        cells = ((second, share + difference), (first, share), (n - second - first, 1 - 2 * share - difference))
        return -sum(count * math.log(max(chance, 1e-300)) for count, chance in cells if count)

    low, high = max(0.0, -difference), (1 - difference) / 2
    share = minimize_scalar(unlikely, bounds=(low, high), method="bounded", options={"xatol": 1e-12}).x
    return (second - first - n * difference) / math.sqrt(n * (2 * share + difference * (1 - difference)))


@pytest.mark.parametrize(("second", "first", "n"), [(12, 5, 60), (3, 9, 40), (1, 2, 15), (40, 41, 500), (8, 1, 1000)])
def test_the_interval_ends_where_the_score_of_the_likeliest_nuisance_is_that_of_95_percent(second, first, n):
    low, high = tango(counts(second, first, n - second - first), Z)
    assert score(second, first, n, low) == pytest.approx(Z, abs=1e-3)
    assert score(second, first, n, high) == pytest.approx(-Z, abs=1e-3)


@given(COUNTS)
def test_an_interval_holds_the_difference_and_leaves_out_zero_only_where_the_test_does(given_counts):
    first, second = answered(*given_counts)
    told = paired_difference(first, second)
    assert -1 <= told.low <= told.value <= told.high <= 1
    assert told.told == (told.p < 0.05)
    turned = paired_difference(second, first)
    assert (turned.value, turned.low, turned.high) == pytest.approx((-told.value, -told.high, -told.low), abs=1e-9)
    assert told.turned() == pytest.approx(turned) or told.turned().low == pytest.approx(turned.low, abs=1e-9)


@pytest.mark.parametrize("n", [30, 100, 400])
@pytest.mark.parametrize(("more", "less"), [(0.05, 0.05), (0.12, 0.05), (0.2, 0.15), (0.03, 0.01)])
def test_95_of_100_intervals_hold_the_true_difference(n, more, less):
    rng, held = np.random.default_rng([n, int(100 * more)]), 0
    for second, first, alike in rng.multinomial(n, [more, less, 1 - more - less], 400).tolist():
        told = paired_difference(*answered(second, first, alike))
        held += told.low <= more - less <= told.high
    assert held >= 0.93 * 400


@pytest.mark.parametrize("groups", [8, 30, 100])
def test_95_of_100_intervals_hold_it_where_pictures_come_in_groups(groups):
    rng, held = np.random.default_rng(groups), 0
    for _ in range(300):
        group = np.repeat(np.arange(groups), rng.integers(1, 9, groups))
        together, alone = rng.choice([-1, 0, 1], (2, groups), p=[0.1, 0.8, 0.1])[0][group], rng.choice([-1, 0, 1], len(group))
        signs = np.where(rng.random(len(group)) < 0.7, together, alone)
        told = paired_difference(signs < 0, signs > 0, group)
        held += told.low <= 0 <= told.high
    assert held >= 0.93 * 300


def test_copies_say_no_more_than_one_of_them():
    first, second = answered(18, 6, 100)
    once = paired_difference(first, second)
    thrice = paired_difference(np.repeat(first, 3), np.repeat(second, 3), np.repeat(np.arange(124), 3))
    assert (thrice.value, thrice.n, thrice.groups) == (once.value, 372, 124)
    assert (thrice.low, thrice.high) == pytest.approx((once.low, once.high), abs=0.004)
    assert thrice.low <= once.low
    assert paired_difference(np.repeat(first, 3), np.repeat(second, 3)).low > once.low


def test_of_fewer_than_five_groups_nothing_is_said():
    first, second = answered(30, 0, 2)
    told = paired_difference(first, second, np.arange(32) % 4)
    assert (told.low, told.high, told.p, told.told) == (-1, 1, 1, False)


def test_folds_count_two_answers_as_one():
    first, second = answered(40, 20, 200)
    alone, folds = paired_difference(first, second), paired_difference(first, second, design=2)
    assert folds.high - folds.low == pytest.approx((alone.high - alone.low) * math.sqrt(2), rel=0.05)


def test_without_pictures_there_is_no_difference():
    with pytest.raises(ValueError, match="no pictures"):
        paired_difference(np.zeros(0, bool), np.zeros(0, bool))


def test_points_have_one_place_and_what_is_not_zero_is_not_shown_as_zero():
    assert [points(share) for share in (0.012, -0.0123, 0, 0.0004, -0.0004, 0.00001)] == [
        "1.2",
        "−1.2",
        "0.0",
        "0.04",
        "−0.04",
        "0.00",
    ]
    with speaking("pt-BR"):
        assert points(0.1234) == "12,3"
        assert str(paired_difference(*answered(9, 1, 10))) == "40,0 (10,5 a 63,0)"
