"""Distribution: what is kept of a set of pictures is small, and comes back as it was."""

import json
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.evaluation.drift.distribution import QUANTILES, Distribution, Quantiles

VALUES = st.lists(st.floats(-1e6, 1e6, width=32) | st.just(float("nan")), max_size=60)


@given(VALUES)
def test_of_few_values_each_is_kept_and_of_none_nothing(values):
    found = Quantiles.of(np.array(values, np.float64))
    known = sorted(value for value in values if not math.isnan(value))
    if not known:
        assert found is None
        return
    assert (found.n, found.resolution) == (len(known), 0.0)
    np.testing.assert_allclose(found.values, known, rtol=1e-4)


def test_of_many_values_a_few_hundred_quantiles_are_kept():
    values = np.random.default_rng(0).normal(100, 20, 5000)
    found = Quantiles.of(values)
    assert (found.n, len(found.values)) == (5000, QUANTILES)
    for share in (0.05, 0.5, 0.95):
        assert found.at(share) == pytest.approx(np.quantile(values, share), abs=0.6)


def test_it_comes_back_from_the_disk_and_what_is_damaged_does_not():
    one = Distribution(9, 8, {"size": Quantiles(3, (1.0, 2.0, 2.5))}, {"a": 3, "b": 5}, np.ones((3, 2), np.float32))
    stored = json.loads(json.dumps(one.to_dict()))
    again = Distribution.from_dict(stored | {"later": 1})
    assert again.to_dict() == one.to_dict()
    for change in (
        {"pictures": -1},
        {"measures": {"size": {"n": 3, "values": [2.0, 1.0]}}},
        {"measures": {"size": {"n": 3, "values": []}}},
        {"measures": {"size": {"n": 3, "values": [1.0, 2.0]}}},
        {"measures": {"size": {"n": 2, "values": [1.0, 1e300]}}},
        {"mix": {"a": "b"}},
        {"mix": {"a": 2**60}},
        {"groups": 10**12, "pictures": 10**12, "mix": {}},
        {"features": [[1e300, 1.0]]},
        {"features": [[1.0], [1.0, 2.0]]},
    ):
        with pytest.raises((ValueError, TypeError)):
            Distribution.from_dict(stored | change)
