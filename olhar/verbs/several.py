"""Several trainings that differ in their seed alone: what chance does to the number."""

import os
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, Stopped, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import percent, say
from olhar.evaluation.folds import MeanAndSpread
from olhar.runs.folder import RunFolder, free_name, next_name
from olhar.runs.lock import locked
from olhar.training import shipped
from olhar.training.recipe import Recipe
from olhar.verbs.brief import Brief
from olhar.verbs.run import Run

_FILE = "several.json"
_MOST = 100

Train = Callable[..., Any]


@dataclass(frozen=True)
class Several:
    """Runs that differ in their seed.

    Attributes:
        path: the folder in which they lie.
        runs: each a whole run.
        seeds: of each.
    """

    path: Path
    runs: tuple[Run, ...]
    seeds: tuple[int, ...]

    @property
    def accuracy(self) -> MeanAndSpread:
        """Mean and spread of their accuracies. The split is the same for all: the spread is what the seeds do."""
        return MeanAndSpread.of([run.metrics.accuracy.value for run in self.runs])

    def to_dict(self) -> dict[str, Any]:
        """The form of ``--json`` and of ``several.json``."""
        runs = [
            {"run": str(run.path), "seed": seed, "measured": run.measured, "accuracy": asdict(run.metrics.accuracy)}
            for seed, run in zip(self.seeds, self.runs, strict=True)
        ]
        return {"several": str(self.path), "runs": runs, "accuracy": asdict(self.accuracy)}

    def __repr__(self) -> str:
        found = self.accuracy
        return say("several.summary", name=self.path.name, n=len(self.runs), mean=percent(found.mean), points=100 * found.spread)


def is_several(path: str | os.PathLike[str]) -> bool:
    """Whether a folder holds several trainings."""
    return (Path(path) / _FILE).is_file()


def train_seeds(
    train: Train,
    data: Any,
    seeds: int | None,
    into: str | os.PathLike[str] | None,
    *,
    resume: bool,
    progress: Progress,
    rest: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> Several:
    """Train what is missing of several runs, in ``seed-0`` ... of one folder.

    Args:
        train: trains one.
        data, into, resume, progress: as ``train`` takes them.
        seeds: how many; None with ``resume``.
        rest: other keywords of ``train``.
        fields: fields of the recipe.

    Raises:
        UsageError: not a number of seeds.
        RunError: the folder is taken, or holds other trainings.
        Stopped: the person asked to stop.
    """
    if seeds is not None and not 2 <= seeds <= _MOST:
        raise UsageError("several.seeds", found=seeds, most=_MOST)
    plan = _kept(into, seeds, data) if resume else None
    if plan is None:
        folder, plan = _new(data, seeds or 2, into, rest, fields)
    else:
        folder = RunFolder(Path(into or ""))
        rest = {**plan["rest"], **{key: value for key, value in rest.items() if value is not None}}
        fields = {**plan["fields"], **fields}
    data = data if data is not None else plan["data"]
    with locked(folder):
        for place, seed in enumerate(plan["seeds"]):
            _one(train, folder, data, place, plan, progress=progress, rest=rest, fields=fields)
            _tell(folder, seed, place, len(plan["seeds"]), progress)
    found = Several(folder.path, tuple(Run(_path(folder, seed)) for seed in plan["seeds"]), tuple(plan["seeds"]))
    folder.write_json(_FILE, plan | found.to_dict())
    return found


def _new(
    data: Any, n: int, into: str | os.PathLike[str] | None, rest: Mapping[str, Any], fields: Mapping[str, Any]
) -> tuple[RunFolder, dict[str, Any]]:
    """A folder for them, and the plan in it by which they can be gone on with."""
    if data is None:
        raise UsageError("train.what")
    wish = rest["recipe"]
    recipe = (wish if isinstance(wish, Recipe) else shipped.read(os.fspath(wish)) if wish is not None else Recipe()).with_(fields)
    origin = Path(data).name if isinstance(data, (str, os.PathLike)) else getattr(data, "origin", "data")
    folder = RunFolder.create(Path(into) if into is not None else next_name(Path("runs"), origin, "seeds"))
    if wish is not None:
        folder.write("recipe.toml", recipe.to_toml())
    plan = {
        "data": os.fspath(data) if isinstance(data, (str, os.PathLike)) else origin,
        "seeds": list(range(recipe.seed, recipe.seed + n)),
        "minutes": recipe.minutes,
        "fields": {key: value for key, value in fields.items() if isinstance(value, (str, int, float))},
        "rest": {key: os.fspath(rest[key]) for key in ("architecture", "keep") if isinstance(rest[key], (str, os.PathLike))},
    }
    folder.write_json(_FILE, plan)
    return folder, plan


def _kept(into: str | os.PathLike[str] | None, seeds: int | None, data: Any) -> dict[str, Any]:
    """The plan of those that are gone on with."""
    if into is None:
        raise RunError("run.resume_what")
    if not is_several(into):
        raise RunError("several.none", where=str(into), free=str(free_name(Path(into))))
    plan = RunFolder(Path(into)).read_json(_FILE)
    if seeds is not None and seeds != len(plan["seeds"]):
        raise RunError("several.other", where=str(into), found=seeds, kept=len(plan["seeds"]))
    if (Path(into) / "recipe.toml").is_file():
        plan["rest"]["recipe"] = str(Path(into) / "recipe.toml")
    return plan if data is None else plan | {"data": data}


def _path(folder: RunFolder, seed: int) -> Path:
    return folder.path / f"seed-{seed}"


def _one(
    train: Train,
    folder: RunFolder,
    data: Any,
    place: int,
    plan: Mapping[str, Any],
    *,
    progress: Progress,
    rest: Mapping[str, Any],
    fields: Mapping[str, Any],
) -> None:
    """Train one, go on with it, or leave it where it is finished."""
    seeds = plan["seeds"]
    seed, path = seeds[place], _path(folder, seeds[place])
    if RunFolder(path).finished:
        return
    brief = Brief(progress, say("several.name", seed=seed, number=place + 1, all=len(seeds)))
    own: dict[str, Any] = {"seed": seed}
    if plan["minutes"]:
        own["minutes"] = plan["minutes"] / len(seeds)
    if place and not fields.get("split_from") and not fields.get("folds"):
        own["split_from"] = str(_path(folder, seeds[0]))
    try:
        if (path / "request.json").is_file():
            handed = {key: rest[key] for key in ("keep", "tensorboard", "mlflow") if rest.get(key) is not None}
            model = {"model": fields["model"]} if not isinstance(fields.get("model", ""), str) else {}
            train(data, into=path, resume=True, progress=brief, **handed, **model)
        else:
            if path.is_dir():
                _sweep(path)
            train(data, into=path, progress=brief, **rest, **{**fields, **own})
    except Stopped as error:
        done = sum(RunFolder(_path(folder, one)).finished for one in seeds)
        raise Stopped("several.stopped", where=str(folder.path), done=done, n=len(seeds)) from error


def _sweep(path: Path) -> None:
    """Remove what a kill left of a run that had not begun."""
    import shutil

    shutil.rmtree(path)


def _tell(folder: RunFolder, seed: int, place: int, n: int, progress: Progress) -> None:
    accuracy = Run(_path(folder, seed)).metrics.accuracy
    shown = {name: percent(getattr(accuracy, name)) for name in ("value", "low", "high")}
    progress.line(say("several.done", seed=seed, number=place + 1, all=n, **shown))
