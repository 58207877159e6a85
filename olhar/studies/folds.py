"""Folds: where a test part would be too small to judge by, models that each leave out a share of the pictures judge them all."""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import Stopped
from olhar.base.parsing import parsing
from olhar.base.progress import Progress
from olhar.base.texts import percent, sentence
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.intervals import Interval
from olhar.evaluation.predictions import Predictions
from olhar.jobs.first_files import refuse_other, write_start
from olhar.jobs.folds import fold_of_each, parts_of, without_test
from olhar.jobs.job import Job
from olhar.jobs.logs import Logs
from olhar.jobs.prepare import Prepared, prepare
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked
from olhar.studies.shared_progress import NamedProgress, SharedProgress, lasting
from olhar.training.balance import settle_balance


def train_folds(job: Job, progress: SharedProgress, logs: Logs) -> float:
    """Train what is missing of a run's folds, each an ordinary run in ``fold-1`` ..., and keep what they said of their pictures.

    Args:
        job: the run whose model is kept, and what was asked. ``minutes`` are shared out among the folds and that model.
        progress: where to tell how far it is, and what was told.
        logs: where else each epoch is told.

    Returns:
        When the person asked, as if the folds of an earlier call had been trained in this one.

    Raises:
        Stopped: the person asked to stop.
    """
    run, prepared, begun = job.run, job.prepared, job.begun
    k = prepared.recipe.folds
    pictures = _pictures(prepared, progress)
    dealt = run.request().folds_seed
    seed = prepared.recipe.seed if dealt is None else dealt
    fold = fold_of_each(pictures, k, seed)
    folders = [RunFolder(run.path / f"fold-{number}") for number in range(1, k + 1)]
    done = sum(folder.finished for folder in folders)
    begun -= 60 * prepared.recipe.minutes * done / (k + 1)
    started = time.monotonic()
    balance = settle_balance(prepared.recipe, np.bincount(prepared.batches("train").labels)).balance
    for place, folder in enumerate(folders):
        if folder.finished:
            continue
        left = sum(not folder.finished for folder in folders) + 1
        minutes = max(0.05, prepared.recipe.minutes - (time.monotonic() - begun) / 60) / left
        fields = {"folds": 0, "minutes": minutes if prepared.recipe.minutes else 0.0, "balance": balance}
        fold_prepared = pictures.divided(parts_of(pictures, fold == place, seed))
        fold_prepared = replace(fold_prepared, recipe=pictures.recipe.with_(fields), own=prepared.own)
        try:
            accuracy = _train_one(
                folder, fold_prepared, job, NamedProgress(progress, sentence("folds.name", number=place + 1, k=k)), logs
            )
        except Stopped as error:
            finished = sum(folder.finished for folder in folders)
            raise Stopped("folds.stopped", where=str(run.path), done=finished, k=k) from error
        finished_now = sum(folder.finished for folder in folders)
        rest = (time.monotonic() - started) / (finished_now - done) * (k + 1 - finished_now)
        progress.line(
            sentence("folds.done", number=place + 1, k=k, accuracy=percent(accuracy.value), n=accuracy.n, left=lasting(rest))
        )
    _join(run, folders, pictures, fold)
    sizes = {part: len(prepared.rows(part)) for part in ("train", "validation")}
    progress.line(sentence("folds.whole", **sizes))
    return begun


def _pictures(prepared: Prepared, progress: Progress) -> Prepared:
    """What the folds are made of: all pictures but those of a test part that the data brings."""
    if "test" not in prepared.dataset.brought:
        return prepared
    return prepare(without_test(prepared.dataset), prepared.recipe, progress, prepared.base)


def _train_one(folder: RunFolder, prepared: Prepared, job: Job, progress: Progress, logs: Logs) -> Interval:
    from olhar.jobs.learn import learn

    begun = time.monotonic()
    folder.make_folders()
    with locked(folder):
        if folder.begun:
            refuse_other(folder, prepared)
            prepared = replace(prepared, recipe=folder.recipe())
        else:
            write_start(folder, prepared, replace(job.request, keep_as=None), job.listed, fold=int(folder.name.partition("-")[2]))
        return learn(folder, prepared, progress, begun, logs).metrics.accuracy


def _join(run: RunFolder, folders: Sequence[RunFolder], pictures: Prepared, fold: NDArray[np.int64]) -> None:
    """One prediction a picture, from the model that did not see it."""
    table = np.zeros((len(fold), len(pictures.signature.classes)), np.float32)
    for place, folder in enumerate(folders):
        predictions = Predictions.from_csv(folder.read("predictions-test.csv"), str(folder.predictions))
        with parsing(damaged(folder.path, folder.predictions.name)):
            table[fold == place] = predictions.probabilities
    names = [pictures.name(row) for row in range(len(fold))]
    run.write(FOLDS, Predictions(names, pictures.signature.classes, pictures.labels, table).to_csv())
