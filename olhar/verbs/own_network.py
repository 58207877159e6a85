"""A person's own network, as it was typed or handed over: found, and tried before anything is kept of the training."""

from typing import Any

import torch

from olhar.base.errors import RecipeError
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import say
from olhar.models.form import is_own
from olhar.models.own import OwnNetwork, handed, in_file
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import SMALLEST_SIDE, builder
from olhar.training.recipe import AUTO, Recipe


def own_network(model: Any, progress: Progress) -> OwnNetwork | None:
    """The person's own network, where ``model``, as it was typed or handed over, is one; its file is run, and that is said.

    Raises:
        RecipeError: no such file or function, the file fails, or what was handed over is no network.
    """
    if not isinstance(model, str):
        return handed(model)
    if not is_own(model) or not model.rpartition(":")[0].endswith(".py"):
        return None
    progress.line(say("train.own_file", where=model.rpartition(":")[0]))
    return in_file(model)


def refuse(recipe: Recipe, own: OwnNetwork | None) -> None:
    """Tell early what a recipe says of its network that cannot be.

    Raises:
        RecipeError: no such network, a form it has no use for, pictures that are too small, or code that nobody asked to run.
    """
    if recipe.size and recipe.size < SMALLEST_SIDE:
        raise RecipeError("recipe.size", found=recipe.size)
    form = recipe.form
    if own is not None or recipe.model == AUTO:
        return
    if is_own(recipe.model):
        key = "recipe.own_not_handed" if recipe.model.startswith("own:") else "recipe.own_not_typed"
        raise RecipeError(key, model=recipe.model)
    builder(recipe.model, form)


def try_own(own: OwnNetwork, signature: Signature, seed: int) -> None:
    """Build a person's network once and export it, so that a training does not end in what could be known before.

    Raises:
        RecipeError: it cannot be built, gives something else than logits, or cannot become ONNX.
    """
    size = (signature.height, signature.width)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = own.build(signature.channels, len(signature.classes), size)
    try:
        to_onnx(network, signature)
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200].rstrip(" :,;")
        raise RecipeError("recipe.own_export", model=own.name, reason=reason) from error
