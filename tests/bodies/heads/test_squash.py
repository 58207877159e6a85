"""Columns are squashed strip by strip, which moves no digit: the formula over the whole says the same."""

import numpy as np
import pytest

from olhar.bodies.heads.squash import DRAWN, SHARE, Squash


@pytest.mark.parametrize("width", [1, 63, 64, 65, 200])
def test_strips_of_columns_say_what_the_whole_says(width):
    x = np.random.default_rng(0).gamma(1, 2, (30, width)).astype(np.float32)
    squash = Squash.of(x)
    mean, variance = x.mean(axis=0, dtype=np.float64), x.var(axis=0, dtype=np.float64)
    scale = SHARE / np.sqrt((len(x) * variance + DRAWN * variance.mean()) / (len(x) + DRAWN))
    z = (x - mean) * scale
    z = z / (1 + np.abs(z))
    assert np.allclose(squash.rows(x), (z - z.mean(axis=0)) / np.sqrt(z.var(axis=0).sum()), rtol=1e-12, atol=1e-12)
    assert np.array_equal(squash.rows(x, np.float32), squash.rows(x).astype(np.float32))
    assert (squash.rows(x) ** 2).sum(axis=1).mean() == pytest.approx(1)


def test_columns_that_say_nothing_are_zeros():
    assert not Squash.of(np.full((5, 70), 3, np.float32)).rows(np.full((2, 70), 3, np.float32)).any()
    assert not Squash.of(np.ones((1, 3), np.float32)).rows(np.ones((1, 3), np.float32)).any()
