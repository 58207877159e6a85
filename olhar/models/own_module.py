"""A network of a person's own: a module, a function that builds one, or such a function in a Python file.

A file is run only because a person named it where they typed; a name that was merely read (in a recipe, in a run) is not run.
"""

import copy
import importlib.util
import inspect
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from olhar.base.errors import RecipeError
from olhar.models.network_shape import OWN_PREFIX

ModuleFunction = Callable[[int, int, tuple[int, int]], Any]
"""(channels, classes, (height, width)) -> a torch module that takes float (N, C, H, W) and gives logits (N, K)."""


class OneUnit(nn.Module):
    """A network with one logit (N, 1) for two classes, as binary cross-entropy has it: the softmax of (0, z) is z's sigmoid."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, pictures: Tensor) -> Tensor:
        """Logits (N, 2) of normalised pictures (N, C, H, W)."""
        unit = self.network(pictures)
        return torch.cat((torch.zeros_like(unit), unit), 1)


@dataclass(frozen=True)
class OwnNetwork:
    """A network of a person's own.

    Attributes:
        name: how a recipe and a run call it: ``FILE.py:FUNCTION``, or ``own:NAME`` for what was handed over in Python.
        make: builds it.
    """

    name: str
    make: ModuleFunction

    def build(self, channels: int, classes: int, size: tuple[int, int]) -> nn.Module:
        """The network, tried on two pictures; what is drawn comes from torch's global generator.

        Where it has one unit for two classes, it is given the other's logit, which is 0.

        Raises:
            RecipeError: it cannot be built, does not take the pictures, or gives something else than logits (N, K).
        """
        try:
            network = self.make(channels, classes, size)
        except Exception as error:
            raise RecipeError(
                "recipe.own_fails", model=self.name, doing=_call(channels, classes, size), reason=_line(error)
            ) from error
        if not isinstance(network, nn.Module):
            raise RecipeError("recipe.own_no_module", model=self.name, found=type(network).__name__)
        output = _tried(network, self.name, (2, channels, *size))
        if classes == 2 and output == "(2, 1)":
            network, output = OneUnit(network), "(2, 2)"
        if output != f"(2, {classes})":
            raise RecipeError("recipe.own_output", model=self.name, found=output, classes=classes)
        if not any(parameter.requires_grad for parameter in network.parameters()):
            raise RecipeError("recipe.own_fixed", model=self.name)
        return network


def from_object(model: Any) -> OwnNetwork:
    """What was handed over in Python: a module, of which a copy learns, or a function that builds one.

    Raises:
        RecipeError: neither.
    """
    if isinstance(model, nn.Module):
        return OwnNetwork(f"{OWN_PREFIX}{type(model).__name__}", lambda *_: copy.deepcopy(model))
    if callable(model):
        return OwnNetwork(f"{OWN_PREFIX}{getattr(model, '__name__', type(model).__name__)}", model)
    raise RecipeError("recipe.own_no_module", model=type(model).__name__, found=type(model).__name__)


def from_file(name: str) -> OwnNetwork:
    """The function ``FILE.py:FUNCTION``; the file is run.

    Raises:
        RecipeError: no such file or function, or the file fails.
    """
    where, _, function = name.rpartition(":")
    path = Path(where).expanduser()
    if not path.is_file():
        raise RecipeError("recipe.own_missing", where=where)
    spec = importlib.util.spec_from_file_location(f"olhar_own_{path.stem}", path)
    if spec is None or spec.loader is None:
        raise RecipeError("recipe.own_missing", where=where)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        raise RecipeError("recipe.own_fails", model=where, doing=path.name, reason=_line(error)) from error
    make = getattr(module, function, None)
    if not callable(make):
        raise RecipeError("recipe.own_function", where=where, found=function, known=", ".join(_functions(module)[:12]) or "-")
    return OwnNetwork(name, make)


def _functions(module: Any) -> list[str]:
    """The functions and classes that a file has of its own."""
    return [
        name
        for name, value in vars(module).items()
        if (inspect.isfunction(value) or inspect.isclass(value)) and value.__module__ == module.__name__
    ]


def _tried(network: nn.Module, name: str, shape: tuple[int, ...]) -> str:
    """What the network gives for pictures of ``shape``: its output's shape, or its type where that is no tensor of floats."""
    learning = network.training
    try:
        with torch.no_grad():
            output = network.eval()(torch.zeros(shape))
    except Exception as error:
        raise RecipeError("recipe.own_fails", model=name, doing=str(shape), reason=_line(error)) from error
    finally:
        network.train(learning)
    if not isinstance(output, Tensor):
        return type(output).__name__
    return str(tuple(output.shape)) if output.is_floating_point() else str(output.dtype)


def _call(channels: int, classes: int, size: tuple[int, int]) -> str:
    return f"({channels}, {classes}, {size})"


def _line(error: Exception) -> str:
    """An exception in one line of bounded length."""
    return f"{type(error).__name__}: {' '.join(str(error).split())}"[:300].rstrip(" :,;")
