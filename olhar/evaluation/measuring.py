"""Predictions -> accuracy, precision, recall, F1 and their means, each with its interval; loss, calibration, order."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.averages import averages
from olhar.evaluation.calibration import calibration
from olhar.evaluation.confusion import confusion_matrix, scores
from olhar.evaluation.intervals import Interval, f1_interval, share_of
from olhar.evaluation.metrics import ClassMetrics, Metrics
from olhar.evaluation.predictions import Predictions
from olhar.evaluation.ranking import one_against_rest, top_k


@dataclass(frozen=True)
class _Judged:
    """Answers to N pictures whose truth is known."""

    probabilities: NDArray[np.float32]
    labels: NDArray[np.int64]
    groups: NDArray[np.int64] | None
    design: float

    @cached_property
    def answers(self) -> NDArray[np.int64]:
        return self.probabilities.argmax(axis=1)

    def share(self, hits: NDArray[np.bool_], among: NDArray[np.bool_]) -> Interval | None:
        """How many of some pictures are hits, with its interval."""
        return share_of(hits, among, self.groups, self.design)


def measure(predictions: Predictions, groups: NDArray[np.int64] | None = None, design: float = 1.0) -> Metrics:
    """The numbers of predictions whose truth is known; pictures of unknown class are passed over.

    Args:
        predictions: of N pictures.
        groups: int64 (N,), pictures of one number belong together (one patient, one video, copies); None: each stands for itself.
        design: so many answers say as much as one, where models that share their pictures gave them.

    Raises:
        ValueError: no picture has a known class.
    """
    known = predictions.labels >= 0
    if not known.any():
        raise ValueError("no picture has a known class")
    judged = _Judged(
        predictions.probabilities[known], predictions.labels[known], groups[known] if groups is not None else None, design
    )
    confusion = confusion_matrix(judged.labels, judged.answers, len(predictions.classes))
    accuracy = judged.share(judged.labels == judged.answers, np.ones(len(judged.labels), bool))
    assert accuracy is not None
    macro_average, weighted_average = averages(confusion, accuracy)
    support = confusion.sum(axis=1)
    return Metrics(
        accuracy=accuracy,
        loss=cross_entropy(judged.probabilities, judged.labels),
        macro_f1=macro_average.f1.value,
        macro_precision=macro_average.precision.value,
        macro_recall=macro_average.recall.value,
        majority=float(support.max() / support.sum()),
        by_class=tuple(_of_class(key, k, judged) for k, key in enumerate(predictions.classes)),
        confusion=confusion,
        macro=macro_average,
        weighted=weighted_average,
        balanced_accuracy=float(scores(confusion)[1][support > 0].mean()),
        top=top_k(judged.probabilities, judged.labels, judged.groups, design),
        calibration=calibration(judged.probabilities, judged.labels),
    )


def _of_class(key: str, k: int, judged: _Judged) -> ClassMetrics:
    """Precision, recall and F1 are 0 where there is nothing to divide by, as scikit-learn has them."""
    true, answered = judged.labels == k, judged.answers == k
    curve = one_against_rest(judged.probabilities[:, k], true)
    precision, recall, jaccard = (judged.share(true & answered, among) for among in (answered, true, true | answered))
    f1 = f1_interval(jaccard) if jaccard is not None else None
    return ClassMetrics(
        key,
        precision.value if precision is not None else 0.0,
        recall.value if recall is not None else 0.0,
        f1.value if f1 is not None else 0.0,
        int(true.sum()),
        precision,
        recall,
        f1,
        min(1.0, curve.auc) if curve is not None else None,
        min(1.0, curve.average_precision) if curve is not None else None,
    )


def cross_entropy(probabilities: NDArray[np.float32], labels: NDArray[np.int64]) -> float:
    """Mean negative log of the truth's probability, floored at 1e-7."""
    chosen = probabilities[np.arange(len(labels)), labels].astype(np.float64)
    return max(0.0, float(-np.log(np.clip(chosen, 1e-7, 1)).mean()))
