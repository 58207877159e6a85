"""The first look at the pictures of a training: what cannot teach is refused before anything is told of the training."""

from olhar.base.progress import Progress
from olhar.data.cache.store import refuse_too_many_bad
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset
from olhar.data.labelled import require_labelled, require_taught
from olhar.training.recipe import Recipe


def first_look(dataset: Dataset, recipe: Recipe, progress: Progress) -> bool:
    """Look at every picture, whatever will learn from them; whether that was done just now, or found done.

    Raises:
        DataError: there are no two classes, one has nothing to learn from, or too many pictures cannot be read.
    """
    looks = survey(require_taught(require_labelled(dataset)), progress)
    refuse_too_many_bad(dataset, looks.rows, looks.bad, recipe.bad_pictures == "stop")
    return looks.fresh
