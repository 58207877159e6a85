"""The plan of a tuning: what was asked, settled, and kept so that it can go on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, UsageError
from olhar.runs.folder import RunFolder
from olhar.training import ranges as tunable
from olhar.training import shipped
from olhar.training.ranges import Ranges
from olhar.training.recipe import Recipe
from olhar.verbs.prepare import Prepared

MINUTES = 10.0
_FILE = "tune.json"
_TRIALS = 16
"""So many whole trials should fit into the time; those that are given up early make room for more."""
_FEWEST_EPOCHS = 3


@dataclass(frozen=True)
class Plan:
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


def asked(
    data: Any,
    minutes: float | None,
    recipe: Recipe | str | os.PathLike[str] | None,
    ranges: Mapping[str, Any] | None,
    keep: str | os.PathLike[str] | None,
    fields: Mapping[str, Any],
) -> Plan:
    """The plan of a new tuning, from what ``tune`` was given.

    Raises:
        UsageError: no data, or no time.
        RecipeError: a field or a range that cannot be.
    """
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
    given = None if where else data
    return Plan(where, minutes, fields.get("epochs", 0), base.with_(fields), wanted, os.fspath(keep) if keep else "", given=given)


def kept(into: str | os.PathLike[str] | None, data: Any, fields: Mapping[str, Any]) -> Plan:
    """The plan of a tuning that is gone on with.

    Raises:
        RunError: there is none, or another recipe is asked for.
        UsageError: its data was handed over, and is not handed over again.
    """
    if into is None:
        raise RunError("tune.resume_what")
    folder = RunFolder(Path(into))
    if not (folder.path / _FILE).is_file():
        raise RunError("tune.none", where=str(into))
    found = folder.read_json(_FILE)
    recipe = Recipe.from_toml(folder.read("recipe.toml"), str(folder.path / "recipe.toml"))
    changed = [name for name, value in fields.items() if getattr(recipe, name, None) != value]
    if changed:
        raise RunError("tune.settled", where=str(into), field=changed[0])
    given = data if data is not None and not isinstance(data, (str, os.PathLike)) else None
    where = os.fspath(data) if isinstance(data, (str, os.PathLike)) else found["data"]
    if not where and given is None:
        raise UsageError("tune.what")
    rest = {name: found[name] for name in ("minutes", "epochs", "ranges", "keep", "first", "measure")}
    return Plan(data=where, recipe=recipe, given=given, **rest)


def settled(plan: Plan, prepared: Prepared) -> Plan:
    """The plan with its ranges, the length of a trial, and what is tried first: what a training would take by itself."""
    from olhar.training.budget import fastest_threads, steps_within
    from olhar.training.optimizer import peak_rate
    from olhar.training.process import own_process
    from olhar.verbs.learn import training_of
    from olhar.verbs.trials import by_f1, recipe_of

    rate = peak_rate(prepared.recipe)
    wanted = plan.ranges or _written(tunable.usual(plan.recipe, rate, prepared.base is None and prepared.own is None))
    first = {name: getattr(prepared.recipe, name) for name in wanted} | (
        {"learning_rate": rate} if "learning_rate" in wanted else {}
    )
    with own_process():
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


def keep(folder: RunFolder, plan: Plan) -> None:
    """Write the plan into the tuning's folder."""
    folder.write("recipe.toml", plan.recipe.to_toml())
    names = ("data", "minutes", "epochs", "keep", "ranges", "first", "measure")
    folder.write_json(_FILE, {name: getattr(plan, name) for name in names})
