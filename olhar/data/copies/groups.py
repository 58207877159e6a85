"""Exact copies, and groups: pictures that stay together in a split, as copies of each other or of one patient, in one video."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import RecipeError
from olhar.data.dataset import Dataset


def exact_copies(hashes: NDArray[np.uint8]) -> NDArray[np.int64]:
    """int64 (N,): the first row with the content of each; ``hashes`` are uint8 (N, 16)."""
    _, first, inverse = np.unique(_as_void(hashes), return_index=True, return_inverse=True)
    return first[inverse].astype(np.int64)


def _as_void(hashes: NDArray[np.uint8]) -> NDArray[Any]:
    return np.ascontiguousarray(hashes).view(np.dtype((np.void, hashes.shape[1]))).ravel() if len(hashes) else hashes[:, 0]


def connected_groups(n: int, *pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64 (N,): the lowest row of each row's group, where ``pairs`` (P, 2) of rows belong together.

    Roots are hung under lower ones and paths shortened until nothing moves (after Shiloach and Vishkin 1982): SciPy does it as
    fast, but its import alone takes longer than a training of forty pictures has to spare.
    """
    lowest = np.arange(n, dtype=np.int64)
    joined = np.concatenate([np.zeros((0, 2), np.int64), *pairs])
    while len(joined):
        ends = lowest[joined]
        joined = joined[ends[:, 0] != ends[:, 1]]
        np.minimum.at(lowest, ends.max(axis=1), ends.min(axis=1))
        while (lowest != (shorter := lowest[lowest])).any():
            lowest = shorter
    return lowest


def with_groups(dataset: Dataset, pattern: str) -> Dataset:
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
        regex = re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        raise RecipeError("recipe.group", found=pattern) from error
    if regex.groups != 1:
        raise RecipeError("recipe.group", found=pattern)
    matches = [regex.search(name) for name in dataset.where]
    groups = [(match.group(1) or "") if match else "" for match in matches]
    if not any(groups):
        raise RecipeError("recipe.group_nowhere", found=pattern, example=dataset.where[0] if len(dataset) else "")
    return replace(dataset, groups=groups)


def numbered(names: Sequence[str]) -> NDArray[np.int64]:
    """int64 (N,): a number for each group by its name; ``""`` is in none, and gets a number of its own."""
    numbers: dict[str | int, int] = {}
    own = [name or row for row, name in enumerate(names)]
    return np.array([numbers.setdefault(name, len(numbers)) for name in own], dtype=np.int64)


def joined_groups(alike: NDArray[np.int64], names: Sequence[str]) -> NDArray[np.int64]:
    """int64 (N,): the first picture of each one's group, by copies and by names together.

    Args:
        alike: int64 (N,): pictures of one number are copies.
        names: the group that each was taken of, ``""`` for none; empty where there are no groups.
    """
    pairs = [_with_first(alike)]
    if names:
        pairs.append(_with_first(numbered(names)))
    return connected_groups(len(alike), *pairs)


def _with_first(group: NDArray[np.int64]) -> NDArray[np.int64]:
    """int64 (N, 2): each row with the first row of its group."""
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    return np.stack([first[inverse], np.arange(len(group))], axis=1).astype(np.int64)
