import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import olhar
from olhar.base.errors import UsageError
from olhar.data.copies.by_features import near_copies_by_features, pairs_of_one_scene
from tests.conftest import assert_says


@given(st.integers(20, 120), st.integers(4, 40), st.integers(0, 5))
def test_what_points_the_same_way_is_found_and_nothing_else(n, width, seed):
    rng = np.random.default_rng(seed)
    features = rng.standard_normal((n, 16 * width))
    copies = features[: n // 2] + 0.01 * rng.standard_normal((n // 2, 16 * width))
    both = np.concatenate([features, copies]) + 7
    found = near_copies_by_features(both, np.ones(len(both), bool))
    pairs = set(map(tuple, found.pairs.tolist()))
    wanted = {(i, n + i) for i in range(n // 2)}
    assert pairs == wanted


def test_pictures_that_are_not_to_be_compared_are_left_out():
    features = np.repeat(np.eye(4, 8), 2, axis=0)
    found = near_copies_by_features(features, np.array([True, True, True, False, True, True, True, True]))
    assert found.pairs.tolist() == [[0, 1], [4, 5], [6, 7]]


def test_check_takes_features_that_somebody_has(pictures):
    data = olhar.read(pictures)
    rng = np.random.default_rng(0)
    features = rng.standard_normal((len(data), 64))
    features[5] = features[40]
    found = {one.code: one for one in olhar.check(data, features=features).findings}
    assert [case.rows for case in found["CHK023"].cases] == [(5, 40)]
    assert found["CHK023"].outcome == "issue"


@pytest.mark.parametrize("features", [np.zeros((3, 4)), np.zeros(72), np.full((72, 4), np.nan)])
def test_features_that_are_not_a_row_a_picture_are_refused(pictures, features):
    with pytest.raises(UsageError) as error:
        olhar.check(pictures, features=features)
    assert_says(error, "72 pictures")


def test_one_scene_again_is_found_among_all_pairs_the_closest_first_and_known_copies_are_left_out():
    rng = np.random.default_rng(3)
    features = rng.standard_normal((2500, 32)).astype(np.float16)
    features[2000] = features[7] + 0.2 * rng.standard_normal(32)
    features[2400] = features[8] + 0.05 * rng.standard_normal(32)
    features[30] = features[31]
    groups = np.arange(2500)
    groups[31] = 30
    assert pairs_of_one_scene(features, groups, 0.9).tolist() == [[8, 2400], [7, 2000]]
    assert len(pairs_of_one_scene(features[:0], groups[:0])) == 0
