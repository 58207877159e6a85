"""The body in a Keras file that a recipe names. Its reader takes its time to import: ``jobs.body`` names it late."""

from pathlib import Path

from olhar.base.errors import ModelError, RecipeError
from olhar.base.progress import Progress
from olhar.base.scaling import Scaling
from olhar.bodies.body import Body
from olhar.bodies.keras_file import keras_body
from olhar.data.dataset import Dataset
from olhar.foreign.classifier import open_classifier
from olhar.foreign.kinds import is_keras
from olhar.foreign.preprocessing import known_preprocessing, signature_with_scaling
from olhar.foreign.weights import refuse_weights
from olhar.jobs.scaling_found import Teaching, found_scaling
from olhar.training.recipe import AUTO, Recipe


def keras_body_of(recipe: Recipe, dataset: Dataset, progress: Progress, teaching: Teaching) -> tuple[Body, Recipe]:
    """The body in a Keras file: scaled as somebody says, else as is known of it, else as a few pictures tell.

    Arguments as of ``jobs.body.open_body``.

    Raises:
        ModelError: the file is not what it should be.
        RecipeError: it does not take pictures of the size that the recipe names, or has no such scaling.
    """
    path = Path(recipe.model).expanduser()
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
        way = found_scaling(scaled, recipe, dataset, teaching(), progress)
    return scaled(way), recipe.with_({"scaling": way})
