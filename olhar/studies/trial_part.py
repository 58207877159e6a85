"""A trial of a tuning as a part of a work: done here and told epoch by epoch, or on another machine, knowing those before it."""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch

from olhar.base.progress import Advance, Progress
from olhar.base.texts import sentence
from olhar.jobs.prepare import Prepared
from olhar.studies.carried_pictures import CarriedPictures, SharedPictures, TakenApart, of_pictures, taken_apart
from olhar.studies.optuna_study import Study
from olhar.studies.trial import Trial
from olhar.studies.trials import run as run_trial
from olhar.studies.tuning_plan import TuningPlan
from olhar.training.engine import choose
from olhar.training.process import training_process
from olhar.training.ranges import read_ranges


@dataclass(frozen=True)
class TunedPictures:
    """The pictures of all trials, for ``Runner.as_done``."""

    prepared: Prepared

    def opened(self) -> Prepared:
        """As they are."""
        return self.prepared

    def carried(self) -> "CarriedTuning":
        """The same without files."""
        return CarriedTuning(of_pictures(self.prepared), taken_apart(self.prepared))


@dataclass(frozen=True)
class CarriedTuning:
    """The pictures of all trials without files, and how they are divided."""

    pictures: CarriedPictures
    choices: TakenApart

    def opened(self) -> Prepared:
        """Together again."""
        shared: SharedPictures = self.pictures.opened()
        return self.choices.together(*shared)


@dataclass(frozen=True)
class TrialPart:
    """A trial.

    Attributes:
        plan: settled.
        trial: its number, and what was chosen.
        suggestion: Optuna's own.
        known: the trials that had come to their end as it began.
        deadline: on ``time.monotonic``'s clock.
        stop: whether the person asked to stop.
        progress: where to tell how far it is.
    """

    plan: TuningPlan
    trial: Trial
    suggestion: Any
    known: Sequence[Trial]
    deadline: float
    stop: Callable[[], bool]
    progress: Progress

    def work(self, shared: Prepared) -> Iterator["tuple[TrialPart, Trial]"]:
        """Train and judge."""
        with self.progress.stage(sentence("tune.trial", n=self.trial.number), self.plan.epochs) as advance:
            report = Report(self.suggestion, advance)
            yield self, run_trial(self.plan, shared, self.trial, report, until(self.deadline, self.stop))

    def carried(self) -> "CarriedTrial":
        """The same without Optuna's own; processor, precision and threads are settled for all machines."""
        recipe = self.plan.recipe
        settled = {"device": "cpu", "precision": choose("cpu", recipe.precision).precision, "threads": recipe.threads or 1}
        plan = replace(self.plan, recipe=recipe.with_(settled), given=None, data="", keep="")
        return CarriedTrial(plan, self.trial, tuple(self.known), self.deadline - time.monotonic(), recipe.threads or 1)

    def landed(self, came: list[Trial]) -> "Iterator[tuple[TrialPart, Trial]]":
        """As it came."""
        for trial in came:
            yield self, trial


@dataclass(frozen=True)
class CarriedTrial:
    """A trial on its way to another machine.

    Attributes:
        plan, trial, known: as of ``TrialPart``: by the known ones it is given up where it is worse.
        seconds: it may take, from when it begins.
        threads, weight: as of ``CarriedPart``.
    """

    plan: TuningPlan
    trial: Trial
    known: Sequence[Trial]
    seconds: float
    threads: int
    weight: int = 0

    def work(self, shared: Prepared) -> Iterator[Trial]:
        """Train and judge."""
        study = Study(read_ranges(self.plan.ranges), self.known, self.plan.recipe.seed, self.plan.epochs)
        study.first(self.trial.params)
        prepared = replace(shared, recipe=shared.recipe.with_({"threads": self.threads}))
        deadline = time.monotonic() + self.seconds
        with training_process():
            torch.set_num_threads(self.threads)
            yield run_trial(self.plan, prepared, self.trial, Report(study.ask(), unseen), until(deadline, lambda: False))


class Report:
    """Tells Optuna each epoch, and hears whether to give up."""

    def __init__(self, suggestion: Any, advance: Advance) -> None:
        self.suggestion, self.advance = suggestion, advance

    def __call__(self, epoch: int, value: float) -> bool:
        """Tell one."""
        self.advance(1)
        self.suggestion.report(value, epoch)
        return bool(self.suggestion.should_prune())


def unseen(_n: int, _total: int | None = None, /) -> None:
    """Nobody looks on."""


def until(deadline: float, stop: Callable[[], bool]) -> Callable[[], bool]:
    """Whether the time is up, or the person asked to stop."""
    return lambda: stop() or time.monotonic() > deadline
