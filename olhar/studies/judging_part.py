"""A training of the deep check as a part of a work: a network learns from all folds but one, and answers about that one."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from olhar.base.progress import Advance
from olhar.base.signature import Signature
from olhar.data.cache.store import Packed
from olhar.networks.ours import OursMaker
from olhar.studies.bordered import Bordered
from olhar.training.augment import Augmentation
from olhar.training.batches import Batches
from olhar.training.engine import choose
from olhar.training.loop import Training
from olhar.training.process import training_process
from olhar.training.recipe import Recipe


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


@dataclass(frozen=True)
class PicturesToJudge:
    """The pictures of all trainings, for ``Runner.stream``."""

    ready: DealtPictures

    def opened(self) -> DealtPictures:
        """As they are."""
        return self.ready

    def carried(self) -> "PicturesToJudge":
        """The same without files; what each machine would settle by itself is settled."""
        packed = replace(self.ready.packed, pixels=np.asarray(self.ready.packed.array), held=None)
        settled = {"device": "cpu", "precision": choose("cpu", self.ready.recipe.precision).precision}
        return PicturesToJudge(replace(self.ready, packed=packed, recipe=self.ready.recipe.with_(settled)))


def _unseen(_n: int, _total: int | None = None, /) -> None:
    """Nobody looks on."""


@dataclass(frozen=True)
class JudgingPart:
    """One training.

    Attributes:
        fold: that it leaves out.
        bordered: it sees the borders of pictures only.
        steps: it takes, if there is time.
        seconds: it may take.
        advance: is told how many steps are done.
        threads, weight: as of ``CarriedPart``.
    """

    fold: int
    bordered: bool
    steps: int
    seconds: float
    advance: Advance = _unseen
    threads: int = 1
    weight: int = 0

    def work(self, shared: DealtPictures) -> Iterator[NDArray[np.float32]]:
        """Train, and answer about the pictures held back: float32 (len(held), K)."""
        with training_process():
            torch.set_num_threads(self.threads)
            training = training_of(shared, self.fold, bordered=self.bordered, total=self.steps)
            self._learn(training)
            held = _batches(shared, shared.rows(self.fold)[1], self.bordered)
            yield np.concatenate([_shares(training, pictures) for pictures, _ in held.in_order()])

    def carried(self) -> "JudgingPart":
        """The same without whoever looks on."""
        return replace(self, advance=_unseen)

    def landed(self, came: list[NDArray[np.float32]]) -> Iterator[NDArray[np.float32]]:
        """As they came."""
        self.advance(self.steps)
        yield from came

    def _learn(self, training: Training) -> None:
        """All steps, the weights of the last one kept: nothing is chosen by pictures held back."""
        begun = time.monotonic()
        training.network.train()
        while training.step < training.total:
            epoch = training.epoch
            for pictures, labels in training.train.shuffled(training.recipe.seed, epoch):
                training.learn(pictures, labels, epoch)
                training.step += 1
                self.advance(1)
                if training.step >= training.total:
                    break
            per_step = (time.monotonic() - begun) / training.step
            training.total = min(training.total, max(training.step, int(self.seconds / per_step)))
        self.advance(self.steps - training.step)


def training_of(ready: DealtPictures, fold: int, *, bordered: bool, total: int) -> Training:
    """A training that leaves a fold out, yet to begin.

    Args:
        ready: the pictures.
        fold: that is left out.
        bordered: it sees the borders of pictures only.
        total: its steps.
    """
    recipe, signature = ready.recipe, ready.signature
    taught, held = ready.rows(fold)
    train = _batches(ready, taught, bordered)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed + fold)
        network = OursMaker(recipe, signature, None, train).build()
    return Training(
        network=network,
        train=train,
        validation=_batches(ready, held[: recipe.batch], bordered),
        recipe=recipe,
        signature=signature,
        engine=choose(recipe.device, recipe.precision),
        measure=lambda *_: {},
        total=total,
        augmentation=Augmentation.of(recipe, len(signature.classes)),
    )


def _batches(ready: DealtPictures, rows: NDArray[np.int64], bordered: bool) -> Batches:
    return (Bordered if bordered else Batches)(ready.packed.array, rows, ready.labels[rows], ready.recipe.batch)


@torch.no_grad()
def _shares(training: Training, pictures: torch.Tensor) -> NDArray[np.float32]:
    """Probabilities, float32 (B, K); where mirrored pictures are of the same class, the mean with those of the mirrored one."""
    shares = training.predict(pictures).softmax(1)
    if training.recipe.flip == "on":
        shares = (shares + training.predict(pictures.flip(3)).softmax(1)) / 2
    return shares.cpu().numpy()
