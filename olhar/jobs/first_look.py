"""The first look at the pictures of a training: what cannot teach is refused before anything is told of the training."""

from olhar.base.progress import Progress
from olhar.bodies.published import PUBLISHED
from olhar.bodies.weights import is_at_hand
from olhar.data.cache.store import refuse_too_many_bad
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.data.labelled import require_labelled, require_taught
from olhar.jobs.ways import USUAL
from olhar.training.recipe import AUTO, Recipe


def first_look(dataset: Dataset, recipe: Recipe, progress: Progress) -> bool:
    """Look at every picture, where something is told of the training before its own look; whether that was done just now.

    Of other networks nothing is told before, and what they lack is refused first: a look takes minutes where there are many.

    Raises:
        DataError: there are no two classes, one has nothing to learn from, or too many pictures cannot be read.
    """
    require_taught(require_labelled(dataset))
    body = PUBLISHED.get(USUAL if recipe.model == AUTO else recipe.model)
    if body is None or not is_at_hand(body):
        return False
    looks = survey(dataset, progress)
    refuse_too_many_bad(dataset, looks.rows, looks.bad, recipe.bad_pictures == "stop")
    return looks.fresh
