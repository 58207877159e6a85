"""Ranges of what a network computes: one far number among many does not cost all others their steps."""

import numpy as np

from olhar.exports.tflite.int8.calibration import ObservedTensor


def seen(*pictures) -> ObservedTensor:
    tensor, rng = ObservedTensor(), np.random.default_rng(0)
    for picture in pictures:
        tensor.add(np.asarray(picture, np.float32), rng)
    return tensor


def test_even_numbers_keep_their_whole_range():
    low, high = seen(np.linspace(-1, 3, 500), np.linspace(-2, 2, 500)).statistics().range
    assert (low, high) == (-2, 3)


def test_a_single_far_number_is_cut_off():
    usual = np.random.default_rng(1).normal(0, 1, 10_000)
    low, high = seen([*usual, 30.0]).statistics().range
    assert high < 25
    assert low < -1.5


def test_what_is_never_negative_begins_at_zero():
    assert seen([0.5, 6.0]).statistics().range[0] == 0


def test_each_channel_has_its_mean():
    assert seen([[1, 10], [3, 30]], [[2, 0], [2, 0]]).statistics().mean.tolist() == [2, 10]
