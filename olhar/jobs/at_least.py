"""``--at-least``: the threshold below which a finished model says that it does not know."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, sentence
from olhar.evaluation.abstention import SelectiveAccuracy, Threshold, answered_by, choose_threshold, needed
from olhar.evaluation.intervals import design_effect
from olhar.evaluation.predictions import Predictions

_SEED = 1927


@dataclass(frozen=True)
class JudgedThreshold:
    """What a threshold came to on pictures whose classes are known.

    Attributes:
        answered: it; None where there is no threshold.
        halved: one half of the pictures chose the threshold, and the other judged it.
    """

    answered: SelectiveAccuracy | None = None
    halved: bool = False


@dataclass(frozen=True)
class ChoosingAnswers:
    """What chooses a threshold.

    Attributes:
        predictions: of pictures whose classes are known.
        design: so many of them say as much as one.
        sure: whether it is known that the model has not learnt from them.
    """

    predictions: Predictions
    design: float
    sure: bool = True


def refuse_share(at_least: float) -> None:
    """See to it that what was asked is a share, or nothing.

    Raises:
        UsageError: it is none.
    """
    if not 0 <= at_least < 1:
        raise UsageError("abstention.share", found=at_least)


def settle_threshold(asked: float, predictions: Predictions | None, progress: Progress, design: float = 1.0) -> Threshold | None:
    """The threshold that keeps what is asked, told; None, told too, where none does, or pictures are too few to show it.

    Args:
        asked: so many of the answers are to be right, 0 to 1.
        predictions: of pictures that taught nothing and do not judge: out of fold, or of validation; None: there are none.
        progress: who is told.
        design: so many of the answers say as much as one (``measure``).
    """
    found = searched_threshold(asked, predictions, design)
    if isinstance(found, Sentence):
        progress.line(found)
        return None
    about = {"right": found.right, "answered": found.answered, "n": found.chosen_on}
    progress.line(sentence("abstention.chosen", asked=asked, confidence=found.confidence, **about))
    return found


def searched_threshold(asked: float, predictions: Predictions | None, design: float = 1.0) -> Threshold | Sentence:
    """The same, or why there is none."""
    n, fewest = len(predictions) if predictions is not None else 0, needed(asked, design)
    if predictions is None or n < fewest:
        return sentence("abstention.too_few", asked=asked, n=n, needed=fewest, missing=fewest - n)
    found = choose_threshold(predictions.confidence, predictions.predicted == predictions.labels, asked, design)
    return found if found is not None else sentence("abstention.not_kept", asked=asked, n=n)


def required_threshold(asked: float, answers: ChoosingAnswers, where: str, progress: Progress) -> Threshold:
    """The same, where there must be one; ``where`` names the model.

    Raises:
        DataError: none keeps what is asked, or pictures are too few to show it.
    """
    progress.line(sentence("export.chosen_by" if answers.sure else "export.chosen_by_unknown", n=len(answers.predictions)))
    found = searched_threshold(asked, answers.predictions, answers.design)
    if isinstance(found, Sentence):
        if found.key == "abstention.too_few":
            raise DataError("export.too_few", where=where, **found.values)
        raise DataError("export.not_kept", where=where, **found.values)
    about = {"right": found.right, "answered": found.answered, "n": found.chosen_on}
    progress.line(sentence("abstention.chosen", asked=asked, confidence=found.confidence, **about))
    return found


def promised(predictions: Predictions, groups: NDArray[np.int64] | None, asked: float, progress: Progress) -> JudgedThreshold:
    """What the model's own threshold comes to, or one that is asked for: chosen on one half of the pictures, judged on the other.

    Args:
        predictions: of N pictures; those of unknown class are passed over.
        groups: int64 (N,): pictures of one number stay on one side; None: each stands for itself.
        asked: so many of the answers are to be right; 0: judge the model's own threshold.
        progress: who is told of the choice.
    """
    own = np.arange(len(predictions)) if groups is None else groups
    known = np.flatnonzero(predictions.labels >= 0)
    if not asked:
        if not predictions.threshold:
            return JudgedThreshold()
        threshold = Threshold(0.0, predictions.threshold, 0, 0, 0)
        return JudgedThreshold(answered_by(predictions.only(known), threshold, own[known] if groups is not None else None))
    choosing, judging = halves(own, known)
    threshold = settle_threshold(
        asked, predictions.only(choosing), progress, design_of(predictions.only(choosing), own[choosing])
    )
    if threshold is None:
        return JudgedThreshold()
    return JudgedThreshold(answered_by(predictions.only(judging), threshold, own[judging] if groups is not None else None), True)


def halves(groups: NDArray[np.int64], among: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Some rows in two halves, always the same; those of a group on one side."""
    names = np.unique(groups[among])
    first = np.random.default_rng(_SEED).permutation(names)[: -(-len(names) // 2)]
    chosen = np.isin(groups[among], first)
    return among[chosen], among[~chosen]


def design_of(predictions: Predictions, groups: NDArray[np.int64]) -> float:
    """So many answers of pictures in groups say as much as one; 1 where each stands for itself."""
    _, group = np.unique(groups, return_inverse=True)
    sizes = np.bincount(group).astype(np.int64)
    if len(sizes) == len(group) or len(sizes) < 2:
        return float(max(1, len(group) // max(1, len(sizes))))
    right = np.bincount(group, (predictions.predicted == predictions.labels).astype(np.float64)).astype(np.float64)
    return design_effect(right, sizes)
