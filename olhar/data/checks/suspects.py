"""Suspect labels by confident learning: what models that never saw a picture say of it, against the label that it bears.

Northcutt, Jiang, Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels" (JAIR 70, 2021). A class's threshold is
the mean probability of the class over the pictures that bear its label; a picture is counted for the likeliest of the classes
whose threshold it reaches. How many are counted for another class than their label, the off-diagonals of the confident joint
(section 3.1), says how many suspects there are; the probability of the label says which: with many classes it tells wrong labels
from hard pictures better than the margin or the joint itself do (``benchmarks/check_features.py``).
"""

import numpy as np
from numpy.typing import NDArray

from olhar.data.checks.findings import Case

FEWEST = 10
"""Labels of a class with fewer pictures are not judged: no model has learnt it from so few."""

SURE = 0.05
"""A picture whose label is given less than this is a suspect in any case: thresholds of a model that is nearly always right are
hardly ever reached."""

TRUSTED = 0.6
"""Models that are right on fewer pictures name mostly hard ones. Of labels swapped on purpose (5% and 10%) in FER2013, right on
45%: 10% and 18% of the list were swapped, of its first 50 59% and 77%; in CIFAR-10, right on 67% to 73%,
31% and 43% of the list."""

NONE = -1


def suspects(labels: NDArray[np.int64], probabilities: NDArray[np.float32], expected: int | None = None) -> tuple[Case, ...]:
    """Pictures whose label is probably wrong, surest first.

    Args:
        labels: int64 (N,), the given class of each picture.
        probabilities: float32 (N, K), each row by a model that did not learn from that picture, nor from a copy of it.
        expected: how many labels are thought to be wrong; None: as many as the confident joint has off its diagonal.

    Returns:
        A case a picture: ``label`` is the class that the models answer, ``score`` how little they give the label: 1 less its
        probability. ``values`` holds the probabilities of both, ``answer`` and ``own``.
    """
    own = probabilities[np.arange(len(labels)), labels]
    answers, best = probabilities.argmax(axis=1), probabilities.max(axis=1)
    counted = confident(labels, probabilities)
    contradicted = (answers != labels) & (np.bincount(labels, minlength=probabilities.shape[1])[labels] >= FEWEST)
    joint = int((contradicted & (counted != NONE) & (counted != labels)).sum())
    most = max(joint if expected is None else expected, int((contradicted & (own < SURE)).sum()))
    rows = np.flatnonzero(contradicted)
    rows = rows[np.lexsort((-best[rows], own[rows]))][:most]
    return tuple(
        Case((row,), int(answers[row]), float(1 - own[row]), {"answer": float(best[row]), "own": float(own[row])})
        for row in rows.tolist()
    )


def wrong_labels(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> int:
    """How many labels are thought to be wrong: the joint, each class's row scaled up to all of its pictures (section 3.1)."""
    classes, counted = probabilities.shape[1], confident(labels, probabilities)
    joint = np.zeros((classes, classes))
    np.add.at(joint, (labels[counted != NONE], counted[counted != NONE]), 1)
    of_others = 1 - np.divide(np.diag(joint), joint.sum(axis=1), out=np.ones(classes), where=joint.sum(axis=1) > 0)
    return round(float((of_others * np.bincount(labels, minlength=classes)).sum()))


def confident(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """int64 (N,): the likeliest class of those whose threshold a picture reaches; NONE where it reaches none."""
    reached = probabilities >= thresholds(labels, probabilities)
    likeliest = np.where(reached, probabilities, -1).argmax(axis=1)
    return np.where(reached.any(axis=1), likeliest, NONE)


def thresholds(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """float64 (K,): the mean probability of a class over the pictures that bear its label; infinite for a class without any."""
    classes = probabilities.shape[1]
    own = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, weights=own, minlength=classes)
    return np.divide(sums, counts, out=np.full(classes, np.inf), where=counts > 0)
