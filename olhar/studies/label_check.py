"""The deep part of check: quick networks learn from some of the pictures and answer about the others, within a time budget.

No picture is judged by a network that saw it, or a copy of it. Nothing is chosen by the answers.
"""

import time
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.base.progress import Advance, Progress
from olhar.base.signature import Signature
from olhar.base.texts import Sentence, sentence
from olhar.data.cache.store import Packed, pack
from olhar.data.checks.audit import DEEP
from olhar.data.checks.findings import CheckOutcome, Finding
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.data.split import folds
from olhar.evaluation.intervals import wilson
from olhar.jobs.prepare import resolve
from olhar.models.network_choice import choose_network
from olhar.networks.ours import OursMaker
from olhar.studies.bordered import Bordered
from olhar.studies.shortcuts import borders, coarse
from olhar.studies.suspect_labels import suspect_labels
from olhar.training.augment import Augmentation
from olhar.training.batches import Batches, channel_statistics
from olhar.training.budget import fastest_threads, steps_within
from olhar.training.engine import choose
from olhar.training.loop import Training
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


@dataclass(frozen=True)
class DealtPictures:
    """Pictures at the network's size, dealt into folds.

    Attributes:
        packed: the M pictures that can be read.
        labels: int64 (M,), their classes.
        fold: int64 (M,), the fold of each; copies of a picture are in one.
        recipe: resolved.
        signature: scaling and classes.
    """

    packed: Packed
    labels: NDArray[np.int64]
    fold: NDArray[np.int64]
    recipe: Recipe
    signature: Signature

    def rows(self, fold: int) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows that a fold's network learns from, and those that it answers about."""
        return np.flatnonzero(self.fold != fold), np.flatnonzero(self.fold == fold)


def deep(dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress) -> tuple[Finding, ...]:
    """Train on ``dataset``, and say what its labels and its backgrounds look like: a finding for each of ``audit.DEEP``.

    Args:
        dataset: N pictures.
        groups: int64 (N,): pictures with the same number are copies of each other.
        minutes: the most that the trainings may take.
        progress: where to tell how far it is.
    """
    if (dataset.labels < 0).any() or len(dataset.classes) < 2:
        return _none("not_applicable", Sentence("check.deep.no_classes"))
    if len(dataset) < FEWEST:
        return _none("skipped", Sentence("check.deep.few", {"n": len(dataset), "least": FEWEST}))
    answers = out_of_fold(dataset, groups, minutes, progress)
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


def out_of_fold(dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress) -> OutOfFold:
    """Train a network a fold, and one for the borders; arguments as those of ``deep``."""
    ready = _ready(dataset, groups, minutes, progress)
    with training_process():
        return OutOfFold(ready, *_Trainings(ready, minutes, progress).run())


def _none(outcome: CheckOutcome, reason: Sentence) -> tuple[Finding, ...]:
    return tuple(Finding(code, outcome, {"reason": reason}) for code in DEEP)


def _ready(dataset: Dataset, groups: NDArray[np.int64], minutes: float, progress: Progress) -> DealtPictures:
    recipe = resolve(_RECIPE, dataset)
    model = choose_network(len(dataset), recipe.size, minutes / (FOLDS + 1)).model
    recipe = recipe.with_({"batch": min(recipe.batch, _BATCH), "model": model, "width": _NARROW if model == "resnet" else 0})
    side, channels = recipe.size, 1 if recipe.colour == "gray" else 3
    levels = survey(dataset, progress).levels
    with progress.stage(sentence("train.packing"), len(dataset)) as advance:
        packed = pack(dataset, (side, side), channels, "stretch", advance, levels=levels)
    labels = dataset.labels[packed.rows]
    fold = folds(labels, packed.hashes, groups[packed.rows], FOLDS, recipe.seed)
    mean, std = channel_statistics(packed.array, np.arange(len(labels)))
    signature = Signature(dataset.classes, dataset.shown, side, side, channels, "stretch", mean, std, levels=levels)
    return DealtPictures(packed, labels, fold, recipe, signature)


class _Trainings:
    """One training a fold, and one more for the first fold that sees only borders; all of the same kind, one after the other."""

    def __init__(self, ready: DealtPictures, minutes: float, progress: Progress) -> None:
        self.ready = ready
        self.progress = progress
        self.end = time.monotonic() + 60 * minutes
        self.left = FOLDS + 1
        self.steps = 0

    def run(self) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Probabilities, float32 (M, K), by networks that did not see the picture; and those by borders alone of fold 0."""
        probabilities = np.zeros((len(self.ready.labels), len(self.ready.signature.classes)), np.float32)
        first = self._training(0, Batches)
        torch.set_num_threads(fastest_threads(first))
        self.steps = min(first.total, steps_within(first, self._seconds()))
        self.progress.line(sentence("check.deep.plan", folds=FOLDS, epochs=round(self.steps / len(first.train), 1)))
        with self.progress.stage(sentence("check.deep.learning"), self.left * self.steps) as advance:
            for fold in range(FOLDS):
                held = self.ready.rows(fold)[1]
                probabilities[held] = self._answers(self._training(fold, Batches), fold, Batches, advance)
            framed = self._answers(self._training(0, Bordered), 0, Bordered, advance)
        return probabilities, framed

    def _seconds(self) -> float:
        """What is left for one training, a tenth set aside for its answers."""
        return max(1.0, 0.9 * (self.end - time.monotonic()) / self.left)

    def _batches(self, kind: type[Batches], rows: NDArray[np.int64]) -> Batches:
        return kind(self.ready.packed.array, rows, self.ready.labels[rows], self.ready.recipe.batch)

    def _training(self, fold: int, kind: type[Batches]) -> Training:
        recipe, signature = self.ready.recipe, self.ready.signature
        taught, held = self.ready.rows(fold)
        train = self._batches(kind, taught)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(recipe.seed + fold)
            network = OursMaker(recipe, signature, None, train).build()
        return Training(
            network=network,
            train=train,
            validation=self._batches(kind, held[: recipe.batch]),
            recipe=recipe,
            signature=signature,
            engine=choose(recipe.device, recipe.precision),
            measure=lambda *_: {},
            total=max(_EPOCHS * len(train), _STEPS),
            augmentation=Augmentation.of(recipe, len(signature.classes)),
        )

    def _answers(self, training: Training, fold: int, kind: type[Batches], advance: Advance) -> NDArray[np.float32]:
        """Train, and answer about the pictures held back: float32 (len(held), K)."""
        self._learn(training, advance)
        self.left -= 1
        held = self._batches(kind, self.ready.rows(fold)[1])
        return np.concatenate([_shares(training, pictures) for pictures, _ in held.in_order()])

    def _learn(self, training: Training, advance: Advance) -> None:
        """All steps, the weights of the last one kept: nothing is chosen by pictures held back."""
        training.total, begun, seconds = self.steps, time.monotonic(), self._seconds()
        training.network.train()
        while training.step < training.total:
            epoch = training.epoch
            for pictures, labels in training.train.shuffled(training.recipe.seed, epoch):
                training.learn(pictures, labels, epoch)
                training.step += 1
                advance(1)
                if training.step >= training.total:
                    break
            per_step = (time.monotonic() - begun) / training.step
            training.total = min(training.total, max(training.step, int(seconds / per_step)))
        advance(self.steps - training.step)


@torch.no_grad()
def _shares(training: Training, pictures: torch.Tensor) -> NDArray[np.float32]:
    """Probabilities, float32 (B, K); where mirrored pictures are of the same class, the mean with those of the mirrored one."""
    shares = training.predict(pictures).softmax(1)
    if training.recipe.flip == "on":
        shares = (shares + training.predict(pictures.flip(3)).softmax(1)) / 2
    return shares.cpu().numpy()
