"""Learning curves of heads on made pooled outputs: what points and promises say of sets whose truth is known."""

import itertools
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from olhar.bodies.heads.ground import Ground
from olhar.bodies.heads.head import Features
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.heads.learning_curve import learning_curve
from olhar.bodies.heads.out_of_fold import Task, counts_of
from olhar.bodies.heads.parts import Mixture, Order, judged_rows, margins
from olhar.bodies.heads.promises import Halved, promise, round_number
from olhar.evaluation.learning_curve import LearningCurve
from tests.bodies.heads.test_heads import labels_of, made

KEYS = ("cat", "dog", "emu", "fox")
HALVED = Halved("", 480, 480, 0.04, 72, 72, 480, False)
HARD, EASY = {"block_15": 0.3, "features": 0.25}, {"block_15": 3.0, "features": 3.0}


def curve_of(labels: NDArray[np.int64], features: Features, **options) -> LearningCurve | None:
    groups = options.pop("groups", np.arange(len(labels)))
    ground, classes = Ground.of(features, tuple(features)), int(labels.max()) + 1
    learnt = learn_head(ground, labels, groups, classes, weights=options.get("weights"))
    return learning_curve(ground, labels, groups, KEYS[:classes], learnt, **options)


def unequal(*counts: int) -> NDArray[np.int64]:
    return np.repeat(np.arange(len(counts)), counts)


def test_points_come_by_their_pictures_and_the_last_is_the_head_s_own():
    labels = labels_of(160, 4)
    features = made(labels, HARD)
    curve = curve_of(labels, features)
    pictures = [point.pictures for point in curve.points]
    assert pictures == [18, 36, 72, 144]
    learnt = learn_head(features, labels, np.arange(160), 4)
    assert curve.points[-1].accuracy.value == np.mean(learnt.out_of_fold.argmax(axis=1) == labels)
    assert curve.points[0].accuracy.value < curve.points[-1].accuracy.value
    assert all(point.accuracy.low <= point.accuracy.value <= point.accuracy.high for point in curve.points)


def test_more_of_all_is_promised_where_pictures_are_few_and_classes_lie_close():
    labels = labels_of(160, 4)
    (promised,) = curve_of(labels, made(labels, HARD)).promises
    assert (promised.key, promised.more) == ("", 100)
    assert 0.005 < promised.gain < 0.15
    assert promised.low < promised.gain < promised.high


def test_next_to_nothing_is_promised_where_all_is_right_already():
    labels = labels_of(200, 2)
    (promised,) = curve_of(labels, made(labels, EASY)).promises
    assert promised.gain < 0.005
    assert promised.high < 0.02


def test_a_scarce_class_is_promised_something_of_its_own():
    labels = unequal(60, 60, 60, 15)
    promises = curve_of(labels, made(labels, HARD)).promises
    assert {one.key for one in promises} == {"", "fox"}
    assert next(one.more for one in promises if one.key) == 10
    assert [one.gain for one in promises] == sorted((one.gain for one in promises), reverse=True)


def test_three_promises_at_most():
    labels = unequal(80, 16, 16, 16)
    assert len(curve_of(labels, made(labels, HARD)).promises) <= 3


def test_the_same_twice_and_another_by_another_seed():
    labels = labels_of(90, 3)
    features = made(labels, HARD)
    first, again, other = (curve_of(labels, features, seed=seed) for seed in (0, 0, 1))
    assert first.to_dict() == again.to_dict() != other.to_dict()


@pytest.mark.parametrize("counts", [(5, 5), (2, 3), (2, 1), (8, 2)])
def test_of_ten_pictures_only_what_can_be_said(counts):
    labels = unequal(*counts)
    curve = curve_of(labels, made(labels, EASY))
    assert curve.promises == ()
    assert [point.pictures for point in curve.points] == sorted(point.pictures for point in curve.points)


def test_one_picture_a_class_has_no_curve():
    labels = labels_of(3, 3)
    assert curve_of(labels, made(labels, EASY)) is None


def test_weights_that_make_classes_alike_are_heard():
    labels = unequal(60, 60, 15)
    features = made(labels, HARD)
    weights = (len(labels) / 3 / np.bincount(labels))[labels]
    assert curve_of(labels, features, weights=weights).to_dict() != curve_of(labels, features).to_dict()


def test_parts_hold_the_smaller_ones_keep_the_classes_shares_and_groups_whole():
    labels, groups = labels_of(120, 3), np.arange(120) // 6 * 3 + np.arange(120) % 3
    order = Order.of(labels, groups, (0, 0))
    parts = [order.part(share) for share in (0.125, 0.25, 0.5, 1.0)]
    assert all((small <= large).all() for small, large in itertools.pairwise(parts))
    assert np.bincount(labels[parts[2]]).tolist() == [20, 20, 20]
    for part in (*parts, order.without(0.5, 1)):
        assert all(len({*part[groups == group]}) == 1 for group in np.unique(groups))
    assert np.bincount(labels[order.without(0.5, 1)]).tolist() == [40, 20, 40]


def test_nobody_is_judged_by_a_head_that_saw_the_picture_or_one_of_its_group():
    """Labels of pure noise cannot be known; whoever had seen a picture's copy would."""
    labels = np.repeat(np.random.default_rng(0).integers(0, 2, 60), 2)
    features = made(labels_of(120, 2), {})
    features = {name: np.repeat(each[:, ::2], 2, axis=1) for name, each in features.items()}
    curve = curve_of(labels, features, groups=np.arange(120) // 2)
    assert all(point.accuracy.value < 0.75 for point in curve.points)


def test_many_pictures_are_judged_by_one_fold_and_as_by_inner_products():
    labels = labels_of(400, 2)
    features = made(labels, HARD)
    groups, ground = np.arange(400), Ground.of(features, tuple(features))
    learnt = learn_head(ground, labels, groups, 2)
    task, part = Task(labels, 2, counts_of(labels, None), learnt.fold), Order.of(labels, groups, (0, 0)).part(0.5)
    many = Mixture.of(ground, learnt.pool)
    few = Mixture(many.blocks * 10, [share / 10 for share in many.shares] * 10)
    assert (many.few, few.few) == (False, True)
    rows = judged_rows(many, task)
    assert rows.tolist() == np.flatnonzero(learnt.fold == 0).tolist()
    assert np.corrcoef(margins(many, task, part), margins(few, task, part)[rows])[0, 1] > 0.98


def test_a_promise_grows_with_the_pictures_and_less_and_less():
    gains = [promise(HALVED, more).gain for more in (100, 200, 400)]
    assert gains[0] < gains[1] < gains[2] < 4 * gains[0]
    assert promise(HALVED, 480).gain == pytest.approx(HALVED.drawn * (1 - 2**-0.5) / (2**0.5 - 1))


def test_what_was_measured_counts_the_more_the_more_pictures_there_are():
    few, many = replace(HALVED, errors=3, own=3, of=20), replace(HALVED, errors=3000, own=3000, of=20_000)
    assert abs(many.drawn - 0.04) < 0.001
    assert abs(few.drawn - 0.25 * 4 / 22) < 0.003
    assert replace(many, cost=-0.1).drawn == 0


def test_the_interval_is_narrower_where_more_pictures_were_judged():
    wide, narrow = (promise(one, 200) for one in (HALVED, replace(HALVED, errors=720, own=720, of=4800)))
    assert narrow.high - narrow.low < wide.high - wide.low


@pytest.mark.parametrize(("about", "number"), [(0.4, 1), (3, 2), (7.5, 10), (40, 50), (240, 200), (700, 500)])
def test_numbers_are_round(about, number):
    assert round_number(about) == number
