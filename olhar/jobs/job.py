"""From what a person asked for to a run that can learn: a new one, or one that goes on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.progress import Progress
from olhar.base.runner import HERE, Runner
from olhar.base.texts import number, sentence, typed, undashed
from olhar.base.types import StrPath
from olhar.data.assignment import Shares
from olhar.data.cache.near import near
from olhar.data.dataset import Dataset, Part
from olhar.data.keep_list import KeptPictures
from olhar.data.sources import read
from olhar.exports.keep_as import KeepAs
from olhar.jobs.first_files import matched_to_first_seed, named_as_before, refuse_other, write_start
from olhar.jobs.first_look import first_look
from olhar.jobs.folds import dealt_by, is_fold, settle_folds, without_test
from olhar.jobs.going_on import earlier_run
from olhar.jobs.keep_list import kept_in, taking_part
from olhar.jobs.prepare import Prepared, prepare
from olhar.jobs.refusals import (
    refuse_blocks,
    refuse_curve,
    refuse_engine,
    refuse_network,
    refuse_opening,
    refuse_part_of_nothing,
    refuse_place,
    refuse_shape,
    refuse_without_torch,
)
from olhar.jobs.ways import features_of_file, is_head_start, settled_blocks, settled_way, tell_passed_over
from olhar.models.network_shape import NETWORKS, is_own
from olhar.runs.folder import REQUEST, RunFolder, free_name, next_name
from olhar.runs.lock import busy
from olhar.runs.request import Request
from olhar.runs.split import read_split
from olhar.training.recipe import AUTO, Recipe

if TYPE_CHECKING:
    from olhar.networks.base_model import BaseModel


@dataclass(frozen=True)
class Job:
    """A run whose pictures are ready.

    Attributes:
        run: its folder.
        prepared: the pictures and the resolved recipe.
        request: what was asked for, with the data and the kept file of the run that goes on.
        listed: the pictures that take part, and the keep list that says so.
        begun: ``time.monotonic()`` when the person asked, reading pictures for the first time left out.
        resumed: it goes on.
    """

    run: RunFolder
    prepared: Prepared
    request: Request
    listed: KeptPictures
    begun: float
    resumed: bool = False

    @property
    def keep_as(self) -> KeepAs | None:
        """Where the best so far is kept too."""
        return KeepAs.of(self.request.keep_as)

    def write_first_files(self) -> None:
        """Keep what was asked, in a folder that nobody has begun in meanwhile.

        Raises:
            RunError: somebody has.
        """
        run, recipe = self.run, self.prepared.recipe
        if self.resumed:
            kept_as = str(self.request.keep_as or "")
            if kept_as != run.request().keep_as:
                run.write_json(REQUEST, run.read_json(REQUEST) | {"keep_as": kept_as})
        elif run.begun:
            raise RunError("run.taken", where=str(run.path), free=str(free_name(run.path)))
        else:
            seed = dealt_by(recipe) if recipe.folds else None
            write_start(run, self.prepared, self.request, self.listed, folds_seed=seed)


def new_job(request: Request, into: StrPath | None, progress: Progress, begun: float, runner: Runner = HERE) -> Job:
    """A new run, nothing yet begun in its folder; its pictures are packed, or looked at, by the runner.

    Raises:
        UsageError: there is no data.
        RunError: the folder is taken.
        DataError, RecipeError, ModelError: the data, the recipe or the model cannot be.
    """
    going_on = earlier_run(str(request.explicit_fields.get("model", AUTO)))
    recipe = request.resolved if going_on is None else going_on.recipe(request)
    keep_as = KeepAs.of(request.keep_as)
    if request.data is None:
        raise UsageError("train.what")
    refuse_place(into)
    if keep_as:
        keep_as.refuse_taken()
    if recipe.folds == 1:
        raise RecipeError("recipe.folds")
    base = _base(recipe, request) if going_on is None else going_on.base(recipe, progress)
    _refuse_early(recipe, request, base)
    reading = time.monotonic()
    request = request if going_on is None else going_on.read_alike(request)
    pictures = near(read(request.data, names=request.names, progress=progress, **request.reading.keywords()), progress)
    pictures = pictures if going_on is None else going_on.pictures(pictures, progress)
    split = read_split(recipe.split_from) if recipe.split_from else None
    listed = taking_part(pictures, request.keep, progress)
    fresh = base is None and first_look(listed.dataset, recipe, progress)
    recipe = settled_way(recipe, pictures, request.explicit_fields, progress)
    refuse_curve(recipe, request)
    if is_head_start(recipe):
        recipe = settled_blocks(recipe, request.explicit_fields, progress)
        tell_passed_over(recipe, request.fields, progress)
    if going_on is not None:
        going_on.tell_of_blocks(progress)
    _refuse_engine(recipe)
    prepared = _prepared(listed.dataset, recipe, progress, base, split, runner=runner)
    begun += _not_counted(prepared, reading, progress, looked=fresh)
    prepared = settle_folds(prepared, "split" in request.fields, progress)
    prepared = matched_to_first_seed(prepared, into)
    prepared = _tried(prepared, request, keep_as)
    run = RunFolder.create(Path(into), over_leftovers=True) if into is not None else _next_folder(prepared)
    return Job(run, prepared, request, listed, begun)


def resumed_job(request: Request, run: RunFolder, progress: Progress, begun: float, runner: Runner = HERE) -> Job:
    """A run that goes on where it stopped, with the choices that are in it.

    Raises:
        RunError: another process is at work in it, or it was begun with other data or another recipe.
        DataError, RecipeError, ModelError: the data, the recipe or the model cannot be.
    """
    recipe, earlier = kept_recipe(run, request.fields), run.request()
    if busy(run.path):
        raise RunError("run.busy", where=str(run.path), free=str(free_name(run.path)))
    keep_as = KeepAs.of(earlier.keep_as or None)
    if request.keep_as and (other_file := KeepAs.of(request.keep_as)) and other_file != keep_as:
        other_file.refuse_taken()
        keep_as = other_file
    base = _kept_base(run, recipe) if earlier.base is not None else None
    if base is None:
        refuse_network(recipe, request.own)
        refuse_opening(request.opening, recipe)
    refuse_curve(recipe, request)
    refuse_blocks(recipe)
    _refuse_engine(recipe)
    data = earlier.data if request.data is None else request.data
    names = request.names if request.names is not None else dict(earlier.names) or None
    reading = time.monotonic()
    going_on = earlier_run(earlier.went_on_from)
    request = replace(request, reading=request.reading or earlier.reading)
    pictures = read(data, names=names if going_on is None else None, progress=progress, **request.reading.keywords())
    pictures = near(pictures, progress)
    if going_on is not None:
        pictures = going_on.pictures(pictures, progress).named(run.signature().names)
    listed = taking_part(pictures, kept_in(run, request.keep), progress)
    dataset = without_test(listed.dataset) if is_fold(run.path) else listed.dataset
    prepared = _prepared(dataset, recipe, progress, base, read_split(run.path), runner=runner)
    begun += _not_counted(prepared, reading, progress)
    prepared = named_as_before(prepared, run) if request.names is None else prepared
    refuse_other(run, prepared)
    curve = request.learning_curve or earlier.learning_curve
    request = replace(request, data=data, keep_as=keep_as.path if keep_as else None, learning_curve=curve)
    return Job(run, _tried(prepared, request, keep_as), request, listed, begun, resumed=True)


def _refuse_early(recipe: Recipe, request: Request, base: "BaseModel | None") -> None:
    """What cannot be, told before a picture is read."""
    Shares.parse(recipe.split)
    if base is None:
        refuse_network(recipe, request.own)
        refuse_opening(request.opening, recipe)
    if base is not None or request.own is not None or is_head_start(recipe):
        refuse_shape(recipe.model, request.fields)
    refuse_part_of_nothing(recipe, request.fields)
    refuse_blocks(recipe)
    if recipe.model != AUTO:
        refuse_curve(recipe, request)
        _refuse_engine(recipe)


def _refuse_engine(recipe: Recipe) -> None:
    """What a network that learns by gradients needs; a head needs nothing."""
    if not is_head_start(recipe):
        refuse_without_torch()
        refuse_engine(recipe)


def _prepared(
    dataset: Dataset,
    recipe: Recipe,
    progress: Progress,
    base: "BaseModel | None",
    split: Mapping[bytes, Part] | None,
    *,
    runner: Runner,
) -> Prepared:
    """The pictures as the way of the recipe wants them. What opens bodies is imported only then, as it takes its time."""
    if is_head_start(recipe):
        from olhar.jobs.prepare_features import prepare_features

        return prepare_features(dataset, recipe, progress, split, runner=runner)
    return prepare(dataset, recipe, progress, base, split, runner=runner)


def _not_counted(prepared: Prepared, reading: float, progress: Progress, *, looked: bool = False) -> float:
    """Seconds since ``reading`` that are no part of ``--minutes``: pictures are read, or ``looked`` at, the first time once."""
    if not (prepared.fresh or looked):
        return 0.0
    seconds = time.monotonic() - reading
    if prepared.recipe.minutes and seconds >= 1:
        progress.line(sentence("train.reading_apart", seconds=number(seconds, 0), minutes=prepared.recipe.minutes))
    return seconds


def _base(recipe: Recipe, request: Request) -> "BaseModel | None":
    """The Keras file that the recipe names. What opens such files is imported only then, as it takes its time."""
    if recipe.model in (*NETWORKS, AUTO) or is_own(recipe.model) or is_head_start(recipe):
        return None
    from olhar.networks.base_model import open_base

    return open_base(recipe, request.opening)


def _kept_base(run: RunFolder, recipe: Recipe) -> "BaseModel | None":
    from olhar.networks.base_file import kept_base

    return kept_base(run, recipe)


def kept_recipe(run: RunFolder, fields: Mapping[str, Any]) -> Recipe:
    """The recipe that a run was begun with. What was typed then may be typed again, though another value was settled.

    Raises:
        RunError: something else was asked for now.
    """
    recipe = run.recipe()
    if recipe.folds < 0:
        recipe = recipe.with_({"folds": 0})
    begun = run.request().fields
    for key, value in fields.items():
        if value not in (getattr(recipe, key), begun.get(key)):
            raise _other_recipe(run, recipe, key, value)
    return recipe


def _other_recipe(run: RunFolder, recipe: Recipe, field: str, value: Any) -> RunError:
    values = {"where": str(run.path), "field": field, "kept": getattr(recipe, field), "found": value}
    if not run.finished or field not in ("epochs", "minutes"):
        return RunError("run.other_recipe", **values)
    words = ["olhar", "train", undashed(run.request().data), "--recipe", run.path / "recipe.toml", f"--{field}", value]
    words += ["--minutes", 0] if field == "epochs" and recipe.minutes else []
    words += ["--model", recipe.model] if is_own(recipe.model) else []
    return RunError("run.not_lengthened", **values, command=" ".join(map(typed, words)))


def _tried(prepared: Prepared, request: Request, keep_as: KeepAs | None) -> Prepared:
    """The same with the person's own network, and what would end a training at its end told before it begins."""
    if request.own is not None:
        from olhar.networks.own_network import try_own

        try_own(request.own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=request.own)
    if keep_as:
        keep_as.refuse(prepared.maker() if prepared.head_start is None else None)
    return prepared


def _next_folder(prepared: Prepared) -> RunFolder:
    """The first free name, also where another training takes one at this moment."""
    of_file = prepared.base is not None or features_of_file(prepared.recipe)
    model = Path(prepared.recipe.model).stem if of_file else prepared.recipe.model
    while True:
        try:
            return RunFolder.create(next_name(Path("runs"), prepared.dataset.origin, model))
        except RunError as error:
            if error.key != "run.taken":
                raise
