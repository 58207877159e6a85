"""What a tuning came to: its trials, the best choices as a recipe file, and what mattered."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RunError
from olhar.base.html import paragraph, table
from olhar.base.texts import percent, say, typed, undashed
from olhar.data.read_as import ReadAs
from olhar.jobs.prepare import Prepared
from olhar.models.network_shape import is_own
from olhar.runs.folder import RunFolder
from olhar.studies.trial import Trial, read_trials
from olhar.studies.tuning_plan import TuningPlan, write_plan
from olhar.training import ranges as tunable
from olhar.training import recipe_files
from olhar.training.recipe import Recipe

if TYPE_CHECKING:
    from olhar.studies.optuna_study import Study


_SHOWN = 10
"""So many of the best trials a notebook shows."""


@dataclass(frozen=True, repr=False)
class Search:
    """A tuning that has come to its end.

    Attributes:
        path: its folder.
        trials: all of them, in order.
        measure: ``accuracy`` or ``f1``, of validation.
        pictures: of validation.
        importance: the share of the differences that each field explains, largest first; empty where trials were too few.
        command: what to type next.
        read_as: what the data was read as.
    """

    path: Path
    trials: tuple[Trial, ...]
    measure: str
    pictures: int
    importance: Mapping[str, float]
    command: str
    read_as: ReadAs = ReadAs()

    @property
    def best(self) -> Trial:
        """The best complete trial; the best of all where none is."""
        return best_of(self.trials)

    @property
    def recipe(self) -> Recipe:
        """What did best, as ``olhar.train`` takes it."""
        return recipe_files.read(str(self.path / "best.toml"))

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        states = [trial.state for trial in self.trials]
        best = {"trial": self.best.number, "value": self.best.value, "params": dict(self.best.params)}
        counts = {state: states.count(state) for state in ("complete", "pruned", "failed")}
        judged = {"measure": self.measure, "pictures": self.pictures}
        names = {"recipe": str(self.path / "best.toml"), "next": self.command}
        return (
            {"tune": str(self.path), "read_as": self.read_as.to_dict()}
            | judged
            | counts
            | {"best": best, "importance": dict(self.importance)}
            | names
        )

    def __repr__(self) -> str:
        return say("tune.summary", name=self.path.name, n=len(self.trials), value=percent(self.best.value))

    def _repr_html_(self) -> str:
        heads = [say(f"tune.column_{column}") for column in ("trial", self.measure, "chosen")]
        complete = [trial for trial in self.trials if trial.state == "complete"]
        best_first = sorted(complete, key=lambda trial: (-trial.value, trial.number))
        rows = [(str(trial.number), percent(trial.value), _chosen(trial)) for trial in best_first[:_SHOWN]]
        return paragraph(repr(self)) + table(heads, rows, numbers=(0, 1))


def _chosen(trial: Trial) -> str:
    return ", ".join(
        f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}" for name, value in trial.params.items()
    )


def best_of(trials: Sequence[Trial]) -> Trial:
    """The best complete trial, the first of equals; where none is complete, the best of those that were given up."""
    return max(trials, key=lambda trial: (trial.state == "complete", trial.state != "failed", trial.value, -trial.number))


def finish_tuning(folder: RunFolder, plan: TuningPlan, prepared: Prepared, study: "Study") -> Search:
    """The recipe that did best, with how it came about, and a picture of what mattered."""
    all_trials = read_trials(folder)
    _refuse_nothing(folder, all_trials)
    trials = tuple(trial for trial in all_trials if trial.state != "running")
    data, n = plan.data or "DATA", len(prepared.rows("validation"))
    own = ("--model", plan.recipe.model) if is_own(plan.recipe.model) else ()
    keep = ("--keep", plan.keep) if plan.keep else ()
    words = ("olhar", "train", undashed(data), "--recipe", str(folder.path / "best.toml"), *own, *keep, *plan.reading.flags)
    command = " ".join(map(typed, words))
    search = Search(folder.path, trials, plan.measure, n, study.importance(), command, prepared.dataset.read_as)
    folder.write("best.toml", _best_toml(search, plan))
    write_plan(folder, replace(plan, over=True), prepared)
    if search.importance:
        from olhar.reporting.importance import importance

        points = [(trial.params, trial.value) for trial in trials if trial.state == "complete"]
        folder.write("importance.png", importance(search.importance, points, tunable.read_ranges(plan.ranges), search.measure))
    return search


def _refuse_nothing(folder: RunFolder, trials: Sequence[Trial]) -> None:
    """A tuning needs a trial that learnt something.

    Raises:
        RunError: there is none, as all failed, or for want of time.
    """
    states = {trial.state for trial in trials}
    if states == {"failed"}:
        raise RunError("tune.all_failed", where=str(folder.path), n=len(trials), reason=trials[-1].reason)
    if not states & {"complete", "pruned"}:
        raise RunError("tune.no_trial", where=str(folder.path))


def _again(search: Search, plan: TuningPlan) -> str:
    """The command by which the same is tuned again: the tuning's own folder holds recipe and ranges.

    A network of the person's own is named by the person, as no recipe runs code; typed ``epochs`` are the length of a trial.
    """
    words = ["olhar", "tune", undashed(plan.data or "DATA"), "--minutes", f"{plan.minutes:g}"]
    words += ["--recipe", str(search.path / "recipe.toml")]
    words += ["--epochs", str(plan.epochs)] if "epochs" in plan.typed else []
    words += ["--model", plan.recipe.model] if is_own(plan.recipe.model) else []
    words += ["--keep", plan.keep] if plan.keep else []
    words += plan.reading.flags
    return " ".join(map(typed, words))


def _best_toml(search: Search, plan: TuningPlan) -> str:
    """Only what differs from the defaults; a network of the person's own is named by the person, as no recipe runs code."""
    recipe = plan.recipe.with_({"threads": 0, **search.best.params})
    if is_own(recipe.model):
        recipe = recipe.with_({"model": Recipe().model})
    plain, usual = recipe.to_toml().splitlines(), set(Recipe().to_toml().splitlines())
    done = sum(trial.state == "complete" for trial in search.trials)
    values = {"n": len(search.trials), "done": done, "epochs": plan.epochs, "value": percent(search.best.value)}
    low, high = _interval(search)
    comment = say(f"tune.best_{search.measure}", **values, pictures=search.pictures, low=low, high=high)
    head = [_again(search, plan), comment, search.command]
    return "".join(f"# {line}\n" for line in head) + "\n" + "".join(f"{line}\n" for line in plain if line not in usual)


def _interval(search: Search) -> tuple[str, str]:
    from olhar.evaluation.intervals import wilson

    interval = wilson(round(search.best.value * search.pictures), search.pictures)
    return percent(interval.low), percent(interval.high)
