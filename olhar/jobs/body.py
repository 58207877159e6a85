"""The body that a recipe names: published, or an ONNX file, whose scaling a few labelled pictures tell where nobody says it."""

from pathlib import Path

import numpy as np

from olhar.base.errors import ModelError
from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.base.texts import sentence
from olhar.bodies.body import Body
from olhar.bodies.features import columns_of, compute, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.onnx_file import bundle_signature, file_body
from olhar.bodies.opened import published_body
from olhar.bodies.published import PUBLISHED
from olhar.data.dataset import Dataset
from olhar.foreign.kinds import is_keras
from olhar.jobs.look import look
from olhar.training.recipe import AUTO, Recipe

_WAYS: tuple[Scaling, ...] = ("imagenet", "-1..1", "0..1", "0..255")
"""The commonest first: it is taken where a difference is no more than luck."""
_PICTURES, _OF_A_CLASS = 120, 60
_BETTER = 0.95
"""Another than the commonest is taken where the log-loss is so many times the commonest's, or less."""


def open_body(recipe: Recipe, dataset: Dataset, progress: Progress) -> tuple[Body, Recipe]:
    """The body that a recipe names, and the recipe with how its pixels are scaled.

    Raises:
        ExtraError: its package is not installed.
        ModelError: its file is not what it should be.
        RecipeError: it does not take pictures of the size that the recipe names, or has no such scaling.
    """
    if recipe.model in PUBLISHED:
        return published_body(recipe.model, recipe.size), recipe
    path = Path(recipe.model)
    if is_keras(path):
        raise ModelError("bodies.not_onnx", where=path.name)
    signature = bundle_signature(path)
    if signature is not None:
        progress.line(sentence("bodies.from_bundle", name=path.name))
        fit = signature.fit if recipe.fit == AUTO else recipe.fit
        return file_body(path, "0..255", recipe.size), recipe.with_({"scaling": "0..255", "fit": fit})
    if recipe.scaling != AUTO:
        scaling: Scaling = recipe.scaling  # pyright: ignore[reportAssignmentType]
        return file_body(path, scaling, recipe.size), recipe
    scaling = _found(path, recipe, dataset, progress)
    return file_body(path, scaling, recipe.size), recipe.with_({"scaling": scaling})


def _found(path: Path, recipe: Recipe, dataset: Dataset, progress: Progress) -> Scaling:
    """The scaling by which a head learns best from a few of the pictures, told in a line."""
    rows = _some(dataset)
    losses: dict[Scaling, float] = {
        way: _loss(path, way, recipe, dataset, rows) for way in _WAYS if way != "imagenet" or _coloured(path, recipe)
    }
    ways = list(losses)
    best = min(ways, key=lambda way: losses[way])
    best = best if losses[best] <= _BETTER * losses[ways[0]] else ways[0]
    progress.line(sentence("bodies.tried", name=path.name, scaling=best, n=len(losses), pictures=len(rows)))
    return best


def _coloured(path: Path, recipe: Recipe) -> bool:
    return file_body(path, "0..1", recipe.size).channels == 3


def _some(dataset: Dataset) -> list[int]:
    """A few pictures of each class, evenly spread; none of a test part that the data brings."""
    each = max(2, min(_OF_A_CLASS, _PICTURES // max(1, len(dataset.classes))))
    usable = np.array([part != "test" for part in dataset.brought], bool)
    rows: list[int] = []
    for label in range(len(dataset.classes)):
        own = np.flatnonzero(usable & (dataset.labels == label))
        rows += own[np.unique(np.linspace(0, len(own) - 1, min(each, len(own))).astype(int))].tolist() if len(own) else []
    return rows[:_PICTURES]


def _loss(path: Path, way: Scaling, recipe: Recipe, dataset: Dataset, rows: list[int]) -> float:
    """Log-loss out of fold of a head on those pictures; infinite where they cannot be told by it."""
    body = file_body(path, way, recipe.size)
    contract = picture_contract(body, 1 if look(dataset)[1] else body.channels)
    answers = list(compute(dataset, rows, body, contract, ("plain",), lambda *_: None))
    good = [place for place, answer in enumerate(answers) if isinstance(answer, np.ndarray)]
    values = np.stack([answer for answer in answers if isinstance(answer, np.ndarray)]).transpose(1, 0, 2)
    labels = dataset.labels[np.array(rows)[good]]
    features = {name: values[:, :, columns] for name, columns in columns_of(body).items()}
    if not np.isfinite(values).all():
        return float("inf")
    learnt = learn_head(features, labels, np.arange(len(labels)), len(dataset.classes), seed=recipe.seed)
    chances = learnt.out_of_fold[np.arange(len(labels)), labels]
    return float(-np.log(np.maximum(chances, 1e-9)).mean())
