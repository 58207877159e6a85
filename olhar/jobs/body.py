"""The body that a recipe names: published, or a file, whose scaling a few labelled pictures tell where nobody says it."""

from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import ModelError, RecipeError
from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.base.texts import sentence
from olhar.bodies.body import Body
from olhar.bodies.features import columns_of, picture_contract
from olhar.bodies.heads.learning import learn_head
from olhar.bodies.keras_file import keras_body
from olhar.bodies.looking import AskedBody, compute
from olhar.bodies.onnx_file import bundle_signature, file_body
from olhar.bodies.opened import published_body
from olhar.bodies.published import PUBLISHED
from olhar.data.dataset import Dataset
from olhar.foreign.classifier import open_classifier
from olhar.foreign.kinds import is_keras
from olhar.foreign.preprocessing import known_preprocessing, signature_with_scaling
from olhar.foreign.weights import refuse_weights
from olhar.jobs.look import look
from olhar.jobs.ways import features_of_file
from olhar.training.recipe import AUTO, Recipe

Teaching: TypeAlias = Callable[[], NDArray[np.int64]]

_WAYS: tuple[Scaling, ...] = ("imagenet", "-1..1", "0..1", "0..255")
"""The commonest first: it is taken where a difference is no more than luck."""
_PICTURES, _OF_A_CLASS = 120, 60
_BETTER = 0.95
"""Another than the commonest is taken where the log-loss is so many times the commonest's, or less."""


def open_body(recipe: Recipe, dataset: Dataset, progress: Progress, teaching: Teaching) -> tuple[Body, Recipe]:
    """The body that a recipe names, and the recipe with how its pixels are scaled.

    Args:
        recipe: what was asked.
        dataset: the pictures.
        progress: who is told how a file's scaling was found.
        teaching: gives the rows of the pictures that do not judge; asked only where a scaling is to be found.

    Raises:
        ExtraError: its package is not installed.
        ModelError: its file is not what it should be.
        RecipeError: it does not take pictures of the size that the recipe names, or has no such scaling.
    """
    if recipe.model in PUBLISHED:
        return published_body(recipe.model, recipe.size), recipe
    path = Path(recipe.model).expanduser()
    if features_of_file(recipe):
        return _of_keras(path, recipe, dataset, progress, teaching)
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
    scaling = _found(lambda way: file_body(path, way, recipe.size), recipe, dataset, teaching(), progress)
    return file_body(path, scaling, recipe.size), recipe.with_({"scaling": scaling})


def _of_keras(path: Path, recipe: Recipe, dataset: Dataset, progress: Progress, teaching: Teaching) -> tuple[Body, Recipe]:
    """The body in a Keras file: scaled as somebody says, else as is known of it, else as a few pictures tell."""
    if not path.exists():
        raise ModelError("keras.not_found", where=recipe.model)
    refuse_weights(path)
    if not is_keras(path):
        raise ModelError("keras.only_keras_learns_on", where=path.name)
    classifier = open_classifier(path)
    known = known_preprocessing(classifier)

    def scaled(way: Scaling) -> Body:
        stated = signature_with_scaling(classifier, way)
        if stated is None:
            raise RecipeError("bodies.no_such_scaling", where=path.name, found=way)
        return keras_body(classifier, stated, recipe.size)

    if recipe.scaling == AUTO and known.signature is not None:
        for notice in known.passed_over:
            progress.line(notice)
        fit = known.signature.fit if recipe.fit == AUTO else recipe.fit
        return keras_body(classifier, known.signature, recipe.size), recipe.with_({"fit": fit})
    way: Scaling = recipe.scaling  # pyright: ignore[reportAssignmentType]
    if recipe.scaling == AUTO:
        way = _found(scaled, recipe, dataset, teaching(), progress)
    return scaled(way), recipe.with_({"scaling": way})


def _found(
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
