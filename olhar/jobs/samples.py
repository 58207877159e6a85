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
    rows = prepared.rows("train")
    of_a_class = max(1, min(_OF_A_CLASS, _SAMPLES // len(prepared.signature.classes)))
    samples: list[Sample] = []
    for label in range(len(prepared.signature.classes)):
        for row in rows[prepared.labels[rows] == label][:of_a_class].tolist():
            samples.append(Sample(prepared.name(row), prepared.packed.pixels[row], label))
    return samples


def _mistakes(prepared: Prepared, predictions: Predictions, rows: NDArray[np.int64]) -> list[Sample]:
    wrong = np.flatnonzero(predictions.predicted != predictions.labels)
    answers, confidence = predictions.predicted, predictions.confidence
    worst = wrong[np.argsort(-predictions.confidence[wrong], kind="stable")][:_MISTAKES]
    return [
        Sample(
            str(predictions.pictures[i]),
            prepared.packed.pixels[rows[i]],
            int(predictions.labels[i]),
            int(answers[i]),
            float(confidence[i]),
        )
        for i in worst.tolist()
    ]
