"""Pool: how much each candidate counts, by what heads that had not seen the pictures said of them.

The pool is the weighted sum of the candidates' logits, a product of their answers (Hinton 2002), so that all become one dense
layer. The weights make the log-loss out of fold small, none below 0 (stacking: Wolpert 1992, Breiman 1996), and are drawn towards
the candidates' priors: nothing is chosen by a hair, and ten pictures move little. Their sum is the inverse of the temperature
(Guo et al. 2017), drawn towards 1 in the same way. A convex problem of a few unknowns, solved by Newton's method.
"""

import numpy as np
from numpy.typing import NDArray

from olhar.bodies.heads.head import softmax

Array = NDArray[np.float64]

DRAWN = 3.0
"""The pull towards the priors: half of it times the squared distance, beside the sum of log-losses over the pictures."""

DIGITS = 2
"""Weights are rounded to so many digits: two machines come to the same."""

MOST_STEPS = 50


def pool_weights(logits: Array, labels: NDArray[np.int64], counts: Array, prior: Array) -> Array:
    """The weights of C candidates.

    Args:
        logits: float64 (C, K, N), of each candidate, out of fold.
        labels: int64 (N,), the truth.
        counts: float64 (N,): how much a picture counts; 0: not at all.
        prior: float64 (C,), what they count for before anything is known.

    Returns:
        float64 (C,), rounded, none below 0, not all 0.
    """
    weights = prior
    for _ in range(MOST_STEPS):
        step = _newton(logits, labels, counts, prior, weights)
        following = _shortened(logits, labels, counts, prior, weights, step)
        done = np.abs(following - weights).max() < 10.0 ** -(DIGITS + 2)
        weights = following
        if done:
            break
    rounded = np.round(weights, DIGITS)
    return rounded if rounded.any() else prior


def log_losses(logits: Array, labels: NDArray[np.int64]) -> Array:
    """float64 (N,): minus the log of the truth's probability, from logits (K, N)."""
    highest = logits.max(axis=0)
    return highest + np.log(np.exp(logits - highest).sum(axis=0)) - logits[labels, np.arange(len(labels))]


def _cost(logits: Array, labels: NDArray[np.int64], counts: Array, prior: Array, weights: Array) -> float:
    losses = log_losses(np.tensordot(weights, logits, axes=1), labels)
    return float(counts @ losses + DRAWN / 2 * ((weights - prior) ** 2).sum())


def _newton(logits: Array, labels: NDArray[np.int64], counts: Array, prior: Array, weights: Array) -> Array:
    """Newton's step, (C,), of the weights that are above 0 or would leave it."""
    shares = softmax(np.tensordot(weights, logits, axes=1).T).T
    means = (shares * logits).sum(axis=1)
    slope = (means - logits[:, labels, np.arange(len(labels))]) @ counts + DRAWN * (weights - prior)
    about = (logits - means[:, None]) * np.sqrt(shares * counts)
    curvature = np.einsum("ckn,dkn->cd", about, about) + DRAWN * np.eye(len(weights))
    free = (weights > 0) | (slope < 0)
    step = np.zeros_like(weights)
    step[free] = -np.linalg.solve(curvature[np.ix_(free, free)], slope[free])
    return step


def _shortened(logits: Array, labels: NDArray[np.int64], counts: Array, prior: Array, weights: Array, step: Array) -> Array:
    """The weights after the step, or after as much of it as makes the cost no larger."""
    before = _cost(logits, labels, counts, prior, weights)
    for halvings in range(20):
        after = np.maximum(weights + step / 2**halvings, 0)
        if _cost(logits, labels, counts, prior, after) <= before:
            return after
    return weights
