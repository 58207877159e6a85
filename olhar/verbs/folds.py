"""Folds: where a test part would be too small to judge by, models that each leave out a share of the pictures judge them all."""

import os
import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import DataError, Stopped
from olhar.base.progress import Progress
from olhar.base.texts import percent, say
from olhar.data.dataset import Brought, Dataset, Part
from olhar.data.dealing import Shares
from olhar.data.split import folds, split
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.metrics import Interval
from olhar.evaluation.predictions import Predictions
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked
from olhar.runs.split import kept as kept_split
from olhar.training.balance import settle
from olhar.training.recipe import Recipe
from olhar.verbs.begin import Asked, refuse_other, write_start
from olhar.verbs.brief import Brief, Told, lasting
from olhar.verbs.logs import Logs
from olhar.verbs.prepare import Prepared, prepare

K = 5
OF_A_CLASS, IN_ALL = 20, 150
"""A test part with fewer pictures than both is too small: from 150 on, chance moves 90 % by five points at most, and six
trainings of fewer than 1,500 pictures are soon done."""

_LEAST_MINUTES = 1.0


def in_folds(prepared: Prepared, split_given: bool, progress: Progress) -> Prepared:
    """The same with the number of folds settled; with folds, the kept model has no test part but the data's own.

    Raises:
        DataError: a class has too few pictures for so many folds.
    """
    recipe = prepared.recipe
    k = recipe.folds if recipe.folds >= 0 else _by_size(prepared, split_given, progress)
    if not k:
        return replace(prepared, recipe=recipe.with_({"folds": 0}))
    if recipe.folds > 0:
        progress.line(say("folds.beside_test" if "test" in prepared.dataset.brought else "folds.asked", k=k, all=k + 1))
    seed = dealt_by(recipe)
    if "test" not in prepared.dataset.brought:
        of_each = _of_each(prepared, k, seed)
        for place in range(k):
            _parts(prepared, of_each == place, seed)  # a class that one cannot teach is told before a folder is made
    whole = prepared if any(prepared.dataset.brought) else prepared.divided(_parts(prepared, None, seed))
    return replace(whole, recipe=recipe.with_({"folds": k}))


def dealt_by(recipe: Recipe) -> int:
    """The seed that deals the folds; of a run whose split is kept, the one that dealt them there.

    Raises:
        RunError: there is no such run.
    """
    earlier = RunFolder.open(recipe.split_from).read_json("request.json") if recipe.split_from else {}
    return earlier.get("folds_seed", recipe.seed)


def _kept_folds(earlier: str, progress: Progress) -> int:
    """How many folds a run has that is judged by them alone; without them, its split would leave nothing to judge by."""
    k = Recipe.from_toml(RunFolder.open(earlier).read("recipe.toml"), "recipe.toml").folds
    if k <= 0 or "test" in kept_split(earlier).values():
        return 0
    progress.line(say("folds.asked", k=k, all=k + 1))
    return k


def _by_size(prepared: Prepared, split_given: bool, progress: Progress) -> int:
    """How many folds, where nobody says: five where a test part would be too small, each class has its share, and time is."""
    recipe, n = prepared.recipe, sum(prepared.counts().get("test", {}).values())
    if split_given or recipe.split != Recipe().split or any(prepared.dataset.brought):
        return 0
    if recipe.split_from:
        return _kept_folds(recipe.split_from, progress)
    if n >= OF_A_CLASS * len(prepared.signature.classes) or n >= IN_ALL or not _possible(prepared):
        return 0
    if recipe.minutes and recipe.minutes < _LEAST_MINUTES * (K + 1):
        progress.line(say("folds.no_time", n=n, minutes=f"{_LEAST_MINUTES * (K + 1):g}"))
        return 0
    progress.line(say("folds.small_test", n=n, k=K))
    return K


def _possible(prepared: Prepared) -> bool:
    seed = prepared.recipe.seed
    try:
        of_each = _of_each(prepared, K, seed)
        return all(bool(_parts(prepared, of_each == one, seed)) for one in range(K)) and len(np.unique(of_each)) == K
    except DataError:
        return False


def _of_each(prepared: Prepared, k: int, seed: int) -> NDArray[np.int64]:
    return folds(prepared.labels, prepared.packed.hashes, prepared.division.groups, k, seed)


def _parts(prepared: Prepared, held: NDArray[np.bool_] | None, seed: int) -> list[Part]:
    """The parts of a fold whose pictures are ``held`` (M,) back; None: none. The share of validation chooses."""
    seen: Brought = "train"
    brought: list[Brought] = [seen] * len(prepared.labels)
    for row in np.flatnonzero(held).tolist() if held is not None else ():
        brought[row] = "test"
    shares, groups = Shares.parse(prepared.recipe.split), prepared.division.groups
    return split(prepared.dataset.classes, prepared.labels, brought, prepared.packed.hashes, shares, seed, groups=groups)


def without_test(dataset: Dataset) -> Dataset:
    """The pictures that are not of a test part that the data brings, and none of its parts."""
    rows = [row for row, part in enumerate(dataset.brought) if part != "test"]
    kept = dataset if len(rows) == len(dataset) else dataset.only(rows)
    return replace(kept, brought=[""] * len(rows))


def is_fold(into: str | os.PathLike[str]) -> bool:
    """Whether a run is one of the folds of another."""
    return "fold" in RunFolder.open(into).read_json("request.json")


def train_folds(run: RunFolder, prepared: Prepared, asked: Asked, progress: Told, begun: float, logs: Logs) -> float:
    """Train what is missing of a run's folds, each an ordinary run in ``fold-1`` ..., and keep what they said of their pictures.

    Args:
        run: the run whose model is kept.
        prepared: for that model.
        asked: what was asked.
        progress: where to tell how far it is, and what was told.
        begun: ``time.monotonic()`` when the person asked. ``minutes`` are shared out among the folds and the kept model.
        logs: where else each epoch is told.

    Returns:
        ``begun``, as if the folds of an earlier call had been trained in this one.

    Raises:
        Stopped: the person asked to stop.
    """
    k = prepared.recipe.folds
    pictures = _pictures(prepared, progress)
    seed = run.read_json("request.json").get("folds_seed", prepared.recipe.seed)
    of_each = _of_each(pictures, k, seed)
    folders = [RunFolder(run.path / f"fold-{number}") for number in range(1, k + 1)]
    done = sum(folder.finished for folder in folders)
    begun -= 60 * prepared.recipe.minutes * done / (k + 1)
    started = time.monotonic()
    balance = settle(prepared.recipe, np.bincount(prepared.batches("train").labels)).balance
    for place, folder in enumerate(folders):
        if folder.finished:
            continue
        left = sum(not one.finished for one in folders) + 1
        minutes = max(0.05, prepared.recipe.minutes - (time.monotonic() - begun) / 60) / left
        fields = {"folds": 0, "minutes": minutes if prepared.recipe.minutes else 0.0, "balance": balance}
        one = pictures.divided(_parts(pictures, of_each == place, seed))
        one = replace(one, recipe=pictures.recipe.with_(fields), own=prepared.own)
        try:
            accuracy = _train_one(folder, one, asked, Brief(progress, say("folds.name", number=place + 1, k=k)), logs)
        except Stopped as error:
            finished = sum(one.finished for one in folders)
            raise Stopped("folds.stopped", where=str(run.path), done=finished, k=k) from error
        now = sum(one.finished for one in folders)
        rest = (time.monotonic() - started) / (now - done) * (k + 1 - now)
        progress.line(
            say("folds.done", number=place + 1, k=k, accuracy=percent(accuracy.value), n=accuracy.n, left=lasting(rest))
        )
    _join(run, folders, pictures, of_each)
    sizes = {part: int((np.array(prepared.parts) == part).sum()) for part in ("train", "validation")}
    progress.line(say("folds.whole", **sizes))
    return begun


def _pictures(prepared: Prepared, progress: Progress) -> Prepared:
    """What the folds are made of: all pictures but those of a test part that the data brings."""
    if "test" not in prepared.dataset.brought:
        return prepared
    return prepare(without_test(prepared.dataset), prepared.recipe, progress, prepared.base)


def _train_one(folder: RunFolder, one: Prepared, asked: Asked, progress: Progress, logs: Logs) -> Interval:
    from olhar.verbs.learn import learn

    begun = time.monotonic()
    folder.make()
    with locked(folder):
        if (folder.path / "request.json").is_file():
            refuse_other(folder, one)
            one = replace(one, recipe=Recipe.from_toml(folder.read("recipe.toml"), "recipe.toml"))
        else:
            write_start(folder, one, replace(asked, keep_as=None), fold=int(folder.name.partition("-")[2]))
        return learn(folder, one, progress, begun, logs).metrics.accuracy


def _join(run: RunFolder, folders: Sequence[RunFolder], pictures: Prepared, of_each: NDArray[np.int64]) -> None:
    """One prediction a picture, from the model that did not see it."""
    table = np.zeros((len(of_each), len(pictures.signature.classes)), np.float32)
    for place, folder in enumerate(folders):
        found = Predictions.from_csv(folder.read("predictions-test.csv"), str(folder.predictions))
        table[of_each == place] = found.probabilities
    names = [pictures.name(row) for row in range(len(of_each))]
    run.write(FOLDS, Predictions(names, pictures.signature.classes, pictures.labels, table).to_csv())
