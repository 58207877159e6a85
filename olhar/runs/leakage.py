"""Leakage: how many of some pictures a run has learnt from or chosen its weights by, told by their content."""

import csv
from collections.abc import Iterable
from pathlib import Path

from olhar.base.errors import PictureError
from olhar.base.types import StrPath
from olhar.data.cache.store import content_hash
from olhar.data.dataset import Dataset
from olhar.runs.split import NAME as SPLIT


def count_trained_on(run: StrPath, data: Dataset, rows: Iterable[int]) -> int:
    """How many pictures are byte for byte among the training or validation pictures of a run; 0 for a model file.

    Args:
        run: a run folder, or anything else.
        data: the pictures.
        rows: which of them.
    """
    split = Path(run) / SPLIT
    if not split.is_file():
        return 0
    with split.open(encoding="utf-8", newline="") as file:
        learnt_from = {bytes.fromhex(row["content"]) for row in csv.DictReader(file) if row["part"] != "test"}
    return sum(_content(data, row) in learnt_from for row in rows)


def _content(data: Dataset, row: int) -> bytes:
    try:
        return content_hash(data.read(row))
    except PictureError:
        return b""
