"""A checkpoint: safetensors and JSON, one file, from which a training goes on."""

import json
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from olhar.base.errors import RunError
from olhar.runs.folder import RunFolder

_NAME = "checkpoints/last.safetensors"


def write(run: RunFolder, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """Write the state of a training: the plain values travel in the header of the tensors' file, so that both are of one moment.

    Raises:
        RunError: the disk is full; the previous checkpoint is whole.
    """
    flat = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    run.write(_NAME, save(flat, metadata={"olhar": json.dumps(values)}))


def read(run: RunFolder) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The newest state.

    Raises:
        RunError: none was written, or it is damaged.
    """
    path = run.path / _NAME
    if not path.is_file():
        raise RunError("run.no_checkpoint", where=str(run.path))
    try:
        with safe_open(path, "pt") as file:
            values = json.loads(file.metadata()["olhar"])
            return {name: file.get_tensor(name) for name in file.keys()}, values  # noqa: SIM118
    except (SafetensorError, ValueError, KeyError, TypeError, OSError) as error:
        raise RunError("run.damaged", where=str(path)) from error


def exists(run: RunFolder) -> bool:
    """Whether there is a state to go on from."""
    return (run.path / _NAME).is_file()
