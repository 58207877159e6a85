"""What plain models come to on tiny pictures: whether a network has learnt more than colours and coarse shapes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from olhar.evaluation.intervals import Interval

Kind = Literal["nearest_mean", "linear"]
KINDS: tuple[Kind, ...] = get_args(Kind)

_PENALTIES = (0.01, 0.1, 1.0, 10.0)
"""Of the linear model, as multiples of the mean eigenvalue; the best is taken by leave-one-out on what teaches."""

_Numbers = NDArray[np.float64]


@dataclass(frozen=True)
class Baseline:
    """How right a plain model is on the pictures that judge.

    Attributes:
        kind: ``nearest_mean``: the class whose mean tiny picture is nearest; ``linear``: ridge regression on the classes.
        accuracy: with its interval.
    """

    kind: Kind
    accuracy: Interval

    @classmethod
    def from_dict(cls, stored: Mapping[str, Any]) -> "Baseline":
        """What ``dataclasses.asdict`` gave.

        Raises:
            KeyError, TypeError: it is damaged.
        """
        return cls(stored["kind"], Interval(**stored["accuracy"]))


@dataclass(frozen=True)
class PlainModel:
    """A dense layer on tiny pictures: the class with the highest score is answered.

    Attributes:
        weights: float64 (D, K).
        bias: float64 (K,), minus infinity for a class that had no pictures.
    """

    weights: _Numbers
    bias: _Numbers

    def answers(self, pictures: _Numbers) -> NDArray[np.int64]:
        """int64 (M,): the answers to pictures, float64 (M, D)."""
        return (pictures @ self.weights + self.bias).argmax(axis=1)


def plain_model(kind: Kind, pictures: _Numbers, labels: NDArray[np.int64], classes: int) -> PlainModel:
    """A plain model that some pictures taught; always the same one.

    Args:
        kind: which.
        pictures: float64 (N, D), as numbers of about the same size.
        labels: int64 (N,).
        classes: K.
    """
    model = (_nearest_mean if kind == "nearest_mean" else _linear)(pictures, np.eye(classes)[labels])
    there = np.bincount(labels, minlength=classes) > 0
    return PlainModel(model.weights, np.where(there, model.bias, -np.inf))


def _nearest_mean(pictures: _Numbers, truth: _Numbers) -> PlainModel:
    means = truth.T @ pictures / np.maximum(truth.sum(axis=0), 1)[:, None]
    return PlainModel(2 * means.T, -(means**2).sum(axis=1))


def _linear(pictures: _Numbers, truth: _Numbers) -> PlainModel:
    """Least squares on the classes as 0 and 1 with an L2 penalty (Hoerl and Kennard 1970), the penalty by leave-one-out."""
    middle, shares = pictures.mean(axis=0), truth.mean(axis=0)
    values, axes = np.linalg.eigh((pictures - middle).T @ (pictures - middle))
    turned, scale = (pictures - middle) @ axes, max(float(values.mean()), 1e-9)
    aims, labels = turned.T @ (truth - shares), truth.argmax(axis=1)
    shrunk = [1 / (np.maximum(values, 0) + penalty * scale) for penalty in _PENALTIES]
    left_out = (_left_out(turned, each, aims, truth - shares) + shares for each in shrunk)
    best = shrunk[int(np.argmax([np.mean(said.argmax(axis=1) == labels) for said in left_out]))]
    weights = axes @ (best[:, None] * aims)
    return PlainModel(weights, shares - middle @ weights)


def _left_out(turned: _Numbers, shrunk: _Numbers, aims: _Numbers, truth: _Numbers) -> _Numbers:
    """What is said of each picture by the model that the others teach, from one fit (Allen 1974)."""
    said = turned @ (shrunk[:, None] * aims)
    own = np.minimum((turned**2) @ shrunk + 1 / len(turned), 0.999)[:, None]
    return (said - own * truth) / (1 - own)
