import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from olhar.evaluation.averages import averages
from olhar.evaluation.confusion import Counts
from olhar.evaluation.intervals import FEWEST_GROUPS, f1_interval, share_of, wilson


def share(hits, groups=None, design=1.0):
    hits = np.asarray(hits, bool)
    return share_of(hits, np.ones(len(hits), bool), None if groups is None else np.asarray(groups), design)


def test_pictures_that_stand_for_themselves_have_wilson_s_interval():
    hits = np.arange(100) < 81
    assert share(hits) == wilson(81, 100) == share(hits, np.arange(100))


def test_where_there_are_no_pictures_there_is_no_share():
    assert share_of(np.ones(3, bool), np.zeros(3, bool)) is None


def test_groups_whose_pictures_are_all_alike_count_once_each():
    """Forty patients, ten pictures each, all of a patient right or all wrong: as sure as forty pictures, not four hundred."""
    groups = np.repeat(np.arange(40), 10)
    found = share(groups % 4 > 0, groups)
    assert (found.value, found.n, found.groups) == (0.75, 400, 40)
    assert (found.low, found.high) == pytest.approx((wilson(30, 40).low, wilson(30, 40).high), abs=0.01)


def test_groups_without_a_mistake_are_not_taken_for_independent():
    found = share(np.ones(400, bool), np.repeat(np.arange(40), 10))
    assert found.low == pytest.approx(wilson(40, 40).low, abs=1e-9)


def test_of_fewer_than_five_groups_nothing_is_known():
    found = share(np.arange(400) % 4 > 0, np.repeat(np.arange(FEWEST_GROUPS - 1), 100))
    assert (found.low, found.high, found.groups) == (0.0, 1.0, 4)


def test_answers_that_say_half_as_much_have_the_interval_of_half_as_many():
    found, half = share(np.arange(100) < 80, design=2.0), wilson(40, 50)
    assert (found.low, found.high, found.n) == (half.low, half.high, 100)


@settings(max_examples=60)
@given(st.lists(st.booleans(), min_size=1, max_size=60), st.integers(1, 12))
def test_an_interval_holds_its_own_value_and_groups_never_make_it_narrower(hits, groups):
    plain, grouped = share(hits), share(hits, np.arange(len(hits)) % groups)
    for one in (plain, grouped):
        assert 0 <= one.low <= one.value + 1e-9
        assert one.value - 1e-9 <= one.high <= 1
    assert grouped.high - grouped.low >= plain.high - plain.low - 1e-9


def test_intervals_of_groups_hold_the_truth():
    """Twenty patients of ten pictures, alike by 0.3, nine of ten right."""
    rng, held, plain = np.random.default_rng(0), 0, 0
    for _ in range(400):
        groups = np.repeat(np.arange(20), 10)
        hits = rng.random(200) < rng.beta(0.9 * 7 / 3, 0.1 * 7 / 3, 20)[groups]
        held += (found := share(hits, groups)).low <= 0.9 <= found.high
        plain += (apart := share(hits)).low <= 0.9 <= apart.high
    assert held / 400 > 0.92
    assert plain / 400 < 0.8


def test_f1_has_the_interval_of_the_share_that_is_both():
    found = f1_interval(wilson(60, 100))
    assert found.value == pytest.approx(2 * 60 / (100 + 60))
    assert (found.low, found.high) == pytest.approx(tuple(2 * j / (1 + j) for j in (wilson(60, 100).low, wilson(60, 100).high)))


def test_intervals_of_means_hold_the_truth():
    """Five classes of fifteen pictures or so, from rarely to always right."""
    rng, held = np.random.default_rng(1), np.zeros(3)
    right = np.linspace(0.5, 0.98, 5)
    shares = (np.diag(right) + (1 - np.eye(5)) * ((1 - right) / 4)[:, None]) / 5
    true = Counts(np.diag(shares), shares.sum(axis=0), shares.sum(axis=1)).means(weighted=False)
    for _ in range(200):
        confusion = rng.multinomial(75, shares.ravel()).reshape(5, 5)
        macro, _ = averages(confusion, wilson(int(np.trace(confusion)), 75))
        told = (macro.precision, macro.recall, macro.f1)
        held += [one.low <= value <= one.high for one, value in zip(told, true, strict=True)]
    assert (held / 200 > 0.9).all()


def test_means_of_groups_are_as_unsure_as_their_accuracy():
    confusion = np.diag([40, 40]) + np.array([[0, 10], [10, 0]])
    apart, few = wilson(80, 100), share(np.arange(100) < 80, np.arange(100) // 50)
    assert averages(confusion, few)[0].f1.low == 0
    grouped = share(np.arange(100) % 10 > 1, np.arange(100) % 10)
    (macro, _), (narrow, _) = averages(confusion, grouped), averages(confusion, apart)
    assert macro.f1.high - macro.f1.low > narrow.f1.high - narrow.f1.low
