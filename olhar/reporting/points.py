"""True against predicted as points: a dot a picture, strewn within its cell. As numbers; the page draws them as SVG."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MOST = 10_000
"""So many dots at most; beyond, each stands for several pictures."""

_CELL = 60
_EDGE = 8


@dataclass(frozen=True)
class Points:
    """A square field of cells, predicted from left to right, true from bottom to top as in a plot of one against the other.

    Attributes:
        side: of the field, in units.
        cell: of a cell.
        right, wrong: SVG paths of dots, right answers and wrong ones.
        each: pictures that a dot stands for.
    """

    side: int
    cell: int
    right: str
    wrong: str
    each: int


def points(confusion: NDArray[np.int64]) -> Points:
    """Dots from a confusion matrix, int64 (K, K), rows true; always the same ones."""
    each = max(1, -(-int(confusion.sum()) // MOST))
    truths, answers = np.nonzero(confusion)
    counts = -(-confusion[truths, answers] // each)
    truth, answer = np.repeat(truths, counts), np.repeat(answers, counts)
    strewn = np.random.default_rng(0).uniform(_EDGE, _CELL - _EDGE, (len(truth), 2))
    side = _CELL * len(confusion)
    places = np.stack([_CELL * answer + strewn[:, 0], side - _CELL * truth - strewn[:, 1]], axis=1).round(1)
    hit = truth == answer
    return Points(side, _CELL, _path(places[hit]), _path(places[~hit]), each)


def _path(places: NDArray[np.float64]) -> str:
    return "".join(f"M{x:g} {y:g}h0" for x, y in places.tolist())
