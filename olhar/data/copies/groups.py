"""Groups: pictures that stay together in a split, because they are copies or were taken of one patient, in one video."""

import re
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import RecipeError
from olhar.data.copies import near as copies
from olhar.data.dataset import Dataset


def grouped(dataset: Dataset, pattern: str) -> Dataset:
    """The same pictures, grouped by what a pattern finds in their names.

    Args:
        dataset: N pictures.
        pattern: a regular expression with one group in brackets (``(patient\\d+)``), searched for in each name; pictures in
            whose names it finds nothing are in no group. Empty: the groups that the data brings, if any.

    Raises:
        RecipeError: not such a pattern, or it finds nothing in any name.
    """
    if not pattern:
        return dataset
    try:
        compiled = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise RecipeError("recipe.group", found=pattern) from error
    if compiled.groups != 1:
        raise RecipeError("recipe.group", found=pattern)
    found = [compiled.search(name) for name in dataset.where]
    groups = [(match.group(1) or "") if match else "" for match in found]
    if not any(groups):
        raise RecipeError("recipe.group_nowhere", found=pattern, example=dataset.where[0] if len(dataset) else "")
    return replace(dataset, groups=groups)


def joined(alike: NDArray[np.int64], names: Sequence[str]) -> NDArray[np.int64]:
    """int64 (N,): the first picture of each one's group, by copies and by names together.

    Args:
        alike: int64 (N,): pictures of one number are copies.
        names: the group that each was taken of, ``""`` for none; empty where there are no groups.
    """
    pairs = [_linked(alike)]
    if names:
        own = [name or row for row, name in enumerate(names)]
        numbers: dict[str | int, int] = {}
        pairs.append(_linked(np.array([numbers.setdefault(name, len(numbers)) for name in own], dtype=np.int64)))
    return copies.groups(len(alike), *pairs)


def _linked(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64 (N, 2): each row with the first row of its group."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    return np.stack([first[inverse], np.arange(len(group))], axis=1).astype(np.int64)
