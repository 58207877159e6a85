"""Suspect labels by confident learning (Northcutt, Jiang, Chuang 2021): predictions of models that never saw a picture, against its label.

The method, in the paper's words: a class's threshold is the mean confidence in it over the pictures that bear its label; the
confident joint counts, for each given label, the pictures that reach another class's threshold; calibrated to the number of
pictures of each label it says how many labels of each kind are wrong ("prune by noise rate"). Which ones is said by the margin.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.data.findings import Case

FEWEST = 10
"""Labels of a class with fewer pictures are not judged: no model has learnt it from so few."""


def suspects(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> tuple[Case, ...]:
    """Pictures whose label is probably wrong, surest first.

    Args:
        labels: int64 (N,), the given class of each picture.
        probabilities: float32 (N, K), each row by a model that did not learn from that picture, nor from a copy of it.

    Returns:
        A case a picture: ``label`` is the class that the models answer, ``score`` the margin: its probability less that of the
        given class. ``values`` holds both, ``answer`` and ``own``.
    """
    given, own = probabilities, probabilities[np.arange(len(labels)), labels]
    answers = given.argmax(axis=1)
    margin = given.max(axis=1) - own
    chosen = np.zeros(len(labels), dtype=bool)
    wrong = wrong_labels(labels, probabilities)
    for label, other in zip(*np.nonzero(wrong), strict=True):
        rows = np.flatnonzero(labels == label)
        towards = given[rows, other] - own[rows]
        chosen[rows[np.argsort(-towards, kind="stable")[: wrong[label, other]]]] = True
    rows = np.flatnonzero(chosen & (answers != labels))
    rows = rows[np.argsort(-margin[rows], kind="stable")]
    return tuple(
        Case((row,), int(answers[row]), float(margin[row]), {"answer": float(given[row].max()), "own": float(own[row])})
        for row in rows.tolist()
    )


def wrong_labels(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """How many pictures with label i truly are j: int64 (K, K), nothing on the diagonal and in rows of classes too small."""
    counts = np.bincount(labels, minlength=probabilities.shape[1])
    joint = confident_joint(labels, probabilities).astype(np.float64)
    seen = joint.sum(axis=1, keepdims=True)
    expected = np.divide(joint, seen, out=np.zeros_like(joint), where=seen > 0) * counts[:, None]
    np.fill_diagonal(expected, 0)
    expected[counts < FEWEST] = 0
    return np.rint(expected).astype(np.int64)


def confident_joint(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> NDArray[np.int64]:
    """Counts, int64 (K, K): pictures with label i whose likeliest class, of those whose threshold they reach, is j."""
    classes = probabilities.shape[1]
    reached = probabilities >= thresholds(labels, probabilities)
    likeliest = np.where(reached, probabilities, -1).argmax(axis=1)
    some = reached.any(axis=1)
    return np.bincount(labels[some] * classes + likeliest[some], minlength=classes * classes).reshape(classes, classes)


def thresholds(labels: NDArray[np.int64], probabilities: NDArray[np.float32]) -> NDArray[np.float64]:
    """float64 (K,): the mean probability of a class over the pictures that bear its label; infinite for a class without any."""
    classes = probabilities.shape[1]
    own = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    counts = np.bincount(labels, minlength=classes)
    sums = np.bincount(labels, weights=own, minlength=classes)
    return np.divide(sums, counts, out=np.full(classes, np.inf), where=counts > 0)
