"""A trial is run: a short training, judged on validation pictures alone."""

import time
from collections.abc import Callable
from dataclasses import replace

from olhar.base.errors import OlharError
from olhar.base.texts import say
from olhar.jobs.learn import training_of
from olhar.jobs.prepare import Prepared
from olhar.studies.trial import State, Trial
from olhar.studies.trial_recipe import trial_recipe
from olhar.studies.tuning_plan import TuningPlan
from olhar.training.memory import out_of_memory


def run(
    plan: TuningPlan, prepared: Prepared, trial: Trial, report: Callable[[int, float], bool], tick: Callable[[], bool]
) -> Trial:
    """Train for some epochs, judged by validation alone: no test picture is looked at.

    Args:
        plan: settled; gives what all trials share.
        prepared: the pictures.
        trial: what was chosen.
        report: told epoch and number; says whether to give up.
        tick: called after each step; says whether time is up.

    Returns:
        What it came to: choices that do not go together, and those that cannot be learnt with, are a failed trial.
    """
    begun = time.monotonic()
    values: list[float] = []
    state: State = "complete"
    reason = ""
    try:
        if _given_up(plan, replace(prepared, recipe=trial_recipe(plan.recipe, prepared, trial.params)), values, report, tick):
            state = "pruned"
    except _TimeIsUpError:
        state = "running"
    except (OlharError, ValueError, RuntimeError, MemoryError) as error:
        state, reason = "failed", _reason(error)
    return replace(trial, state=state, values=tuple(values), seconds=time.monotonic() - begun, reason=reason)


def _given_up(
    plan: TuningPlan, prepared: Prepared, values: list[float], report: Callable[[int, float], bool], tick: Callable[[], bool]
) -> bool:
    """Train, each epoch's number put into ``values``; whether that was given up before its end."""
    training = training_of(prepared)
    training.total = plan.epochs * len(training.train)
    for epoch in training.fit(_ender(tick)):
        values.append(epoch.val_f1 if plan.measure == "f1" else epoch.val_accuracy)
        if report(epoch.epoch, values[-1]) and not training.finished:
            return True
    return False


def _reason(error: Exception) -> str:
    """Why a trial failed, in a line: torch says some things in many."""
    if out_of_memory(error):
        return say("tune.memory")
    return str(error).strip().partition("\n")[0] or type(error).__name__


class _TimeIsUpError(Exception):
    """The tuning's time is up in the middle of a trial."""


def _ender(tick: Callable[[], bool]) -> Callable[[], None]:
    def end() -> None:
        if tick():
            raise _TimeIsUpError

    return end
