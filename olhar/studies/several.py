"""Several trainings that differ in their seed alone: what chance does to the number."""

import shutil
from collections.abc import Generator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from olhar.base.errors import UsageError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.types import StrPath
from olhar.evaluation.folds import MeanAndSpread
from olhar.jobs.logs import Logs
from olhar.runs.folder import RunFolder, next_name
from olhar.runs.lock import locked
from olhar.runs.request import Request
from olhar.runs.results import results
from olhar.studies.seeds import KEPT, SeedsPlan, resumed_plan
from olhar.studies.seeds_work import SeedsWork, seed_paths

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
    request: Request,
    seeds: int | None,
    into: StrPath | None,
    *,
    resume: bool,
    progress: Progress,
    logs: Logs,
    runner: Runner = HERE,
) -> Trained:
    """Train what is missing of several runs, in ``seed-0`` ... of one folder.

    Args:
        request: what is asked of each.
        seeds: how many; None with ``resume``.
        into: their folder; None: the first free name.
        resume: go on with those of ``into``.
        progress: where to tell how far it is.
        logs: where else each epoch is told.
        runner: where they are trained, or the folds of each.

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
        if not all(RunFolder(path).finished for path in seed_paths(folder, plan)):
            plan.refuse_absent(folder, request)
    else:
        plan = SeedsPlan.of(request, seeds or 2)
        folder = _new(request, into)
    data = plan.request.data if request.data is None else request.data
    work = SeedsWork(folder, plan, replace(plan.request, data=data, own=request.own), logs, runner)
    with locked(folder), nullcontext() if resume else _gone_if_none_begins(folder, plan):
        if not resume:
            plan.write(folder)
        work.train_all(progress)
    trained = Trained(folder, tuple(map(RunFolder, seed_paths(folder, plan))), plan.seeds)
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
        if not any(RunFolder(path).begun for path in seed_paths(folder, plan)):
            for below in (*seed_paths(folder, plan), folder.checkpoints):
                shutil.rmtree(below, ignore_errors=True)
            for name in KEPT:
                (folder.path / name).unlink(missing_ok=True)
            with suppress(OSError):
                folder.path.rmdir()
        raise
