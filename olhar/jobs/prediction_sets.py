"""``--prediction-sets``: from which probability on a class is in the set that a finished model names beside its answer."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, sentence
from olhar.evaluation.abstention import needed
from olhar.evaluation.prediction_sets import SetCoverage, SetThreshold, choose_set_threshold, covered_by
from olhar.evaluation.predictions import Predictions
from olhar.jobs.at_least import ChoosingAnswers, design_of, halves


@dataclass(frozen=True)
class JudgedSets:
    """What prediction sets came to on pictures whose classes are known.

    Attributes:
        covered: it; None where there are no sets.
        halved: one half of the pictures chose the threshold, and the other judged it.
    """

    covered: SetCoverage | None = None
    halved: bool = False


def refuse_set_share(asked: float) -> None:
    """See to it that what was asked of sets is a share, or nothing.

    Raises:
        UsageError: it is none.
    """
    if not 0 <= asked < 1:
        raise UsageError("prediction_sets.share", found=asked)


def settle_sets(asked: float, predictions: Predictions | None, progress: Progress, design: float = 1.0) -> SetThreshold | None:
    """The threshold whose sets hold the true class as often as asked, told; None, told too, where pictures are too few.

    Args:
        asked: so many sets are to hold the true class, 0 to 1.
        predictions: of pictures that taught nothing and do not judge: out of fold, or of validation; None: there are none.
        progress: who is told.
        design: so many of the answers say as much as one (``measure``).
    """
    found = _searched(asked, predictions, design)
    progress.line(found if isinstance(found, Sentence) else _chosen(found))
    return None if isinstance(found, Sentence) else found


def required_sets(asked: float, answers: ChoosingAnswers, where: str, progress: Progress) -> SetThreshold:
    """The same, where there must be one; ``where`` names the model.

    Raises:
        DataError: pictures are too few to show it.
    """
    progress.line(
        sentence("export.sets_chosen_by" if answers.sure else "export.sets_chosen_by_unknown", n=len(answers.predictions))
    )
    found = _searched(asked, answers.predictions, answers.design)
    if isinstance(found, Sentence):
        raise DataError("export.sets_too_few", where=where, **found.values)
    progress.line(_chosen(found))
    return found


def judged_sets(predictions: Predictions, groups: NDArray[np.int64] | None, asked: float, progress: Progress) -> JudgedSets:
    """What the model's own sets come to, or those that are asked for: chosen on one half of the pictures, judged on the other.

    Args:
        predictions: of N pictures; those of unknown class are passed over.
        groups: int64 (N,): pictures of one number stay on one side; None: each stands for itself.
        asked: so many sets are to hold the true class; 0: judge the model's own.
        progress: who is told of the choice.
    """
    own = np.arange(len(predictions)) if groups is None else groups
    known = np.flatnonzero(predictions.labels >= 0)
    if not asked:
        if predictions.sets_from is None:
            return JudgedSets()
        threshold = SetThreshold(0.0, predictions.sets_from, 0, 0)
        return JudgedSets(covered_by(predictions.only(known), threshold, own[known] if groups is not None else None))
    choosing, judging = halves(own, known)
    chosen_by = predictions.only(choosing)
    threshold = settle_sets(asked, chosen_by, progress, design_of(chosen_by, own[choosing]))
    if threshold is None:
        return JudgedSets()
    return JudgedSets(covered_by(predictions.only(judging), threshold, own[judging] if groups is not None else None), True)


def _searched(asked: float, predictions: Predictions | None, design: float) -> SetThreshold | Sentence:
    n, fewest = len(predictions) if predictions is not None else 0, needed(asked, design)
    found = choose_set_threshold(predictions, asked, design) if predictions is not None and n >= fewest else None
    return found or sentence("prediction_sets.too_few", asked=asked, n=n, needed=fewest, missing=fewest - n)


def _chosen(found: SetThreshold) -> Sentence:
    about = {"held": found.held, "n": found.chosen_on}
    return sentence("prediction_sets.chosen", asked=found.asked, probability=found.probability, **about)
