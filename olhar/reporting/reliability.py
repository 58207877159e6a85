"""Confidence against accuracy, bin by bin: a reliability diagram (DeGroot and Fienberg 1983), as numbers for a page to draw."""

import math
from dataclasses import dataclass

from olhar.evaluation.calibration import Calibration

SIDE = 280
_LARGEST, _SMALLEST = 9.0, 2.5


@dataclass(frozen=True)
class ReliabilityDot:
    """A bin: its place in a field of ``SIDE`` units, y downwards, the ends of its interval, and a radius by its pictures."""

    x: float
    y: float
    top: float
    bottom: float
    radius: float
    n: int
    confidence: float
    accuracy: float


def reliability(calibration: Calibration) -> list[ReliabilityDot]:
    """A dot for each bin that holds a picture; its area is as large as it holds pictures."""
    most = max(one.n for one in calibration.bins)
    return [
        ReliabilityDot(
            x=round(SIDE * one.confidence, 1),
            y=round(SIDE * (1 - one.accuracy.value), 1),
            top=round(SIDE * (1 - one.accuracy.high), 1),
            bottom=round(SIDE * (1 - one.accuracy.low), 1),
            radius=round(max(_SMALLEST, _LARGEST * math.sqrt(one.n / most)), 1),
            n=one.n,
            confidence=one.confidence,
            accuracy=one.accuracy.value,
        )
        for one in calibration.bins
    ]
