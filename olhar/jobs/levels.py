"""Black and white of pictures of more than 8 bits, by those that teach: known before any picture is packed."""

from collections.abc import Mapping

import numpy as np

from olhar.base.levels import FULL, Levels
from olhar.base.progress import Progress
from olhar.base.signature import Fit
from olhar.base.texts import Sentence, sentence
from olhar.data.cache.content_hash import ContentHashes
from olhar.data.cache.on_demand import OnDemand
from olhar.data.cache.store import Packed
from olhar.data.checks.survey import Survey, survey
from olhar.data.dataset import Dataset, Part
from olhar.jobs.divide import divide
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
    parts = divide(dataset, _as_packed(dataset, looks, fit), recipe, fit, earlier_parts, progress, choosing=choosing).parts
    return looks.levels_by(looks.rows[np.array([part != "test" for part in parts], bool)])


def levels_told(dataset: Dataset, levels: Levels, progress: Progress) -> tuple[Sentence, ...]:
    """A line for each kind of number of more than 8 bits that the pictures have: what is black, and what is white."""
    floats = survey(dataset, progress).deep["numbers"]["floats"]
    kinds = (("train.levels_integers", levels.integers, ~floats), ("train.levels_floats", levels.floats, floats))
    return tuple(sentence(key, low=bounds[0], high=bounds[1], n=int(those.sum())) for key, bounds, those in kinds if those.any())


def _as_packed(dataset: Dataset, looks: Survey, fit: Fit) -> Packed:
    """The readable pictures as they will be packed: a split hangs on what they hold, not on how they are scaled."""
    pixels = OnDemand(dataset, looks.rows, (1, 1), 3, fit)
    return Packed(pixels, ContentHashes(looks.hashes), looks.rows, looks.bad, looks.fresh)
