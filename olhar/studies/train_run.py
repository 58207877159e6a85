"""One run, with its folds where it has any: begun, gone on with, or found finished."""

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from olhar.base.errors import RunError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.exports.keep_as import KeepAs
from olhar.jobs.job import Job, kept_recipe, new_job, resumed_job
from olhar.jobs.logs import NOWHERE, Logs
from olhar.reporting.run_report import write_report
from olhar.runs.folder import RunFolder
from olhar.runs.lock import locked
from olhar.runs.request import Request
from olhar.studies.folds import train_folds
from olhar.studies.shared_progress import SharedProgress

if TYPE_CHECKING:
    from olhar.bodies.head_start import HeadStart


def train_run(
    request: Request,
    into: StrPath | None,
    *,
    resume: bool,
    progress: Progress,
    logs: Logs = NOWHERE,
    begun: float | None = None,
    runner: Runner = HERE,
) -> RunFolder:
    """Train one run to its end.

    Args:
        request: what is asked.
        into: the run's folder; None: the first free name.
        resume: go on with the run ``into``.
        progress: where to tell how far it is.
        logs: where else each epoch is told.
        begun: ``time.monotonic()`` when the person asked; by default now.
        runner: where its folds are trained.

    Raises:
        DataError, RecipeError, RunError, ModelError, ExtraError: what is asked cannot be.
        TrainingError: the loss is not finite, or memory is not enough.
        Stopped: the person asked to stop; the run can go on.
    """
    begun = time.monotonic() if begun is None else begun
    if not resume:
        return _learn(new_job(request, into, progress, begun, runner), progress, logs, runner)
    if into is None:
        raise RunError("run.resume_what")
    run = RunFolder.open(into)
    request = request if request.recipe is None else replace(request, fields=request.explicit_fields)
    if run.finished:
        return _finished(run, request, progress)
    return _learn(resumed_job(request, run, progress, begun, runner), progress, logs, runner)


def _learn(job: Job, progress: Progress, logs: Logs, runner: Runner) -> RunFolder:
    with locked(job.run):
        job.write_first_files()
        if runner is not HERE and (job.prepared.head_start is not None or job.prepared.recipe.folds < 2):
            progress.line(sentence("scale.alone"))
        if job.prepared.head_start is not None:
            _learn_by_features(job, job.prepared.head_start, progress, logs)
        else:
            _learn_by_gradients(job, SharedProgress(progress), logs, runner)
        if job.keep_as:
            job.keep_as.settle(job.run, progress)
    return job.run


def _learn_by_features(job: Job, head_start: "HeadStart", progress: Progress, logs: Logs) -> None:
    from olhar.jobs.learn_head import learn_from_features

    learn_from_features(job.run, job.prepared, head_start, progress, job.begun, logs, curve=job.request.learning_curve)


def _learn_by_gradients(job: Job, progress: SharedProgress, logs: Logs, runner: Runner) -> None:
    """The folds, where there are any, then the model that is kept."""
    from olhar.jobs.learn import learn

    begun = train_folds(job, progress, logs, runner) if job.prepared.recipe.folds > 1 else job.begun
    learn(job.run, job.prepared, progress, begun, logs, job.keep_as)


def _finished(run: RunFolder, request: Request, progress: Progress) -> RunFolder:
    """A run that has come to its end, with what a kill left undone.

    Raises:
        RunError: it was begun with another recipe than is asked for.
    """
    kept_recipe(run, request.fields)
    if not (run.path / "report.html").is_file():
        write_report(run)
    progress.line(sentence("train.finished_already", where=str(run.path)))
    _settle_kept(run, KeepAs.of(request.keep_as), progress)
    return run


def _settle_kept(run: RunFolder, asked: KeepAs | None, progress: Progress) -> None:
    """The file that is wanted of a finished run: a new one, or the one that a stop at the very end left unproved."""
    kept = KeepAs.of(run.request().keep_as or None)
    if asked and asked != kept:
        asked.refuse_taken()
        asked.settle(run, progress)
    elif kept and not kept.settled:
        kept.settle(run, progress)
