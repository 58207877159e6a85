"""Classes of unequal size: whether to act, how much a class's pictures count, and an order that shows all classes alike."""

import numpy as np
from numpy.typing import NDArray

from olhar.training.recipe import AUTO, Recipe
from olhar.training.stopping import watched

UNEQUAL = 3
"""From so many pictures in the largest class to one in the smallest, ``auto`` acts."""


def settle_balance(recipe: Recipe, counts: NDArray[np.int64]) -> Recipe:
    """Choose what ``auto`` leaves open: whether to balance, and the numbers to watch.

    Sampling is taken, as showing rare classes more often was the best of the ways compared by Buda, Maki and Mazurowski
    ("A systematic study of the class imbalance problem in convolutional neural networks", 2018).

    Args:
        recipe: where ``balance``, ``keep_by``, ``watch`` and ``plateau_watch`` may be ``auto``.
        counts: int64 (K,), training pictures of each class.
    """
    balance = ("sampling" if _unequal(counts) else "none") if recipe.balance == AUTO else recipe.balance
    by_itself = watched(recipe.stop_at) or ("loss" if balance == "none" else "f1")
    keep_by = by_itself if recipe.keep_by == AUTO else recipe.keep_by
    rest = {name: keep_by for name in ("watch", "plateau_watch") if getattr(recipe, name) == AUTO}
    return recipe.with_({"balance": balance, "keep_by": keep_by, **rest})


def _unequal(counts: NDArray[np.int64]) -> bool:
    present = counts[counts > 0]
    return len(present) > 1 and bool(present.max() >= UNEQUAL * present.min())


def class_weights(counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Weights (K,) inverse to the classes' pictures; their mean over all pictures is 1. A class without pictures gets 0."""
    divisors = np.maximum(counts, 1)
    return np.where(counts > 0, counts.sum() / (np.count_nonzero(counts) * divisors), 0.0)


def balanced_order(labels: NDArray[np.int64], generator: np.random.Generator) -> NDArray[np.int64]:
    """As many places (N,) as there are labels (N,), with the same number of pictures of every class.

    A class that has too few pictures shows all of them equally often, but for a random rest; one that has too many shows a
    random part.
    """
    classes = generator.permutation(np.unique(labels))
    quotas = np.full(len(classes), len(labels) // len(classes))
    quotas[: len(labels) % len(classes)] += 1
    drawn: list[NDArray[np.int64]] = []
    for label, quota in zip(classes, quotas.tolist(), strict=True):
        own = np.flatnonzero(labels == label)
        drawn.append(np.concatenate([np.tile(own, quota // len(own)), generator.permutation(own)[: quota % len(own)]]))
    return generator.permutation(np.concatenate(drawn))
