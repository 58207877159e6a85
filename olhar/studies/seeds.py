"""What several seeds have in common: kept in their folder as it was asked, and compared with what is asked when they go on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.parsing import Count, PathText, fits, parsing
from olhar.base.types import StrPath
from olhar.data.class_names import read_class_names as names_in
from olhar.data.keep_list import KeepList
from olhar.data.pieces import class_key
from olhar.data.read_options import ReadOptions
from olhar.foreign.opening import Opening
from olhar.models.network_shape import OWN_PREFIX, is_own
from olhar.runs.damage import damaged
from olhar.runs.folder import KEEP, SEVERAL, RunFolder, free_name, is_several
from olhar.runs.request import Request, read_recipe
from olhar.training.recipe import Recipe

KEPT = (SEVERAL, "recipe.toml", KEEP)
_TYPES: Mapping[str, Any] = {"data": str | None, "seeds": list[Count], "fields": Mapping[str, Any]}
_TYPES_OF_REST: Mapping[str, Any] = {
    **{"names": Mapping[str, str], "keep": PathText, "architecture": PathText},
    **{"lambdas": Mapping[str, str], "learning_curve": bool},
}
"""Of what was asked beside the recipe; what nobody asked is not named."""
_CHOICES: Mapping[str, Callable[[Request], Any]] = {
    "--names": lambda request: request.names,
    "--architecture": lambda request: request.opening.architecture,
    "--lambda": lambda request: request.opening.lambdas,
    "--layout": lambda request: request.reading,
}


@dataclass(frozen=True)
class SeedsPlan:
    """What each of several trainings is asked for.

    Attributes:
        request: what all share, in a form that can be kept and compared: files of names and of a keep list are read. Its
            recipe has all fields as they were asked, the first seed and the time of all among them; its data is None where
            it was handed over in Python and is not at hand.
        seeds: of each.
    """

    request: Request
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, request: Request, n: int) -> "SeedsPlan":
        """What is asked for now.

        Raises:
            UsageError: there is no data.
            RecipeError, DataError: the recipe, the names or the keep list cannot be.
        """
        if request.data is None:
            raise UsageError("train.what")
        recipe = request.resolved
        return cls(replace(_plain(request), recipe=recipe), tuple(range(recipe.seed, recipe.seed + n)))

    @property
    def recipe(self) -> Recipe:
        """All fields as they were asked."""
        return self.request.base_recipe

    @classmethod
    def read(cls, folder: RunFolder) -> "SeedsPlan":
        """What was asked for when they began.

        Raises:
            RunError: the folder is damaged.
        """
        record = folder.read_json(SEVERAL)
        with parsing(damaged(folder.path, SEVERAL)):
            _refuse_untyped(record)
            rest = record["rest"]
            request = Request(
                data=record["data"],
                names=rest.get("names"),
                keep=KeepList.from_csv(folder.read(KEEP), rest["keep"]) if "keep" in rest else None,
                opening=Opening.of(rest.get("architecture"), rest.get("lambdas")),
                recipe=folder.recipe(),
                fields=record["fields"],
                learning_curve=rest.get("learning_curve", False),
                reading=ReadOptions.from_dict(rest.get("reading", {})),
            )
            return cls(request, tuple(record["seeds"]))

    def write(self, folder: RunFolder, **more: Any) -> None:
        """Keep it; ``several.json``, by which the folder is known, comes last."""
        keep, opening = self.keep, self.request.opening
        if keep is not None:
            folder.write(KEEP, keep.to_csv().encode("utf-8", "backslashreplace"))
        rest = {
            "names": self.request.names,
            "keep": keep.name if keep is not None else None,
            "architecture": str(opening.architecture) if opening.architecture is not None else None,
            "lambdas": dict(opening.lambdas) or None,
            "learning_curve": self.request.learning_curve or None,
            "reading": self.request.reading.to_dict() or None,
        }
        folder.write("recipe.toml", self.recipe.to_toml())
        record = {"data": self.request.data_path, "seeds": list(self.seeds), "fields": dict(self.request.fields)}
        folder.write_json(SEVERAL, record | {"rest": {name: value for name, value in rest.items() if value is not None}, **more})

    @property
    def keep(self) -> KeepList | None:
        """The keep list that all obey."""
        return self.request.keep if isinstance(self.request.keep, KeepList) else None

    def refuse_other(self, folder: RunFolder, n: int | None, request: Request) -> None:
        """See to it that nothing else is asked for now.

        Raises:
            RunError: something is; it is named.
            RecipeError, DataError: the recipe, the names or the keep list cannot be.
        """
        where = str(folder.path)
        if n is not None and n != len(self.seeds):
            raise RunError("several.other", where=where, found=n, kept=len(self.seeds))
        asked = (read_recipe(request.recipe) or self.recipe).with_({**self.request.fields, **request.fields})
        for field, kept in vars(self.recipe).items():
            if (found := getattr(asked, field)) != kept:
                raise RunError("run.other_recipe", where=where, field=field, kept=kept, found=found)
        now = SeedsPlan(_plain(request), self.seeds)
        for flag, read in _CHOICES.items():
            if read(now.request) and read(now.request) != read(self.request):
                raise RunError("several.other_choice", where=where, flag=flag)
        if now.keep is not None and (self.keep is None or now.keep.to_csv() != self.keep.to_csv()):
            raise RunError("keep.other", where=where, found=now.keep.name)

    def refuse_absent(self, folder: RunFolder, request: Request) -> None:
        """See to it that what a folder cannot keep is at hand again.

        Raises:
            RunError: the pictures were handed over in Python.
            RecipeError: the network was, or it is code that nobody asked to run now.
        """
        model = self.recipe.model
        if is_own(model) and request.own is None:
            key = "recipe.own_not_handed" if model.startswith(OWN_PREFIX) else "recipe.own_not_typed"
            raise RecipeError(key, model=model)
        if request.data is None and self.request.data is None:
            raise RunError("several.data_handed", where=str(folder.path))


def resumed_plan(into: StrPath | None) -> tuple[RunFolder, SeedsPlan]:
    """Those that are gone on with, and what they were asked for.

    Raises:
        RunError: there are none.
    """
    if into is None:
        raise RunError("run.resume_what")
    if not is_several(into):
        raise RunError("several.none", where=str(into), free=str(free_name(Path(into))))
    folder = RunFolder(Path(into))
    return folder, SeedsPlan.read(folder)


def _plain(request: Request) -> Request:
    """The same in a form that can be kept and compared."""
    names, keep = request.names, request.keep
    if names is not None:
        table = names if isinstance(names, Mapping) else names_in(names)
        names = {class_key(str(key)): str(name) for key, name in table.items()}
    if keep is not None and not isinstance(keep, KeepList):
        keep = KeepList.read(keep)
    return replace(request, names=names, keep=keep)


def _refuse_untyped(record: Mapping[str, Any]) -> None:
    """See to it that each part of ``several.json`` is of its type.

    Raises:
        ValueError, KeyError, AttributeError: one is not.
    """
    rest = record["rest"]
    wrong = [name for name, kind in _TYPES.items() if not fits(record[name], kind)]
    wrong += [name for name, kind in _TYPES_OF_REST.items() if name in rest and not fits(rest[name], kind)]
    if wrong or not record["seeds"]:
        raise ValueError(*wrong)
