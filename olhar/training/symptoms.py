"""What a training that learns nothing shows after a few epochs, and what most likely lies behind it."""

import math
from collections.abc import Iterator

import numpy as np

from olhar.base.texts import Sentence
from olhar.models.network_shape import is_own
from olhar.training.epoch import Epoch
from olhar.training.loop import Training
from olhar.training.optimizer import own_rate, peak_rate, usual_rate
from olhar.training.schedule import warm_steps

AFTER = 3
"""Epochs after which a training should be better than guessing."""

_ALWAYS_ONE = 0.95
_FEW_STEPS = 100
_BEGUN = 0.1
"""Share of all steps up to which a long training has only begun."""
_MOST_CAUSES = 4


def symptoms(training: Training, epoch: Epoch) -> list[Sentence]:
    """What is wrong with an epoch, and then its likely causes, the likeliest first; empty where it learns.

    It is wrong where one class is answered for over 95% of the validation pictures, though less than 90% are of one class, and
    where validation is no better than guessing by more than one standard error: than always answering its commonest class, or,
    where classes are balanced, which costs accuracy, than finding an equal share of each.
    """
    counts = np.bincount(training.validation.labels)
    counts = counts[counts > 0]
    if len(counts) == 1:
        return []  # pictures of one class cannot tell
    majority, equal = float(counts.max() / counts.sum()), 1 / len(counts)
    numbers = {"epoch": epoch.epoch, "accuracy": epoch.val_accuracy, "majority": majority, "share": epoch.val_commonest}
    if epoch.val_commonest > _ALWAYS_ONE and majority < 0.9:
        symptom = Sentence("training.one_class", numbers)
    elif training.recipe.balance == "none" and _guessing(epoch.val_accuracy, majority, 1 / counts.sum()):
        symptom = Sentence("training.guessing", numbers)
    elif training.recipe.balance != "none" and _guessing(epoch.val_recall, equal, equal * float(np.mean(1 / counts))):
        symptom = Sentence("training.guessing_of_each", {"epoch": epoch.epoch, "recall": epoch.val_recall, "equal": equal})
    else:
        return []
    return [symptom, *sorted(_causes(training, epoch), key=_last_if_vague)[:_MOST_CAUSES]]


def _guessing(share: float, guessed: float, per_picture: float) -> bool:
    """Whether a share is within one standard error of what guessing gives; ``per_picture`` is one over the pictures behind it."""
    return share <= guessed + math.sqrt(guessed * (1 - guessed) * per_picture)


def _last_if_vague(cause: Sentence) -> bool:
    return cause.key in ("training.cause_rate", "training.cause_labels")


def _causes(training: Training, epoch: Epoch) -> Iterator[Sentence]:
    """What the numbers speak for, and then what is always worth a look."""
    recipe, rate, own = training.recipe, peak_rate(training.recipe), own_rate(training.recipe)
    guess = math.log(len(training.signature.classes))
    rates = {"rate": f"{rate:.2g}", "own": f"{own:.2g}", "optimizer": recipe.optimizer}
    if epoch.loss < 0.5 * guess and epoch.accuracy > 0.5 + 0.5 * epoch.val_accuracy:
        yield Sentence("training.cause_by_heart", {"accuracy": epoch.accuracy})
    elif rate > 3 * max(own, usual_rate(recipe)):
        yield Sentence("training.cause_rate_high", rates)
    elif epoch.loss > 1.05 * guess:
        yield Sentence("training.cause_rate", rates | {"third": f"{rate / 3:.2g}"})
    if "." in recipe.model and not is_own(recipe.model):
        yield Sentence("training.cause_scaling", {"model": recipe.model})
    if rate < own / 100:
        yield Sentence("training.cause_rate_low", rates)
    early = warm_steps(recipe, training.total)
    if training.step < early:
        yield Sentence("training.cause_early", {"epoch": epoch.epoch, "until": math.ceil(early / len(training.train))})
    elif training.step < _BEGUN * training.total:
        yield Sentence("training.cause_begun", {"epoch": epoch.epoch, "epochs": math.ceil(training.total / len(training.train))})
    if training.step < _FEW_STEPS:
        yield Sentence("training.cause_few_steps", {"n": training.step})
    if recipe.dropout > 0.6:
        yield Sentence("training.cause_dropout", {"dropout": recipe.dropout})
    counts = np.bincount(training.train.labels)
    if recipe.balance == "none" and counts.max() >= 3 * max(1, counts.min()):
        yield Sentence("training.cause_unequal", {"most": int(counts.max()), "least": int(counts.min())})
    yield Sentence("training.cause_labels", {"origin": training.signature.origin})
