"""The loop: fit, epoch, step, forward, each one short function; a generator of Epoch records.

Order, augmentation and dropout are drawn from (seed, epoch, step) and nothing else, and everything that changes is in
``state_dict``: a training that goes on from step k of an epoch gives the weights of one that never stopped.
"""

import math
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from olhar.base.errors import TrainingError
from olhar.base.signature import Signature
from olhar.training.augment import Augmentation
from olhar.training.batches import Batches
from olhar.training.engine import Engine
from olhar.training.epoch import Epoch
from olhar.training.optimizer import optimizer, peak_rate
from olhar.training.recipe import Recipe
from olhar.training.schedule import factor
from olhar.training.stopping import Stopping

Weights = dict[str, Tensor]
Measure = Callable[[NDArray[np.int64], NDArray[np.int64]], Mapping[str, Any]]


@dataclass
class Sums:
    """Running sums of the epoch under way."""

    loss: float = 0.0
    right: int = 0
    seen: int = 0
    seconds: float = 0.0


@dataclass
class Training:
    """A training under way.

    Attributes:
        network: takes scaled pictures (N, C, H, W), gives logits (N, K); those of its parameters learn that want a gradient.
        train, validation: the pictures.
        recipe: resolved: nothing is left to choose.
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
    best: Weights = field(default_factory=dict[str, Tensor])

    def __post_init__(self) -> None:
        self.network.to(torch.device(self.engine.device), memory_format=torch.channels_last)  # pyright: ignore[reportCallIssue]
        self.optimizer = optimizer(self.network, self.recipe)
        self.stopping = Stopping(self.recipe.patience)
        self.sums = Sums()
        std = torch.tensor(self.signature.std).reshape(1, -1, 1, 1)
        mean = torch.tensor(self.signature.mean).reshape(1, -1, 1, 1)
        self._scale, self._offset = ((1 / (255 * std)).to(self.engine.device), (-mean / std).to(self.engine.device))

    @property
    def epoch(self) -> int:
        """Epochs done."""
        return self.step // len(self.train)

    @property
    def finished(self) -> bool:
        """Whether nothing is left to do."""
        return self.step >= self.total or (self.stopping.over and self.step % len(self.train) == 0)

    def before(self) -> Epoch:
        """Validation before the first step, as epoch 0; its weights are the best so far. Training has no numbers yet."""
        begun = time.perf_counter()
        loss, labels, answers = self.validate()
        self._keep_if_better(loss, 0)
        return Epoch(
            epoch=0,
            step=0,
            seconds=time.perf_counter() - begun,
            learning_rate=0.0,
            pictures_per_second=0.0,
            loss=math.nan,
            accuracy=math.nan,
            val_loss=loss,
            val_accuracy=float((labels == answers).mean()),
            best=True,
            **self.measure(labels, answers),
        )

    def fit(self, tick: Callable[[], object]) -> Iterator[Epoch]:
        """Train to the end, or until the patience is used up.

        Args:
            tick: called after each step; what it raises ends the training between two steps.

        Raises:
            TrainingError: the loss is not finite.
        """
        while not self.finished:
            self._run_epoch(tick)
            yield self._close_epoch()

    def _run_epoch(self, tick: Callable[[], object]) -> None:
        self.network.train()
        epoch = self.epoch
        for pictures, labels in self.train.shuffled(self.recipe.seed, epoch, self.step % len(self.train)):
            begun = time.perf_counter()
            self.learn(pictures, labels, epoch)
            self.step += 1
            self.sums.seconds += time.perf_counter() - begun
            if self.step % len(self.train) and self.step < self.total:
                tick()
            else:
                return

    def learn(self, pictures: Tensor, labels: Tensor, epoch: int) -> None:
        """One step: augment, forward, backward, update."""
        rate = peak_rate(self.recipe) * factor(self.recipe.schedule, self.step, self.total)
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        drawn = _seed(self.recipe.seed, epoch, self.step)
        pictures = self.augmentation(pictures, torch.Generator().manual_seed(drawn))
        labels = labels.to(self.engine.device)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(drawn)
            logits = self._forward(pictures)
        loss = functional.cross_entropy(logits, labels, label_smoothing=self.recipe.label_smoothing)
        self._update(loss)
        self._count(logits.detach(), labels)

    def _forward(self, pictures: Tensor) -> Tensor:
        """Logits, float32 (N, K), of uint8 pictures (N, C, H, W)."""
        with self.engine.autocast():
            scaled = pictures.to(self.engine.device).float() * self._scale + self._offset
            return self.network(scaled.contiguous(memory_format=torch.channels_last)).float()

    def _update(self, loss: Tensor) -> None:
        self.optimizer.zero_grad(set_to_none=True)
        loss.backward()
        self.optimizer.step()

    def _count(self, logits: Tensor, labels: Tensor) -> None:
        """Take note of a step: its loss without label smoothing, so that it stands beside the validation's."""
        loss = functional.cross_entropy(logits, labels).item()
        if not math.isfinite(loss):
            raise TrainingError("training.not_finite", step=self.step + 1, rate=f"{self.optimizer.param_groups[0]['lr']:.2g}")
        self.sums.loss += loss * len(labels)
        self.sums.right += int((logits.argmax(1) == labels).sum())
        self.sums.seen += len(labels)

    def _close_epoch(self) -> Epoch:
        begun = time.perf_counter()
        loss, labels, answers = self.validate()
        number = -(-self.step // len(self.train))
        best = self._keep_if_better(loss, number)
        sums, self.sums = self.sums, Sums()
        return Epoch(
            epoch=number,
            step=self.step,
            seconds=sums.seconds + time.perf_counter() - begun,
            learning_rate=self.optimizer.param_groups[0]["lr"],
            pictures_per_second=sums.seen / max(sums.seconds, 1e-9),
            loss=sums.loss / max(sums.seen, 1),
            accuracy=sums.right / max(sums.seen, 1),
            val_loss=loss,
            val_accuracy=float((labels == answers).mean()),
            best=best,
            **self.measure(labels, answers),
        )

    def _keep_if_better(self, loss: float, epoch: int) -> bool:
        better = self.stopping.better(loss, epoch)
        if better:
            self.best = {name: tensor.detach().clone() for name, tensor in self.network.state_dict().items()}
        return better

    @torch.no_grad()
    def predict(self, pictures: Tensor) -> Tensor:
        """Logits, float32 (N, K), of uint8 pictures (N, C, H, W), with the network as it answers, not as it learns."""
        self.network.eval()
        return self._forward(pictures)

    def validate(self) -> tuple[float, NDArray[np.int64], NDArray[np.int64]]:
        """Cross-entropy, labels (N,) and answers (N,) of the validation pictures."""
        loss = 0.0
        found: list[NDArray[np.int64]] = []
        for pictures, labels in self.validation.in_order():
            logits = self.predict(pictures)
            loss += float(functional.cross_entropy(logits, labels.to(logits.device), reduction="sum"))
            found.append(logits.argmax(1).cpu().numpy())
        return loss / len(self.validation.rows), self.validation.labels, np.concatenate(found)

    def state_dict(self) -> tuple[Weights, dict[str, Any]]:
        """Everything that changes: tensors by name, and plain values fit for JSON."""
        tensors = {f"network.{name}": tensor for name, tensor in self.network.state_dict().items()}
        tensors |= {f"best.{name}": tensor for name, tensor in self.best.items()}
        for index, state in self.optimizer.state_dict()["state"].items():
            tensors |= {f"optimizer.{index}.{name}": torch.as_tensor(value) for name, value in state.items() if value is not None}
        return tensors, {"step": self.step, "total": self.total, "sums": vars(self.sums), "stopping": self.stopping.state_dict()}

    def load_state_dict(self, tensors: Weights, values: Mapping[str, Any]) -> None:
        """Go on from where ``state_dict`` stood."""
        self.network.load_state_dict(_below(tensors, "network."))
        self.best = _below(tensors, "best.")
        parameters = [p for group in self.optimizer.param_groups for p in group["params"]]
        state: dict[int, dict[str, Tensor]] = {}
        for name, tensor in _below(tensors, "optimizer.").items():
            index, _, slot = name.partition(".")
            state.setdefault(int(index), {})[slot] = _laid_out_like(parameters[int(index)], tensor)
        self.optimizer.load_state_dict(self.optimizer.state_dict() | {"state": state})
        self.step, self.total, self.sums = values["step"], values["total"], Sums(**values["sums"])
        self.stopping.load_state_dict(values["stopping"])


def _laid_out_like(parameter: Tensor, tensor: Tensor) -> Tensor:
    """The tensor in the parameter's order of memory: fused optimisers go through both as they lie."""
    return torch.empty_like(parameter).copy_(tensor) if tensor.shape == parameter.shape else tensor


def _below(tensors: Weights, prefix: str) -> Weights:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}


def _seed(seed: int, epoch: int, step: int) -> int:
    """One 63-bit number for a seed, an epoch and a step."""
    return int(np.random.SeedSequence([seed, epoch, step]).generate_state(1, np.uint64)[0] >> np.uint64(1))
