"""What several seeds have in common: kept in their folder as it was asked, and compared with what is asked when they go on."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.types import StrPath
from olhar.data.keep import KeepList
from olhar.data.names import read as names_in
from olhar.data.pieces import normal
from olhar.models.form import HANDED, is_own
from olhar.runs.folder import KEEP, SEVERAL, RunFolder, free_name, is_several
from olhar.training import shipped
from olhar.training.recipe import Recipe

KEPT = (SEVERAL, "recipe.toml", KEEP)
_LOGS = ("tensorboard", "mlflow")
_FLAGS = {"names": "--names", "architecture": "--architecture", "lambdas": "--lambda"}


@dataclass(frozen=True)
class Plan:
    """What each of several trainings is asked for.

    Attributes:
        data: as ``train`` takes it; None where it was handed over in Python and is not at hand.
        seeds: of each.
        recipe: all fields as they were asked, the first seed and the time of all among them.
        fields: those that were typed, by the names that a recipe keeps.
        rest: other keywords of ``train``.
    """

    data: Any
    seeds: tuple[int, ...]
    recipe: Recipe
    fields: Mapping[str, Any]
    rest: Mapping[str, Any]

    @classmethod
    def of(cls, data: Any, n: int, rest: Mapping[str, Any], fields: Mapping[str, Any]) -> "Plan":
        """What is asked for now.

        Raises:
            UsageError: there is no data.
            RecipeError, DataError: the recipe, the names or the keep list cannot be.
        """
        if data is None:
            raise UsageError("train.what")
        typed = _by_name(fields)
        recipe = (_read(rest["recipe"]) or Recipe()).with_(typed)
        return cls(data, tuple(range(recipe.seed, recipe.seed + n)), recipe, typed, _plain(rest))

    @classmethod
    def kept(cls, folder: RunFolder) -> "Plan":
        """What was asked for when they began.

        Raises:
            RunError: the folder is damaged.
        """
        kept = folder.read_json(SEVERAL)
        rest = dict(kept["rest"])
        if "keep" in rest:
            rest["keep"] = KeepList.from_csv(folder.read(KEEP), rest["keep"])
        recipe = Recipe.from_toml(folder.read("recipe.toml"), str(folder.path / "recipe.toml"))
        return cls(kept["data"], tuple(kept["seeds"]), recipe, kept["fields"], rest)

    def write(self, folder: RunFolder, **more: Any) -> None:
        """Keep it; ``several.json``, by which the folder is known, comes last."""
        rest = dict(self.rest)
        if "keep" in rest:
            folder.write(KEEP, rest["keep"].to_csv().encode("utf-8", "backslashreplace"))
            rest["keep"] = rest["keep"].name
        folder.write("recipe.toml", self.recipe.to_toml())
        data = os.fspath(self.data) if isinstance(self.data, (str, os.PathLike)) else None
        folder.write_json(SEVERAL, {"data": data, "seeds": list(self.seeds), "fields": dict(self.fields), "rest": rest, **more})

    def refuse_other(self, folder: RunFolder, n: int | None, rest: Mapping[str, Any], fields: Mapping[str, Any]) -> None:
        """See to it that nothing else is asked for now.

        Raises:
            RunError: something is; it is named.
            RecipeError, DataError: the recipe, the names or the keep list cannot be.
        """
        where = str(folder.path)
        if n is not None and n != len(self.seeds):
            raise RunError("several.other", where=where, found=n, kept=len(self.seeds))
        asked = (_read(rest["recipe"]) or self.recipe).with_({**self.fields, **_by_name(fields)})
        for field, kept in vars(self.recipe).items():
            if (found := getattr(asked, field)) != kept:
                raise RunError("run.other_recipe", where=where, field=field, kept=kept, found=found)
        typed = _plain(rest)
        for name, flag in _FLAGS.items():
            if name in typed and typed[name] != self.rest.get(name):
                raise RunError("several.other_choice", where=where, flag=flag)
        keep, kept_list = typed.get("keep"), self.rest.get("keep")
        if keep is not None and (kept_list is None or keep.to_csv() != kept_list.to_csv()):
            raise RunError("keep.other", where=where, found=keep.name)

    def refuse_absent(self, folder: RunFolder, data: Any, fields: Mapping[str, Any]) -> None:
        """See to it that what a folder cannot keep is at hand again.

        Raises:
            RunError: the pictures were handed over in Python.
            RecipeError: the network was, or it is code that nobody asked to run now.
        """
        model = self.recipe.model
        if is_own(model) and "model" not in fields:
            key = "recipe.own_not_handed" if model.startswith(HANDED) else "recipe.own_not_typed"
            raise RecipeError(key, model=model)
        if data is None and self.data is None:
            raise RunError("several.data_handed", where=str(folder.path))


def the_plan(into: StrPath | None) -> tuple[RunFolder, Plan]:
    """Those that are gone on with, and what they were asked for.

    Raises:
        RunError: there are none.
    """
    if into is None:
        raise RunError("run.resume_what")
    if not is_several(into):
        raise RunError("several.none", where=str(into), free=str(free_name(Path(into))))
    folder = RunFolder(Path(into))
    return folder, Plan.kept(folder)


def logs_and_network(rest: Mapping[str, Any], fields: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """What no run keeps, and is wanted anew each time: keywords of ``train`` and fields of the recipe."""
    model = fields.get("model", "")
    own = {"model": model} if not isinstance(model, str) or is_own(model) else {}
    return {key: rest[key] for key in _LOGS if rest.get(key) is not None}, own


def _read(recipe: Recipe | StrPath | None) -> Recipe | None:
    return recipe if recipe is None or isinstance(recipe, Recipe) else shipped.read(os.fspath(recipe))


def _by_name(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The fields, with its name for a network that was handed over in Python."""
    if isinstance(fields.get("model", ""), str):
        return dict(fields)
    from olhar.models.own import handed

    return {**fields, "model": handed(fields["model"]).name}


def _plain(rest: Mapping[str, Any]) -> dict[str, Any]:
    """What was asked for besides, in a form that can be kept and compared: files of names and of a keep list are read."""
    names, keep, architecture, lambdas = (rest.get(key) for key in ("names", "keep", "architecture", "lambdas"))
    if names is not None:
        table = names if isinstance(names, Mapping) else names_in(names)
        names = {normal(str(key)): str(name) for key, name in table.items()}
    if keep is not None and not isinstance(keep, KeepList):
        keep = KeepList.read(keep)
    found = {
        "names": names,
        "keep": keep,
        "architecture": os.fspath(architecture) if architecture is not None else None,
        "lambdas": dict(lambdas) if lambdas else None,
    }
    return {key: value for key, value in found.items() if value is not None}
