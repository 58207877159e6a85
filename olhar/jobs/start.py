"""From what a person asked for to a run that can learn: a new one, or one that goes on."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.progress import Progress
from olhar.base.texts import number, sentence, typed
from olhar.base.types import StrPath
from olhar.data.keep import KeepList
from olhar.data.names import Names
from olhar.data.sources import read
from olhar.exports.keep_as import KeepAs
from olhar.jobs.begin import Asked, as_the_first, named_as_before, refuse_other
from olhar.jobs.folds import in_folds, is_fold, without_test
from olhar.jobs.keep_list import kept_in, taking_part
from olhar.jobs.prepare import Prepared, prepare
from olhar.models.form import NETWORKS, SMALLEST_SIDE, is_own
from olhar.models.form import refuse as refuse_form
from olhar.runs import folder as runs
from olhar.runs.folder import RunFolder, free_name, taken
from olhar.runs.lock import busy
from olhar.runs.split import kept as kept_split
from olhar.training.recipe import AUTO, FIELDS, Recipe

if TYPE_CHECKING:
    from olhar.models.own import OwnNetwork
    from olhar.networks.base_model import BaseModel


@dataclass(frozen=True)
class Wish:
    """What a person asked ``train`` for, but for the recipe.

    Attributes:
        data, names, keep, architecture, lambdas: as ``train`` takes them.
        fields: of the recipe, as they were typed.
        own: the person's own network, where the model is one.
        keep_as: where the best so far is kept too.
    """

    data: Any
    names: Names | None
    keep: StrPath | KeepList | None
    architecture: StrPath | None
    lambdas: Mapping[str, str] | None
    fields: Mapping[str, Any]
    own: "OwnNetwork | None"
    keep_as: KeepAs | None


@dataclass(frozen=True)
class Start:
    """A run whose pictures are ready.

    Attributes:
        run: its folder.
        prepared: the pictures and the resolved recipe.
        asked: what was asked for.
        begun: ``time.monotonic()`` when the person asked, reading pictures for the first time left out.
        keep_as: where the best so far is kept too.
    """

    run: RunFolder
    prepared: Prepared
    asked: Asked
    begun: float
    keep_as: KeepAs | None


def new(wish: Wish, recipe: Recipe, into: StrPath | None, progress: Progress, begun: float) -> Start:
    """A new run, nothing yet begun in its folder.

    Raises:
        UsageError: there is no data.
        RunError: the folder is taken.
        DataError, RecipeError, ModelError: see their sentences.
    """
    if wish.data is None:
        raise UsageError("train.what")
    if into is not None and busy(Path(into)):
        raise RunError("run.busy", where=str(into), free=str(free_name(Path(into))))
    if into is not None and taken(Path(into)):
        raise RunError("run.taken", where=str(into), free=str(free_name(Path(into))))
    if wish.keep_as:
        wish.keep_as.refuse_taken()
    if recipe.folds == 1:
        raise RecipeError("recipe.folds")
    base = _base(recipe, wish)
    if base is None:
        refuse(recipe, wish.own)
        _refuse_said(wish)
    if base is not None or wish.own is not None:
        _refuse_form(recipe.model, wish.fields)
    reading = time.monotonic()
    pictures = read(wish.data, names=wish.names, progress=progress)
    _refuse_device(recipe)
    kept = kept_split(recipe.split_from) if recipe.split_from else None
    found = taking_part(pictures, wish.keep, progress)
    prepared = prepare(found.dataset, recipe, progress, base, kept)
    begun += _not_counted(prepared, reading, progress)
    prepared = _tried(as_the_first(in_folds(prepared, "split" in wish.fields, progress), into), wish)
    run = RunFolder.create(Path(into), over_leftovers=True) if into is not None else _next_folder(prepared)
    return Start(run, prepared, Asked(wish.data, wish.fields, found, wish.keep_as), begun, wish.keep_as)


def going_on(wish: Wish, run: RunFolder, progress: Progress, begun: float) -> Start:
    """A run that goes on where it stopped, with the choices that are in it.

    Raises:
        RunError: another process is at work in it, or it was begun with other data or another recipe.
        DataError, RecipeError, ModelError: see their sentences.
    """
    recipe, request = kept_recipe(run, wish.fields), run.read_json("request.json")
    if busy(run.path):
        raise RunError("run.busy", where=str(run.path), free=str(free_name(run.path)))
    keep_as = KeepAs.of(request.get("keep_as"))
    if wish.keep_as and wish.keep_as != keep_as:
        wish.keep_as.refuse_taken()
        keep_as = wish.keep_as
    base = _kept_base(run, recipe) if "base" in request else None
    if base is None:
        refuse(recipe, wish.own)
        _refuse_said(wish)
    _refuse_device(recipe)
    data = request["data"] if wish.data is None else wish.data
    names = wish.names if wish.names is not None else request.get("names") or None
    reading = time.monotonic()
    found = taking_part(read(data, names=names, progress=progress), kept_in(run, wish.keep), progress)
    dataset = without_test(found.dataset) if is_fold(run.path) else found.dataset
    prepared = prepare(dataset, recipe, progress, base, kept_split(run.path))
    begun += _not_counted(prepared, reading, progress)
    prepared = named_as_before(prepared, run) if wish.names is None else prepared
    refuse_other(run, prepared)
    return Start(run, _tried(prepared, replace(wish, keep_as=keep_as)), Asked(data, wish.fields, found, keep_as), begun, keep_as)


def _not_counted(prepared: Prepared, reading: float, progress: Progress) -> float:
    """Seconds since ``reading`` that are no part of ``--minutes``: pictures are read for the first time once only."""
    if not prepared.fresh:
        return 0.0
    seconds = time.monotonic() - reading
    if prepared.recipe.minutes and seconds >= 1:
        progress.line(sentence("train.reading_apart", seconds=number(seconds, 0), minutes=prepared.recipe.minutes))
    return seconds


def _base(recipe: Recipe, wish: Wish) -> "BaseModel | None":
    """The Keras file that the recipe names. What opens such files is imported only then, as it takes its time."""
    if recipe.model in (*NETWORKS, AUTO) or is_own(recipe.model):
        return None
    from olhar.networks.base_model import open_base

    return open_base(recipe, wish.architecture, wish.lambdas)


def _kept_base(run: RunFolder, recipe: Recipe) -> "BaseModel | None":
    from olhar.networks.base_file import kept_base

    return kept_base(run, recipe)


def refuse(recipe: Recipe, own: "OwnNetwork | None") -> None:
    """Tell early what a recipe says of its network that cannot be.

    Raises:
        RecipeError: no such network, a form it has no use for, pictures that are too small, code that nobody asked to run, or
            something that only a Keras file has.
    """
    if recipe.size and recipe.size < SMALLEST_SIDE:
        raise RecipeError("recipe.size", found=recipe.size)
    form = recipe.form
    for field in ("learn", "new_head"):
        if (found := getattr(recipe, field)) not in (AUTO, False):
            raise RecipeError("recipe.no_file", field=field, found=str(found).lower())
    if own is not None or recipe.model == AUTO:
        return
    if is_own(recipe.model):
        key = "recipe.own_not_handed" if recipe.model.startswith("own:") else "recipe.own_not_typed"
        raise RecipeError(key, model=recipe.model)
    refuse_form(recipe.model, form)


def _refuse_form(model: str, typed: Mapping[str, Any]) -> None:
    """A shape for a network that has its own already. One that only a recipe names is passed over: it may hold for others.

    Raises:
        RecipeError: there is one.
    """
    for field in ("width", "depth", "stages", "dense", "stage_dropout", "norm"):
        if typed.get(field, FIELDS[field].default) != FIELDS[field].default:
            raise RecipeError("recipe.form_given", field=field, found=typed[field], model=model)


def _refuse_said(wish: Wish) -> None:
    """What is said to open a Keras file, where none was named.

    Raises:
        RecipeError: something is.
    """
    for flag, said in (("--architecture", wish.architecture), ("--lambda", ", ".join(wish.lambdas or ()))):
        if said:
            raise RecipeError("recipe.no_file", field=flag, found=str(said))


def _refuse_device(recipe: Recipe) -> None:
    """A device that is not there is told before a picture is decoded; only torch knows, whose import takes a second."""
    from olhar.training.engine import choose

    choose(recipe.device, recipe.precision)


def kept_recipe(run: RunFolder, fields: Mapping[str, Any]) -> Recipe:
    """The recipe that a run was begun with. What was typed then may be typed again, though another value was settled.

    Raises:
        RunError: something else was asked for now.
    """
    kept = Recipe.from_toml(run.read("recipe.toml"), str(run.path / "recipe.toml"))
    if kept.folds < 0:
        kept = kept.with_({"folds": 0})
    begun = run.read_json("request.json").get("fields", {})
    for key, value in fields.items():
        if value not in (getattr(kept, key), begun.get(key)):
            raise _other_recipe(run, kept, key, value)
    return kept


def _other_recipe(run: RunFolder, kept: Recipe, field: str, found: Any) -> RunError:
    told = {"where": str(run.path), "field": field, "kept": getattr(kept, field), "found": found}
    if not run.finished or field not in ("epochs", "minutes"):
        return RunError("run.other_recipe", **told)
    words = ["olhar", "train", run.read_json("request.json")["data"], "--recipe", run.path / "recipe.toml", f"--{field}", found]
    words += ["--minutes", 0] if field == "epochs" and kept.minutes else []
    words += ["--model", kept.model] if is_own(kept.model) else []
    return RunError("run.not_lengthened", **told, command=" ".join(map(typed, words)))


def _tried(prepared: Prepared, wish: Wish) -> Prepared:
    """The same with the person's own network, and what would end a training at its end told before it begins."""
    if wish.own is not None:
        from olhar.networks.own_network import try_own

        try_own(wish.own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=wish.own)
    if wish.keep_as:
        wish.keep_as.refuse(prepared.maker())
    return prepared


def _next_folder(prepared: Prepared) -> RunFolder:
    """The first free name, also where another training takes one at this moment."""
    model = Path(prepared.recipe.model).stem if prepared.base is not None else prepared.recipe.model
    while True:
        try:
            return RunFolder.create(runs.next_name(Path("runs"), prepared.dataset.origin, model))
        except RunError as error:
            if error.key != "run.taken":
                raise
