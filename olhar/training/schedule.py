"""The learning rate as a share of its peak, for a step of all steps."""

import math

_WARM = 0.15


def factor(schedule: str, step: int, total: int) -> float:
    """The share of the peak rate at ``step`` (0 to ``total`` - 1).

    ``one-cycle``: up along a cosine from 4 % for the first 15 %, then down to nothing. ``cosine``: from the peak down to
    nothing, after a short warm-up. ``constant``: the peak, after the same warm-up.
    """
    done = (step + 1) / total
    if schedule == "one-cycle":
        return 0.04 + 0.96 * _rise(done / _WARM) if done < _WARM else _rise((1 - done) / (1 - _WARM))
    warm = min(1.0, (step + 1) / max(1.0, min(0.05 * total, 500)))
    return warm * _rise(1 - done) if schedule == "cosine" else warm


def _rise(x: float) -> float:
    """Half a cosine: 0 at 0, 1 at 1."""
    return (1 - math.cos(math.pi * min(1.0, max(0.0, x)))) / 2
