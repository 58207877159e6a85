"""The pictures that a report shows, chosen once; ``runs.samples`` keeps them."""

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.predictions import Predictions
from olhar.jobs.prepare import Prepared
from olhar.runs.samples import Sample

_OF_A_CLASS, _SAMPLES, _MISTAKES = 10, 200, 24


def chosen(prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64]) -> tuple[list[Sample], list[Sample]]:
    """Up to ten training pictures of each class, and the most confident mistakes; ``rows`` (N,): where those predicted stand."""
    return _samples(prepared), _mistakes(prepared, predictions, rows)


def _samples(prepared: Prepared) -> list[Sample]:
    rows, labels = prepared.rows("train"), prepared.labels
    of_a_class = max(1, min(_OF_A_CLASS, _SAMPLES // len(prepared.signature.classes)))
    each = [rows[labels[rows] == label][:of_a_class] for label in range(len(prepared.signature.classes))]
    shown = np.concatenate(each)
    return [
        Sample(prepared.name(row), pixels, int(labels[row]))
        for row, pixels in zip(shown.tolist(), prepared.packed.pixels[shown], strict=True)
    ]


def _mistakes(prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64]) -> list[Sample]:
    wrong = np.flatnonzero(predictions.predicted != predictions.labels)
    answers, confidence = predictions.predicted, predictions.confidence
    worst = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")][:_MISTAKES]
    return [
        Sample(str(predictions.pictures[i]), pixels, int(predictions.labels[i]), int(answers[i]), float(confidence[i]))
        for i, pixels in zip(worst.tolist(), prepared.packed.pixels[rows[worst]], strict=True)
    ]
