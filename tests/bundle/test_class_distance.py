import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.bundle.class_distance import MOST, class_distance


def clouds(seed: int, each: int = 60, width: int = 12, classes: int = 3):
    """Features of some classes, (N, F), and their labels."""
    rng = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes), each)
    return (rng.normal(0, 4, (classes, width))[labels] + rng.normal(0, 1, (len(labels), width))).astype(np.float32), labels


def test_what_lies_elsewhere_is_further_than_what_taught():
    features, labels = clouds(0)
    far = class_distance(features[::2], labels[::2])
    strange = np.random.default_rng(9).normal(0, 6, (50, 12))
    assert np.median(far(strange)) > np.quantile(far(features[1::2]), 0.95)


def test_with_all_its_axes_it_is_mahalanobis_s_distance():
    features, labels = clouds(1)
    far = class_distance(features, labels)
    scaled = (features.astype(float) - features.mean(0)) * far.factor
    q = scaled * (12**0.5 / np.linalg.norm(scaled, axis=1, keepdims=True))
    centres = np.stack([q[labels == k].mean(0) for k in range(3)])
    within = q - centres[labels]
    covariance = within.T @ within / len(q)
    ball = 0.5 * np.trace(covariance) / 12
    inverse = np.linalg.inv(0.5 * covariance + ball * np.eye(12))
    expected = np.min([np.einsum("nf,fg,ng->n", q - m, inverse, q - m) for m in centres], axis=0)
    assert far(features) == pytest.approx(np.log(ball * expected), abs=0.02)


@given(st.integers(1, 40), st.integers(1, 9), st.integers(1, 4), st.integers(0, 9), st.sampled_from([0.0, 1e-20, 1.0, 1e20]))
def test_it_is_finite_whatever_taught_it(n, width, classes, seed, scale):
    rng = np.random.default_rng(seed)
    features = (scale * rng.normal(size=(n, width))).astype(np.float32)
    features[:, 0] = 0
    far = class_distance(features, rng.integers(0, classes, n))
    assert np.isfinite(far(np.concatenate([features, rng.normal(size=(5, width)), np.zeros((1, width))]))).all()


def test_of_many_pictures_some_are_enough_and_a_class_may_have_none():
    features, labels = clouds(2, each=MOST)
    far = class_distance(features, 2 * labels)
    assert far.classes.shape == (12, 3)


def test_no_pictures_teach_nothing():
    with pytest.raises(ValueError, match="no pictures"):
        class_distance(np.zeros((0, 4)), np.zeros(0, np.int64))
