"""Trial after trial, until the time is up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch

from olhar.base.errors import Stopped
from olhar.base.parsing import parsing
from olhar.base.progress import Advance, Progress
from olhar.base.texts import Sentence, percent, sentence
from olhar.jobs.interrupt import asked_to_stop
from olhar.jobs.prepare import Prepared
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.studies.optuna_study import Study
from olhar.studies.shared_progress import lasting
from olhar.studies.trial import Trial, damaged_trials, read_trials, write_trials
from olhar.studies.trials import run as run_trial
from olhar.studies.tuning_plan import FILE, TuningPlan
from olhar.studies.tuning_result import best_of
from olhar.training.process import training_process
from olhar.training.ranges import read_ranges

_MOST_TRIALS = 1000
_MOST_FAILED = 32
"""So many trials, all failed, and no more are begun: it is not the choices that fail."""


def trials_until(folder: RunFolder, plan: TuningPlan, prepared: Prepared, deadline: float, progress: Progress) -> Study:
    """Train and judge one trial after the other; each is kept before it begins and once it has ended.

    Args:
        folder: of the tuning.
        plan: settled.
        prepared: the pictures.
        deadline: on ``time.monotonic``'s clock.
        progress: where each trial is told.

    Raises:
        Stopped: the person asked to stop; the trial under way is asked for again.
        RunError: the trials so far are damaged.
    """
    done = read_trials(folder)
    ranges = read_ranges(plan.ranges)
    with parsing(damaged_trials(folder)):
        study = Study(ranges, done, plan.recipe.seed, plan.epochs)
    trials = [trial for trial in done if trial.state != "running"]
    if not done:
        with parsing(damaged(folder.path, FILE)):
            study.first(plan.first)
    prepared = replace(prepared, recipe=prepared.recipe.with_({"threads": plan.recipe.threads}))
    with training_process(), asked_to_stop() as stop:
        if plan.recipe.threads:
            torch.set_num_threads(plan.recipe.threads)
        tried_before = len(trials)
        while time.monotonic() < deadline and len(trials) < _MOST_TRIALS and not _hopeless(trials, tried_before):
            suggestion = study.ask()
            trial = Trial(len(trials) + 1, "running", study.chosen(suggestion))
            write_trials(folder, [*trials, trial])
            with progress.stage(sentence("tune.trial", n=trial.number), plan.epochs) as advance:
                trial = run_trial(plan, prepared, trial, _Report(suggestion, advance), _until(deadline, stop))
            if stop() or trial.state == "running":
                write_trials(folder, [*trials, replace(trial, state="running", values=(), reason="")])
            if stop():
                raise Stopped("tune.stopped", where=str(folder.path), n=len(trials))
            if trial.state == "running":
                progress.line(sentence("tune.running", n=trial.number, where=str(folder.path)))
                break
            study.tell(suggestion, trial)
            trials.append(trial)
            write_trials(folder, trials)
            progress.line(_line(trial, trials, deadline - time.monotonic()))
    return study


class _Report:
    """Tells Optuna each epoch, and hears whether to give up."""

    def __init__(self, suggestion: Any, advance: Advance) -> None:
        self.suggestion, self.advance = suggestion, advance

    def __call__(self, epoch: int, value: float) -> bool:
        self.advance(1)
        self.suggestion.report(value, epoch)
        return bool(self.suggestion.should_prune())


def _hopeless(trials: Sequence[Trial], tried_before: int) -> bool:
    """Whether nothing but failures came, many of them in this call."""
    return len(trials) - tried_before >= _MOST_FAILED and all(trial.state == "failed" for trial in trials)


def _until(deadline: float, stop: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: stop() or time.monotonic() > deadline


def _line(trial: Trial, trials: Sequence[Trial], seconds: float) -> Sentence:
    """A trial in one line: what it came to, the best so far, the time left, what was chosen."""
    best, left = best_of(trials), lasting(max(0.0, seconds))
    chosen = ", ".join(f"{name} {_short(value)}" for name, value in trial.params.items())
    values = {
        "n": trial.number,
        "epochs": len(trial.values),
        "value": percent(trial.value),
        "chosen": chosen,
        "reason": trial.reason,
    }
    return sentence(f"tune.{trial.state}", **values, best=percent(best.value), which=best.number, left=left)


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)
