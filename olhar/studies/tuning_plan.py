"""The plan of a tuning: what was asked, settled, and kept so that it can go on."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from typing import Any, Literal

from olhar.base.errors import UsageError
from olhar.base.parsing import Count, PathText, checked, fits, parsing
from olhar.data.read_options import ReadOptions
from olhar.jobs.prepare import Prepared
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder
from olhar.runs.request import Request
from olhar.studies.trial_recipe import by_f1, trial_recipe
from olhar.training import ranges as tunable
from olhar.training import recipe_files
from olhar.training.ranges import Ranges
from olhar.training.recipe import AUTO, Recipe

MINUTES = 10.0
FILE = "tune.json"
_TYPES: Mapping[str, Any] = {
    **{"data": PathText, "minutes": float, "epochs": Count, "keep": PathText, "ranges": Mapping[str, Any]},
    **{"first": Mapping[str, Any], "measure": Literal["accuracy", "f1"], "typed": list[str], "over": bool, "division": str},
}
_SINCE = ("typed", "over", "division")
"""What the first version did not keep."""
_TRIALS = 16
"""So many whole trials should fit into the time; those that are given up early make room for more."""
_FEWEST_EPOCHS = 3
_OF_ADAMW = frozenset({"learning_rate", "weight_decay", "amsgrad"})
"""Ranges of these are meant for an optimiser that the person knows, as a number of a recipe is."""


@dataclass(frozen=True)
class TuningPlan:
    """What was asked, settled: it stands in ``tune.json``, by which a tuning is gone on with.

    Attributes:
        data: its place; empty where it was handed over.
        minutes: the time that it may take.
        epochs: of a trial.
        recipe: what all trials share; its epochs are those of the training that follows.
        ranges: as a file names them.
        keep: the place of the keep list; empty where there is none.
        first: what is tried first.
        measure: ``accuracy`` or ``f1``, of validation, by which all trials are compared.
        typed: the fields that were given beside a recipe.
        given: the data, where it was handed over.
        over: its time is used up, and its best choices are written.
        reading: what was said of how the data is to be read.
    """

    data: str
    minutes: float
    epochs: int
    recipe: Recipe
    ranges: Mapping[str, Any]
    keep: str
    first: Mapping[str, Any] = field(default_factory=dict[str, Any])
    measure: str = "accuracy"
    typed: tuple[str, ...] = ()
    given: Any = None
    over: bool = False
    reading: ReadOptions = ReadOptions()

    @property
    def pictures(self) -> Any:
        """The data as it was handed in, or its place."""
        return self.given if self.given is not None else self.data


def new_plan(request: Request, minutes: float, ranges: Mapping[str, Any] | None) -> TuningPlan:
    """The plan of a new tuning.

    Raises:
        UsageError: there is no data.
        RecipeError: a field or a range that cannot be.
    """
    if request.data is None:
        raise UsageError("tune.what")
    tuned_ranges, alone, fields = ranges_of(request, ranges), request.base_recipe, request.fields
    tunable.read_ranges(tuned_ranges)
    shared = alone.with_(fields).with_({"epochs": alone.epochs})
    if shared.optimizer == AUTO and _OF_ADAMW & tuned_ranges.keys():
        shared = shared.with_({"optimizer": "adamw"})
    return TuningPlan(
        data=request.data_path or "",
        minutes=minutes,
        epochs=fields.get("epochs", 0),
        recipe=shared,
        ranges=tuned_ranges,
        keep=str(request.keep or ""),
        typed=tuple(fields),
        given=None if request.data_path else request.data,
        reading=request.reading,
    )


def ranges_of(request: Request, ranges: Mapping[str, Any] | None) -> dict[str, Any]:
    """Those that were handed over, else those of the recipe's file; empty where nobody says."""
    recipe = request.recipe
    if ranges or recipe is None or isinstance(recipe, Recipe):
        return dict(ranges or {})
    return tunable.read_table(recipe_files.read_text(os.fspath(recipe)))


def settle_plan(plan: TuningPlan, prepared: Prepared) -> TuningPlan:
    """The plan with its ranges, the length of a trial, and what is tried first: what a training would take by itself."""
    from olhar.jobs.learn import training_of
    from olhar.training.budget import fastest_threads, steps_within
    from olhar.training.optimizer import peak_rate
    from olhar.training.process import training_process

    rate = peak_rate(prepared.recipe)
    ours = prepared.base is None and prepared.own is None
    tuned_ranges = plan.ranges or _written(tunable.default_ranges(plan.recipe, rate, ours))
    first = {name: getattr(prepared.recipe, name) for name in tuned_ranges} | (
        {"learning_rate": rate} if "learning_rate" in tuned_ranges else {}
    )
    with training_process():
        training = training_of(replace(prepared, recipe=trial_recipe(plan.recipe, prepared, {})))
        threads = plan.recipe.threads or fastest_threads(training)
        epochs = plan.epochs
        if not epochs:
            steps = steps_within(training, 60 * plan.minutes / _TRIALS)
            epochs = min(max(_FEWEST_EPOCHS, steps // len(training.train)), plan.recipe.epochs)
    measure = "f1" if by_f1(training.recipe) else "accuracy"
    recipe = plan.recipe.with_(
        {"threads": threads} | ({} if "optimizer" in tuned_ranges else {"optimizer": prepared.recipe.optimizer})
    )
    return replace(plan, ranges=tuned_ranges, epochs=epochs, recipe=recipe, first=first, measure=measure)


def _written(ranges: Ranges) -> dict[str, Any]:
    """Ranges in the form in which a file names them."""
    return {
        name: [range_.low, range_.high] if isinstance(range_, tunable.Between) else list(range_.values)
        for name, range_ in ranges.items()
    }


def write_plan(folder: RunFolder, plan: TuningPlan, prepared: Prepared) -> None:
    """Write the plan into the tuning's folder; its recipe with its ranges, so that the same can be asked for again.

    ``tune.json``, by which a folder is known as a tuning, comes last.
    """
    table = "".join(f"{name} = {json.dumps(values, ensure_ascii=False)}\n" for name, values in plan.ranges.items())
    folder.write("recipe.toml", f"{plan.recipe.to_toml()}\n[{tunable.TABLE}]\n{table}")
    names = ("data", "minutes", "epochs", "keep", "ranges", "first", "measure", "typed", "over")
    more = {"division": division_hash(prepared), "reading": plan.reading.to_dict()}
    folder.write_json(FILE, {name: getattr(plan, name) for name in names} | more)


def read_plan(folder: RunFolder) -> dict[str, Any]:
    """What ``tune.json`` holds, each part of its type; earlier versions did not name all.

    Raises:
        RunError: it is damaged.
    """
    record = folder.read_json(FILE)
    with parsing(damaged(folder.path, FILE)):
        if not all(fits(record[name], kind) for name, kind in _TYPES.items() if name in record or name not in _SINCE):
            raise ValueError(FILE)
        checked(ReadOptions.from_dict(record.get("reading", {})))
        return record


def division_hash(prepared: Prepared) -> str:
    """A hash of the class, part and content of each picture, in the order in which trials meet them; names may change."""
    classes, hashes = prepared.dataset.classes, prepared.packed.hashes
    digest = sha256()
    for row, (label, part) in enumerate(zip(prepared.labels.tolist(), prepared.parts, strict=True)):
        digest.update(f"{classes[label]}\n{part}\n{hashes[row].hex()}\n".encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
