"""check: what is wrong with the pictures, before a minute is spent on training."""

import os
from collections.abc import Collection

from olhar.base.progress import Progress, shown
from olhar.base.signature import Fit
from olhar.data.audit import Audit, audit
from olhar.data.checks import Evidence
from olhar.data.dataset import Dataset
from olhar.data.sources import read
from olhar.data.survey import survey


def check(
    data: str | os.PathLike[str] | Dataset,
    *,
    fit: Fit = "stretch",
    size: int = 0,
    ignore: Collection[str] = (),
    progress: Progress | None = None,
) -> Audit:
    """Look at every picture once and say what is wrong. The pictures are never touched.

    Args:
        data: a folder, a zip, the name of a set, or what ``olhar.read`` gave.
        fit: how pictures will be brought to the network's shape: ``stretch``, ``crop`` or ``pad``.
        size: side of the network's picture in pixels, where it is known.
        ignore: codes of checks to leave out (``["CHK012"]``).
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.

    Returns:
        The outcome of each check, with the pictures that it is about.

    Raises:
        DataError: the data cannot be read.
        UsageError: no such check to leave out.
    """
    dataset = data if isinstance(data, Dataset) else read(data)
    evidence = Evidence(dataset, survey(dataset, progress or shown()), fit, size, dataset.mirrorable)
    return audit(evidence, ignore)
