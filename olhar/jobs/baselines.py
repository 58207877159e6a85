"""What plain models come to on the pictures that judge a run, by the tiny pictures that the survey keeps: none is decoded."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.data.checks.survey import Survey
from olhar.data.dataset import Part
from olhar.evaluation.baselines import KINDS, Baseline, Kind, plain_model
from olhar.evaluation.intervals import share_of
from olhar.jobs.fold_answers import FoldAnswers
from olhar.jobs.folds import fold_of_each
from olhar.jobs.prepare import Prepared

_Dealt: TypeAlias = tuple[NDArray[np.int64], NDArray[np.int64]]

MOST = 10_000
"""More pictures than these teach no plain model: of more, every so many-th."""


def baselines(prepared: Prepared, part: Part | None, folds: FoldAnswers | None) -> dict[str, Any]:
    """Their accuracies on the pictures that the run is judged by, as ``metrics.json`` keeps them; nothing where one is missing.

    Args:
        prepared: the pictures.
        part: that judges, where one does.
        folds: the answers out of fold, where those judge.
    """
    if folds is not None and part != "test":
        judged = folds.rows
        fold = fold_of_each(prepared, max(2, len(folds.each)), prepared.recipe.seed)[judged]
        deal = [(judged[fold != k], judged[fold == k]) for k in np.unique(fold).tolist()]
    elif part is not None:
        judged = prepared.rows(part)
        deal = [(prepared.teaching if part == "test" else prepared.rows("train"), judged)]
    else:
        return {}
    if (
        not len(judged)
        or not all(len(taught) for taught, _ in deal)
        or _places(prepared, np.arange(len(prepared.labels))) is None
    ):
        return {}
    return {"baselines": [asdict(_judged(kind, prepared, judged, deal)) for kind in KINDS]}


def tiny_pictures(survey: Survey, places: NDArray[np.int64]) -> NDArray[np.float64]:
    """float64 (N, 304), 0..1, of N pictures by their places: 16 × 16 in gray, and the mean colours of 4 × 4 fields."""
    n = len(places)
    gray = survey.gray[places].reshape(n, 16, 2, 16, 2).mean(axis=(2, 4)).reshape(n, -1)
    return np.concatenate([gray, survey.colour[places].reshape(n, -1)], axis=1) / 255


def _places(prepared: Prepared, rows: NDArray[np.int64]) -> NDArray[np.int64] | None:
    """Where good pictures stand in the survey; None where one is not in it."""
    known, wanted = prepared.division.audit.evidence.survey.rows, prepared.packed.rows[rows]
    order = np.argsort(known)
    places = order[np.minimum(np.searchsorted(known, wanted, sorter=order), len(order) - 1)]
    return places if np.array_equal(known[places], wanted) else None


def _judged(kind: Kind, prepared: Prepared, judged: NDArray[np.int64], deal: Sequence[_Dealt]) -> Baseline:
    """One kind, taught and asked as often as the pictures are dealt."""
    said, labels, classes = np.zeros_like(prepared.labels), prepared.labels, len(prepared.signature.classes)
    for taught, asked in deal:
        some = taught[:: -(-len(taught) // MOST)]
        model = plain_model(kind, _tiny(prepared, some), labels[some], classes)
        for start in range(0, len(asked), MOST):
            few = asked[start : start + MOST]
            said[few] = model.answers(_tiny(prepared, few))
    hits = said[judged] == labels[judged]
    accuracy = share_of(hits, np.ones(len(hits), bool), prepared.division.groups[judged])
    assert accuracy is not None
    return Baseline(kind, accuracy)


def _tiny(prepared: Prepared, rows: NDArray[np.int64]) -> NDArray[np.float64]:
    places = _places(prepared, rows)
    assert places is not None
    return tiny_pictures(prepared.division.audit.evidence.survey, places)
