"""A person's own network, as it was typed or handed over: found, and tried before anything is kept of the training."""

import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from olhar.base.errors import RecipeError
from olhar.base.extras import need
from olhar.base.progress import Progress
from olhar.base.signature import Signature
from olhar.base.texts import sentence
from olhar.models.network_shape import is_own
from olhar.runs.request import Request

if TYPE_CHECKING:
    from olhar.models.own_module import OwnNetwork


def with_own(request: Request, progress: Progress) -> Request:
    """The same with the person's own network, where its model is one; the fields then call it by its name.

    Raises:
        RecipeError: no such file or function, the file fails, or what was handed over is no network.
    """
    model = request.fields.get("model", "")
    if isinstance(model, os.PathLike):
        request = replace(request, fields={**request.fields, "model": os.fspath(model)})
    own = own_network(request.fields.get("model", ""), progress)
    return request if own is None else replace(request, own=own, fields={**request.fields, "model": own.name})


def own_network(model: Any, progress: Progress) -> "OwnNetwork | None":
    """The person's own network, where ``model``, as it was typed or handed over, is one; its file is run, and that is said.

    Raises:
        RecipeError: no such file or function, the file fails, or what was handed over is no network.
    """
    if isinstance(model, str) and not is_own(model):
        return None
    need("train", "train")
    from olhar.models.own_module import from_file, from_object

    if not isinstance(model, str):
        return from_object(model)
    if not model.rpartition(":")[0].endswith(".py"):
        return None
    progress.line(sentence("train.own_file", where=model.rpartition(":")[0]))
    return from_file(model)


def try_own(own: "OwnNetwork", signature: Signature, seed: int) -> None:
    """Build a person's network once and export it, so that a training does not end in what could be known before.

    Raises:
        RecipeError: it cannot be built, gives something else than logits, or cannot become ONNX.
    """
    import torch

    from olhar.models.to_onnx import to_onnx

    size = (signature.height, signature.width)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        network = own.build(signature.channels, len(signature.classes), size)
    try:
        to_onnx(network, signature)
    except Exception as error:
        reason = f"{type(error).__name__}: {' '.join(str(error).split())}"[:200].rstrip(" :,;")
        raise RecipeError("recipe.own_export", model=own.name, reason=reason) from error
