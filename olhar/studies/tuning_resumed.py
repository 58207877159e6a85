"""A tuning that is gone on with: its plan as it was kept, and what of it cannot be otherwise by now."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from olhar.base.errors import RunError, UsageError
from olhar.base.types import StrPath
from olhar.data.read_options import ReadOptions
from olhar.jobs.prepare import Prepared
from olhar.runs.folder import RunFolder, free_name, is_taken
from olhar.runs.request import Request, read_recipe
from olhar.studies.tuning_plan import FILE, TuningPlan, division_hash, ranges_of, read_plan
from olhar.training import ranges as tunable
from olhar.training.recipe import FIELDS, Recipe


def resumed_plan(into: StrPath | None, request: Request, ranges: Mapping[str, Any] | None) -> TuningPlan:
    """The plan of a tuning that is gone on with; data and keep list may have moved, see ``refuse_other``.

    Raises:
        RunError: there is none, or another recipe or other ranges are asked for.
        UsageError: its data was handed over, and is not handed over again.
    """
    if into is None:
        raise RunError("tune.resume_what")
    folder = RunFolder(Path(into))
    if not (folder.path / FILE).is_file():
        raise RunError("tune.none", where=str(into), free=str(free_name(folder.path) if is_taken(folder.path) else into))
    record, shared = read_plan(folder), folder.recipe()
    typed = tuple(record.get("typed", ()))
    length = {"epochs": record["epochs"]} if "epochs" in request.fields else {}
    asked_now = _asked_now(read_recipe(request.recipe), typed) | dict(request.fields)
    _refuse_recipe(folder, shared.with_(length), asked_now)
    _refuse_ranges(folder, record["ranges"], ranges_of(request, ranges))
    handed_over = request.data if request.data_path is None else None
    where = request.data_path or record["data"]
    if not where and handed_over is None:
        raise UsageError("tune.what")
    rest = {name: record[name] for name in ("minutes", "epochs", "ranges", "first", "measure")}
    rest["over"] = record.get("over", (folder.path / "best.toml").is_file())
    keep = str(request.keep or record["keep"])
    reading = request.reading or ReadOptions.from_dict(record.get("reading", {}))
    return TuningPlan(data=where, recipe=shared, keep=keep, typed=typed, given=handed_over, reading=reading, **rest)


def _asked_now(recipe: Recipe | None, typed: tuple[str, ...]) -> dict[str, Any]:
    """What a recipe asks for, but for what was typed beside it when the tuning began, and what it left open then."""
    if recipe is None:
        return {}
    left = {*typed, *(name for name in ("threads", "optimizer") if getattr(recipe, name) == FIELDS[name].default)}
    return {name: getattr(recipe, name) for name in FIELDS if name not in left}


def _refuse_recipe(folder: RunFolder, kept: Recipe, asked: Mapping[str, Any]) -> None:
    changed = kept.with_(asked)
    for name in asked:
        kept_value, asked_value = getattr(kept, name), getattr(changed, name)
        if kept_value != asked_value:
            raise RunError("tune.settled", where=str(folder.path), field=name, kept=str(kept_value), found=str(asked_value))


def _refuse_ranges(folder: RunFolder, kept: Mapping[str, Any], asked: Mapping[str, Any]) -> None:
    kept_ranges, asked_ranges = tunable.read_ranges(kept), tunable.read_ranges(asked)
    changed = [name for name in {**asked_ranges, **kept_ranges} if kept_ranges.get(name) != asked_ranges.get(name)]
    if asked_ranges and changed:
        raise RunError("tune.other_ranges", where=str(folder.path), field=changed[0])


def refuse_other(folder: RunFolder, plan: TuningPlan, prepared: Prepared) -> None:
    """See to it that a tuning that is gone on with has the pictures and the parts that its trials had.

    Raises:
        RunError: it has not.
    """
    record = read_plan(folder)
    if record.get("division", "") in ("", division_hash(prepared)):
        return
    if plan.keep != record["keep"]:
        raise RunError("tune.settled", where=str(folder.path), field="--keep", kept=record["keep"] or "-", found=plan.keep)
    raise RunError("tune.other_data", where=str(folder.path))
