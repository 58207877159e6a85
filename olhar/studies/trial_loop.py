"""Trial after trial, or several at once, until the time is up."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import count
from typing import Any

import torch

from olhar.base.errors import Stopped
from olhar.base.parsing import parsing
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import Sentence, percent, sentence
from olhar.jobs.interrupt import asked_to_stop
from olhar.jobs.prepare import Prepared
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.studies.optuna_study import Study
from olhar.studies.shared_progress import lasting
from olhar.studies.trial import Trial, damaged_trials, read_trials, write_trials
from olhar.studies.trial_part import TrialPart, TunedPictures
from olhar.studies.tuning_plan import FILE, TuningPlan
from olhar.studies.tuning_result import best_of
from olhar.training.process import training_process
from olhar.training.ranges import read_ranges

_MOST_TRIALS = 1000
_MOST_FAILED = 32
"""So many trials, all failed, and no more are begun: it is not the choices that fail."""


def trials_until(
    folder: RunFolder, plan: TuningPlan, prepared: Prepared, deadline: float, progress: Progress, runner: Runner = HERE
) -> Study:
    """Train and judge one trial after the other, or several at once; each is kept before it begins and once it has ended.

    Args:
        folder: of the tuning.
        plan: settled.
        prepared: the pictures.
        deadline: on ``time.monotonic``'s clock.
        progress: where each trial is told.
        runner: where they are trained. What several at once suggest hangs on the order in which they come to their end.

    Raises:
        Stopped: the person asked to stop; the trials under way are asked for again.
        RunError: the trials so far are damaged.
    """
    done = read_trials(folder)
    with parsing(damaged_trials(folder)):
        study = Study(read_ranges(plan.ranges), done, plan.recipe.seed, plan.epochs, several=runner is not HERE)
    if not done:
        with parsing(damaged(folder.path, FILE)):
            study.first(plan.first)
    prepared = replace(prepared, recipe=prepared.recipe.with_({"threads": plan.recipe.threads}))
    with training_process(), _asking(runner) as stop:
        if plan.recipe.threads:
            torch.set_num_threads(plan.recipe.threads)
        loop = _Loop(folder, plan, study, deadline, progress, runner, stop, [one for one in done if one.state != "running"])
        try:
            loop.run(prepared, max((trial.number for trial in done if trial.state != "running"), default=0))
        except Stopped as error:
            raise Stopped("tune.stopped", where=str(folder.path), n=len(loop.trials)) from error
    return study


def _asking(runner: Runner) -> AbstractContextManager[Callable[[], bool]]:
    """Whether the person asked to stop; a runner elsewhere hears of it by itself."""
    return asked_to_stop() if runner is HERE else nullcontext(lambda: False)


@dataclass
class _Loop:
    """Trials under way.

    Attributes:
        folder, plan, study, deadline, progress, runner: as of ``trials_until``.
        stop: whether the person asked to stop.
        trials: those that have come to their end.
        begun: those that have not.
    """

    folder: RunFolder
    plan: TuningPlan
    study: Study
    deadline: float
    progress: Progress
    runner: Runner
    stop: Callable[[], bool]
    trials: list[Trial]
    begun: dict[int, Trial] = field(default_factory=dict[int, Trial])

    def run(self, prepared: Prepared, last: int) -> None:
        """Until the time is up."""
        for part, trial in self.runner.as_done(TunedPictures(prepared), self._parts(last)):
            if trial.state == "running" or self.stop():
                self._cut_off(trial)
                continue
            self.begun.pop(trial.number)
            self.study.tell(part.suggestion, trial)
            self.trials.append(trial)
            self._write()
            self.progress.line(_line(trial, self.trials, self.deadline - time.monotonic()))

    def _parts(self, last: int) -> Iterator[TrialPart]:
        """The next one is suggested when a worker is free for it."""
        tried_before = len(self.trials)
        for number in count(last + 1):
            full = len(self.trials) + len(self.begun) >= _MOST_TRIALS
            if full or time.monotonic() >= self.deadline or _hopeless(self.trials, tried_before):
                return
            suggestion = self.study.ask()
            self.begun[number] = Trial(number, "running", self.study.chosen(suggestion))
            self._write()
            told = self.deadline, self.stop, self.progress
            yield TrialPart(self.plan, self.begun[number], suggestion, tuple(self.trials), *told)

    def _write(self) -> None:
        write_trials(self.folder, [*self.trials, *self.begun.values()])

    def _cut_off(self, trial: Trial) -> None:
        """One that did not come to its end is kept as begun.

        Raises:
            Stopped: the person asked to stop.
        """
        self.begun[trial.number] = replace(trial, state="running", values=(), reason="")
        self._write()
        if self.stop():
            raise Stopped("tune.stopped", where=str(self.folder.path), n=len(self.trials))
        self.deadline = min(self.deadline, time.monotonic())  # clocks of other machines may be ahead: no more is begun
        self.progress.line(sentence("tune.running", n=trial.number, where=str(self.folder.path)))


def _hopeless(trials: Sequence[Trial], tried_before: int) -> bool:
    """Whether nothing but failures came, many of them in this call."""
    return len(trials) - tried_before >= _MOST_FAILED and all(trial.state == "failed" for trial in trials)


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
