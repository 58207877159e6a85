"""The loss: logits and targets -> one number to make small. Class weights are applied to whole pictures."""

from collections.abc import Callable

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from olhar.training.balance import class_weights
from olhar.training.recipe import Recipe

Criterion = Callable[[Tensor, Tensor], Tensor]
_SURE = -1e-7
"""The largest log probability in the binary loss: above it, the logarithm of what is left of 1 is infinite."""


def criterion(recipe: Recipe, counts: NDArray[np.int64]) -> Criterion:
    """The recipe's loss.

    Args:
        recipe: gives ``loss``, ``label_smoothing`` and ``balance``.
        counts: int64 (K,), training pictures of each class.

    Returns:
        A function of logits, float (N, K), and targets, int64 (N,) or shares of the classes, float (N, K), to their mean loss.
        With ``balance = "weights"`` a picture counts with the weight of its class (a mixed one with the mixture of them); the
        weights of all training pictures have the mean 1.
    """
    loss_of = binary if recipe.loss == "binary" else cross_entropy
    smoothing = recipe.label_smoothing
    if recipe.balance != "weights":
        return lambda logits, targets: loss_of(logits, targets, smoothing).mean()
    weights = torch.from_numpy(class_weights(counts)).float()

    def weighted(logits: Tensor, targets: Tensor) -> Tensor:
        on_device = weights.to(logits.device)
        counted = on_device[targets] if targets.ndim == 1 else targets.to(logits.dtype) @ on_device
        return (loss_of(logits, targets, smoothing) * counted).mean()

    return weighted


def cross_entropy(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Cross-entropy of the softmax, (N,), natural logarithm."""
    return functional.cross_entropy(logits, targets, label_smoothing=smoothing, reduction="none")


def binary(logits: Tensor, targets: Tensor, smoothing: float) -> Tensor:
    """Binary cross-entropy of each class's softmax probability against its target, the mean over the classes, (N,).

    It is what Keras computes for ``binary_crossentropy`` after a softmax, but that Keras smooths labels towards a half. For two
    classes it equals cross-entropy, and the loss of one sigmoid unit whose logit is the difference of the two.
    """
    classes = logits.shape[1]
    shares = functional.one_hot(targets, classes).to(logits.dtype) if targets.ndim == 1 else targets.to(logits.dtype)
    shares = shares * (1 - smoothing) + smoothing / classes
    yes = functional.log_softmax(logits, 1)
    no = torch.log(-torch.expm1(yes.clamp(max=_SURE)))
    return -(shares * yes + (1 - shares) * no).mean(1)
