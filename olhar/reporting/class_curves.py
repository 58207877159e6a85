"""One class against the rest at every threshold, as lines for a page to draw: ROC, and precision over recall."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.metrics import Metrics
from olhar.evaluation.predictions import Predictions
from olhar.evaluation.ranking import one_against_rest

SIDE = 240
"""Of the square field that the lines are drawn in, in units."""

MARKED = 3
"""So many classes have a colour: those of the least average precision."""

_CORNERS, _CORNERS_OF_MANY, _MANY = 64, 32, 50


@dataclass(frozen=True)
class ClassCurve:
    """A class against the rest.

    Attributes:
        index: of the class.
        roc: its line as an SVG path: the share found over the share of the rest taken for it.
        precision_recall: the same of precision over the share found.
        auc, average_precision: the areas below.
        mark: 0 for the weakest, 1 and 2 for the next; -1 for all others.
    """

    index: int
    roc: str
    precision_recall: str
    auc: float
    average_precision: float
    mark: int = -1


def class_curves(predictions: Predictions, metrics: Metrics) -> list[ClassCurve]:
    """A curve for each class that has pictures, and others beside them; the weakest average precision first."""
    corners = _CORNERS if len(predictions.classes) <= _MANY else _CORNERS_OF_MANY
    drawn = [_drawn(k, predictions, metrics, corners) for k in range(len(predictions.classes))]
    order = sorted((one for one in drawn if one is not None), key=lambda one: (one.average_precision, one.auc, one.index))
    return [_marked(one, place) for place, one in enumerate(order)]


def _marked(one: ClassCurve, place: int) -> ClassCurve:
    mark = place if place < MARKED else -1
    return ClassCurve(one.index, one.roc, one.precision_recall, one.auc, one.average_precision, mark)


def _drawn(k: int, predictions: Predictions, metrics: Metrics, corners: int) -> ClassCurve | None:
    curve, told = one_against_rest(predictions.probabilities[:, k], predictions.labels == k), metrics.by_class[k]
    if curve is None or told.auc is None or told.average_precision is None:
        return None
    roc = _line(np.r_[0, curve.false], np.r_[0, curve.found], corners)
    whole = int(np.argmax(curve.found >= 1)) + 1  # beyond, nothing more of the class is found
    precision_recall = _line(np.r_[0, curve.found[:whole]], np.r_[curve.precision[0], curve.precision[:whole]], corners)
    return ClassCurve(k, roc, precision_recall, told.auc, told.average_precision)


def _line(across: NDArray[np.float64], up: NDArray[np.float64], corners: int) -> str:
    """An SVG path through points (T,), 0..1, y downwards; many near each other are one."""
    way = np.cumsum(np.abs(np.diff(across, prepend=across[0])) + np.abs(np.diff(up, prepend=up[0])))
    step = max(float(way[-1]) / corners, 1e-9)
    first = np.flatnonzero(np.diff(np.floor(way / step), prepend=-1) > 0)
    kept = np.union1d(first, [len(way) - 1])
    places = np.stack([SIDE * across[kept], SIDE * (1 - up[kept])], axis=1).round().astype(int).tolist()
    return "M" + "L".join(f"{x} {y}" for x, y in places)
