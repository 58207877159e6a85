"""A checkpoint: safetensors and JSON, one file, from which a training goes on."""

import json
from typing import Any

from safetensors import SafetensorError, safe_open
from safetensors.torch import save
from torch import Tensor

from olhar.base.checksum import ZEROS, checksum_fits, with_checksum
from olhar.base.errors import RunError
from olhar.base.parsing import parsing
from olhar.runs.damage import damaged
from olhar.runs.folder import RunFolder

_NAME = "checkpoints/last.safetensors"
_MARK = b'"sha256":"'
"""What precedes the checksum in the file's header, which is JSON without spaces."""


def write(run: RunFolder, tensors: dict[str, Tensor], values: dict[str, Any]) -> None:
    """Write the state of a training: the plain values travel in the header of the tensors' file, so that both are of one moment.

    Raises:
        RunError: the disk is full; the previous checkpoint is whole.
    """
    flat = {name: tensor.detach().cpu().contiguous().clone() for name, tensor in tensors.items()}
    file = save(flat, metadata={"olhar": json.dumps(values), "sha256": ZEROS})
    run.write(_NAME, with_checksum(file, _MARK))


def read(run: RunFolder) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """The newest state.

    Raises:
        RunError: none was written, or it is damaged.
    """
    path = run.path / _NAME
    if not path.is_file():
        raise RunError("run.no_checkpoint", where=str(run.path))
    with parsing(damaged(run.path, _NAME), SafetensorError, OSError):
        if checksum_fits(path.read_bytes(), _MARK) is False:
            raise ValueError(_NAME)
        with safe_open(path, "pt") as file:
            values = json.loads(file.metadata()["olhar"])
            return {name: file.get_tensor(name) for name in file.keys()}, values  # noqa: SIM118


def exists(run: RunFolder) -> bool:
    """Whether there is a state to go on from."""
    return (run.path / _NAME).is_file()


def damaged_state(run: RunFolder) -> RunError:
    """The error for a state that is no state of the run's network."""
    return damaged(run.path, _NAME)
