"""tune: many short trainings, judged on validation pictures alone -> the choices that did best, as a recipe file."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RunError, Stopped, UsageError
from olhar.base.progress import Advance, Progress, shown
from olhar.base.texts import percent, say
from olhar.data.sources import read
from olhar.data.split import rows_of
from olhar.models.form import is_own
from olhar.runs.folder import RunFolder, free_name, next_name
from olhar.runs.lock import busy, locked
from olhar.training import ranges as tunable
from olhar.training import shipped
from olhar.training.ranges import Ranges
from olhar.training.recipe import Recipe
from olhar.verbs.brief import lasting
from olhar.verbs.extras import need
from olhar.verbs.interrupt import asked_to_stop
from olhar.verbs.kept import taking_part
from olhar.verbs.prepare import Prepared, prepare

if TYPE_CHECKING:
    from olhar.models.own import OwnNetwork
    from olhar.verbs.study import Study
    from olhar.verbs.trials import Trial

_FILE = "tune.json"
_TRIALS = 16
"""So many whole trials should fit into the time; those that are given up early make room for more."""
_FEWEST_EPOCHS = 3
_MOST_TRIALS = 1000
MINUTES = 10.0


@dataclass(frozen=True)
class Search:
    """A tuning that has come to its end.

    Attributes:
        path: its folder.
        trials: all of them, in order.
        measure: ``accuracy`` or ``f1``, of validation.
        pictures: of validation.
        importance: the share of the differences that each field explains, largest first; empty where trials were too few.
        command: what to type next.
    """

    path: Path
    trials: tuple["Trial", ...]
    measure: str
    pictures: int
    importance: Mapping[str, float]
    command: str

    @property
    def best(self) -> "Trial":
        """The best complete trial; the best of all where none is."""
        return best_of(self.trials)

    @property
    def recipe(self) -> Recipe:
        """What did best, as ``olhar.train`` takes it."""
        return shipped.read(str(self.path / "best.toml"))

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json``."""
        states = [one.state for one in self.trials]
        best = {"trial": self.best.number, "value": self.best.value, "params": dict(self.best.params)}
        counts = {state: states.count(state) for state in ("complete", "pruned", "failed")}
        judged = {"measure": self.measure, "pictures": self.pictures}
        names = {"recipe": str(self.path / "best.toml"), "next": self.command}
        return {"tune": str(self.path)} | judged | counts | {"best": best, "importance": dict(self.importance)} | names

    def __repr__(self) -> str:
        return say("tune.summary", name=self.path.name, n=len(self.trials), value=percent(self.best.value))


def best_of(trials: Sequence["Trial"]) -> "Trial":
    """The best complete trial, the first of equals; the best of all where none is complete."""
    return max(trials, key=lambda one: (one.state == "complete", one.value, -one.number))


@dataclass(frozen=True)
class _Plan:
    """What was asked, settled: it stands in ``tune.json``, by which a tuning is gone on with."""

    data: str
    minutes: float
    epochs: int
    recipe: Recipe
    ranges: Mapping[str, Any]
    keep: str
    first: Mapping[str, Any] = field(default_factory=dict[str, Any])
    measure: str = "accuracy"
    given: Any = None

    @property
    def pictures(self) -> Any:
        """The data as it was handed in, or its place."""
        return self.given if self.given is not None else self.data


def tune(
    data: Any = None,
    *,
    minutes: float | None = None,
    into: str | os.PathLike[str] | None = None,
    resume: bool = False,
    recipe: Recipe | str | os.PathLike[str] | None = None,
    ranges: Mapping[str, Any] | None = None,
    keep: str | os.PathLike[str] | None = None,
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
    from olhar.verbs.own_network import own_network

    progress = progress or shown()
    own = own_network(fields["model"], progress) if "model" in fields else None
    if own is not None:
        fields["model"] = own.name
    plan = _kept(into, data, fields) if resume else _asked(data, minutes, recipe, ranges, keep, fields)
    if not resume:
        _refuse_taken(into)
    prepared = _prepared(plan, own, progress)
    if prepared.fresh:
        begun = time.monotonic()
    folder = RunFolder(Path(into)) if resume and into is not None else _create(into, prepared)
    with locked(folder):
        from olhar.verbs.trials import read as read_trials

        if not resume:
            plan = _settled(plan, prepared)
            _keep(folder, plan)
        _tell(prepared, plan, progress)
        spent = sum(one.seconds for one in read_trials(folder))
        ended = (folder.path / "best.toml").is_file()
        budget = 60 * minutes if resume and minutes else 0.0 if ended else 60 * plan.minutes - spent
        study = _search(folder, plan, prepared, begun + budget, progress)
        return _end(folder, plan, prepared, study)


def _asked(
    data: Any,
    minutes: float | None,
    recipe: Recipe | str | os.PathLike[str] | None,
    ranges: Mapping[str, Any] | None,
    keep: str | os.PathLike[str] | None,
    fields: Mapping[str, Any],
) -> _Plan:
    if data is None:
        raise UsageError("tune.what")
    minutes = MINUTES if minutes is None else minutes
    if minutes <= 0:
        raise UsageError("tune.minutes", found=f"{minutes:g}")
    named = os.fspath(recipe) if isinstance(recipe, (str, os.PathLike)) else None
    base = recipe if isinstance(recipe, Recipe) else shipped.read(named) if named else Recipe()
    wanted = dict(ranges or (tunable.of_file(shipped.written(named)) if named else {}))
    tunable.ranges(wanted)
    where = os.fspath(data) if isinstance(data, (str, os.PathLike)) else ""
    asked = base.with_(fields)
    given = None if where else data
    return _Plan(where, minutes, fields.get("epochs", 0), asked, wanted, os.fspath(keep) if keep else "", given=given)


def _kept(into: str | os.PathLike[str] | None, data: Any, fields: Mapping[str, Any]) -> _Plan:
    """The plan of a tuning that is gone on with."""
    if into is None:
        raise RunError("tune.resume_what")
    folder = RunFolder(Path(into))
    if not (folder.path / _FILE).is_file():
        raise RunError("tune.none", where=str(into))
    kept = folder.read_json(_FILE)
    recipe = Recipe.from_toml(folder.read("recipe.toml"), str(folder.path / "recipe.toml"))
    changed = [name for name, value in fields.items() if getattr(recipe, name, None) != value]
    if changed:
        raise RunError("tune.settled", where=str(into), field=changed[0])
    given = data if data is not None and not isinstance(data, (str, os.PathLike)) else None
    where = os.fspath(data) if isinstance(data, (str, os.PathLike)) else kept["data"]
    if not where and given is None:
        raise UsageError("tune.what")
    rest = {name: kept[name] for name in ("minutes", "epochs", "ranges", "keep", "first", "measure")}
    return _Plan(data=where, recipe=recipe, given=given, **rest)


def _refuse_taken(into: str | os.PathLike[str] | None) -> None:
    path = Path(into) if into is not None else None
    if path is not None and path.exists():
        raise RunError("run.busy" if busy(path) else "run.taken", where=str(path), free=str(free_name(path)))


def _prepared(plan: _Plan, own: "OwnNetwork | None", progress: Progress) -> Prepared:
    from olhar.verbs.base_model import open_base
    from olhar.verbs.own_network import refuse, try_own

    base = open_base(plan.recipe, None, None)
    if base is None:
        refuse(plan.recipe, own)
    found = taking_part(read(plan.pictures, progress=progress), plan.keep or None, progress)
    prepared = prepare(found.dataset, plan.recipe.with_({"minutes": 0.0}), progress, base)
    if own is not None:
        try_own(own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=own)
    return prepared


def _create(into: str | os.PathLike[str] | None, prepared: Prepared) -> RunFolder:
    return RunFolder.create(Path(into) if into is not None else next_name(Path("runs"), prepared.dataset.origin, "tune"))


def _settled(plan: _Plan, prepared: Prepared) -> _Plan:
    """The plan with its ranges, the length of a trial, and what is tried first: what a training would take by itself."""
    from olhar.training.budget import fastest_threads, steps_within
    from olhar.training.optimizer import peak_rate
    from olhar.verbs.learn import own_threads, training_of
    from olhar.verbs.trials import by_f1, recipe_of

    rate = peak_rate(prepared.recipe)
    wanted = plan.ranges or _written(tunable.usual(plan.recipe, rate, prepared.base is None and prepared.own is None))
    first = {name: getattr(prepared.recipe, name) for name in wanted} | (
        {"learning_rate": rate} if "learning_rate" in wanted else {}
    )
    with own_threads():
        training = training_of(replace(prepared, recipe=recipe_of(plan.recipe, prepared, {})))
        threads = plan.recipe.threads or fastest_threads(training)
        epochs = plan.epochs
        if not epochs:
            steps = steps_within(training, 60 * plan.minutes / _TRIALS)
            epochs = min(max(_FEWEST_EPOCHS, steps // len(training.train)), plan.recipe.epochs)
    measure = "f1" if by_f1(training.recipe) else "accuracy"
    recipe = plan.recipe.with_({"threads": threads})
    return replace(plan, ranges=wanted, epochs=epochs, recipe=recipe, first=first, measure=measure)


def _written(found: Ranges) -> dict[str, Any]:
    """Ranges in the form in which a file names them."""
    return {name: [one.low, one.high] if isinstance(one, tunable.Between) else list(one.values) for name, one in found.items()}


def _keep(folder: RunFolder, plan: _Plan) -> None:
    folder.write("recipe.toml", plan.recipe.to_toml())
    names = ("data", "minutes", "epochs", "keep", "ranges", "first", "measure")
    folder.write_json(_FILE, {name: getattr(plan, name) for name in names})


def _tell(prepared: Prepared, plan: _Plan, progress: Progress) -> None:
    sizes = {part: len(rows_of(prepared.parts, part)) for part in ("train", "validation", "test")}
    progress.line(say("tune.parts", **sizes, epochs=plan.epochs))
    progress.line(say("tune.over", fields=", ".join(plan.ranges)))


def _search(folder: RunFolder, plan: _Plan, prepared: Prepared, deadline: float, progress: Progress) -> "Study":
    """Trial after trial until the time is up; each is kept before it begins and once it has ended."""
    import torch

    from olhar.verbs import trials as kept
    from olhar.verbs.learn import own_threads
    from olhar.verbs.study import Study

    done = kept.read(folder)
    study = Study(tunable.ranges(plan.ranges), done, plan.recipe.seed, plan.epochs)
    trials = [one for one in done if one.state != "running"]
    if not done:
        study.first(plan.first)
    prepared = replace(prepared, recipe=prepared.recipe.with_({"threads": plan.recipe.threads}))
    with own_threads(), asked_to_stop() as stop:
        if plan.recipe.threads:
            torch.set_num_threads(plan.recipe.threads)
        while time.monotonic() < deadline and len(trials) < _MOST_TRIALS:
            asked = study.ask()
            one = kept.Trial(len(trials) + 1, "running", dict(asked.params))
            kept.write(folder, [*trials, one])
            begun = time.monotonic()
            with progress.stage(say("tune.trial", n=one.number), plan.epochs) as advance:
                recipe = kept.recipe_of(plan.recipe, prepared, one.params)
                report = _Report(asked, advance)
                state, values = kept.run(prepared, recipe, plan.epochs, report, _until(deadline, stop))
            one = replace(one, state=state, values=values, seconds=time.monotonic() - begun)
            if stop():
                kept.write(folder, [*trials, replace(one, state="running", values=(), seconds=one.seconds)])
                raise Stopped("tune.stopped", where=str(folder.path), n=len(trials))
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


def _until(deadline: float, stop: Callable[[], bool]) -> Callable[[], bool]:
    return lambda: stop() or time.monotonic() > deadline


def _line(one: "Trial", trials: Sequence["Trial"], left: float) -> str:
    """A trial in one line: what it came to, the best so far, the time left, what was chosen."""
    best = best_of(trials)
    chosen = ", ".join(f"{name} {_short(value)}" for name, value in one.params.items())
    values = {"n": one.number, "epochs": len(one.values), "value": percent(one.value), "chosen": chosen}
    return say(f"tune.{one.state}", **values, best=percent(best.value), which=best.number, left=lasting(max(0.0, left)))


def _short(value: Any) -> str:
    return f"{value:.2g}" if isinstance(value, float) else str(value)


def _end(folder: RunFolder, plan: _Plan, prepared: Prepared, study: "Study") -> Search:
    """The recipe that did best, with how it came about, and a picture of what mattered."""
    from olhar.verbs.trials import read

    trials = tuple(one for one in read(folder) if one.state != "running")
    if not any(one.values for one in trials):
        raise RunError("tune.no_trial", where=str(folder.path))
    data, n = plan.data or "DATA", len(rows_of(prepared.parts, "validation"))
    own = ("--model", plan.recipe.model) if is_own(plan.recipe.model) else ()
    keep = ("--keep", plan.keep) if plan.keep else ()
    command = " ".join(map(quote, ("olhar", "train", data, "--recipe", str(folder.path / "best.toml"), *own, *keep)))
    search = Search(folder.path, trials, plan.measure, n, study.importance(), command)
    folder.write("best.toml", _best_toml(search, plan))
    if search.importance:
        from olhar.reporting.importance import importance

        points = [(one.params, one.value) for one in trials if one.state == "complete"]
        folder.write("importance.png", importance(search.importance, points, tunable.ranges(plan.ranges), search.measure))
    return search


def _best_toml(search: Search, plan: _Plan) -> str:
    """Only what differs from the defaults; a network of the person's own is named by the person, as no recipe runs code."""
    recipe = plan.recipe.with_({"threads": 0, **search.best.params})
    if is_own(recipe.model):
        recipe = recipe.with_({"model": Recipe().model})
    plain, usual = recipe.to_toml().splitlines(), set(Recipe().to_toml().splitlines())
    done = sum(one.state == "complete" for one in search.trials)
    told = {"n": len(search.trials), "done": done, "epochs": plan.epochs, "value": percent(search.best.value)}
    words = ("olhar", "tune", plan.data or "DATA", "--minutes", f"{plan.minutes:g}", "--into", str(search.path))
    low, high = _interval(search)
    comment = say(f"tune.best_{search.measure}", **told, pictures=search.pictures, low=low, high=high)
    head = [" ".join(map(quote, words)), comment, search.command]
    return "".join(f"# {line}\n" for line in head) + "\n" + "".join(f"{line}\n" for line in plain if line not in usual)


def _interval(search: Search) -> tuple[str, str]:
    from olhar.evaluation.metrics import wilson

    found = wilson(round(search.best.value * search.pictures), search.pictures)
    return percent(found.low), percent(found.high)
