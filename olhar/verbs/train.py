"""train: from pictures to a run, with everything that can be known of it."""

import os
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.progress import Progress, shown
from olhar.base.texts import say
from olhar.data.keep import KeepList
from olhar.data.names import Names
from olhar.data.sources import read
from olhar.runs import folder as runs
from olhar.runs.folder import RunFolder, free_name
from olhar.runs.lock import busy, locked
from olhar.runs.split import kept as kept_split
from olhar.training import shipped
from olhar.training.recipe import Recipe
from olhar.verbs.base_kept import kept_base
from olhar.verbs.base_model import BaseModel, open_base
from olhar.verbs.begin import Asked, named_as_before, refuse_other, write_start
from olhar.verbs.extras import need
from olhar.verbs.folds import in_folds, is_fold, train_folds, without_test
from olhar.verbs.kept import kept_in, taking_part
from olhar.verbs.logs import Logs
from olhar.verbs.prepare import Prepared, prepare
from olhar.verbs.run import Run
from olhar.verbs.several import Several, is_several, train_seeds

if TYPE_CHECKING:
    from olhar.models.own import OwnNetwork


@overload
def train(data: Any = None, *, seeds: None = None, **wanted: Any) -> Run: ...


@overload
def train(data: Any = None, *, seeds: int, **wanted: Any) -> Several: ...


def train(  # noqa: PLR0913 (each is a flag)
    data: Any = None,
    *,
    names: Names | None = None,
    into: str | os.PathLike[str] | None = None,
    resume: bool = False,
    recipe: Recipe | str | os.PathLike[str] | None = None,
    architecture: str | os.PathLike[str] | None = None,
    lambdas: Mapping[str, str] | None = None,
    keep: str | os.PathLike[str] | KeepList | None = None,
    seeds: int | None = None,
    tensorboard: str | os.PathLike[str] | None = None,
    mlflow: str | None = None,
    progress: Progress | None = None,
    **fields: Any,
) -> Run | Several:
    """Train a classifier and keep all that is known of it in a run folder.

    Args:
        data: what ``olhar.read`` takes (a folder of class folders, a zip of one, a table, a DataFrame, the name of a set ...),
            or what it gave; with ``resume`` it may be left out where the pictures lie where they lay.
        names: names to show: a mapping from class to name, or a file of lines such as ``dogs = "Cachorro"``. They are kept in
            the run.
        into: the run folder; by default ``runs/DATA-MODEL-N``.
        resume: go on with the run ``into`` where it stopped.
        recipe: a Recipe, a TOML file of one, or the name of one of Olhar's own (``olhar recipes`` lists them).
        architecture, lambdas: for a Keras file to begin from (``model="keras_model.h5"``), as in ``load``.
        keep: a keep list, or its file, as ``check`` and its page write it: only what it lists takes part, with its labels.
        seeds: train so many times, with the seeds ``seed``, ``seed + 1`` ..., on one split: what chance does to the number.
        tensorboard: write event files for TensorBoard below this folder; empty: into the run's own.
        mlflow: write each epoch to the MLflow store at this address; empty: ``mlruns`` in the working folder.
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.
        fields: fields of ``Recipe`` (``model="cnn"``, ``epochs=20``, ``minutes=5`` ...), which win over ``recipe``. ``model``
            may also be a torch module, of which a copy learns; a function ``(channels, classes, (height, width)) -> module``;
            or ``"FILE.py:FUNCTION"``, which is run. Such a network takes float (N, C, H, W) and gives logits (N, K).

    Returns:
        The finished run; several with ``seeds``.

    Raises:
        DataError, RecipeError, RunError, TrainingError, ModelError: see their sentences.
        Stopped: Ctrl-C; the training can go on with ``resume``.
    """
    begun = time.monotonic()
    need("train", "train")
    logs = Logs.to(tensorboard, mlflow)
    progress = progress or shown()
    rest = {"names": names, "recipe": recipe, "architecture": architecture, "lambdas": lambdas, "keep": keep}
    if seeds is not None or (resume and into is not None and is_several(into)):
        rest |= {"tensorboard": tensorboard, "mlflow": mlflow}
        return train_seeds(train, data, seeds, into, resume=resume, progress=progress, rest=rest, fields=fields)
    from olhar.verbs.own_network import own_network, try_own

    own = own_network(fields["model"], progress) if "model" in fields else None
    if own is not None:
        fields["model"] = own.name
    if resume and into is not None and RunFolder.open(into).finished:
        progress.line(say("train.finished_already", where=str(into)))
        return Run(RunFolder.open(into))
    asked = _recipe(recipe, fields) if not resume else _recipe_of(into, fields)
    if data is None:
        if not resume or into is None:
            raise UsageError("train.what")
        data = str(RunFolder.open(into).read_json("request.json")["data"])
    _refuse_taken(into, resume)
    base = open_base(asked, architecture, lambdas) if not resume or into is None else kept_base(RunFolder.open(into), asked)
    _refuse_early(asked, base, own)
    kept = kept_split(into) if resume and into is not None else kept_split(asked.split_from) if asked.split_from else None
    packing = time.monotonic()
    listed = keep if not resume or into is None else kept_in(RunFolder.open(into), keep)
    found = taking_part(read(data, names=_names(names, into if resume else None), progress=progress), listed, progress)
    dataset = without_test(found.dataset) if resume and into is not None and is_fold(into) else found.dataset
    prepared = prepare(dataset, asked, progress, base, kept)
    if prepared.fresh:
        begun += time.monotonic() - packing
    if resume and into is not None:
        prepared = named_as_before(prepared, RunFolder.open(into)) if names is None else prepared
    else:
        prepared = in_folds(prepared, "split" in fields, progress)
    if own is not None:
        try_own(own, prepared.signature, prepared.recipe.seed)
        prepared = replace(prepared, own=own)
    run = _folder(prepared, into, resume)
    with locked(run):
        request = Asked(data, fields, found)
        if not resume:
            write_start(run, prepared, request)
        from olhar.verbs.learn import learn

        if prepared.recipe.folds > 1:
            begun = train_folds(run, prepared, request, progress, begun, logs)
        return learn(run, prepared, progress, begun, logs)


def _names(names: Names | None, run: str | os.PathLike[str] | None) -> Names | None:
    """The names to show: those asked for, else those of the run that is gone on with."""
    if names is None and run is not None:
        return RunFolder.open(run).read_json("request.json").get("names") or None
    return names


def _refuse_early(recipe: Recipe, base: BaseModel | None, own: "OwnNetwork | None") -> None:
    """What a recipe cannot have is told before a picture is read or a folder made."""
    from olhar.training.engine import choose
    from olhar.verbs.own_network import refuse

    if base is None:
        refuse(recipe, own)
    choose(recipe.device, recipe.precision)
    if recipe.folds == 1:
        raise RecipeError("recipe.folds")


def _refuse_taken(into: str | os.PathLike[str] | None, resume: bool) -> None:
    """A folder that is not free is told before a picture is read."""
    if into is None:
        return
    path = Path(into)
    if busy(path):
        raise RunError("run.busy", where=str(path), free=str(free_name(path)))
    if path.exists() and not resume:
        raise RunError("run.taken", where=str(path), free=str(free_name(path)))


def _recipe(recipe: Recipe | str | os.PathLike[str] | None, fields: Mapping[str, Any]) -> Recipe:
    if recipe is None:
        recipe = Recipe()
    elif not isinstance(recipe, Recipe):
        recipe = shipped.read(os.fspath(recipe))
    return recipe.with_(fields)


def _recipe_of(into: str | os.PathLike[str] | None, fields: Mapping[str, Any]) -> Recipe:
    if into is None:
        raise RunError("run.resume_what")
    run = RunFolder.open(into)
    kept = Recipe.from_toml(run.read("recipe.toml"), str(run.path / "recipe.toml"))
    if kept.folds < 0:
        kept = kept.with_({"folds": 0})
    changed = [key for key, value in fields.items() if getattr(kept, key) != value]
    if changed:
        raise RunError(
            "run.other_recipe", where=str(into), field=changed[0], kept=getattr(kept, changed[0]), found=fields[changed[0]]
        )
    return kept


def _folder(prepared: Prepared, into: str | os.PathLike[str] | None, resume: bool) -> RunFolder:
    if not resume:
        return RunFolder.create(Path(into)) if into is not None else _next_folder(prepared)
    assert into is not None
    run = RunFolder.open(into)
    refuse_other(run, prepared)
    return run


def _next_folder(prepared: Prepared) -> RunFolder:
    """The first free name, also where another training takes one at this moment."""
    model = Path(prepared.recipe.model).stem if prepared.base is not None else prepared.recipe.model
    while True:
        try:
            return RunFolder.create(runs.next_name(Path("runs"), prepared.dataset.origin, model))
        except RunError as error:
            if error.key != "run.taken":
                raise
