import numpy as np
import pytest

from olhar.bodies.unlikeness import OF_A_CLASS, STRANGE, UNUSUAL, learn_unlikeness

WIDTH = 64


def taught(n=400, strange=0, alike=False, seed=0):
    """Two classes as features, and strangers that bear their labels: float16 (n + strange, F), labels."""
    rng = np.random.default_rng(seed)
    middles = 3 * rng.standard_normal((2, WIDTH))
    labels = np.arange(n + strange) % 2
    own = middles[labels[:n]] + rng.standard_normal((n, WIDTH))
    far = 3 * rng.standard_normal((1 if alike else max(strange, 1), WIDTH)) + 0.3 * rng.standard_normal((strange, WIDTH))
    return np.concatenate([own, far[:strange]]).astype(np.float16), labels


@pytest.mark.parametrize("alike", [False, True])
def test_strangers_are_found_also_where_they_look_like_each_other(alike):
    features, labels = taught(strange=8, alike=alike)
    _, scores = learn_unlikeness(features, labels, np.arange(len(labels)))
    assert set(np.argsort(-scores)[:8]) == set(range(400, 408))
    assert (scores[400:] >= UNUSUAL).all()
    assert (scores[:400] >= STRANGE).mean() < 0.02


def test_pictures_that_come_later_are_scored_by_what_is_kept_alone():
    features, labels = taught()
    scorer, own = learn_unlikeness(features, labels, np.arange(len(labels)))
    again, _ = taught(n=40)
    rng = np.random.default_rng(5)
    assert abs(np.median(scorer.scores(again))) < 1.5
    assert (scorer.scores(3 * rng.standard_normal((20, WIDTH))) > np.quantile(own, 0.99)).all()
    assert len(scorer.kept) == 2 * OF_A_CLASS
    assert scorer.kept.dtype == np.float16


def test_a_copy_does_not_vouch_for_its_original():
    features, labels = taught(strange=1)
    features, labels = np.concatenate([features, *[features[-1:]] * 60]), np.concatenate([labels, [labels[-1]] * 60])
    groups = np.minimum(np.arange(len(labels)), 400)
    _, scores = learn_unlikeness(features, labels, groups)
    assert (scores[400:] >= UNUSUAL).all()


def test_pictures_without_classes_and_classes_of_one_are_scored_too():
    features, labels = taught(60)
    for given in (np.full(60, -1), np.arange(60), labels):
        scorer, scores = learn_unlikeness(features, given, np.arange(60))
        assert np.isfinite(scores).all()
        assert scorer.scores(features[:0]).shape == (0,)


def test_where_all_are_alike_nothing_is_strange():
    features = np.ones((50, WIDTH), np.float16)
    _, scores = learn_unlikeness(features, np.zeros(50, np.int64), np.arange(50))
    assert (scores < UNUSUAL).all()


def test_nothing_teaches_nothing():
    with pytest.raises(ValueError, match="no pictures"):
        learn_unlikeness(np.zeros((0, 4)), np.zeros(0, np.int64), np.zeros(0, np.int64))
