"""The deep part of check: quick networks learn from some of the pictures and answer about the others, within a time budget.

No picture is judged by a network that saw it, or a copy of it. Nothing is chosen by the answers.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.base.progress import Advance, Progress
from olhar.base.runner import HERE, Runner
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, sentence
from olhar.data.cache.store import pack
from olhar.data.checks.audit import DEEP
from olhar.data.checks.findings import CheckOutcome, Finding
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.data.split import folds
from olhar.evaluation.intervals import wilson
from olhar.jobs.prepare import resolve
from olhar.models.network_choice import choose_network
from olhar.studies.judging_part import DealtPictures, JudgingPart, PicturesToJudge, training_of
from olhar.studies.shortcuts import borders, coarse
from olhar.studies.suspect_labels import suspect_labels
from olhar.training.batches import channel_statistics
from olhar.training.budget import fastest_threads, steps_within
from olhar.training.process import training_process
from olhar.training.recipe import Recipe

MINUTES = 10.0
"""The most that the networks may take where nobody says; small data takes less."""

FOLDS, FEWEST = 4, 40
"""Parts that are left out in turn; and pictures below which nothing can be learnt that would judge a label."""

_EPOCHS, _STEPS, _BATCH = 30, 600, 128
"""A training is this many times over the pictures, or this many steps where they are few, if there is time."""
_RECIPE = Recipe(optimizer="adamw", patience=0, balance="none")
_NARROW = 32
"""Width of ``resnet`` here: where pictures are few, more passes over them are worth more than a wider network."""


def deep(
    dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress, runner: Runner = HERE
) -> tuple[Finding, ...]:
    """Train on ``dataset``, and say what its labels and its backgrounds look like: a finding for each of ``audit.DEEP``.

    Args:
        dataset: N pictures.
        groups: int64 (N,): pictures with the same number are copies of each other.
        minutes: the most that the trainings may take.
        progress: where to tell how far it is.
        runner: where they are trained.
    """
    if (dataset.labels < 0).any() or len(dataset.classes) < 2:
        return _none("not_applicable", Sentence("check.deep.no_classes"))
    if len(dataset) < FEWEST:
        return _none("skipped", Sentence("check.deep.few", {"n": len(dataset), "least": FEWEST}))
    answers = out_of_fold(dataset, groups, minutes, progress, runner)
    ready, probabilities = answers.ready, answers.probabilities
    right = probabilities.argmax(axis=1) == ready.labels
    whole, majority = wilson(int(right.sum()), len(right)), float(np.bincount(ready.labels).max() / len(right))
    if whole.low <= majority:
        values = {"accuracy": whole.value, "majority": majority, "n": whole.n}
        return _none("skipped", Sentence("check.deep.no_better", values))
    taught, held = ready.rows(0)
    return (
        suspect_labels(ready.packed.rows, ready.labels, probabilities, whole),
        borders(ready.packed.rows[held], ready.labels[held], answers.framed, right[held]),
        coarse(ready.packed.array, ready.labels, taught, held, right[held]),
    )


@dataclass(frozen=True)
class OutOfFold:
    """What networks answered about pictures that they never saw.

    Attributes:
        ready: the M pictures and their folds.
        probabilities: float32 (M, K), of each picture by the network of its fold.
        framed: float32 (pictures of fold 0, K), by a network that sees only borders.
    """

    ready: DealtPictures
    probabilities: NDArray[np.float32]
    framed: NDArray[np.float32]


def out_of_fold(
    dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress, runner: Runner = HERE
) -> OutOfFold:
    """Train a network a fold, and one for the borders; arguments as those of ``deep``."""
    ready = _ready(dataset, groups, minutes, progress, runner)
    with training_process():
        return OutOfFold(ready, *_Trainings(ready, minutes, progress, runner).run())


def _none(outcome: CheckOutcome, reason: Sentence) -> tuple[Finding, ...]:
    return tuple(Finding(code, outcome, {"reason": reason}) for code in DEEP)


def _ready(dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress, runner: Runner) -> DealtPictures:
    recipe = resolve(_RECIPE, dataset)
    model = choose_network(len(dataset), recipe.size, minutes / (FOLDS + 1)).model
    recipe = recipe.with_({"batch": min(recipe.batch, _BATCH), "model": model, "width": _NARROW if model == "resnet" else 0})
    side, channels = recipe.size, 1 if recipe.colour == "gray" else 3
    levels = survey(dataset, progress).levels
    with progress.stage(sentence("train.packing"), len(dataset)) as advance:
        packed = pack(dataset, (side, side), channels, "stretch", advance, levels=levels, runner=runner)
    labels = dataset.labels[packed.rows]
    fold = folds(labels, packed.hashes, groups[packed.rows], FOLDS, recipe.seed)
    mean, std = channel_statistics(packed.array, np.arange(len(labels)))
    signature = Signature(dataset.classes, dataset.shown, side, side, channels, "stretch", mean, std, levels=levels)
    return DealtPictures(packed, labels, fold, recipe, signature)


class _Trainings:
    """One training a fold, and one more for the first fold that sees only borders; all of the same kind."""

    def __init__(self, ready: DealtPictures, minutes: float, progress: Progress, runner: Runner = HERE) -> None:
        self.ready = ready
        self.progress = progress
        self.runner = runner
        self.end = time.monotonic() + 60 * minutes
        self.left = FOLDS + 1
        self.steps = 0
        self.threads = 1

    def run(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities, float32 (M, K), by networks that did not see the picture; and those by borders alone of fold 0."""
        probabilities = np.zeros((len(self.ready.labels), len(self.ready.signature.classes)), np.float32)
        first = training_of(self.ready, 0, bordered=False, total=0)
        first.total = max(_EPOCHS * len(first.train), _STEPS)
        self.threads = fastest_threads(first) if self.runner is HERE else 1
        torch.set_num_threads(self.threads)
        self.steps = min(first.total, steps_within(first, self._seconds()))
        self.progress.line(sentence("check.deep.plan", folds=FOLDS, epochs=round(self.steps / len(first.train), 1)))
        with self.progress.stage(sentence("check.deep.learning"), self.left * self.steps) as advance:
            *answers, framed = self.runner.stream(PicturesToJudge(self.ready), self._parts(advance))
        for fold, told in enumerate(answers):
            probabilities[self.ready.rows(fold)[1]] = told
        return probabilities, framed

    def _parts(self, advance: Advance) -> Iterator[JudgingPart]:
        """Each drawn when its turn comes, and then told how long it may take."""
        for fold, bordered in (*((fold, False) for fold in range(FOLDS)), (0, True)):
            yield JudgingPart(fold, bordered, self.steps, self._seconds(), advance, threads=self.threads)
            self.left -= 1

    def _seconds(self) -> float:
        """What is left for one training, a tenth set aside for its answers; elsewhere those that are trained at once share it."""
        rounds = self.left if self.runner is HERE else -(-(FOLDS + 1) // self.runner.workers)
        return max(1.0, 0.9 * (self.end - time.monotonic()) / rounds)
