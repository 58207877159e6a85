"""tune: many short trainings, judged on validation pictures alone -> the choices that did best, as a recipe file."""

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RunError, UsageError
from olhar.base.extras import need
from olhar.base.progress import Progress, shown
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.sources import read
from olhar.data.split import rows_of
from olhar.jobs.keep_list import taking_part
from olhar.jobs.prepare import Prepared, prepare
from olhar.runs.folder import RunFolder, free_name, next_name, taken
from olhar.runs.lock import busy, locked
from olhar.runs.split import kept as kept_split
from olhar.studies.plan import FILE, MINUTES, Plan, asked, settled
from olhar.studies.plan import keep as keep_plan
from olhar.studies.plan_again import kept, refuse_other
from olhar.studies.search import Search, ended
from olhar.training import ranges as tunable
from olhar.training.recipe import Recipe

if TYPE_CHECKING:
    from olhar.models.own import OwnNetwork


def tune(
    data: Any = None,
    *,
    minutes: float | None = None,
    into: StrPath | None = None,
    resume: bool = False,
    recipe: Recipe | StrPath | None = None,
    ranges: Mapping[str, Any] | None = None,
    keep: StrPath | None = None,
    progress: Progress | None = None,
    **fields: Any,
) -> Search:
    """Look for better choices: short trainings on the training pictures, judged on those of validation; no test picture is used.

    Args:
        data: what ``olhar.train`` takes; with ``resume`` it may be left out.
        minutes: the time that it may take, ten by default; with ``resume``, so many more.
        into: the folder of the tuning; by default ``runs/DATA-tune-N``.
        resume: go on with the tuning ``into`` where it stopped.
        recipe: what all trials share; its file may name ranges in a table ``[tune]``.
        ranges: what may be chosen, by field: two numbers are the ends of a range, a list is what to choose from. By default
            rate, network, width, depth, dropout and augmentation.
        keep: a keep list, as ``train`` takes it.
        progress: where to tell how far it is.
        fields: fields of ``Recipe`` that all trials share; ``epochs`` is how long a trial is, else it goes by the time.

    Raises:
        ExtraError: Optuna is not installed.
        RecipeError, DataError, RunError: see their sentences.
        Stopped: Ctrl-C; the tuning can go on with ``resume``.
    """
    begun = time.monotonic()
    need("tune", "tune")
    from olhar.networks.own_network import own_network

    progress = progress or shown()
    own = own_network(fields["model"], progress) if "model" in fields else None
    if own is not None:
        fields["model"] = own.name
    if minutes is not None and minutes <= 0:
        raise UsageError("tune.minutes", found=f"{minutes:g}")
    if resume:
        plan = kept(into, data, recipe, ranges, keep, fields)
    else:
        plan = asked(data, minutes or MINUTES, recipe, ranges, keep, fields)
        _refuse_taken(into)
    prepared = _prepared(plan, own, progress)
    if prepared.fresh:
        begun = time.monotonic()
    folder = RunFolder(Path(into)) if resume and into is not None else _create(into, prepared)
    if resume:
        refuse_other(folder, plan, prepared)
    with locked(folder):
        from olhar.studies.searching import trials_until
        from olhar.studies.trials import read as read_trials

        spent = sum(one.seconds for one in read_trials(folder))
        budget = 60 * minutes if resume and minutes else 0.0 if plan.over else 60 * plan.minutes - spent
        if not resume:
            _refuse_begun(folder)
            plan = settled(plan, prepared)
        elif minutes:
            plan = replace(plan, minutes=round((plan.minutes if plan.over else spent / 60) + minutes, 2), over=False)
        if minutes or not resume:
            keep_plan(folder, plan, prepared)
        _tell(prepared, plan, progress)
        study = trials_until(folder, plan, prepared, begun + budget, progress)
        return ended(folder, plan, prepared, study)


def _refuse_taken(into: StrPath | None) -> None:
    """An empty folder is free, and what a tuning left that was killed before its plan was settled."""
    path = Path(into) if into is not None else None
    if path is not None and busy(path):
        raise RunError("run.busy", where=str(path), free=str(free_name(path)))
    if path is not None and taken(path):
        raise RunError("run.taken", where=str(path), free=str(free_name(path)))


def _refuse_begun(folder: RunFolder) -> None:
    """Somebody else has begun in the folder while the pictures were read."""
    if (folder.path / FILE).is_file():
        raise RunError("run.taken", where=str(folder.path), free=str(free_name(folder.path)))


def _prepared(plan: Plan, own: "OwnNetwork | None", progress: Progress) -> Prepared:
    from olhar.jobs.start import refuse
    from olhar.networks.base_model import open_base
    from olhar.networks.own_network import try_own

    base = open_base(plan.recipe, None, None)
    if base is None:
        refuse(plan.recipe, own)
    tunable.refuse_idle(tunable.ranges(plan.ranges), plan.recipe, base is None and own is None)
    parts = kept_split(plan.recipe.split_from) if plan.recipe.split_from else None
    found = taking_part(read(plan.pictures, progress=progress), plan.keep or None, progress)
    prepared = prepare(found.dataset, plan.recipe.with_({"minutes": 0.0}), progress, base, parts)
    if own is not None:
        try_own(own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=own)
    return prepared


def _create(into: StrPath | None, prepared: Prepared) -> RunFolder:
    if into is not None:
        return RunFolder.create(Path(into), over_leftovers=True)
    return RunFolder.create(next_name(Path("runs"), prepared.dataset.origin, "tune"))


def _tell(prepared: Prepared, plan: Plan, progress: Progress) -> None:
    sizes = {part: len(rows_of(prepared.parts, part)) for part in ("train", "validation", "test")}
    progress.line(sentence("tune.parts", **sizes, epochs=plan.epochs))
    progress.line(sentence("tune.over", fields=", ".join(plan.ranges)))
