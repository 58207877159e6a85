"""Folds: where a test part would be too small to judge by, models that each leave out a share of the pictures judge them all."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, nullcontext
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from olhar.base.errors import Stopped
from olhar.base.parsing import parsing
from olhar.base.progress import Advance, Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import percent, sentence
from olhar.evaluation.folds import FOLDS
from olhar.evaluation.predictions import Predictions
from olhar.jobs.first_files import refuse_other, write_start
from olhar.jobs.folds import fold_of_each, parts_of, without_test
from olhar.jobs.job import Job
from olhar.jobs.logs import Logs
from olhar.jobs.prepare import Prepared, prepare
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.studies.shared_progress import NamedProgress, SharedProgress, lasting
from olhar.studies.training_part import Finished, PicturesAtHand, TrainingPart, refuse_untravelled, settled_once
from olhar.training.balance import settle_balance


def train_folds(job: Job, progress: SharedProgress, logs: Logs, runner: Runner = HERE) -> float:
    """Train what is missing of a run's folds, each an ordinary run in ``fold-1`` ..., and keep what they said of their pictures.

    Args:
        job: the run whose model is kept, and what was asked. ``minutes`` are shared out among the folds and that model.
        progress: where to tell how far it is, and what was told.
        logs: where else each epoch is told.
        runner: where the folds are trained.

    Returns:
        When the person asked, as if the folds of an earlier call had been trained in this one.

    Raises:
        Stopped: the person asked to stop.
    """
    run, prepared = job.run, job.prepared
    k = prepared.recipe.folds
    if runner is not HERE:
        refuse_untravelled(prepared.recipe, prepared.own or prepared.base, logs)
    pictures = _pictures(prepared, progress)
    dealt = run.request().folds_seed
    fold = fold_of_each(pictures, k, prepared.recipe.seed if dealt is None else dealt)
    folders = [RunFolder(run.path / f"fold-{number}") for number in range(1, k + 1)]
    done = _finished(folders)
    begun = job.begun - 60 * prepared.recipe.minutes * done / (k + 1)
    started = time.monotonic()
    with ExitStack() as held:
        work = _Folds(replace(job, begun=begun), pictures, fold, folders, progress, logs, runner, held)
        bar = nullcontext(_unseen) if runner is HERE else progress.stage(sentence("several.training"), k - done)
        try:
            for part in _counted(runner.stream(PicturesAtHand(pictures), work.parts()), held.enter_context(bar)):
                finished_now = _finished(folders)
                rest = (time.monotonic() - started) / (finished_now - done) * (k + 1 - finished_now)
                told = {"accuracy": percent(part.accuracy.value), "n": part.accuracy.n, "left": lasting(rest)}
                progress.line(sentence("folds.done", number=folders.index(part.run) + 1, k=k, **told))
        except Stopped as error:
            raise Stopped("folds.stopped", where=str(run.path), done=_finished(folders), k=k) from error
    _join(run, folders, pictures, fold)
    sizes = {part: len(prepared.rows(part)) for part in ("train", "validation")}
    progress.line(sentence("folds.whole", **sizes))
    return begun


def _counted(parts: Iterator[Finished], advance: Advance) -> Iterator[Finished]:
    """Each as it comes, and one more for the bar of all."""
    for part in parts:
        advance(1)
        yield part


def _unseen(_n: int, _total: int | None = None, /) -> None:
    """Each fold has a bar of its own where they are trained here."""


def _finished(folders: Sequence[RunFolder]) -> int:
    return sum(folder.finished for folder in folders)


@dataclass(frozen=True)
class _Folds:
    """The folds of a run as parts of a work.

    Attributes:
        job: the run whose folds they are; ``begun`` as if those that are finished had been trained now.
        pictures: what the folds are made of.
        fold: int64 (M,), the fold of each of them.
        folders: of each fold.
        progress, logs: who is told.
        runner: where they are trained.
        held: the locks of what is trained elsewhere.
    """

    job: Job
    pictures: Prepared
    fold: NDArray[np.int64]
    folders: Sequence[RunFolder]
    progress: SharedProgress
    logs: Logs
    runner: Runner
    held: ExitStack

    def parts(self) -> Iterator[TrainingPart]:
        """Those that are missing."""
        prepared, dealt = self.job.prepared, self.job.run.request().folds_seed
        seed = prepared.recipe.seed if dealt is None else dealt
        balance = settle_balance(prepared.recipe, np.bincount(prepared.batches("train").labels)).balance
        for place, folder in enumerate(self.folders):
            if folder.finished:
                continue
            fields = {"folds": 0, "minutes": self._minutes(), "balance": balance}
            own = self.pictures.divided(parts_of(self.pictures, self.fold == place, seed))
            own = replace(own, recipe=self.pictures.recipe.with_(fields), own=prepared.own)
            own = own if self.runner is HERE else settled_once(own)
            named = NamedProgress(self.progress, sentence("folds.name", number=place + 1, k=len(self.folders)))
            yield TrainingPart(folder, own, self._starting(folder), named, self.logs, self.held)

    def _minutes(self) -> float:
        """Of one fold: a person's minutes are shared by rounds, in each of which all workers train, and the kept model's."""
        minutes = self.job.prepared.recipe.minutes
        missing = len(self.folders) - _finished(self.folders)
        rounds = -(-missing // self.runner.workers) + 1
        return max(0.05, minutes - (time.monotonic() - self.job.begun) / 60) / rounds if minutes else 0.0

    def _starting(self, folder: RunFolder) -> Callable[[Prepared], Prepared]:
        def start(prepared: Prepared) -> Prepared:
            if folder.begun:
                refuse_other(folder, prepared)
                return replace(prepared, recipe=folder.recipe())
            request, fold = replace(self.job.request, keep_as=None), int(folder.name.partition("-")[2])
            write_start(folder, prepared, request, self.job.listed, fold=fold)
            return prepared

        return start


def _pictures(prepared: Prepared, progress: Progress) -> Prepared:
    """What the folds are made of: all pictures but those of a test part that the data brings."""
    if "test" not in prepared.dataset.brought:
        return prepared
    return prepare(without_test(prepared.dataset), prepared.recipe, progress, prepared.base)


def _join(run: RunFolder, folders: Sequence[RunFolder], pictures: Prepared, fold: NDArray[np.int64]) -> None:
    """One prediction a picture, from the model that did not see it."""
    table = np.zeros((len(fold), len(pictures.signature.classes)), np.float32)
    for place, folder in enumerate(folders):
        predictions = Predictions.from_csv(folder.read("predictions-test.csv"), str(folder.predictions))
        with parsing(damaged(folder.path, folder.predictions.name)):
            table[fold == place] = predictions.probabilities
    names = [pictures.name(row) for row in range(len(fold))]
    run.write(FOLDS, Predictions(names, pictures.signature.classes, pictures.labels, table).to_csv())
