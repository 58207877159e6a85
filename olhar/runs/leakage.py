"""Leakage: how many of some pictures a run has learnt from or chosen its weights by, told by their content."""

from collections.abc import Iterable
from pathlib import Path

from olhar.base.errors import PictureError
from olhar.base.types import StrPath
from olhar.data.cache.store import content_hash
from olhar.data.dataset import Dataset
from olhar.runs.folder import RunFolder
from olhar.runs.split import NAME as SPLIT
from olhar.runs.split import rows as split_rows


def count_trained_on(run: StrPath, data: Dataset, rows: Iterable[int]) -> int:
    """How many pictures are byte for byte among the training or validation pictures of a run; 0 for a model file.

    Args:
        run: a run folder, or anything else.
        data: the pictures.
        rows: which of them.

    Raises:
        RunError: the run's ``split.csv`` is damaged.
    """
    if not (Path(run) / SPLIT).is_file():
        return 0
    learnt_from = {content for content, part in split_rows(RunFolder(Path(run))) if part != "test"}
    return sum(_content(data, row) in learnt_from for row in rows)


def _content(data: Dataset, row: int) -> bytes:
    try:
        return content_hash(data.read(row))
    except PictureError:
        return b""
