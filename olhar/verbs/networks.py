"""Which network learns: one of ours by its name, or a person's own, tried before anything is kept of the training."""

from typing import Any

import numpy as np
import torch
from torch import nn

from olhar.base.errors import RecipeError
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import say
from olhar.models.classifier import Classifier
from olhar.models.form import is_own
from olhar.models.own import Own, handed, in_file
from olhar.models.to_onnx import to_onnx
from olhar.models.zoo import SMALLEST_SIDE, build, builder
from olhar.training.batches import Batches
from olhar.training.recipe import AUTO, Recipe

_LOOKED_AT = 2000


def own_network(model: Any, progress: Progress) -> Own | None:
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


def refuse(recipe: Recipe, own: Own | None) -> None:
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


def try_own(own: Own, signature: Signature, seed: int) -> None:
    """Build a person's network once and export it, so that a training does not end in what could be known before.

    Raises:
        RecipeError: it cannot be built, gives something else than logits, or cannot become ONNX.
    """
    network = _new(own, Recipe().with_({"seed": seed}), signature)
    try:
        to_onnx(network, signature)
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200].rstrip(" :,;")
        raise RecipeError("recipe.own_export", model=own.name, reason=reason) from error


def network(own: Own | None, recipe: Recipe, signature: Signature, train: Batches) -> nn.Module:
    """A new network with weights drawn from the recipe's seed, that has looked at its training pictures where it wants to."""
    made = _new(own, recipe, signature)
    if isinstance(made, Classifier):
        rows = train.rows[np.unique(np.linspace(0, len(train.rows) - 1, _LOOKED_AT).astype(np.int64))]
        pictures = torch.from_numpy(train.pixels[rows]).permute(0, 3, 1, 2).float() / 255
        mean, std = (torch.tensor(numbers).view(1, -1, 1, 1) for numbers in (signature.mean, signature.std))
        made.begin((pictures - mean) / std)
    return made


def _new(own: Own | None, recipe: Recipe, signature: Signature) -> nn.Module:
    size, classes = (signature.height, signature.width), len(signature.classes)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        if own is not None:
            return own.build(signature.channels, classes, size)
        return build(recipe.model, signature.channels, classes, size, recipe.form)
