"""train: from pictures to a run, with everything that can be known of it."""

import time
from collections.abc import Mapping
from typing import Any, Unpack, overload

from olhar.base.path_errors import tells_paths
from olhar.base.progress import Progress, default_progress
from olhar.base.spellings import spelled_fields
from olhar.base.types import StrPath
from olhar.data.class_names import ClassNames
from olhar.data.keep_list import KeepList
from olhar.data.read_options import OPTIONS, ReadOptions, without_options
from olhar.exports.keep_as import KeepAs
from olhar.foreign.opening import Opening
from olhar.jobs.logs import Logs
from olhar.networks.own_network import with_own
from olhar.runs.folder import is_several
from olhar.runs.request import Request, read_recipe
from olhar.studies.several import train_seeds
from olhar.studies.train_run import train_run
from olhar.training.recipe import FIELDS, Recipe
from olhar.training.recipe_fields import TrainFields
from olhar.verbs.on import runner_on
from olhar.verbs.run import Run
from olhar.verbs.several import Several


class Wanted(TrainFields, total=False):
    """The keywords of ``train`` but for ``seeds``, which says whether one run or several come of it."""

    names: ClassNames | None
    into: StrPath | None
    resume: bool
    recipe: Recipe | StrPath | None
    architecture: StrPath | None
    lambdas: Mapping[str, str] | None
    keep: StrPath | KeepList | None
    keep_as: StrPath | None
    learning_curve: bool
    tensorboard: StrPath | None
    mlflow: str | None
    progress: Progress | None
    on: str | None
    without_token: bool


@overload
def train(data: Any = None, *, seeds: None = None, **wanted: Unpack[Wanted]) -> Run: ...


@overload
def train(data: Any = None, *, seeds: int, **wanted: Unpack[Wanted]) -> Several: ...


@tells_paths
def train(  # noqa: PLR0913 (each is a flag)
    data: Any = None,
    *,
    names: ClassNames | None = None,
    into: StrPath | None = None,
    resume: bool = False,
    recipe: Recipe | StrPath | None = None,
    architecture: StrPath | None = None,
    lambdas: Mapping[str, str] | None = None,
    keep: StrPath | KeepList | None = None,
    seeds: int | None = None,
    keep_as: StrPath | None = None,
    learning_curve: bool = False,
    tensorboard: StrPath | None = None,
    mlflow: str | None = None,
    progress: Progress | None = None,
    on: str | None = None,
    without_token: bool = False,
    **fields: Unpack[TrainFields],
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
        learning_curve: what more pictures would bring, of a head that learns from features: by folds of what teaches it. Where
            folds judge it is there anyway.
        tensorboard: write event files for TensorBoard below this folder; empty: into the run's own.
        mlflow: write each epoch to the MLflow store at this address; empty: ``mlruns`` in the working folder.
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.
        on: where folds and seeds are trained: ``"local"``, ``"auto"``, ``"HOST:6379"`` or ``"ray://HOST:10001"`` (see
            ``docs/cluster.md``); None: here, one after the other.
        without_token: take a cluster that lets anybody in.
        fields: fields of ``Recipe`` (``model="cnn"``, ``epochs=20``, ``minutes=5`` ...), which win over ``recipe``, ``epochs``
            over its ``minutes`` too; Keras's names and values are taken as well (``batch_size``, ``optimizer="Adam"``).
            ``model`` may also be a torch module, of which a copy learns; a function
            ``(channels, classes, (height, width)) -> module``; or ``"FILE.py:FUNCTION"``, which is run. Such a network takes
            float (N, C, H, W) and gives logits (N, K). Also what ``olhar.read`` takes to read the data (``layout`` ...).

    Returns:
        The finished run; several with ``seeds``.

    Raises:
        DataError: the pictures cannot be read, or cannot teach.
        RecipeError: the recipe is damaged, or it and the pictures do not go together.
        RunError: ``into`` is taken, is no run to go on with, is in use, or cannot be written.
        TrainingError: the loss is no longer a number, or memory is not enough.
        ModelError: the Keras file cannot be opened or cannot learn on, or the exported model answers otherwise than it learnt.
        UsageError: arguments that do not go together.
        ExtraError: a library that it needs is not installed.
        Stopped: Ctrl-C; the training can go on with ``resume``.
    """
    begun, progress = time.monotonic(), progress or default_progress()
    named = spelled_fields(fields, (*FIELDS, *OPTIONS))
    logs, kept_as = Logs.to(tensorboard, mlflow), KeepAs.of(keep_as)
    request = Request(
        data=data,
        names=names,
        keep=keep,
        opening=Opening.of(architecture, lambdas),
        recipe=recipe,
        fields=_over_minutes(recipe, without_options(named)),
        keep_as=kept_as.path if kept_as else None,
        learning_curve=learning_curve,
        reading=ReadOptions.from_dict(named),
    )
    request = with_own(request, progress)
    with runner_on(on, progress, without_token=without_token) as runner:
        if seeds is not None or (resume and into is not None and is_several(into)):
            return Several(train_seeds(request, seeds, into, resume=resume, progress=progress, logs=logs, runner=runner))
        return Run(train_run(request, into, resume=resume, progress=progress, logs=logs, begun=begun, runner=runner))


def _over_minutes(recipe: Recipe | StrPath | None, fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, ``epochs`` winning over a recipe's minutes."""
    named = read_recipe(recipe)
    over = named is not None and named.minutes and "epochs" in fields and "minutes" not in fields
    return dict(fields) | ({"minutes": 0.0} if over else {})
