"""What cannot be, told early: before a picture is read, and so before anybody has waited for it."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RecipeError, RunError, UsageError
from olhar.base.extras import need
from olhar.base.types import StrPath
from olhar.bodies.published import PUBLISHED
from olhar.foreign.opening import Opening
from olhar.jobs.ways import OF_A_SHAPE, blocks_learn, features_of_file, is_head_start
from olhar.models.network_shape import SMALLEST_SIDE, is_own, refuse_unusable
from olhar.runs.folder import free_name, is_taken
from olhar.runs.lock import busy
from olhar.runs.request import Request
from olhar.training.recipe import AUTO, FIELDS, Recipe

if TYPE_CHECKING:
    from olhar.models.own_module import OwnNetwork


def refuse_place(into: StrPath | None) -> None:
    """A folder that is not free for a new run.

    Raises:
        RunError: another process is at work in it, or it is taken; a free name is told.
    """
    if into is not None and busy(Path(into)):
        raise RunError("run.busy", where=str(into), free=str(free_name(Path(into))))
    if into is not None and is_taken(Path(into)):
        raise RunError("run.taken", where=str(into), free=str(free_name(Path(into))))


def refuse_network(recipe: Recipe, own: "OwnNetwork | None") -> None:
    """What a recipe says of its network that cannot be.

    Raises:
        RecipeError: no such network, a shape that it does not have, pictures that are too small, code that nobody asked to run,
            or something that only a Keras file has.
    """
    if recipe.size and recipe.size < SMALLEST_SIDE and not is_head_start(recipe):
        raise RecipeError("recipe.size", found=recipe.size)
    shape = recipe.shape
    if recipe.new_head and not features_of_file(recipe):
        raise RecipeError("recipe.no_file", field="new_head", found="true")
    by_head = own is None and (recipe.model == AUTO or is_head_start(recipe))
    if recipe.learn != AUTO and not by_head:
        raise RecipeError("recipe.learns_whole", found=recipe.learn, model=recipe.model)
    if own is not None or by_head:
        return
    if is_own(recipe.model):
        key = "recipe.own_not_handed" if recipe.model.startswith("own:") else "recipe.own_not_typed"
        raise RecipeError(key, model=recipe.model)
    refuse_unusable(recipe.model, shape)


def refuse_shape(model: str, typed: Mapping[str, Any]) -> None:
    """A shape for a network that has its own already. One that only a recipe names is passed over: it may hold for others.

    Raises:
        RecipeError: there is one.
    """
    for field in OF_A_SHAPE:
        if typed.get(field, FIELDS[field].default) != FIELDS[field].default:
            raise RecipeError("recipe.form_given", field=field, found=typed[field], model=model)


def refuse_part_of_nothing(recipe: Recipe, typed: Mapping[str, Any]) -> None:
    """What of a Keras file learns, by a recipe that was written for one, where none is named. Who types it means a head start.

    Raises:
        RecipeError: it is so.
    """
    if recipe.model == AUTO and recipe.learn != AUTO and "learn" not in typed:
        raise RecipeError("recipe.no_file", field="learn", found=recipe.learn)


def refuse_blocks(recipe: Recipe) -> None:
    """The last blocks of a head start's body are to learn, and cannot.

    Raises:
        RecipeError: the body is an ONNX file, which holds no layers that learn.
        ExtraError: torch is not installed.
    """
    if not blocks_learn(recipe) or not (recipe.model == AUTO or is_head_start(recipe)):
        return
    if recipe.model not in (*PUBLISHED, AUTO):
        raise RecipeError("last_blocks.of_file", where=Path(recipe.model).name, found=recipe.learn)
    need("train", f"train --learn {recipe.learn}")


def refuse_opening(opening: Opening, recipe: Recipe) -> None:
    """What is said to open a Keras file, where none was named, or where it is to be kept beside the file.

    Raises:
        RecipeError: something is.
    """
    if features_of_file(recipe) and (opening.architecture or opening.lambdas):
        from olhar.foreign.preprocessing import inspect_command

        raise RecipeError("ways.opening_beside", command=inspect_command(Path(recipe.model), opening))
    for flag, said in (("--architecture", opening.architecture), ("--lambda", ", ".join(opening.lambdas))):
        if said:
            raise RecipeError("recipe.no_file", field=flag, found=str(said))


def refuse_curve(recipe: Recipe, request: Request) -> None:
    """A learning curve of a network that learns by gradients: it would take a training a point.

    Raises:
        UsageError: somebody asked for one.
    """
    if request.learning_curve and not is_head_start(recipe):
        raise UsageError("ways.no_curve")


def refuse_without_torch() -> None:
    """What a network learns with is told before pictures are read, which may mean a download.

    Raises:
        ExtraError: torch is not installed.
    """
    need("train", "train")


def refuse_engine(recipe: Recipe) -> None:
    """The device that a network learns on. Only torch knows, whose import takes a second.

    Raises:
        RecipeError: the device is not there.
    """
    from olhar.training.engine import choose

    choose(recipe.device, recipe.precision)
