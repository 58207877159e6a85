"""The trials of a tuning: kept as a line each in ``trials.jsonl``, and run one after the other on validation pictures alone."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from olhar.base.errors import TrainingError
from olhar.runs.folder import RunFolder
from olhar.training.augment_presets import settled
from olhar.training.memory import out_of_memory
from olhar.training.recipe import Recipe
from olhar.verbs.learn import training_of
from olhar.verbs.prepare import Prepared

_FILE = "trials.jsonl"
_FOUND = ("size", "colour", "fit", "learn", "batch")

State = Literal["complete", "pruned", "failed", "running"]


@dataclass(frozen=True)
class Trial:
    """One short training.

    Attributes:
        number: counted from 1.
        state: ``complete``; ``pruned``, given up as worse than the others by then, or for want of time; ``failed``; ``running``,
            which is also what a kill leaves.
        params: what was chosen, by field.
        values: the number of validation that is tuned for, after each epoch.
        seconds: it took.
    """

    number: int
    state: State
    params: Mapping[str, Any]
    values: tuple[float, ...] = field(default=())
    seconds: float = 0.0

    @property
    def value(self) -> float:
        """The best epoch's number, by which trials are compared; 0 before the first."""
        return max(self.values, default=0.0)


def read(folder: RunFolder) -> list[Trial]:
    """Those of a tuning so far."""
    if not (folder.path / _FILE).is_file():
        return []
    rows = [json.loads(line) for line in folder.read(_FILE).splitlines() if line]
    return [Trial(**row | {"values": tuple(row["values"])}) for row in rows]


def write(folder: RunFolder, trials: Sequence[Trial]) -> None:
    """Keep them, whole or not at all."""
    folder.write(_FILE, "".join(json.dumps(asdict(one), ensure_ascii=False) + "\n" for one in trials))


def recipe_of(asked: Recipe, prepared: Prepared, params: Mapping[str, Any]) -> Recipe:
    """The recipe of a trial: what was asked, what was chosen, and what the data decides."""
    recipe = asked.with_({**params} | {name: getattr(prepared.recipe, name) for name in _FOUND})
    recipe = recipe.with_(settled(recipe, mirrors=prepared.dataset.mirrorable))
    model = {} if "model" in params else {"model": prepared.recipe.model}
    return recipe.with_(model | {"patience": 0, "stop_at": "", "minutes": 0.0, "threads": prepared.recipe.threads})


def run(
    prepared: Prepared,
    recipe: Recipe,
    epochs: int,
    report: Callable[[int, float], bool],
    tick: Callable[[], bool],
) -> tuple[State, tuple[float, ...]]:
    """Train for some epochs, judged by validation alone: no test picture is looked at.

    Args:
        prepared: the pictures.
        recipe: of the trial.
        epochs: how many.
        report: told epoch and number; says whether to give up.
        tick: called after each step; says whether time is up.
    """
    values: list[float] = []
    try:
        training = training_of(replace(prepared, recipe=recipe))
        training.total = epochs * len(training.train)
        for epoch in training.fit(_ender(tick)):
            values.append(epoch.val_f1 if by_f1(training.recipe) else epoch.val_accuracy)
            if report(epoch.epoch, values[-1]) and not training.finished:
                return "pruned", tuple(values)
    except _TimeIsUpError:
        return "pruned", tuple(values)
    except TrainingError:
        return "failed", tuple(values)
    except (RuntimeError, MemoryError) as error:
        if not out_of_memory(error):
            raise
        return "failed", tuple(values)
    return "complete", tuple(values)


def by_f1(recipe: Recipe) -> bool:
    """Whether macro F1 is tuned for, and not accuracy: where classes are balanced, or the recipe keeps by it."""
    return recipe.keep_by == "f1" or recipe.balance in ("weights", "sampling")


class _TimeIsUpError(Exception):
    """The tuning's time is up in the middle of a trial."""


def _ender(tick: Callable[[], bool]) -> Callable[[], None]:
    def end() -> None:
        if tick():
            raise _TimeIsUpError

    return end
