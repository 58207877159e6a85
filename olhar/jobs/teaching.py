"""Which pictures do not judge: known before any picture is packed, so that nothing that is chosen of the others looks at them."""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from olhar.base.progress import Progress
from olhar.base.signature import Fit
from olhar.data.cache.content_hash import ContentHashes
from olhar.data.cache.on_demand import OnDemand
from olhar.data.cache.store import Packed
from olhar.data.checks.survey import Survey, survey
from olhar.data.dataset import Dataset, Part
from olhar.jobs.divide import divide
from olhar.training.recipe import Recipe


def teaching_rows(
    dataset: Dataset,
    recipe: Recipe,
    fit: Fit,
    earlier_parts: Mapping[bytes, Part],
    progress: Progress,
    *,
    choosing: bool = True,
) -> NDArray[np.int64]:
    """Rows of the readable pictures that are in no test part, whether the data brings it or the split deals it: int64 (T,).

    Arguments as those of ``divide``.

    Raises:
        DataError, RecipeError: as ``divide``.
    """
    looks = survey(dataset, progress)
    parts = divide(dataset, _as_packed(dataset, looks, fit), recipe, fit, earlier_parts, progress, choosing=choosing).parts
    return looks.rows[np.array([part != "test" for part in parts], bool)]


def _as_packed(dataset: Dataset, looks: Survey, fit: Fit) -> Packed:
    """The readable pictures as they will be packed: a split hangs on what they hold, not on how they are scaled."""
    pixels = OnDemand(dataset, looks.rows, (1, 1), 3, fit)
    return Packed(pixels, ContentHashes(looks.hashes), looks.rows, looks.bad, looks.fresh)
