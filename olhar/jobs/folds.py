"""Folds of one training: how many, where a test part would be too small to judge by, and which pictures each leaves out."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError
from olhar.base.progress import Progress
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.assignment import Shares
from olhar.data.dataset import Brought, Dataset, Part
from olhar.data.split import folds, split
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder
from olhar.runs.split import read_split
from olhar.training.recipe import Recipe

K = 5
OF_A_CLASS, IN_ALL = 20, 150
"""A test part with fewer pictures than both is too small: from 150 on, chance moves 90% by five points at most, and six
trainings of fewer than 1,500 pictures are soon done."""

_LEAST_MINUTES = 1.0


def settle_folds(prepared: Prepared, split_given: bool, progress: Progress) -> Prepared:
    """The same with the number of folds settled; with folds, the kept model has no test part but the data's own.

    Raises:
        DataError: a class has too few pictures for so many folds.
    """
    if prepared.head_start is not None:
        return _settled_for_a_head(prepared, split_given)
    recipe = prepared.recipe
    k = recipe.folds if recipe.folds >= 0 else _by_size(prepared, split_given, progress)
    if not k:
        return replace(prepared, recipe=recipe.with_({"folds": 0}))
    if recipe.folds > 0:
        progress.line(sentence("folds.beside_test" if "test" in prepared.dataset.brought else "folds.asked", k=k, all=k + 1))
    seed = dealt_by(recipe)
    if "test" not in prepared.dataset.brought:
        fold = fold_of_each(prepared, k, seed)
        for place in range(k):
            parts_of(prepared, fold == place, seed)  # a class that one cannot teach is told before a folder is made
    whole = prepared if any(prepared.dataset.brought) else prepared.divided(parts_of(prepared, None, seed))
    return replace(whole, recipe=recipe.with_({"folds": k}))


def _settled_for_a_head(prepared: Prepared, split_given: bool) -> Prepared:
    """What does not judge teaches a head: it chooses by folds. With few pictures all teach, and by folds all judge."""
    recipe, tested = prepared.recipe, _expected_tested(prepared)
    ours = not split_given and recipe.split == Recipe().split and not any(prepared.dataset.brought) and not recipe.split_from
    few = (ours and recipe.folds < 0 and tested < IN_ALL) or (recipe.folds > 0 and "test" not in prepared.dataset.brought)
    parts: list[Part] = ["test" if part == "test" and not few else "train" for part in prepared.parts]
    k = recipe.folds if recipe.folds > 0 else _folds_of_a_head(prepared) if few or "test" not in parts else 0
    return replace(prepared.divided(parts), recipe=recipe.with_({"folds": k}))


def _folds_of_a_head(prepared: Prepared) -> int:
    from olhar.bodies.heads.deal import folds_for

    return folds_for(prepared.labels, prepared.division.groups, len(prepared.signature.classes))


def dealt_by(recipe: Recipe) -> int:
    """The seed that deals the folds; of a run whose split is kept, the one that dealt them there.

    Raises:
        RunError: there is no such run.
    """
    dealt = RunFolder.open(recipe.split_from).request().folds_seed if recipe.split_from else None
    return recipe.seed if dealt is None else dealt


def _kept_folds(earlier: str, progress: Progress) -> int:
    """How many folds a run has that is judged by them alone; without them, its split would leave nothing to judge by."""
    k = RunFolder.open(earlier).recipe().folds
    if k <= 0 or "test" in read_split(earlier).values():
        return 0
    progress.line(sentence("folds.asked", k=k, all=k + 1))
    return k


def _by_size(prepared: Prepared, split_given: bool, progress: Progress) -> int:
    """How many folds, where nobody says: five where a test part would be too small, each class has its share, and time is."""
    recipe, n = prepared.recipe, _expected_tested(prepared)
    if split_given or recipe.split != Recipe().split or any(prepared.dataset.brought):
        return 0
    if recipe.split_from:
        return _kept_folds(recipe.split_from, progress)
    if n >= OF_A_CLASS * len(prepared.signature.classes) or n >= IN_ALL or not _possible(prepared):
        return 0
    if recipe.minutes and recipe.minutes < _LEAST_MINUTES * (K + 1):
        progress.line(sentence("folds.no_time", n=n, minutes=f"{_LEAST_MINUTES * (K + 1):g}"))
        return 0
    progress.line(sentence("folds.small_test", n=n, k=K))
    return K


def _expected_tested(prepared: Prepared) -> int:
    """Pictures that a test part holds on the mean of all seeds: by what one draws, seeds of the same data would part ways."""
    return round(Shares.parse(prepared.recipe.split).test * len(prepared.labels))


def _possible(prepared: Prepared) -> bool:
    seed = prepared.recipe.seed
    try:
        fold = fold_of_each(prepared, K, seed)
        return all(bool(parts_of(prepared, fold == fold_number, seed)) for fold_number in range(K)) and len(np.unique(fold)) == K
    except DataError:
        return False


def fold_of_each(prepared: Prepared, k: int, seed: int) -> NDArray[np.int64]:
    """The fold of each good picture, int64 (M,); copies and groups stay together."""
    return folds(prepared.labels, prepared.packed.hashes, prepared.division.groups, k, seed)


def parts_of(prepared: Prepared, held: NDArray[np.bool_] | None, seed: int) -> list[Part]:
    """The part of each good picture in one fold: test for those ``held`` back, bool (M,); None holds none back.

    Of the rest, the recipe's share of validation is set aside to choose the epoch by.
    """
    without_part: Brought = "train"
    brought: list[Brought] = [without_part] * len(prepared.labels)
    for row in np.flatnonzero(held).tolist() if held is not None else ():
        brought[row] = "test"
    shares, groups = Shares.parse(prepared.recipe.split), prepared.division.groups
    return split(prepared.dataset.classes, prepared.labels, brought, prepared.packed.hashes, shares, seed, groups=groups)


def without_test(dataset: Dataset) -> Dataset:
    """The pictures that are not of a test part that the data brings, and none of its parts."""
    rows = [row for row, part in enumerate(dataset.brought) if part != "test"]
    pictures = dataset if len(rows) == len(dataset) else dataset.only(rows)
    return replace(pictures, brought=[""] * len(rows))


def is_fold(into: StrPath) -> bool:
    """Whether a run is one of the folds of another."""
    return RunFolder.open(into).request().fold is not None
