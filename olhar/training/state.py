"""State: everything of a training that changes, as tensors and plain values, and a training that goes on from it."""

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from olhar.base.parsing import checked, is_count
from olhar.training.loop import StateDict, Training
from olhar.training.schedule import Plateau
from olhar.training.stopping import Best, Stopping


def state(training: Training) -> tuple[StateDict, dict[str, Any]]:
    """Tensors by name, and plain values fit for JSON."""
    tensors = _under("network.", training.network.state_dict()) | _under("best.", training.best)
    for index, slots in training.optimizer.state_dict()["state"].items():
        filled = {name: torch.as_tensor(value) for name, value in slots.items() if value is not None}
        tensors |= _under(f"optimizer.{index}.", filled)
    values: dict[str, Any] = {"step": training.step, "total": training.total, "sums": dict(vars(training.sums))}
    values |= {name: part.state_dict() for name, part in _memories(training).items()}
    if training.average:
        tensors |= _under("average.", training.average.network.state_dict())
        values["averaged"] = training.average.count
    return tensors, values


def restore(training: Training, tensors: StateDict, values: Mapping[str, Any]) -> None:
    """Bring a training that has just begun to where ``state`` was taken.

    Raises:
        ValueError, KeyError, IndexError, TypeError, RuntimeError: it is the state of another network, or damaged.
    """
    training.network.load_state_dict(_below(tensors, "network."))
    training.best = _alike(_below(tensors, "best."), training.network.state_dict())
    _restore_optimizer(training.optimizer, _below(tensors, "optimizer."))
    training.step, training.total = values["step"], values["total"]
    if not is_count(training.total) or not is_count(training.step) or training.step > training.total:
        raise ValueError("step")
    training.sums = checked(type(training.sums)(**values["sums"]))
    for name, part in _memories(training).items():
        part.load_state_dict(values[name])
        checked(part)
    if training.average:
        training.average.network.load_state_dict(_below(tensors, "average."))
        training.average.count = values["averaged"]
        if not is_count(training.average.count):
            raise ValueError("averaged")
    training.set_rate(max(0, training.step - 1))


def _restore_optimizer(optimizer: torch.optim.Optimizer, tensors: StateDict) -> None:
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    slots: dict[int, dict[str, Tensor]] = {}
    for name, tensor in tensors.items():
        index, _, slot = name.partition(".")
        slots.setdefault(int(index), {})[slot] = _laid_out_like(parameters[int(index)], tensor)
    optimizer.load_state_dict(optimizer.state_dict() | {"state": slots})


def _alike(best: StateDict, now: StateDict) -> StateDict:
    """The best weights so far, none or those of the same network.

    Raises:
        ValueError: they are of another.
    """
    if best and {name: tensor.shape for name, tensor in best.items()} != {name: tensor.shape for name, tensor in now.items()}:
        raise ValueError("best")
    return best


def _memories(training: Training) -> dict[str, Best | Stopping | Plateau]:
    """What remembers earlier epochs."""
    return {"keeping": training.keeping, "stopping": training.stopping, "plateau": training.plateau}


def _laid_out_like(parameter: Tensor, tensor: Tensor) -> Tensor:
    """The tensor in the parameter's order of memory, in which fused optimisers go through both; a single number as it is.

    Raises:
        ValueError: it is of another parameter.
    """
    if tensor.shape == parameter.shape:
        return torch.empty_like(parameter).copy_(tensor)
    if tensor.numel() != 1:
        raise ValueError("optimizer")
    return tensor


def _under(prefix: str, tensors: Mapping[str, Tensor]) -> StateDict:
    return {f"{prefix}{name}": tensor for name, tensor in tensors.items()}


def _below(tensors: StateDict, prefix: str) -> StateDict:
    return {name.removeprefix(prefix): tensor for name, tensor in tensors.items() if name.startswith(prefix)}
