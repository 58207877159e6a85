"""The body that a recipe names: published, or a file, whose scaling a few labelled pictures tell where nobody says it."""

from pathlib import Path

from olhar.base.errors import ModelError
from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.base.texts import sentence
from olhar.bodies.body import Body
from olhar.bodies.onnx_file import bundle_signature, file_body
from olhar.bodies.opened import published_body
from olhar.bodies.published import PUBLISHED
from olhar.data.dataset import Dataset
from olhar.foreign.kinds import is_keras
from olhar.jobs.scaling_found import Teaching, found_scaling
from olhar.jobs.ways import features_of_file
from olhar.training.recipe import AUTO, Recipe


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
    if features_of_file(recipe):
        from olhar.jobs.body_of_keras import keras_body_of

        return keras_body_of(recipe, dataset, progress, teaching)
    path = Path(recipe.model).expanduser()
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
    scaling = found_scaling(lambda way: file_body(path, way, recipe.size), recipe, dataset, teaching(), progress)
    return file_body(path, scaling, recipe.size), recipe.with_({"scaling": scaling})
