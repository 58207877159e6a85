"""Trial after trial, until the time is up."""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import torch

from olhar.base.errors import Stopped
from olhar.base.progress import Advance, Progress
from olhar.base.texts import Sentence, percent, sentence
from olhar.jobs.interrupt import asked_to_stop
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder
from olhar.studies import trials as kept
from olhar.studies.brief import lasting
from olhar.studies.optuna_study import Study
from olhar.studies.plan import Plan
from olhar.studies.search import best_of
from olhar.studies.trials import Trial
from olhar.training.process import training_process
from olhar.training.ranges import read_ranges

_MOST_TRIALS = 1000
_MOST_FAILED = 32
"""So many trials, all failed, and no more are begun: it is not the choices that fail."""


def trials_until(folder: RunFolder, plan: Plan, prepared: Prepared, deadline: float, progress: Progress) -> Study:
    """Train and judge one trial after the other; each is kept before it begins and once it has ended.

    Args:
        folder: of the tuning.
        plan: settled.
        prepared: the pictures.
        deadline: on ``time.monotonic``'s clock.
        progress: where each trial is told.

    Raises:
        Stopped: the person asked to stop; the trial under way is asked for again.
    """
    done = kept.read(folder)
    study = Study(read_ranges(plan.ranges), done, plan.recipe.seed, plan.epochs)
    trials = [one for one in done if one.state != "running"]
    if not done:
        study.first(plan.first)
    prepared = replace(prepared, recipe=prepared.recipe.with_({"threads": plan.recipe.threads}))
    with training_process(), asked_to_stop() as stop:
        if plan.recipe.threads:
            torch.set_num_threads(plan.recipe.threads)
        before = len(trials)
        while time.monotonic() < deadline and len(trials) < _MOST_TRIALS and not _hopeless(trials, before):
            asked = study.ask()
            one = kept.Trial(len(trials) + 1, "running", study.chosen(asked))
            kept.write(folder, [*trials, one])
            with progress.stage(sentence("tune.trial", n=one.number), plan.epochs) as advance:
                one = kept.run(plan, prepared, one, _Report(asked, advance), _until(deadline, stop))
            if stop() or one.state == "running":
                kept.write(folder, [*trials, replace(one, state="running", values=(), reason="")])
            if stop():
                raise Stopped("tune.stopped", where=str(folder.path), n=len(trials))
            if one.state == "running":
                progress.line(sentence("tune.running", n=one.number, where=str(folder.path)))
                break
            study.tell(asked, one)
            trials.append(one)
            kept.write(folder, trials)
            progress.line(_line(one, trials, deadline - time.monotonic()))
    return study


class _Report:
    """Tells Optuna each epoch, and hears whether to give up."""

    def __init__(self, asked: Any, advance: Advance) -> None:
        self.asked, self.advance = asked, advance

    def __call__(self, epoch: int, value: float) -> bool:
        self.advance(1)
        self.asked.report(value, epoch)
        return bool(self.asked.should_prune())


def _hopeless(trials: Sequence[Trial], before: int) -> bool:
    """Whether nothing but failures came, many of them in this call."""
    return len(trials) - before >= _MOST_FAILED and all(one.state == "failed" for one in trials)


def _until(deadline: float, stop: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: stop() or time.monotonic() > deadline


def _line(one: Trial, trials: Sequence[Trial], seconds: float) -> Sentence:
    """A trial in one line: what it came to, the best so far, the time left, what was chosen."""
    best, left = best_of(trials), lasting(max(0.0, seconds))
    chosen = ", ".join(f"{name} {_short(value)}" for name, value in one.params.items())
    values = {"n": one.number, "epochs": len(one.values), "value": percent(one.value), "chosen": chosen, "reason": one.reason}
    return sentence(f"tune.{one.state}", **values, best=percent(best.value), which=best.number, left=left)


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)
