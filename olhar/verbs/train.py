"""train: from pictures to a run, with everything that can be known of it."""

import os
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any, overload

from olhar.base.errors import RunError, UsageError
from olhar.base.extras import need
from olhar.base.progress import Progress, shown
from olhar.base.texts import sentence
from olhar.base.types import StrPath
from olhar.data.keep import KeepList
from olhar.data.names import Names
from olhar.exports.keep_as import KeepAs
from olhar.jobs.begin import write_start
from olhar.jobs.folds import dealt_by
from olhar.jobs.logs import Logs
from olhar.jobs.start import Start, Wish, going_on, kept_recipe, new
from olhar.models.form import is_own
from olhar.runs.folder import RunFolder, free_name, is_several
from olhar.runs.lock import locked
from olhar.studies.brief import Told
from olhar.studies.folds import train_folds
from olhar.studies.several import train_seeds
from olhar.training import shipped
from olhar.training.recipe import Recipe
from olhar.verbs.run import Run
from olhar.verbs.several import Several

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
    into: StrPath | None = None,
    resume: bool = False,
    recipe: Recipe | StrPath | None = None,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    keep: StrPath | KeepList | None = None,
    seeds: int | None = None,
    keep_as: StrPath | None = None,
    tensorboard: StrPath | None = None,
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
        keep_as: a file (``.h5``, ``.keras``, ``.onnx``, ``.safetensors``) that holds the best model so far while it learns,
            and in the end what ``export`` writes.
        tensorboard: write event files for TensorBoard below this folder; empty: into the run's own.
        mlflow: write each epoch to the MLflow store at this address; empty: ``mlruns`` in the working folder.
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.
        fields: fields of ``Recipe`` (``model="cnn"``, ``epochs=20``, ``minutes=5`` ...), which win over ``recipe``, ``epochs``
            over its ``minutes`` too. ``model`` may also be a torch module, of which a copy learns; a function
            ``(channels, classes, (height, width)) -> module``; or ``"FILE.py:FUNCTION"``, which is run. Such a network takes
            float (N, C, H, W) and gives logits (N, K).

    Returns:
        The finished run; several with ``seeds``.

    Raises:
        DataError, RecipeError, RunError, TrainingError, ModelError: see their sentences.
        Stopped: Ctrl-C; the training can go on with ``resume``.
    """
    begun = time.monotonic()
    need("train", "train")
    logs, kept_as = Logs.to(tensorboard, mlflow), KeepAs.of(keep_as)
    progress = progress or shown()
    if recipe is not None and "epochs" in fields and "minutes" not in fields and _read(recipe).minutes:
        fields["minutes"] = 0.0
    rest = {"names": names, "recipe": recipe, "architecture": architecture, "lambdas": lambdas, "keep": keep}
    if seeds is not None or (resume and into is not None and is_several(into)):
        if kept_as:
            raise UsageError("keep_as.several", where=kept_as.path.name)
        rest |= {"tensorboard": tensorboard, "mlflow": mlflow}
        return Several(train_seeds(train, data, seeds, into, resume=resume, progress=progress, rest=rest, fields=fields))
    own = _own(fields, progress)
    wish = Wish(data, names, keep, architecture, lambdas, fields, own, kept_as)
    if not resume:
        start = new(wish, _recipe(recipe, fields), into, progress, begun)
    elif into is None:
        raise RunError("run.resume_what")
    else:
        run, wish = RunFolder.open(into), wish if recipe is None else replace(wish, fields=_stated(recipe) | fields)
        if run.finished:
            return _finished(run, wish, progress)
        start = going_on(wish, run, progress, begun)
    with locked(start.run):
        _begin(start, resume)
        return _learn(start, progress, logs)


def _finished(run: RunFolder, wish: Wish, progress: Progress) -> Run:
    """A run that has come to its end, with what a kill left undone.

    Raises:
        RunError: it was begun with another recipe than is asked for.
    """
    kept_recipe(run, wish.fields)
    _report_missing(run)
    progress.line(sentence("train.finished_already", where=str(run.path)))
    _keep_finished(run, wish.keep_as, progress)
    return Run(run)


def _report_missing(run: RunFolder) -> None:
    """Write the report where a kill left a run's numbers without it. Matplotlib is imported only then."""
    if (run.path / "report.html").is_file():
        return
    from olhar.reporting.run_report import write_report

    write_report(run)


def _keep_finished(run: RunFolder, keep_as: KeepAs | None, progress: Progress) -> None:
    """The file that is wanted of a finished run: a new one, or the one that a stop at the very end left unproved."""
    kept = KeepAs.of(run.read_json("request.json").get("keep_as"))
    if keep_as and keep_as != kept:
        keep_as.refuse_taken()
        keep_as.settle(run, progress)
    elif kept and not kept.settled:
        kept.settle(run, progress)


def _begin(start: Start, resume: bool) -> None:
    """Keep what was asked, in a folder that nobody has begun in meanwhile.

    Raises:
        RunError: somebody has.
    """
    run, keep_as = start.run, start.keep_as
    if not resume:
        if (run.path / "request.json").is_file():
            raise RunError("run.taken", where=str(run.path), free=str(free_name(run.path)))
        recipe = start.prepared.recipe
        write_start(run, start.prepared, start.asked, **({"folds_seed": dealt_by(recipe)} if recipe.folds else {}))
    elif keep_as and keep_as != KeepAs.of(run.read_json("request.json").get("keep_as")):
        run.write_json("request.json", run.read_json("request.json") | {"keep_as": str(keep_as.path)})


def _own(fields: dict[str, Any], progress: Progress) -> "OwnNetwork | None":
    """The person's own network, where the model is one; the recipe is then given its name."""
    model = fields.get("model", "")
    if isinstance(model, str) and not is_own(model):
        return None
    from olhar.networks.own_network import own_network

    own = own_network(model, progress)
    if own is not None:
        fields["model"] = own.name
    return own


def _recipe(recipe: Recipe | StrPath | None, fields: Mapping[str, Any]) -> Recipe:
    return _read(Recipe() if recipe is None else recipe).with_(fields)


def _read(recipe: Recipe | StrPath) -> Recipe:
    return recipe if isinstance(recipe, Recipe) else shipped.read(os.fspath(recipe))


def _stated(recipe: Recipe | StrPath) -> dict[str, Any]:
    """What a recipe says otherwise than one that says nothing."""
    stated, usual = asdict(_read(recipe)), asdict(Recipe())
    return {name: value for name, value in stated.items() if value != usual[name]}


def _learn(start: Start, progress: Progress, logs: Logs) -> Run:
    from olhar.jobs.learn import learn

    run, prepared, begun, keep_as = start.run, start.prepared, start.begun, start.keep_as
    told = Told(progress)
    if prepared.recipe.folds > 1:
        begun = train_folds(run, prepared, start.asked, told, begun, logs)
    learn(run, prepared, told, begun, logs, keep_as)
    if keep_as:
        keep_as.settle(run, progress)
    return Run(run)
