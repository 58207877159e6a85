"""Pictures of more than 8 bits: what their numbers are, the levels that follow from them, and the 8 bits that they become."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.levels import FULL, Bounds, Levels

_BITS = (8, 10, 12, 14, 16)
_LOW_QUANTILES = (0, 0.0005, 0.001, 0.0015, 0.0025, 0.005, 0.01, 0.02, 0.05)
_QUANTILES = np.array([*_LOW_QUANTILES, *np.linspace(0.1, 0.9, 9), *(1 - np.array(_LOW_QUANTILES[::-1]))])
_TAILS = (0.001, 0.999)
_LOOKED_AT = 2**20
"""Of a larger picture so many numbers are looked at, evenly spread, and the least and the greatest of all."""
_AT_ONCE = 2**20
_REACH = 8
"""Floats are taken for 0..1, or 0..255, where they go beyond an eighth of that."""
_OVERSHOOT = 0.5 / 255
"""By how much of white values may miss black or white and still be meant so: resampled pictures overshoot."""

SUMMARY = np.dtype([("floats", "?"), ("points", "f8", (len(_QUANTILES),))])
"""What is kept of the numbers of one picture: whether they are floating point, and quantiles from the least to the greatest."""


def summary(values: NDArray[Any]) -> NDArray[np.void]:
    """``SUMMARY``, of shape (), of one picture's numbers; what is no number counts as 0."""
    flat = values.ravel()
    if values.dtype.kind == "f" and not np.isfinite(flat).all():
        flat = np.nan_to_num(flat, nan=0.0, posinf=0.0, neginf=0.0)
    ordered = np.sort(flat[:: 1 + flat.size // _LOOKED_AT])
    points = ordered[np.rint(_QUANTILES * (ordered.size - 1)).astype(np.int64)].astype(np.float64)
    points[0], points[-1] = flat.min(), flat.max()
    return np.array((values.dtype.kind == "f", points), SUMMARY)


def levels_of(summaries: NDArray[np.void]) -> Levels:
    """The levels of pictures that belong together.

    Whole numbers: from 0 to the top of the least of 8, 10, 12, 14 and 16 bits that holds them all. Floating point: 0 to 1, or
    0 to 255, where all lie within and go beyond an eighth of it. Numbers for which none of these is true: from the 0.1 to the
    99.9 percentile of all.

    Args:
        summaries: ``SUMMARY`` (N,), one a picture.
    """
    integers, floats = (summaries["points"][summaries["floats"] == kind] for kind in (False, True))
    return Levels(_integer_bounds(integers) or FULL.integers, _float_bounds(floats) or FULL.floats)


def scaled(values: NDArray[Any], levels: Levels) -> NDArray[np.uint8]:
    """Numbers as 8 bits: ``levels`` become 0 and 255, and what lies beyond them too."""
    low, high = levels.floats if values.dtype.kind == "f" else levels.integers
    if values.dtype == np.uint16 and (low, high) == FULL.integers:
        return (values >> 8).astype(np.uint8)
    eight_bits = np.empty(values.shape, np.uint8)
    flat, given = eight_bits.reshape(-1), values.reshape(-1)
    for start in range(0, flat.size, _AT_ONCE):  # each number is held in 8 bytes on the way
        shares = (given[start : start + _AT_ONCE] - low) / (high - low)
        flat[start : start + _AT_ONCE] = (np.clip(np.nan_to_num(shares), 0, 1) * 255).round()
    return eight_bits


def _integer_bounds(points: NDArray[np.float64]) -> Bounds | None:
    if not len(points):
        return None
    low, high = float(points.min()), float(points.max())
    top = next((2.0**bits - 1 for bits in _BITS if high < 2**bits), None)
    return _percentiles(points) if low < 0 or top is None else (0.0, top)


def _float_bounds(points: NDArray[np.float64]) -> Bounds | None:
    if not len(points):
        return None
    low, high = float(points.min()), float(points.max())
    for white in (1.0, 255.0):
        spare = _OVERSHOOT * white
        if low >= -spare and white / _REACH < high <= white + spare:
            return 0.0, white
    return _percentiles(points)


def _percentiles(points: NDArray[np.float64]) -> Bounds:
    """The 0.1 and the 99.9 percentile of all numbers, each picture weighing as much as another."""
    shares = np.gradient(_QUANTILES)
    values, weights = points.ravel(), np.tile(shares, len(points))
    order = np.argsort(values, kind="stable")
    below = np.cumsum(weights[order]) - weights[order] / 2
    low, high = np.interp(_TAILS, below / weights.sum(), values[order]).tolist()
    return (low, high) if high > low else (low, low + 1.0)
