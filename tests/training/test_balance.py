import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.training.balance import balanced_order, class_weights, settle_balance
from olhar.training.batches import Batches
from olhar.training.recipe import Recipe


@given(st.lists(st.integers(0, 4), min_size=1, max_size=60), st.integers(0, 99))
def test_every_class_is_shown_as_often_as_every_other(labels, seed):
    found = np.array(labels)
    order = balanced_order(found, np.random.default_rng(seed))
    shown = np.bincount(found[order])[np.unique(found)]
    assert len(order) == len(labels)
    assert shown.max() - shown.min() <= 1
    for one in np.unique(found):
        times = np.bincount(order, minlength=len(labels))[found == one]
        assert times.max() - times.min() <= 1


def test_the_order_is_drawn_from_seed_and_epoch_alone():
    labels = np.array([0] * 50 + [1] * 5)
    batches = Batches(np.zeros((55, 8, 8, 1), np.uint8), np.arange(55), labels, 16, balanced=True)
    assert batches.order(3, 4).tolist() == batches.order(3, 4).tolist()
    assert batches.order(3, 4).tolist() != batches.order(3, 5).tolist()
    shown = [label for _, found in batches.shuffled(3, 4, start=2) for label in found.tolist()]
    assert shown == labels[batches.order(3, 4)][32:].tolist()


@pytest.mark.parametrize(
    ("changes", "counts", "expected"),
    [
        ({}, [30, 10], ("sampling", "f1", "f1")),
        ({}, [29, 10], ("none", "loss", "loss")),
        ({}, [30, 0, 20], ("none", "loss", "loss")),
        ({"balance": "none"}, [30, 10], ("none", "loss", "loss")),
        ({"balance": "weights"}, [20, 10], ("weights", "f1", "f1")),
        ({"keep_by": "accuracy"}, [30, 10], ("sampling", "accuracy", "accuracy")),
        ({"stop_at": "accuracy>=0.9"}, [10, 10], ("none", "accuracy", "accuracy")),
        ({"watch": "loss"}, [30, 10], ("sampling", "f1", "loss")),
    ],
)
def test_auto_acts_from_three_to_one_and_keeps_by_macro_f1(changes, counts, expected):
    found = settle_balance(Recipe().with_(changes), np.array(counts))
    assert (found.balance, found.keep_by, found.watch) == expected


def test_weights_are_inverse_to_the_pictures_and_one_on_average():
    counts = np.array([10, 0, 30])
    weights = class_weights(counts)
    assert weights.tolist() == [2.0, 0.0, pytest.approx(2 / 3)]
    assert (weights * counts).sum() == pytest.approx(counts.sum())
