"""The last blocks of a body learn too: judged beside its head on the same pictures, kept only if they are better. Needs torch."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.head import Head, softmax
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.heads.out_of_fold import Task, counts_of, cross_fitted, pooling
from olhar.evaluation.significance import CHANCE, sign_flips, sign_test
from olhar.models.learning_body import LearningBody
from olhar.runs.head_record import HeadAndBlocks
from olhar.training.last_blocks import Gently, learn_on, logits_of
from olhar.training.views import Views

_Labels = NDArray[np.int64]
_Probabilities = NDArray[np.float32]


@dataclass(frozen=True)
class Teaching:
    """N pictures that teach, as the head saw them and as the last blocks do.

    Attributes:
        features: float16 (views, N, width) by name.
        labels, groups: int64 (N,).
        classes: K.
        weights: float64 (N,), how much each counts; None: all alike.
        views: the same pictures for the layers that learn.
    """

    features: Mapping[str, NDArray[np.float16]]
    labels: _Labels
    groups: _Labels
    classes: int
    weights: NDArray[np.float64] | None
    views: Views

    def head(self, rows: _Labels, seed: int) -> Head:
        """The head that some of the pictures teach."""
        some = {name: values[:, rows] for name, values in self.features.items()}
        counts = self.weights[rows] if self.weights is not None else None
        return learn_head(some, self.labels[rows], self.groups[rows], self.classes, seed=seed, weights=counts).head


def tuned_on(
    network: LearningBody, teaching: Teaching, rows: _Labels, head: Head, how: Gently, step_done: Callable[[], object]
) -> None:
    """Begin with a head, and learn from some of the pictures."""
    network.begin(head)
    counts = teaching.weights[rows] if teaching.weights is not None else None
    learn_on(network, teaching.views, rows, teaching.labels[rows], how, step_done, counts)


def held_out(
    network: LearningBody, teaching: Teaching, fold: _Labels, number: int, how: Gently, step_done: Callable[[], object]
) -> NDArray[np.float64]:
    """Logits (n, K) of the pictures of one fold, by a network that the others taught."""
    rows = np.flatnonzero(fold != number)
    tuned_on(network, teaching, rows, teaching.head(rows, how.seed), how, step_done)
    return logits_of(network, teaching.views, np.flatnonzero(fold == number))


def tempered(logits: NDArray[np.float64], labels: _Labels, fold: _Labels, classes: int) -> tuple[_Probabilities, float]:
    """Probabilities (N, K) of logits (N, K), those of each fold at a temperature that the others chose; and that of all."""
    task = Task(labels, classes, counts_of(labels, None), fold)
    each, prior = logits.T[None], np.ones(1)
    weight = float(pooling(each, task, prior, task.judged)[0])
    return softmax(cross_fitted(each, task, prior).T).astype(np.float32), 1 / weight


def head_and_blocks(head: _Probabilities, blocks: _Probabilities, labels: _Labels, groups: _Labels) -> HeadAndBlocks:
    """Both ways on the same N pictures, by probabilities (N, K); groups count once, as copies are no witnesses of their own."""
    each = np.arange(len(labels))
    right, other = head.argmax(1) == labels, blocks.argmax(1) == labels
    losses, other_losses = (-np.log(np.maximum(chances[each, labels], 1e-9)) for chances in (head, blocks))
    _, group = np.unique(groups, return_inverse=True)
    net = np.bincount(group, other.astype(float) - right)
    gains = np.bincount(group, (losses - other_losses).astype(np.float64))
    return HeadAndBlocks(
        head_right=int(right.sum()),
        right=int(other.sum()),
        only_head=int((right & ~other).sum()),
        only_blocks=int((other & ~right).sum()),
        head_loss=float(losses.mean()),
        loss=float(other_losses.mean()),
        chance=sign_test(int((net > 0).sum()), int((net < 0).sum())),
        loss_chance=sign_flips(gains.astype(np.float64)),
    )


def better(compared: HeadAndBlocks) -> bool:
    """Whether the last blocks are: right more often, and by that or by a lower log-loss beyond chance.

    Two questions share what is put down to chance. A lower log-loss alone does not count: where both are always right, it
    would pay for what nobody notices.
    """
    lower_loss = compared.loss < compared.head_loss and compared.loss_chance < CHANCE / 2
    return compared.right > compared.head_right and (compared.chance < CHANCE / 2 or lower_loss)
