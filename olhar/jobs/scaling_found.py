"""How the pixels of a body in a file are scaled, where nobody says it: a few labelled pictures tell."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.base.texts import sentence
from olhar.bodies.body import Body
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.looking import AskedBody, compute
from olhar.data.dataset import Dataset
from olhar.jobs.look import look
from olhar.training.recipe import Recipe

Teaching: TypeAlias = Callable[[], NDArray[np.int64]]
"""Gives the rows of the pictures that do not judge."""

_WAYS: tuple[Scaling, ...] = ("imagenet", "-1..1", "0..1", "0..255")
"""The commonest first: it is taken where a difference is no more than luck."""
_PICTURES, _OF_A_CLASS = 120, 60
_BETTER = 0.95
"""Another than the commonest is taken where the log-loss is so many times the commonest's, or less."""


def found_scaling(
    scaled: Callable[[Scaling], Body], recipe: Recipe, dataset: Dataset, teaching: NDArray[np.int64], progress: Progress
) -> Scaling:
    """The scaling by which a head learns best from a few of the pictures that teach, told in a line."""
    rows, plain = _some(dataset, teaching), scaled("0..1")
    ways: list[Scaling] = [way for way in _WAYS if way != "imagenet" or plain.channels == 3]
    losses = {way: _loss(scaled(way), recipe, dataset, rows) for way in ways}
    best = min(ways, key=lambda way: losses[way])
    best = best if losses[best] <= _BETTER * losses[ways[0]] else ways[0]
    progress.line(sentence("bodies.tried", name=plain.name, scaling=best, n=len(losses), pictures=len(rows)))
    return best


def _some(dataset: Dataset, teaching: NDArray[np.int64]) -> list[int]:
    """A few pictures of each class, evenly spread, of those that teach."""
    each = max(2, min(_OF_A_CLASS, _PICTURES // max(1, len(dataset.classes))))
    rows: list[int] = []
    for label in range(len(dataset.classes)):
        own = teaching[dataset.labels[teaching] == label]
        rows += own[np.unique(np.linspace(0, len(own) - 1, min(each, len(own))).astype(int))].tolist() if len(own) else []
    return rows[:_PICTURES]


def _loss(body: Body, recipe: Recipe, dataset: Dataset, rows: list[int]) -> float:
    """Log-loss out of fold of a head on those pictures; infinite where they cannot be told by it."""
    contract = picture_contract(body, 1 if look(dataset)[1] else body.channels)
    answers = list(compute(dataset, rows, AskedBody(body, contract, ("plain",)), lambda *_: None))
    good = [place for place, answer in enumerate(answers) if isinstance(answer, np.ndarray)]
    values = np.stack([answer for answer in answers if isinstance(answer, np.ndarray)]).transpose(1, 0, 2)
    labels = dataset.labels[np.array(rows)[good]]
    features = {name: values[:, :, columns] for name, columns in columns_of(body).items()}
    if not np.isfinite(values).all():
        return float("inf")
    learnt = learn_head(features, labels, np.arange(len(labels)), len(dataset.classes), seed=recipe.seed)
    chances = learnt.out_of_fold[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chances, 1e-9)).mean())
