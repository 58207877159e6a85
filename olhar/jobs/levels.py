"""Black and white of pictures of more than 8 bits, by those that teach: known before any picture is packed."""

from collections.abc import Mapping

from olhar.base.levels import FULL, Levels
from olhar.base.progress import Progress
from olhar.base.signature import Fit
from olhar.base.texts import Sentence, sentence
from olhar.data.checks.survey import survey
from olhar.data.dataset import Dataset, Part
from olhar.jobs.teaching import teaching_rows
from olhar.training.recipe import Recipe


def training_levels(
    dataset: Dataset,
    recipe: Recipe,
    fit: Fit,
    earlier_parts: Mapping[bytes, Part],
    progress: Progress,
    *,
    choosing: bool = True,
) -> Levels:
    """Black and white by all pictures that do not judge; arguments as those of ``divide``.

    Where all have 8 bits, which the one look at them tells, nothing is decided and nothing divided.

    Raises:
        DataError, RecipeError: as ``divide``.
    """
    looks = survey(dataset, progress)
    if not len(looks.deep):
        return FULL
    return looks.levels_by(teaching_rows(dataset, recipe, fit, earlier_parts, progress, choosing=choosing))


def levels_told(dataset: Dataset, levels: Levels, progress: Progress) -> tuple[Sentence, ...]:
    """A line for each kind of number of more than 8 bits that the pictures have: what is black, and what is white."""
    floats = survey(dataset, progress).deep["numbers"]["floats"]
    kinds = (("train.levels_integers", levels.integers, ~floats), ("train.levels_floats", levels.floats, floats))
    return tuple(sentence(key, low=bounds[0], high=bounds[1], n=int(those.sum())) for key, bounds, those in kinds if those.any())
