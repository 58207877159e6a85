"""Several trainings that differ in their seed alone: what chance does to the number."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, Stopped, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, percent, sentence
from olhar.base.types import StrPath
from olhar.evaluation.folds import MeanAndSpread
from olhar.jobs.logs import Logs
from olhar.runs.folder import RunFolder, free_name, next_name
from olhar.runs.lock import locked
from olhar.runs.request import Request
from olhar.runs.results import results
from olhar.studies.seeds import KEPT, SeedsPlan, resumed_plan
from olhar.studies.shared_progress import NamedProgress, SharedProgress
from olhar.studies.train_run import train_run

_MOST = 100


@dataclass(frozen=True)
class Trained:
    """Finished runs that differ in their seed.

    Attributes:
        folder: in which they lie.
        runs: each a whole run.
        seeds: of each.
    """

    folder: RunFolder
    runs: tuple[RunFolder, ...]
    seeds: tuple[int, ...]

    @property
    def accuracy(self) -> MeanAndSpread:
        """Mean and spread of their accuracies. The same pictures judge all: the spread is what the seeds do."""
        return MeanAndSpread.of([results(run).metrics.accuracy.value for run in self.runs])

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json`` and of ``several.json``."""
        trained = [(run, seed, results(run)) for seed, run in zip(self.seeds, self.runs, strict=True)]
        runs = [
            {"run": str(run.path), "seed": seed, "measured": numbers.measured, "accuracy": asdict(numbers.metrics.accuracy)}
            for run, seed, numbers in trained
        ]
        return {"several": str(self.folder.path), "runs": runs, "accuracy": asdict(self.accuracy)}


def train_seeds(
    request: Request, seeds: int | None, into: StrPath | None, *, resume: bool, progress: Progress, logs: Logs
) -> Trained:
    """Train what is missing of several runs, in ``seed-0`` ... of one folder.

    Args:
        request: what is asked of each.
        seeds: how many; None with ``resume``.
        into: their folder; None: the first free name.
        resume: go on with those of ``into``.
        progress: where to tell how far it is.
        logs: where else each epoch is told.

    Raises:
        UsageError: not a number of seeds, or a file to keep the best in, of which there are several.
        RunError: the folder is taken, or holds other trainings than those that are asked for.
        DataError, RecipeError, TrainingError, ModelError: as ``train_run`` raises them.
        Stopped: the person asked to stop.
    """
    if request.keep_as:
        raise UsageError("keep_as.several", where=request.keep_as.name)
    if seeds is not None and not 2 <= seeds <= _MOST:
        raise UsageError("several.seeds", found=seeds, most=_MOST)
    if resume:
        folder, plan = resumed_plan(into)
        plan.refuse_other(folder, seeds, request)
        if not all(RunFolder(path).finished for path in _paths(folder, plan)):
            plan.refuse_absent(folder, request)
    else:
        plan = SeedsPlan.of(request, seeds or 2)
        folder = _new(request, into)
    data = plan.request.data if request.data is None else request.data
    work = _Work(folder, plan, replace(plan.request, data=data, own=request.own), logs)
    with locked(folder), nullcontext() if resume else _gone_if_none_begins(folder, plan):
        if not resume:
            plan.write(folder)
        work.train_all(progress)
    trained = Trained(folder, tuple(map(RunFolder, _paths(folder, plan))), plan.seeds)
    plan.write(folder, **trained.to_dict())
    return trained


def _new(request: Request, into: StrPath | None) -> RunFolder:
    if into is not None:
        return RunFolder.create(Path(into), over_leftovers=True)
    origin = Path(request.data_path).name if request.data_path is not None else getattr(request.data, "origin", "data")
    return RunFolder.create(next_name(Path("runs"), origin, "seeds"))


@contextmanager
def _gone_if_none_begins(folder: RunFolder, plan: SeedsPlan) -> Generator[None]:
    """Take away what was written where nothing could begin: a mistyped name of the pictures must not cost the run's name.

    Only what is ours goes: the folder may have been there, and somebody may put something into it.
    """
    try:
        yield
    except BaseException:
        if not any(RunFolder(path).begun for path in _paths(folder, plan)):
            for below in (*_paths(folder, plan), folder.checkpoints):
                shutil.rmtree(below, ignore_errors=True)
            for name in KEPT:
                (folder.path / name).unlink(missing_ok=True)
            with suppress(OSError):
                folder.path.rmdir()
        raise


def _paths(folder: RunFolder, plan: SeedsPlan) -> list[Path]:
    return [folder.path / f"seed-{seed}" for seed in plan.seeds]


@dataclass(frozen=True)
class _Work:
    """Several trainings under way.

    Attributes:
        folder: in which they lie.
        plan: what was asked of all.
        request: the same with what no folder keeps: data and a network that were handed over.
        logs: where else each epoch is told.
    """

    folder: RunFolder
    plan: SeedsPlan
    request: Request
    logs: Logs

    def train_all(self, progress: Progress) -> None:
        """Train each, go on with it, or leave it where it is finished."""
        paths, n, told = _paths(self.folder, self.plan), len(self.plan.seeds), SharedProgress(progress)
        for number, (seed, path) in enumerate(zip(self.plan.seeds, paths, strict=True), 1):
            brief = NamedProgress(told, sentence("several.name", seed=seed, number=number, all=n))
            try:
                if not RunFolder(path).finished:
                    self._train_one(seed, path, paths[0], brief)
            except Stopped as error:
                done = sum(RunFolder(other_path).finished for other_path in paths)
                raise Stopped("several.stopped", where=str(self.folder.path), done=done, n=n) from error
            _refuse_unlike(self.folder, RunFolder(paths[0]), RunFolder(path), n)
            accuracy = results(RunFolder(path)).metrics.accuracy
            shares = {name: percent(getattr(accuracy, name)) for name in ("value", "low", "high")}
            progress.line(sentence("several.done", seed=seed, number=number, all=n, **shares))

    def _train_one(self, seed: int, path: Path, first: Path, progress: Progress) -> None:
        if RunFolder(path).begun:
            own = {"model": self.request.own.name} if self.request.own is not None else {}
            again = Request(data=self.request.data, fields=own, own=self.request.own)
            train_run(again, path, resume=True, progress=progress, logs=self.logs)
            return
        shutil.rmtree(path, ignore_errors=True)  # what a kill left of one that had not begun
        fields: dict[str, Any] = {"seed": seed}
        if self.plan.recipe.minutes:
            fields["minutes"] = self.plan.recipe.minutes / len(self.plan.seeds)
        if path != first:
            fields["split_from"] = str(first)
        begin = replace(self.request, fields={**self.request.fields, **fields})
        train_run(begin, path, resume=False, progress=progress, logs=self.logs)


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
