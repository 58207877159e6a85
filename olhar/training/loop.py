"""The loop: fit, epoch, step, forward, each one short function; a generator of Epoch records.

Order, augmentation and dropout are drawn from (seed, epoch, step) and nothing else, and everything that changes is in its
``state``: a training that goes on from step k of an epoch gives the weights of one that never stopped.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from olhar.base.errors import TrainingError
from olhar.base.parsing import Count
from olhar.base.signature import Signature
from olhar.training.augment import Augmentation
from olhar.training.averaging import Average
from olhar.training.balance import settle_balance
from olhar.training.batches import Batches
from olhar.training.engine import Engine
from olhar.training.epoch import Epoch
from olhar.training.forward import Forward
from olhar.training.loss import criterion
from olhar.training.optimizer import add_l2, optimizer, peak_rate, set_rate, take_step
from olhar.training.recipe import Recipe
from olhar.training.schedule import Plateau, factor
from olhar.training.stopping import Best, Stopping
from olhar.training.train_mode import train_mode

StateDict = dict[str, Tensor]
_BATCHES_OF_STATISTICS = 32

Measure = Callable[[NDArray[np.int64], NDArray[np.int64]], Mapping[str, Any]]


@dataclass
class Sums:
    """Running sums of the epoch under way."""

    loss: float = 0.0
    right: float = 0
    seen: Count = 0
    seconds: float = 0.0


@dataclass
class Training:
    """A training under way.

    Attributes:
        network: takes scaled pictures (N, C, H, W), gives logits (N, K); those of its parameters learn that want a gradient.
        train, validation: the pictures.
        recipe: resolved; what depends on the classes' sizes is settled here.
        signature: gives the scaling and the classes.
        engine: where, and in what precision.
        measure: labels and answers (N,) -> ``val_f1``, ``val_precision``, ``val_recall`` and ``by_class``.
        total: steps of the whole training.
        augmentation: what is done to training pictures.
        step: steps done.
        best: the weights of the best epoch so far.
    """

    network: nn.Module
    train: Batches
    validation: Batches
    recipe: Recipe
    signature: Signature
    engine: Engine
    measure: Measure
    total: int
    augmentation: Augmentation
    step: int = 0
    best: StateDict = field(default_factory=dict[str, Tensor])

    def __post_init__(self) -> None:
        self.network.to(torch.device(self.engine.device), memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        counts = np.bincount(self.train.labels, minlength=len(self.signature.classes))
        self.recipe = settle_balance(self.recipe, counts)
        self.train = replace(self.train, balanced=self.recipe.balance == "sampling")
        self.optimizer = optimizer(self.network, self.recipe)
        self.criterion = criterion(self.recipe, counts)
        self.keeping = Best(self.recipe.keep_by)
        self.stopping = Stopping(Best(self.recipe.watch), self.recipe.patience, self.recipe.stop_at)
        self.plateau = Plateau.of(self.recipe)
        self.average = Average(self.network, self.recipe) if self.recipe.averaging != "none" else None
        self.answering: nn.Module = self.network
        self.sums = Sums()
        self.forward = Forward.of(self.signature, self.engine)

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return self.step // len(self.train)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return not self._unjudged and (self.step >= self.total or (self.stopping.over and self.step % len(self.train) == 0))

    @property
    def _unjudged(self) -> bool:
        """Whether an epoch's pictures have all been seen, but not yet those of validation."""
        return self.sums.seen > 0 and (self.step % len(self.train) == 0 or self.step >= self.total)

    def validate_untrained(self) -> Epoch:
        """Validation before the first step, as epoch 0; its weights are the best so far. Training has no numbers yet."""
        return self._validated(0, Sums(loss=math.nan, right=math.nan), lambda: None)

    def fit(self, tick: Callable[[], object]) -> Iterator[Epoch]:
        """Train to the end, until the patience is used up, or until the goal is reached.

        Args:
            tick: called after each step, and while validating; what it raises ends the training where it can go on from.

        Raises:
            TrainingError: the loss is not finite.
        """
        while not self.finished:
            if not self._unjudged:
                self._run_epoch(tick)
            yield self._close_epoch(tick)

    def _run_epoch(self, tick: Callable[[], object]) -> None:
        train_mode(self.network)
        epoch, begun = self.epoch, time.perf_counter()
        for pictures, labels in self.train.shuffled(self.recipe.seed, epoch, self.step % len(self.train)):
            self.learn(pictures, labels, epoch)
            self.step += 1
            self.sums.seconds += time.perf_counter() - begun
            if not self.step % len(self.train) or self.step >= self.total:
                return
            tick()
            begun = time.perf_counter()

    def learn(self, pictures: Tensor, labels: Tensor, epoch: int) -> None:
        """One step: augment, forward, backward, update."""
        self.set_rate(self.step)
        drawn = _seed(self.recipe.seed, epoch, self.step)
        device = self.engine.device
        pictures, targets = self.augmentation(pictures.to(device), labels.to(device), torch.Generator().manual_seed(drawn))
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(drawn)
            logits = self.forward(self.network, pictures)
        self._update(self.criterion(logits, targets))
        self._count(logits.detach(), targets)

    def set_rate(self, step: int) -> None:
        """Give the optimiser the rate of a step."""
        set_rate(self.optimizer, peak_rate(self.recipe) * factor(self.recipe, step, self.total) * self.plateau.share)

    def _update(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        add_l2(self.optimizer, self.recipe.l2)
        take_step(self.optimizer)
        if self.average:
            self.average.update(self.network, self.step + 1, self.total)

    def _count(self, logits: Tensor, targets: Tensor) -> None:
        """Take note of a step: its loss without label smoothing, so that it stands beside the validation's.

        Where pictures were mixed, targets are shares (N, K), and the class with the larger one counts as the right answer.
        """
        loss = functional.cross_entropy(logits, targets).item()
        labels = targets if targets.ndim == 1 else targets.argmax(1)
        if not math.isfinite(loss):
            raise TrainingError("training.not_finite", step=self.step + 1, rate=self._rate)
        self.sums.loss += loss * len(labels)
        self.sums.right += int((logits.argmax(1) == labels).sum())
        self.sums.seen += len(labels)

    def _close_epoch(self, tick: Callable[[], object]) -> Epoch:
        epoch = self._validated(-(-self.step // len(self.train)), self.sums, tick)
        self.sums = Sums()
        return epoch

    def _validated(self, number: int, sums: Sums, tick: Callable[[], object]) -> Epoch:
        begun = time.perf_counter()
        self._settle_answering()
        loss, learnt, labels, answers = self._judged(tick)
        if not math.isfinite(loss):
            raise TrainingError("training.not_finite_validation", epoch=number, rate=self._rate)
        accuracy, measured = float((labels == answers).mean()), self.measure(labels, answers)
        seconds = sums.seconds + time.perf_counter() - begun
        return Epoch(
            epoch=number,
            step=self.step,
            seconds=seconds,
            seconds_left=seconds * (self.total - self.step) / len(self.train) if number else math.nan,
            learning_rate=self.optimizer.param_groups[0]["lr"] if number else 0.0,
            pictures_per_second=sums.seen / max(sums.seconds, 1e-9),
            loss=sums.loss / max(sums.seen, 1),
            accuracy=sums.right / max(sums.seen, 1),
            val_loss=loss,
            val_accuracy=accuracy,
            val_commonest=float(np.bincount(answers).max() / len(answers)),
            best=self._note({"loss": learnt, "accuracy": accuracy, "f1": measured["val_f1"]}, loss, number),
            **measured,
        )

    def _note(self, numbers: dict[str, float], loss: float, number: int) -> bool:
        """Whether an epoch is the best so far; its weights are kept then. ``loss`` is the one that is told.

        Epochs are compared by the loss that is learnt from. Without its label smoothing an early epoch, less sure of labels that
        it does not know yet, looks better than those that make fewer mistakes.
        """
        self.stopping.note(numbers, number, numbers | {"loss": loss})
        self.plateau.note(numbers, number)
        best = self.keeping.better(numbers, number)
        if best:
            self.best = {name: tensor.detach().clone() for name, tensor in self.answering.state_dict().items()}
        return best

    @torch.no_grad()
    def _settle_answering(self) -> None:
        """From here on, the mean of the weights answers, where there is one."""
        if self.average:
            batches = islice(self.train.shuffled(self.recipe.seed, self.epoch), _BATCHES_OF_STATISTICS)
            with self.engine.autocast():
                self.answering = self.average.answering(self.network, (self.forward.scaled(pictures) for pictures, _ in batches))

    @torch.no_grad()
    def predict(self, pictures: Tensor) -> Tensor:
        """Logits, float32 (N, K), of uint8 pictures (N, C, H, W), with the network as it answers, not as it learns."""
        self.answering.eval()
        return self.forward(self.answering, pictures)

    def validate(self, tick: Callable[[], object] = lambda: None) -> tuple[float, NDArray[np.int64], NDArray[np.int64]]:
        """Cross-entropy, labels (N,) and answers (N,) of the validation pictures."""
        loss, _, labels, answers = self._judged(tick)
        return loss, labels, answers

    def _judged(self, tick: Callable[[], object]) -> tuple[float, float, NDArray[np.int64], NDArray[np.int64]]:
        """Cross-entropy, the loss that is learnt from, labels (N,) and answers (N,) of the validation pictures."""
        loss = learnt = 0.0
        answers: list[NDArray[np.int64]] = []
        for pictures, labels in self.validation.in_order():
            if answers:
                tick()
            logits = self.predict(pictures)
            on_device = labels.to(logits.device)
            loss += float(functional.cross_entropy(logits, on_device, reduction="sum"))
            learnt += float(self.criterion(logits, on_device)) * len(labels)
            answers.append(logits.argmax(1).cpu().numpy())
        n = len(self.validation.rows)
        return loss / n, learnt / n, self.validation.labels, np.concatenate(answers)

    def refuse_non_finite(self) -> None:
        """See to it that all weights are numbers.

        Raises:
            TrainingError: they are not; the next loss would not be one either.
        """
        if not all(bool(torch.isfinite(p).all()) for p in self.network.parameters()):
            raise TrainingError("training.not_finite", step=self.step, rate=self._rate)

    @property
    def _rate(self) -> str:
        """The peak, which is what a recipe can change."""
        return f"{peak_rate(self.recipe):.2g}"


def _seed(seed: int, epoch: int, step: int) -> int:
    """One 63-bit number for a seed, an epoch and a step."""
    return int(np.random.SeedSequence([seed, epoch, step]).generate_state(1, np.uint64)[0] >> np.uint64(1))
