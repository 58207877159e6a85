"""Whole numbers and what they stand for: zero is one of them, and none is further off than half a step."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from olhar.exports.tflite.int8.scales import over, whole

NUMBERS = st.floats(-1e6, 1e6, width=32)


@given(first=NUMBERS, second=NUMBERS, shares=st.lists(st.floats(0, 1), min_size=1, max_size=9))
def test_each_number_of_a_range_is_half_a_step_off_at_most_and_zero_is_exact(first, second, shares):
    low, high = min(first, second, 0), max(first, second, 0)
    quantization = over(first, second) if first <= second else over(second, first)
    values = low + np.array(shares) * (high - low)
    told = quantization.scale * (whole(values, quantization).astype(np.float64) - quantization.zero)
    assert np.abs(told - values).max() <= quantization.scale * 1.01
    assert whole(np.zeros(1), quantization)[0] == quantization.zero


def test_what_lies_outside_is_the_least_or_the_most():
    assert whole(np.array([-5.0, 5.0]), over(-1, 1)).tolist() == [-128, 127]


@pytest.mark.parametrize("high", [0, 1e-45, 1e-40])
def test_a_tensor_that_is_as_good_as_always_zero_has_a_scale_too(high):
    assert over(0, high).scale > 0
    assert whole(np.array([high], np.float32), over(0, high))[0] == over(0, high).zero
