"""A tuning: planned or gone on with, its pictures prepared, its trials run, its best choices written."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RecipeError, RunError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.sources import read
from olhar.jobs.keep_list import taking_part
from olhar.jobs.logs import NOWHERE
from olhar.jobs.prepare import Prepared, prepare
from olhar.jobs.refusals import refuse_network, refuse_place
from olhar.jobs.ways import is_head_start
from olhar.runs.folder import RunFolder, free_name, next_name
from olhar.runs.lock import locked
from olhar.runs.request import Request
from olhar.runs.split import read_split
from olhar.studies.training_part import refuse_untravelled
from olhar.studies.tuning_plan import FILE, MINUTES, TuningPlan, new_plan, settle_plan, write_plan
from olhar.studies.tuning_result import Search, finish_tuning
from olhar.studies.tuning_resumed import refuse_other, resumed_plan
from olhar.training import ranges as tunable

if TYPE_CHECKING:
    from olhar.models.own_module import OwnNetwork


def run_tuning(
    request: Request,
    minutes: float | None,
    into: StrPath | None,
    ranges: Mapping[str, Any] | None,
    *,
    resume: bool,
    progress: Progress,
    runner: Runner = HERE,
) -> Search:
    """Tune until the time is up.

    Args:
        request: what all trials share.
        minutes: the time; None: the usual, or what is left of it with ``resume``.
        into: the tuning's folder; None: the first free name.
        ranges: what may be chosen, by field; None: those of the recipe's file, or the usual ones.
        resume: go on with the tuning ``into``.
        progress: where to tell how far it is.
        runner: where its trials are trained.

    Raises:
        RunError: the folder is taken, holds another tuning, or no trial learnt anything.
        DataError, RecipeError, ModelError: what is asked cannot be.
        Stopped: the person asked to stop; the tuning can go on.
    """
    begun = time.monotonic()
    plan = resumed_plan(into, request, ranges) if resume else new_plan(request, minutes or MINUTES, ranges)
    if not resume:
        refuse_place(into)
    if runner is not HERE:
        plan = replace(plan, recipe=plan.recipe.with_({"threads": plan.recipe.threads or 1}))
    prepared = _prepared(plan, request.own, progress, runner)
    if prepared.fresh:
        begun = time.monotonic()
    folder = RunFolder(Path(into)) if resume and into is not None else _create(into, prepared)
    if resume:
        refuse_other(folder, plan, prepared)
    with locked(folder):
        plan, seconds = _begun(folder, plan, prepared, minutes, resume)
        _tell(prepared, plan, progress, several=runner is not HERE)
        from olhar.studies.trial_loop import trials_until

        study = trials_until(folder, plan, prepared, begun + seconds, progress, runner)
        return finish_tuning(folder, plan, prepared, study)


def _begun(
    folder: RunFolder, plan: TuningPlan, prepared: Prepared, minutes: float | None, resume: bool
) -> tuple[TuningPlan, float]:
    """The plan as it is kept now, and the seconds that its trials may take from here on.

    Raises:
        RunError: somebody else has begun in the folder while the pictures were read.
    """
    from olhar.studies.trial import read_trials

    spent = sum(trial.seconds for trial in read_trials(folder))
    seconds = 60 * minutes if resume and minutes else 0.0 if plan.over else 60 * plan.minutes - spent
    if not resume:
        if (folder.path / FILE).is_file():
            raise RunError("run.taken", where=str(folder.path), free=str(free_name(folder.path)))
        plan = settle_plan(plan, prepared)
    elif minutes:
        plan = replace(plan, minutes=round((plan.minutes if plan.over else spent / 60) + minutes, 2), over=False)
    if minutes or not resume:
        write_plan(folder, plan, prepared)
    return plan, seconds


def _prepared(plan: TuningPlan, own: "OwnNetwork | None", progress: Progress, runner: Runner = HERE) -> Prepared:
    """The pictures of a plan, nothing of it impossible."""
    from olhar.networks.base_model import open_base
    from olhar.networks.own_network import try_own

    if is_head_start(plan.recipe):
        raise RecipeError("tune.head_start", model=plan.recipe.model)
    base = open_base(plan.recipe)
    if runner is not HERE:
        refuse_untravelled(plan.recipe, own or base, NOWHERE)
    if base is None:
        refuse_network(plan.recipe, own)
    tunable.refuse_idle(tunable.read_ranges(plan.ranges), plan.recipe, base is None and own is None)
    parts = read_split(plan.recipe.split_from) if plan.recipe.split_from else None
    listed = taking_part(read(plan.pictures, progress=progress, **plan.reading.keywords()), plan.keep or None, progress)
    prepared = prepare(listed.dataset, plan.recipe.with_({"minutes": 0.0}), progress, base, parts, runner=runner)
    if own is not None:
        try_own(own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=own)
    return prepared


def _create(into: StrPath | None, prepared: Prepared) -> RunFolder:
    if into is not None:
        return RunFolder.create(Path(into), over_leftovers=True)
    return RunFolder.create(next_name(Path("runs"), prepared.dataset.origin, "tune"))


def _tell(prepared: Prepared, plan: TuningPlan, progress: Progress, *, several: bool) -> None:
    sizes = {part: len(prepared.rows(part)) for part in ("train", "validation", "test")}
    progress.line(sentence("tune.parts", **sizes, epochs=plan.epochs))
    progress.line(sentence("tune.over", fields=", ".join(plan.ranges)))
    if several:
        progress.line(sentence("tune.at_once"))
