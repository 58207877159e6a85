"""Several trainings under way: each trained here after the other, or by a Runner those that are one piece."""

import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, Stopped
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import Sentence, percent, sentence
from olhar.jobs.job import Job, new_job, resumed_job
from olhar.jobs.logs import Logs
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder, free_name
from olhar.runs.request import Request
from olhar.runs.results import results
from olhar.studies.seeds import SeedsPlan
from olhar.studies.shared_progress import NamedProgress, SharedProgress
from olhar.studies.train_run import train_run
from olhar.studies.training_part import PicturesAtHand, TrainingPart, refuse_untravelled, settled_once


def seed_paths(folder: RunFolder, plan: SeedsPlan) -> list[Path]:
    """Where each lies."""
    return [folder.path / f"seed-{seed}" for seed in plan.seeds]


@dataclass(frozen=True)
class SeedsWork:
    """Several trainings under way.

    Attributes:
        folder: in which they lie.
        plan: what was asked of all.
        request: the same with what no folder keeps: data and a network that were handed over.
        logs: where else each epoch is told.
        runner: where they are trained.
    """

    folder: RunFolder
    plan: SeedsPlan
    request: Request
    logs: Logs
    runner: Runner

    def train_all(self, progress: Progress) -> None:
        """Train each, go on with it, or leave it where it is finished."""
        paths, n, told = seed_paths(self.folder, self.plan), len(self.plan.seeds), SharedProgress(progress)
        try:
            elsewhere = self._train_elsewhere(told) if self.runner is not HERE else []
            for number, (seed, path) in enumerate(zip(self.plan.seeds, paths, strict=True), 1):
                if path in elsewhere:
                    continue
                if not RunFolder(path).finished:
                    brief = NamedProgress(told, sentence("several.name", seed=seed, number=number, all=n))
                    self._train_one(seed, path, paths[0], brief)
                self._tell(path, progress)
        except Stopped as error:
            done = sum(RunFolder(path).finished for path in paths)
            raise Stopped("several.stopped", where=str(self.folder.path), done=done, n=n) from error

    def _tell(self, path: Path, progress: Progress) -> None:
        """Say what one came to."""
        paths, n = seed_paths(self.folder, self.plan), len(self.plan.seeds)
        _refuse_unlike(self.folder, RunFolder(paths[0]), RunFolder(path), n)
        accuracy, place = results(RunFolder(path)).metrics.accuracy, paths.index(path)
        shares = {name: percent(getattr(accuracy, name)) for name in ("value", "low", "high")}
        progress.line(sentence("several.done", seed=self.plan.seeds[place], number=place + 1, all=n, **shares))

    def _train_elsewhere(self, told: SharedProgress) -> list[Path]:
        """Train by the runner those that are missing, where each is one piece; gives those that were trained."""
        trained: list[Path] = []
        with ExitStack() as held:
            parts = self._parts(told, held)
            first = next(parts, None)
            if first is None:
                return trained
            missing = sum(not RunFolder(path).finished for path in seed_paths(self.folder, self.plan))
            with told.stage(sentence("several.training"), missing) as advance:
                for part in self.runner.stream(PicturesAtHand(first.prepared), chain([first], parts)):
                    trained.append(part.run.path)
                    self._tell(part.run.path, told.progress)
                    advance(1)
        return trained

    def _parts(self, told: SharedProgress, held: ExitStack) -> Iterator[TrainingPart]:
        """Those that are missing, each begun when drawn; none where each is a head, or has folds, which are parts too."""
        paths, n = seed_paths(self.folder, self.plan), len(self.plan.seeds)
        for number, (seed, path) in enumerate(zip(self.plan.seeds, paths, strict=True), 1):
            if RunFolder(path).finished:
                continue
            brief = NamedProgress(told, sentence("several.name", seed=seed, number=number, all=n))
            job = self._job(seed, path, paths[0], brief)
            if job.prepared.head_start is not None or job.prepared.recipe.folds > 1:
                return
            refuse_untravelled(job.prepared.recipe, job.prepared.own or job.prepared.base, self.logs)
            prepared = job.prepared if job.resumed else settled_once(job.prepared)
            yield TrainingPart(job.run, prepared, _starting(job), brief, self.logs, held)

    def _job(self, seed: int, path: Path, first: Path, progress: Progress) -> Job:
        """One training, its pictures ready."""
        if RunFolder(path).begun:
            return resumed_job(self._again(), RunFolder.open(path), progress, time.monotonic(), self.runner)
        rounds = -(-len(self.plan.seeds) // self.runner.workers)
        return new_job(self._begin(seed, path, first, rounds), path, progress, time.monotonic(), self.runner)

    def _train_one(self, seed: int, path: Path, first: Path, progress: Progress) -> None:
        again = RunFolder(path).begun
        request = self._again() if again else self._begin(seed, path, first, len(self.plan.seeds))
        train_run(request, path, resume=again, progress=progress, logs=self.logs, runner=self.runner)

    def _again(self) -> Request:
        own = {"model": self.request.own.name} if self.request.own is not None else {}
        return Request(data=self.request.data, fields=own, own=self.request.own)

    def _begin(self, seed: int, path: Path, first: Path, rounds: int) -> Request:
        """What is asked of one; a person's minutes are shared by rounds, in each of which all workers train."""
        shutil.rmtree(path, ignore_errors=True)  # what a kill left of one that had not begun
        fields: dict[str, Any] = {"seed": seed}
        if self.plan.recipe.minutes:
            fields["minutes"] = self.plan.recipe.minutes / rounds
        if path != first:
            fields["split_from"] = str(first)
        return replace(self.request, fields={**self.request.fields, **fields})


def _starting(job: Job) -> Callable[[Prepared], Prepared]:
    def start(prepared: Prepared) -> Prepared:
        replace(job, prepared=prepared).write_first_files()
        return prepared

    return start


def _refuse_unlike(folder: RunFolder, first: RunFolder, second: RunFolder, n: int) -> None:
    """A mean is of numbers of one kind: the accuracy of a test part, of folds or of validation.

    Raises:
        RunError: these two are not.
    """
    kind, other_kind = results(first).measured, results(second).measured
    if kind == other_kind:
        return
    kinds = {"kind": Sentence(f"several.by_{kind}"), "other_kind": Sentence(f"several.by_{other_kind}")}
    free = str(free_name(folder.path))
    raise RunError("several.unlike", where=str(folder.path), first=first.name, other=second.name, **kinds, n=n, free=free)
