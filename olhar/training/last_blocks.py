"""The last blocks learn with their head: from a head that has learnt already, gently (LP-FT: Kumar and others 2022). Needs torch.

AdamW (Loshchilov and Hutter 2019), the rate warmed up for a tenth of the steps and then led to nothing along a cosine.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional as F

from olhar.models.learning_body import LearningBody
from olhar.training.views import Rows, Views

_WARM_UP = 0.1


@dataclass(frozen=True)
class Gently:
    """How they learn."""

    epochs: int
    batch: int
    learning_rate: float
    weight_decay: float
    label_smoothing: float
    seed: int

    def steps(self, pictures: int) -> int:
        """So many steps of so many pictures."""
        return self.epochs * -(-pictures // self.batch)


def learn_on(  # noqa: PLR0917 (what learns, from what, and how)
    network: LearningBody,
    views: Views,
    places: Rows,
    labels: NDArray[np.int64],
    how: Gently,
    step_done: Callable[[], object],
    counts: NDArray[np.float64] | None = None,
) -> None:
    """Teach a network that has begun with a head.

    Args:
        network: what learns.
        views: the pictures.
        places: int64 (N,): which of them teach.
        labels: int64 (N,), their classes.
        how: its settings.
        step_done: called after each step; may raise.
        counts: float64 (N,), how much each counts; None: all alike.
    """
    optimizer = torch.optim.AdamW([p for p in network.parameters() if p.requires_grad], weight_decay=how.weight_decay)
    generator, total, step = torch.Generator().manual_seed(how.seed), how.steps(len(places)), 0
    weights = torch.ones(len(places)) if counts is None else torch.from_numpy(counts / counts.mean()).float()
    for _ in range(how.epochs):
        for own in torch.randperm(len(places), generator=generator).split(how.batch):
            for group in optimizer.param_groups:
                group["lr"] = how.learning_rate * _share(step, total)
            logits = network(views.varied(places[own.numpy()], generator))
            truth = torch.from_numpy(labels[own.numpy()])
            losses = F.cross_entropy(logits, truth, label_smoothing=how.label_smoothing, reduction="none")
            optimizer.zero_grad()
            (losses * weights[own]).mean().backward()
            optimizer.step()
            step += 1
            step_done()


def _share(step: int, total: int) -> float:
    warm = max(1.0, _WARM_UP * total)
    return min(1.0, (step + 1) / warm) * 0.5 * (1 + math.cos(math.pi * step / total))


@torch.no_grad()
def logits_of(network: LearningBody, views: Views, places: Rows, batch: int = 32) -> NDArray[np.float64]:
    """float64 (N, K), of the pictures as they are."""
    parts = [network(views.plain(places[start : start + batch])).numpy() for start in range(0, len(places), batch)]
    return np.concatenate(parts).astype(np.float64)
