"""train: from pictures to a run, with everything that can be known of it."""

import os
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.progress import Progress, shown
from olhar.base.texts import say
from olhar.data.dataset import Dataset
from olhar.data.keep import KeepList, Kept
from olhar.data.sources import read
from olhar.runs import folder as runs
from olhar.runs.environment import environment
from olhar.runs.folder import RunFolder
from olhar.runs.split import kept as kept_split
from olhar.runs.split import to_csv
from olhar.training.recipe import Recipe
from olhar.verbs.base_kept import keep_base, kept_base
from olhar.verbs.base_model import BaseModel, open_base
from olhar.verbs.extras import need
from olhar.verbs.kept import keep_in, kept_in, taking_part
from olhar.verbs.prepare import Prepared, prepare
from olhar.verbs.run import Run


def train(
    data: str | os.PathLike[str] | Dataset | None = None,
    *,
    into: str | os.PathLike[str] | None = None,
    resume: bool = False,
    recipe: Recipe | str | os.PathLike[str] | None = None,
    architecture: str | os.PathLike[str] | None = None,
    lambdas: Mapping[str, str] | None = None,
    keep: str | os.PathLike[str] | KeepList | None = None,
    progress: Progress | None = None,
    **fields: Any,
) -> Run:
    """Train a classifier and keep all that is known of it in a run folder.

    Args:
        data: a folder of class folders, a zip of one, the name of a set, or what ``olhar.read`` gave; with ``resume``
            it may be left out where the pictures lie where they lay.
        into: the run folder; by default ``runs/DATA-MODEL-N``.
        resume: go on with the run ``into`` where it stopped.
        recipe: a Recipe, or a TOML file of one.
        architecture, lambdas: for a Keras file to begin from (``model="keras_model.h5"``), as in ``load``.
        keep: a keep list, or its file, as ``check`` and its page write it: only what it lists takes part, with its labels.
        progress: where to tell how far it is; by default a terminal or a notebook, where somebody may be looking.
        fields: fields of ``Recipe`` (``model="cnn"``, ``epochs=20``, ``minutes=5`` ...), which win over ``recipe``.

    Returns:
        The finished run.

    Raises:
        DataError, RecipeError, RunError, TrainingError, ModelError: see their sentences.
        Stopped: Ctrl-C; the training can go on with ``resume``.
    """
    begun = time.monotonic()
    need("train", "train")
    progress = progress or shown()
    if resume and into is not None and RunFolder.open(into).finished:
        progress.line(say("train.finished_already", where=str(into)))
        return Run(RunFolder.open(into))
    asked = _recipe(recipe, fields) if not resume else _recipe_of(into, fields)
    if data is None:
        if not resume or into is None:
            raise UsageError("train.what")
        data = str(RunFolder.open(into).read_json("request.json")["data"])
    base = open_base(asked, architecture, lambdas) if not resume or into is None else kept_base(RunFolder.open(into), asked)
    _refuse_early(asked, base)
    kept = kept_split(into) if resume and into is not None else kept_split(asked.split_from) if asked.split_from else None
    packing = time.monotonic()
    listed = keep if not resume or into is None else kept_in(RunFolder.open(into), keep)
    found = taking_part(data if isinstance(data, Dataset) else read(data), listed, progress)
    prepared = prepare(found.dataset, asked, progress, base, kept)
    if prepared.fresh:
        begun += time.monotonic() - packing
    run = _folder(prepared, into, resume)
    if not resume:
        _write_start(run, prepared, data, fields, found)
    from olhar.verbs.learn import learn

    return learn(run, prepared, progress, begun)


def _refuse_early(recipe: Recipe, base: BaseModel | None) -> None:
    """What a recipe cannot have is told before a picture is read or a folder made."""
    from olhar.models.zoo import builder
    from olhar.training.engine import choose

    if base is None:
        builder(recipe.model)
    choose(recipe.device, recipe.precision)


def _recipe(recipe: Recipe | str | os.PathLike[str] | None, fields: Mapping[str, Any]) -> Recipe:
    if recipe is None:
        recipe = Recipe()
    elif not isinstance(recipe, Recipe):
        try:
            text = Path(recipe).read_text(encoding="utf-8")
        except OSError as error:
            raise RecipeError("recipe.missing", where=str(recipe)) from error
        recipe = Recipe.from_toml(text, Path(recipe).name)
    return recipe.with_(fields)


def _recipe_of(into: str | os.PathLike[str] | None, fields: Mapping[str, Any]) -> Recipe:
    if into is None:
        raise RunError("run.resume_what")
    run = RunFolder.open(into)
    kept = Recipe.from_toml(run.read("recipe.toml"), str(run.path / "recipe.toml"))
    changed = [key for key, value in fields.items() if getattr(kept, key) != value]
    if changed:
        raise RunError(
            "run.other_recipe", where=str(into), field=changed[0], kept=getattr(kept, changed[0]), found=fields[changed[0]]
        )
    return kept


def _folder(prepared: Prepared, into: str | os.PathLike[str] | None, resume: bool) -> RunFolder:
    if not resume:
        model = Path(prepared.recipe.model).stem if prepared.base is not None else prepared.recipe.model
        return RunFolder.create(Path(into) if into is not None else runs.next_name(Path("runs"), prepared.dataset.origin, model))
    assert into is not None
    run = RunFolder.open(into)
    if run.read("signature.json") != prepared.signature.to_json() or run.read("split.csv") != _split_csv(prepared):
        raise RunError("run.other_data", where=str(into))
    return run


def _write_start(run: RunFolder, prepared: Prepared, data: object, fields: Mapping[str, Any], found: Kept) -> None:
    """What was asked and with what; ``request.json``, by which a folder is known as a run, comes last."""
    run.write("signature.json", prepared.signature.to_json())
    run.write("recipe.toml", prepared.recipe.to_toml())
    run.write("split.csv", _split_csv(prepared))
    run.write_json("environment.json", dict(environment()))
    base = keep_base(run, prepared.base) if prepared.base is not None else {}
    asked = os.fspath(data) if isinstance(data, (str, os.PathLike)) else prepared.dataset.origin
    run.write_json(
        "request.json",
        {
            "data": str(asked),
            "fields": dict(fields),
            **base,
            **keep_in(run, found),
            "counts": prepared.counts(),
            "findings": [finding.to_dict() for finding in (*found.notices, *prepared.findings())],
        },
    )


def _split_csv(prepared: Prepared) -> str:
    classes, hashes, groups = prepared.dataset.classes, prepared.packed.hashes, prepared.division.groups
    alone = np.bincount(groups, minlength=len(groups))[groups] == 1
    return to_csv(
        (prepared.name(row), classes[label], part, hashes[row], b"" if alone[row] else hashes[group])
        for row, (label, part, group) in enumerate(zip(prepared.labels.tolist(), prepared.parts, groups.tolist(), strict=True))
    )
