"""Several trainings that differ in their seed alone: what chance does to the number."""

import os
import shutil
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, Stopped, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import Sentence, percent, sentence
from olhar.base.types import StrPath
from olhar.evaluation.folds import MeanAndSpread
from olhar.runs.folder import RunFolder, free_name, next_name
from olhar.runs.lock import locked
from olhar.runs.results import results
from olhar.studies.brief import Brief, Told
from olhar.studies.seeds import KEPT, Plan, logs_and_network, the_plan

_MOST = 100

Train = Callable[..., Any]


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
        found = [(run, seed, results(run)) for seed, run in zip(self.seeds, self.runs, strict=True)]
        runs = [
            {"run": str(run.path), "seed": seed, "measured": one.measured, "accuracy": asdict(one.metrics.accuracy)}
            for run, seed, one in found
        ]
        return {"several": str(self.folder.path), "runs": runs, "accuracy": asdict(self.accuracy)}


def train_seeds(
    train: Train,
    data: Any,
    seeds: int | None,
    into: StrPath | None,
    *,
    resume: bool,
    progress: Progress,
    rest: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> Trained:
    """Train what is missing of several runs, in ``seed-0`` ... of one folder.

    Args:
        train: trains one.
        data, into, resume, progress: as ``train`` takes them.
        seeds: how many; None with ``resume``.
        rest: other keywords of ``train``.
        fields: fields of the recipe.

    Raises:
        UsageError: not a number of seeds.
        RunError: the folder is taken, or holds other trainings than those that are asked for.
        DataError, RecipeError, TrainingError, ModelError: as ``train`` raises them.
        Stopped: the person asked to stop.
    """
    if seeds is not None and not 2 <= seeds <= _MOST:
        raise UsageError("several.seeds", found=seeds, most=_MOST)
    if resume:
        folder, plan = the_plan(into)
        plan.refuse_other(folder, seeds, rest, fields)
        if not all(RunFolder(path).finished for path in _paths(folder, plan)):
            plan.refuse_absent(folder, data, fields)
    else:
        plan = Plan.of(data, seeds or 2, rest, fields)
        folder = _new(data, into)
    logs, own = logs_and_network(rest, fields)
    again = {"data": plan.data if data is None else data, **logs, **own}
    begin = {**plan.fields, **(plan.rest if resume else rest), "recipe": plan.recipe, **again}
    with locked(folder), nullcontext() if resume else _gone_if_none_begins(folder, plan):
        if not resume:
            plan.write(folder)
        _train_all(train, folder, plan, begin, again, progress)
    trained = Trained(folder, tuple(map(RunFolder, _paths(folder, plan))), plan.seeds)
    plan.write(folder, **trained.to_dict())
    return trained


def _new(data: Any, into: StrPath | None) -> RunFolder:
    if into is not None:
        return RunFolder.create(Path(into), over_leftovers=True)
    origin = Path(data).name if isinstance(data, (str, os.PathLike)) else getattr(data, "origin", "data")
    return RunFolder.create(next_name(Path("runs"), origin, "seeds"))


@contextmanager
def _gone_if_none_begins(folder: RunFolder, plan: Plan) -> Generator[None]:
    """Take away what was written where nothing could begin: a mistyped name of the pictures must not cost the run's name.

    Only what is ours goes: the folder may have been there, and somebody may put something into it.
    """
    try:
        yield
    except BaseException:
        if not any(map(_begun, _paths(folder, plan))):
            for below in (*_paths(folder, plan), folder.checkpoints):
                shutil.rmtree(below, ignore_errors=True)
            for name in KEPT:
                (folder.path / name).unlink(missing_ok=True)
            with suppress(OSError):
                folder.path.rmdir()
        raise


def _paths(folder: RunFolder, plan: Plan) -> list[Path]:
    return [folder.path / f"seed-{seed}" for seed in plan.seeds]


def _begun(path: Path) -> bool:
    return (path / "request.json").is_file()


def _train_all(
    train: Train, folder: RunFolder, plan: Plan, begin: Mapping[str, Any], again: Mapping[str, Any], progress: Progress
) -> None:
    """Train each, go on with it, or leave it where it is finished; ``begin`` is for those that begin, ``again`` for the rest."""
    told, paths, n = Told(progress), _paths(folder, plan), len(plan.seeds)
    for number, (seed, path) in enumerate(zip(plan.seeds, paths, strict=True), 1):
        brief = Brief(told, sentence("several.name", seed=seed, number=number, all=n))
        own: dict[str, Any] = {"seed": seed}
        if plan.recipe.minutes:
            own["minutes"] = plan.recipe.minutes / n
        if number > 1:
            own["split_from"] = str(paths[0])
        try:
            if not RunFolder(path).finished:
                _train_one(train, path, {**begin, **own}, again, brief)
        except Stopped as error:
            done = sum(RunFolder(one).finished for one in paths)
            raise Stopped("several.stopped", where=str(folder.path), done=done, n=n) from error
        _refuse_unlike(folder, RunFolder(paths[0]), RunFolder(path), n)
        accuracy = results(RunFolder(path)).metrics.accuracy
        shown = {name: percent(getattr(accuracy, name)) for name in ("value", "low", "high")}
        progress.line(sentence("several.done", seed=seed, number=number, all=n, **shown))


def _train_one(train: Train, path: Path, begin: Mapping[str, Any], again: Mapping[str, Any], progress: Progress) -> None:
    if _begun(path):
        train(into=path, resume=True, progress=progress, **again)
        return
    shutil.rmtree(path, ignore_errors=True)  # what a kill left of one that had not begun
    train(into=path, progress=progress, **begin)


def _refuse_unlike(folder: RunFolder, first: RunFolder, other: RunFolder, n: int) -> None:
    """A mean is of numbers of one kind: the accuracy of a test part, of folds or of validation.

    Raises:
        RunError: these two are not.
    """
    kind, other_kind = results(first).measured, results(other).measured
    if kind == other_kind:
        return
    kinds = {"kind": Sentence(f"several.by_{kind}"), "other_kind": Sentence(f"several.by_{other_kind}")}
    free = str(free_name(folder.path))
    raise RunError("several.unlike", where=str(folder.path), first=first.name, other=other.name, **kinds, n=n, free=free)
